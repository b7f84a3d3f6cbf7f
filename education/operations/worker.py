"""What each process of the production server loads."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from typing import Any, cast

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string


def application() -> Callable[..., Iterable[bytes]]:
    """The site, in a process that can be stopped at any moment (granian 2 alone can wait for it in vain)."""
    # The main process orders its workers to stop. One that also hears the terminal's Ctrl+C may hang.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # Until the server listens for it, an order to stop would be lost on an inherited handler.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    django = get_wsgi_application()
    # Named as text: it reads models, which are there only now that Django is set up.
    door: Any = import_string("education.operations.page_cache.PageCache")
    return cast("Callable[..., Iterable[bytes]]", door(django))
