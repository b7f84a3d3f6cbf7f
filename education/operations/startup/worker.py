"""What each process of the production server runs."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.module_loading import import_string

WSGIApplication = Callable[..., Iterable[bytes]]


@cache
def load_application() -> Callable[[], WSGIApplication]:
    """What makes the site of one process, without a connection to anything and without a thread.

    Django with all of the site's own code, and the store of pages that all processes share.
    """
    django_application: WSGIApplication = get_wsgi_application()
    # The views are otherwise imported by the first request, in each process anew.
    _views = get_resolver().url_patterns
    # Named as text: they read models, which are there only now that Django is set up.
    page_cache: Any = import_string("education.operations.page_cache.wsgi.PageCache")
    store = import_string("education.operations.page_cache.page_store.PageStore")(caches["pages"])
    # What the collector never looks at stays shared among processes that are copied from this one.
    gc.freeze()
    return partial(page_cache, django_application, store)


def create_application() -> WSGIApplication:
    """The site, in a process that can be stopped at any moment (granian 2 alone can wait for it in
    vain).
    """
    # The main process orders its workers to stop. One that also hears the terminal's Ctrl+C may
    # hang.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # Until the server listens for it, an order to stop would be lost on an inherited handler.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Every answer leaves garbage: it is looked for as often as Python does by itself.
    gc.set_threshold(700)
    return load_application()()
