"""The door of the production server: pages that are the same for every reader, kept whole and compressed.

In front of Django, so that a page that is known costs no request of Django's. What is kept was made from
the path alone: the request that makes it carries nothing that a reader sent.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, close_old_connections
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language_from_path

from education.kept_whole import heeds_questions, is_kept
from education.operations.asked import listening
from education.operations.lean_html import lean
from education.operations.page_store import PageStore
from education.operations.site_version import site_version
from education.operations.whole_page import Kept, WholePage, accepted

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

ASK_AGAIN = 0.5
"""Seconds after which the version of the site is read again."""
OLDEST = 0.9
"""Seconds after which a version is no longer believed, be another thread reading it or not."""
MOST_BYTES = 64 * 1024 * 1024
MOST_BYTES_OF_A_PAGE = 4 * 1024 * 1024
WORTH_IT = 2
"""Once a page was asked for so often, it is compressed as small as can be."""
NEVER_KEPT = ("/admin/", "/static/", "/media/")


class PageCache:
    """A WSGI application in front of Django's. Each process has one, and its threads share it."""

    def __init__(
        self,
        application: Application,
        store: PageStore,
        *,
        version: Callable[[], Hashable] = site_version,
        clock: Callable[[], float] = time.monotonic,
        most_bytes: int = MOST_BYTES,
    ):
        self._application = application
        self._store = store
        self._read_version = version
        self._clock = clock
        self._most_bytes = most_bytes
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._change = threading.Lock()
        self._reading = threading.Lock()
        self._version: Hashable = None
        self._read_at = float("-inf")
        self._hosts: set[str] = set()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, or let Django answer."""
        if not self._is_plain_question(environ):
            return self._application(environ, start_response)
        if not self._is_current():
            return self._application(environ, start_response)
        path, asks = environ["PATH_INFO"], bool(environ.get("QUERY_STRING"))
        kept = self._pages.get(path) or self._fetched(path, asks)
        if kept is None or (asks and kept.page.heeds_questions):
            return self._application(environ, start_response)
        coding = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and (kept.page.tag in known or known.strip() == "*"):
            start_response("304 Not Modified", kept.page.not_modified(coding))
            return []
        if coding == "br":
            kept.asked += 1
            if kept.asked == WORTH_IT and not kept.page.is_small:
                kept.become(self._store.smaller(path, kept.page))
        body, headers = kept.answer(coding)
        start_response("200 OK", headers)
        # A list: the server sends one whole, and asks for the parts of anything else one by one.
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _is_plain_question(self, environ: Environ) -> bool:
        """Whether this is a GET or HEAD over the way and for the host that Django would answer pages on."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("SCRIPT_NAME"):
            return False
        if environ["PATH_INFO"].startswith(NEVER_KEPT):
            return False
        if settings.SITE_IS_HTTPS and not _is_https(environ):
            return False
        return self._is_ours(environ.get("HTTP_HOST", ""))

    def _is_ours(self, host: str) -> bool:
        if host in self._hosts:
            return True
        domain, _port = split_domain_port(host)
        if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
            return False
        # A stranger can name any port: a few spellings are remembered, the others are judged each time.
        if len(self._hosts) < 16:
            self._hosts.add(host)
        return True

    def _is_current(self) -> bool:
        """See to it that what is kept is what the site says now; False when the database does not tell."""
        age = self._clock() - self._read_at
        if age < ASK_AGAIN:
            return True
        # One thread reads; the others go on with what they have as long as it may be believed.
        if not self._reading.acquire(blocking=age >= OLDEST):
            return True
        try:
            if self._clock() - self._read_at < ASK_AGAIN:
                return True
            return self._look()
        finally:
            self._reading.release()

    def _look(self) -> bool:
        asked_at = self._clock()
        close_old_connections()
        version = self._version_now()
        if version is None:
            self._read_at = float("-inf")
            return False
        if version != self._version:
            with self._change:
                self._pages, self._bytes = OrderedDict(), 0
                self._version = version
        self._read_at = asked_at
        return True

    def _version_now(self) -> Hashable:
        """The version of the site at this moment; None when the database does not tell."""
        try:
            return self._read_version()
        except Error:
            return None

    def _fetched(self, path: str, asks: bool) -> Kept | None:
        """The page of a path from the disk, or made; None for a path, or a question, that is not kept."""
        view = _view(path)
        if not is_kept(view) or (asks and heeds_questions(view)):
            return None
        pages, version = self._pages, self._version
        page = self._store.page(path, version) or self._made(path, heeds_questions=heeds_questions(view))
        if page is None:
            return None
        kept = Kept(page, page.weight)
        with self._change:
            # A page that was begun under an older version is shown once, and not kept.
            if pages is self._pages and version == self._version:
                self._keep(path, kept)
        return kept

    def _made(self, path: str, *, heeds_questions: bool) -> WholePage | None:
        """The page of a path, made by Django; None for an answer that is not to be kept."""
        version = self._version_now()
        head: list[Any] = []
        with listening() as listener:
            response = self._application(_bare_environ(path), lambda *parts: head.extend(parts))
            try:
                body = b"".join(response)
            finally:
                # Ends the request of Django's (PEP 3333).
                getattr(response, "close", bool)()
        status, headers = head[:2]
        if not status.startswith("200 ") or not _may_be_kept(headers) or len(body) > MOST_BYTES_OF_A_PAGE:
            return None
        if _is_html(headers):
            body = lean(body)
        page = WholePage.of(body, headers, heeds_questions=heeds_questions)
        with suppress(Error):
            asked = listener.heard()
            # What was answered to the page is what is answered now, if nothing changed in between.
            if asked and version is not None and version == self._version_now():
                self._store.put(path, version, asked, page)
        return page

    def _keep(self, path: str, kept: Kept) -> None:
        self._pages[path] = kept
        self._bytes += kept.weight
        while self._bytes > self._most_bytes and len(self._pages) > 1:
            oldest, dropped = self._pages.popitem(last=False)
            if dropped.asked and oldest != path:
                # Asked for since it came: it goes to the end of the queue once.
                dropped.asked = 0
                self._pages[oldest] = dropped
            else:
                self._bytes -= dropped.weight


