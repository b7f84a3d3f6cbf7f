"""Retries requests of staff while the database is locked."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from importlib import import_module
from typing import Any, cast

from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from education.publishing.slow_work import run_outside_work
from education.staff.editor import draft_recovery

MAX_TRIES = 5
# SQLite waits by itself before it gives up. After this, the user decides whether to try again.
MAX_WAIT_SECONDS = 25.0
# PostgreSQL: serialization failure, deadlock, lock not available.
POSTGRESQL_STATES = {"40001", "40P01", "55P03"}

# SQLite's back-off favours the newest writer, so the first of many could wait forever. This lock
# lets the threads of one process write in turn; only processes compete for the file.
_writer_lock = threading.RLock()

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]


def is_lock_error(error: OperationalError) -> bool:
    """Whether the error means a lock or a conflict with another transaction."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    text = str(error).lower()
    return state in POSTGRESQL_STATES or ("database" in text and "is locked" in text)


def retry_on_lock(
    view: View, *, before: Callable[[HttpRequest], HttpResponseBase | None] = lambda request: None
) -> View:
    """Retry a view while the database is locked; at last show a page that keeps what was typed.

    A POST runs in one transaction, so that a failed try leaves nothing behind. `before` runs before
    it, for what is slow; its answer, if it gives one, is the answer.
    """

    def saved(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        _save_session(request)
        return response

    @wraps(view)
    def retried(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        deadline = time.monotonic() + MAX_WAIT_SECONDS
        for number in range(MAX_TRIES):
            try:
                if response := before(request):
                    return response
                if request.method != "POST":
                    return saved(request, *args, **kwargs)
                return run_outside_work(
                    partial(_in_transaction, partial(saved, request, *args, **kwargs)),
                    partial(_reset_request, request),
                )
            except OperationalError as error:
                if not is_lock_error(error):
                    raise
                logger.info("The database is busy, try %d", number + 1)
                _reset_request(request)
            if time.monotonic() > deadline:
                break
            time.sleep(random.uniform(0.02, 0.1) * 2**number)  # noqa: S311  nothing secret
        return _render_503(request)

    return retried


def _in_transaction(view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Run it in a transaction, on SQLite one at a time; raises OperationalError after a while."""
    is_serialized = connection.vendor == "sqlite"
    if is_serialized and not _writer_lock.acquire(timeout=MAX_WAIT_SECONDS):
        raise OperationalError("The database is locked by those who came before.")
    try:
        with transaction.atomic():
            return view()
    finally:
        if is_serialized:
            _writer_lock.release()


def _save_session(request: HttpRequest) -> None:
    """Save a changed session here, inside the retry."""
    session, cookie = request.session, request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if session.modified and session.session_key and session.session_key == cookie:
        with suppress(UpdateError):
            session.save()
            session.modified = False


def _reset_request(request: HttpRequest) -> None:
    """Undo what a failed try did to the request: file positions, messages, session."""
    for _name, files in request.FILES.lists():
        for file in files:
            file.seek(0)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    cast(Any, request)._messages = default_storage(request)


def _render_503(request: HttpRequest) -> HttpResponseBase:
    """A page that asks to try again, with everything that was typed in its form."""
    pairs = draft_recovery.form_pairs(request.POST, request.FILES)
    context = {
        "sends": request.method == "POST",
        "pairs": [pair for pair in pairs if pair[0] != draft_recovery.FILE_FIELD],
        "files": [
            draft_recovery.reselect_file_message(value)
            for name, value in pairs
            if name == draft_recovery.FILE_FIELD
        ],
        "url": request.get_full_path(),
    }
    response = render(request, "admin/database_busy.html", context, status=503)
    response["Retry-After"] = "5"
    add_never_cache_headers(response)
    return response
