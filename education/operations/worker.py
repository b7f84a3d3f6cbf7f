"""What each process of the production server loads."""

from __future__ import annotations

import signal

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application


def application() -> WSGIHandler:
    """The site, in a process that can be stopped at any moment (granian 2 alone can wait for it in vain)."""
    # The main process orders its workers to stop. One that also hears the terminal's Ctrl+C may hang.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # Until the server listens for it, an order to stop would be lost on an inherited handler.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return get_wsgi_application()
