"""The page cache with Django behind it, without a server."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass, field
from typing import Any

import brotli
from django.core.handlers.wsgi import WSGIHandler

from education.operations.page_cache.wsgi import PageCache


@dataclass
class ClientResponse:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def page(self) -> str:
        coding = self.headers.get("Content-Encoding", "")
        body = {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding, bytes)(self.body)
        return body.decode()


@dataclass
class PageCacheClient:
    """A process of the server: the cache, Django behind it, and what reached Django."""

    now: float = 0.0
    django_requests: list[dict[str, Any]] = field(default_factory=list)
    max_bytes: int = 10_000_000

    def __post_init__(self) -> None:
        self.django = WSGIHandler()

        def behind(environ: dict[str, Any], start_response: Any) -> Any:
            self.django_requests.append(dict(environ))
            return self.django(environ, start_response)

        self.cache = PageCache(behind, clock=lambda: self.now, max_bytes=self.max_bytes)

    def fetch(
        self, path: str, method: str = "GET", body: bytes = b"", **headers: str
    ) -> ClientResponse:
        """The response of the cache."""
        return self._answer(self.cache, path, method, body, **headers)

    def fetch_from_django(self, path: str) -> ClientResponse:
        """The response of Django itself."""
        return self._answer(self.django, path)

    def _answer(
        self, application: Any, path: str, method: str = "GET", body: bytes = b"", **headers: str
    ) -> ClientResponse:
        path, _, question = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": question,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.7",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "127.0.0.1:8000",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.version": (1, 0),
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        head: list[Any] = []
        response = application(environ, lambda *output: head.extend(output))
        whole = b"".join(response)
        getattr(response, "close", bool)()
        return ClientResponse(int(head[0].split()[0]), dict(head[1]), whole)

    def advance(self, seconds: float = 1.0) -> PageCacheClient:
        self.now += seconds
        return self