def _view(path: str) -> object:
    """What answers a path; None for one that nothing answers."""
    # The server hands a path over as bytes in the clothes of text (PEP 3333).
    try:
        address = path.encode("latin-1").decode()
        # The thread may still speak the language of the page before.
        with translation.override(get_language_from_path(address) or settings.LANGUAGE_CODE):
            return resolve(address).func
    except (Resolver404, UnicodeError):
        return None


def _bare_environ(path: str) -> Environ:
    """A request for a path that nobody sent: no question, cookie, or header but the site's own host."""
    site = urlsplit(settings.SITE_URL)
    environ: Environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": site.hostname or "",
        "SERVER_PORT": str(site.port or (443 if settings.SITE_IS_HTTPS else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": site.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if settings.SITE_IS_HTTPS:
        environ["HTTP_X_FORWARDED_PROTO"] = "https"
    return environ


def _is_https(environ: Environ) -> bool:
    """What Django would say of the connection (SECURE_PROXY_SSL_HEADER)."""
    return environ.get("HTTP_X_FORWARDED_PROTO", environ["wsgi.url_scheme"]) == "https"


def _may_be_kept(headers: Iterable[tuple[str, str]]) -> bool:
    for name, value in headers:
        match name.lower():
            case "set-cookie":
                return False
            case "cache-control" if {"no-store", "private"} & set(re.split(r"[\s,]+", value.lower())):
                return False
            case "vary" if "cookie" in value.lower() or "*" in value:
                return False
    return True


def _is_html(headers: Iterable[tuple[str, str]]) -> bool:
    return any(name.lower() == "content-type" and value.startswith("text/html") for name, value in headers)
