"""The page cache in front of Django, for pages that are the same for every reader.

A cached page costs no request of Django's. It was built from the path alone: the request that
builds it carries nothing that a reader sent.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, close_old_connections
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import get_language_from_path

from education.operations.health import database_file
from education.operations.page_cache.cached_page import CachedPage, MemoryEntry, best_encoding
from education.operations.page_cache.site_version import site_version
from education.operations.page_cache.unchecked_page import unchecked_response
from education.web.page_caching import is_cacheable, varies_on_query

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

VERSION_CHECK_INTERVAL = 0.5
"""Seconds after which the version of the site is read again."""
VERSION_MAX_AGE = 0.9
"""Seconds after which a version must be read again, even if another thread is reading it."""
MAX_BYTES = 64 * 1024 * 1024
MAX_PAGE_BYTES = 4 * 1024 * 1024
RECOMPRESS_AFTER_HITS = 2
"""The number of hits after which a page gets the best compression."""
EXCLUDED_PREFIXES = ("/admin/", "/static/", "/media/")


class PageCache:
    """A WSGI application around Django's. Each process has one, and its threads share it."""

    def __init__(
        self,
        application: Application,
        *,
        version: Callable[[], Hashable] = site_version,
        clock: Callable[[], float] = time.monotonic,
        max_bytes: int = MAX_BYTES,
    ):
        self._application = application
        self._site_version = version
        self._clock = clock
        self._max_bytes = max_bytes
        self._pages: OrderedDict[str, MemoryEntry] = OrderedDict()
        self._size = 0
        self._pages_lock = threading.Lock()
        self._version_lock = threading.Lock()
        self._version: Hashable = None
        self._version_read_at = self._version_confirmed_at = self._failed_at = float("-inf")
        self._hosts: set[str] = set()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the cache, or let Django answer."""
        if not self._is_cacheable_request(environ):
            return self._application(environ, start_response)
        path, has_query = environ["PATH_INFO"], bool(environ.get("QUERY_STRING"))
        is_current, entry = self._ensure_current(), self._pages.get(path)
        if not is_current:
            return self._answer_unchecked(entry, environ, start_response)
        if entry is None or entry.version is not self._version:
            entry = self._get_or_build(path, has_query)
        if entry is None or (has_query and entry.page.varies_on_query):
            return self._application(environ, start_response)
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match and (entry.page.etag in if_none_match or if_none_match.strip() == "*"):
            start_response("304 Not Modified", entry.page.not_modified_headers(encoding))
            return []
        if encoding == "br":
            entry.hits += 1
            if entry.hits == RECOMPRESS_AFTER_HITS and not entry.page.is_fully_compressed:
                entry.replace(entry.page.recompressed())
        body, headers = entry.response(encoding)
        start_response("200 OK", headers)
        # A list: the server sends one at once, and anything else part by part.
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer_unchecked(
        self, entry: MemoryEntry | None, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """While the database is away: a page that was the present one when it was last asked, or
        what Django answers.
        """
        age = self._clock() - self._version_confirmed_at
        if (
            entry is None
            or entry.version is not self._version
            or age > settings.STALE_PAGES_MINUTES * 60
            or (environ.get("QUERY_STRING") and entry.page.varies_on_query)
        ):
            return self._application(environ, start_response)
        checked_at = timezone.localtime() - timedelta(seconds=age)
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        body, headers = unchecked_response(entry.page, checked_at, encoding)
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _is_cacheable_request(self, environ: Environ) -> bool:
        """Whether this is a GET or HEAD for a scheme and host for which Django would answer."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("SCRIPT_NAME"):
            return False
        if environ["PATH_INFO"].startswith(EXCLUDED_PREFIXES):
            return False
        if settings.SITE_IS_HTTPS and not _is_https(environ):
            return False
        return self._is_allowed_host(environ.get("HTTP_HOST", ""))

    def _is_allowed_host(self, host: str) -> bool:
        if host in self._hosts:
            return True
        domain, _port = split_domain_port(host)
        if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
            return False
        # Anybody can send any port: a few spellings are remembered, others are checked each time.
        if len(self._hosts) < 16:
            self._hosts.add(host)
        return True

    def _ensure_current(self) -> bool:
        """Read the version of the site again in time; False when the database does not answer."""
        age = self._clock() - self._version_read_at
        if age < VERSION_CHECK_INTERVAL:
            return True
        if self._is_away():
            return False
        # One thread reads; the others use what they have until VERSION_MAX_AGE.
        if not self._version_lock.acquire(blocking=age >= VERSION_MAX_AGE):
            return True
        try:
            if self._clock() - self._version_read_at < VERSION_CHECK_INTERVAL:
                return True
            # Those that waited here do not ask a database that is away one after the other.
            return not self._is_away() and self._refresh_version()
        finally:
            self._version_lock.release()

    def _is_away(self) -> bool:
        """Whether the database did not answer just now."""
        return self._clock() - self._failed_at < VERSION_CHECK_INTERVAL

    def _refresh_version(self) -> bool:
        read_at = self._clock()
        close_old_connections()
        version = self._read_version()
        if version is None:
            self._version_read_at = float("-inf")
            self._failed_at = self._clock()
            return False
        if version != self._version:
            # Pages of another version are not sent any more: it is compared by identity.
            self._version = version
        self._version_read_at = self._version_confirmed_at = read_at
        return True

    def _read_version(self) -> Hashable:
        """The version of the site now; None when the database does not answer."""
        if not database_file.is_in_place():
            return None
        try:
            return self._site_version()
        except Error:
            return None

    def _get_or_build(self, path: str, has_query: bool) -> MemoryEntry | None:
        """The page of a path, made now; None if it is not cacheable."""
        view = _resolve_view(path)
        if not is_cacheable(view) or (has_query and varies_on_query(view)):
            return None
        # Read before the page is begun: when the site changes meanwhile, it is sent once.
        version, before = self._version, self._pages.get(path)
        known = before.page if before else None
        page = self._build(path, known, varies_on_query=varies_on_query(view))
        with self._pages_lock:
            self._forget(path)
            if page is None:
                return None
            if before and page is known:
                entry = replace(before, version=version)
            else:
                entry = MemoryEntry(page, version, page.size)
            self._remember(path, entry)
        return entry

    def _build(
        self, path: str, before: CachedPage | None, *, varies_on_query: bool
    ) -> CachedPage | None:
        """The page of a path as Django answers it; None if that response is not cacheable.

        A page that is the same as `before` need not be compressed again.
        """
        head: list[Any] = []
        response = self._application(_synthetic_environ(path), lambda *parts: head.extend(parts))
        try:
            body = b"".join(response)
        finally:
            # Ends Django's request (PEP 3333).
            getattr(response, "close", bool)()
        status, headers = head[:2]
        if (
            not status.startswith("200 ")
            or not _is_cacheable_response(headers)
            or len(body) > MAX_PAGE_BYTES
        ):
            return None
        if before and before.is_of(body, headers):
            return before
        return CachedPage.from_response(body, headers, varies_on_query=varies_on_query)

    def _forget(self, path: str) -> None:
        dropped = self._pages.pop(path, None)
        self._size -= dropped.size if dropped else 0

    def _remember(self, path: str, entry: MemoryEntry) -> None:
        self._pages[path] = entry
        self._size += entry.size
        while self._size > self._max_bytes and len(self._pages) > 1:
            oldest, dropped = self._pages.popitem(last=False)
            if dropped.hits and oldest != path:
                # Used since it came: moved to the end of the queue once.
                dropped.hits = 0
                self._pages[oldest] = dropped
            else:
                self._size -= dropped.size


def _resolve_view(path: str) -> object:
    """The view of a path; None for a path without one."""
    # The server passes the bytes of a path as latin-1 text (PEP 3333).
    try:
        decoded_path = path.encode("latin-1").decode()
        # The thread may still have the language of the previous request.
        with translation.override(get_language_from_path(decoded_path) or settings.LANGUAGE_CODE):
            return resolve(decoded_path).func
    except (Resolver404, UnicodeError):
        return None


def _synthetic_environ(path: str) -> Environ:
    """A request for a path without query, cookies, or headers besides the site's own host."""
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
    """As Django decides it (SECURE_PROXY_SSL_HEADER)."""
    return environ.get("HTTP_X_FORWARDED_PROTO", environ["wsgi.url_scheme"]) == "https"


def _is_cacheable_response(headers: Iterable[tuple[str, str]]) -> bool:
    for name, value in headers:
        match name.lower():
            case "set-cookie":
                return False
            case "cache-control" if {"no-store", "private"} & set(
                re.split(r"[\s,]+", value.lower())
            ):
                return False
            case "vary" if "cookie" in value.lower() or "*" in value:
                return False
    return True
