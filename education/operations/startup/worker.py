"""What each worker process of the production server runs."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.module_loading import import_string

WSGIApplication = Callable[..., Iterable[bytes]]


@cache
def load_application() -> Callable[[], WSGIApplication]:
    """A factory for the site in one process, without open connections or threads.

    Loads Django and all of the site's code.
    """
    django_application: WSGIApplication = get_wsgi_application()
    # Imports the views, which each process would otherwise do on its first request.
    _views = get_resolver().url_patterns
    # By name: they import models, which needs Django to be set up.
    page_cache: Any = import_string("education.operations.page_cache.wsgi.PageCache")
    # Frozen objects are not touched by the collector, so that forked processes share their memory.
    gc.freeze()
    return partial(page_cache, django_application)


def create_application() -> WSGIApplication:
    """The site, in a process that can be stopped at any moment.

    With the signal handlers that it inherits, granian 2 may wait for it without end.
    """
    # The main process stops its workers. A worker that also gets the terminal's Ctrl+C may hang.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # Until the server installs its own handler, an inherited one would ignore SIGTERM.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Every response leaves garbage: collect at Python's default threshold.
    gc.set_threshold(700)
    return load_application()()
