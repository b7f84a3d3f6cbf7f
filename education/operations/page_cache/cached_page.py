"""A page as it is sent: built once, compressed, in the encoding that a browser accepts."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Self

import brotli

Headers = list[tuple[str, str]]
Response = tuple[bytes, Headers]

FAST_QUALITY, MAX_QUALITY = 4, 11
DROPPED_HEADERS = frozenset({"content-length", "content-encoding", "vary", "etag"})


@dataclass(frozen=True)
class CachedPage:
    """A page: its compressed body, and the headers that Django gave it."""

    headers: tuple[tuple[str, str], ...]
    etag: str
    brotli: bytes
    varies_on_query: bool
    quality: int = FAST_QUALITY

    @classmethod
    def from_response(
        cls, body: bytes, headers: Iterable[tuple[str, str]], *, varies_on_query: bool
    ) -> Self:
        compressed = brotli.compress(body, quality=FAST_QUALITY)
        return cls(_kept_headers(headers), _etag(body), compressed, varies_on_query)

    @property
    def is_fully_compressed(self) -> bool:
        """Whether the best compression was used already."""
        return self.quality == MAX_QUALITY

    @property
    def size(self) -> int:
        """The most bytes that it takes in memory: two encodings and the headers."""
        return 2 * len(self.brotli) + 2_000

    def recompressed(self) -> Self:
        """The same page with the best compression."""
        small = brotli.compress(brotli.decompress(self.brotli), quality=MAX_QUALITY)
        return replace(self, brotli=small, quality=MAX_QUALITY)

    def is_of(self, body: bytes, headers: Iterable[tuple[str, str]]) -> bool:
        """Whether a reader would get the same of this response."""
        return (self.etag, self.headers) == (_etag(body), _kept_headers(headers))

    def response(self, encoding: str) -> Response:
        """Body and headers in an encoding: "br", "gzip", or "" for neither."""
        body = self.brotli
        if encoding != "br":
            body = brotli.decompress(body)
        if encoding == "gzip":
            body = gzip.compress(body, 6, mtime=0)
        headers = [
            *self.headers,
            ("ETag", self._etag_in(encoding)),
            ("Content-Length", str(len(body))),
        ]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        return body, headers

    def not_modified_headers(self, encoding: str) -> Headers:
        """The headers of a 304 response."""
        return [*self.headers, ("ETag", self._etag_in(encoding))]

    def _etag_in(self, encoding: str) -> str:
        suffix = {"br": str(self.quality), "gzip": "gz"}.get(encoding, "0")
        return f'"{self.etag}-{suffix}"'


def _etag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _kept_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    kept = ((name, value) for name, value in headers if name.lower() not in DROPPED_HEADERS)
    return (*kept, ("Vary", "Accept-Encoding"))


@dataclass
class MemoryEntry:
    """A page in the memory of a process: the version of the site that it was made from, its number
    of hits, and its responses.
    """

    page: CachedPage
    version: Hashable
    size: int
    hits: int = 0
    variants: dict[str, Response] = field(default_factory=dict)

    def response(self, encoding: str) -> Response:
        """The response in an encoding; the common ones are built once."""
        if not encoding:
            return self.page.response(encoding)
        if encoding not in self.variants:
            self.variants[encoding] = self.page.response(encoding)
        return self.variants[encoding]

    def replace(self, page: CachedPage) -> None:
        """Hold the same page in another compression."""
        self.page = page
        self.variants.pop("br", None)


@lru_cache(maxsize=64)
def best_encoding(header: str) -> str:
    """The best encoding that an Accept-Encoding header allows: "br", "gzip", or ""."""
    accepted = set()
    for part in header.lower().split(","):
        encoding, _, weight = part.partition(";")
        if re.sub(r"\s", "", weight) not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(encoding.strip())
    return next((encoding for encoding in ("br", "gzip") if encoding in accepted), "")
