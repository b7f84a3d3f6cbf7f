"""A page as it is sent: made once, compressed, in the coding that a browser takes."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable
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
    """A page: its body compressed, and the headers that Django gave it."""

    headers: tuple[tuple[str, str], ...]
    etag: str
    brotli: bytes
    varies_on_query: bool
    quality: int = FAST_QUALITY

    @classmethod
    def from_response(
        cls, body: bytes, headers: Iterable[tuple[str, str]], *, varies_on_query: bool
    ) -> Self:
        """A page as Django made it."""
        kept_headers = [
            (name, value) for name, value in headers if name.lower() not in DROPPED_HEADERS
        ]
        kept_headers.append(("Vary", "Accept-Encoding"))
        etag = hashlib.sha256(body).hexdigest()[:32]
        return cls(
            tuple(kept_headers), etag, brotli.compress(body, quality=FAST_QUALITY), varies_on_query
        )

    @property
    def is_fully_compressed(self) -> bool:
        """Whether it is compressed as small as can be."""
        return self.quality == MAX_QUALITY

    @property
    def size(self) -> int:
        """The bytes that it takes in memory at most: in two codings, and the headers."""
        return 2 * len(self.brotli) + 2_000

    def recompressed(self) -> Self:
        """The same, compressed as small as can be."""
        small = brotli.compress(brotli.decompress(self.brotli), quality=MAX_QUALITY)
        return replace(self, brotli=small, quality=MAX_QUALITY)

    def has_same_content(self, other: CachedPage) -> bool:
        """Whether a reader gets the same, however it is compressed."""
        return (self.etag, self.headers) == (other.etag, other.headers)

    def response(self, encoding: str) -> Response:
        """The body and the headers of an answer in a coding: br, gzip, or an empty word for
        neither.
        """
        body = self.brotli
        if encoding != "br":
            body = brotli.decompress(body)
        if encoding == "gzip":
            body = gzip.compress(body, 6, mtime=0)
        headers = [
            *self.headers,
            ("ETag", self._etag(encoding)),
            ("Content-Length", str(len(body))),
        ]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        return body, headers

    def not_modified_headers(self, encoding: str) -> Headers:
        """The headers of an answer that says that the page is as the browser has it."""
        return [*self.headers, ("ETag", self._etag(encoding))]

    def _etag(self, encoding: str) -> str:
        suffix = {"br": str(self.quality), "gzip": "gz"}.get(encoding, "0")
        return f'"{self.etag}-{suffix}"'


@dataclass
class MemoryEntry:
    """A page in the memory of a process: how often it was asked for, and its answers made ready."""

    page: CachedPage
    size: int
    hits: int = 0
    variants: dict[str, Response] = field(default_factory=dict)

    def response(self, encoding: str) -> Response:
        """The answer in a coding; those that browsers ask for are made once."""
        if not encoding:
            return self.page.response(encoding)
        if encoding not in self.variants:
            self.variants[encoding] = self.page.response(encoding)
        return self.variants[encoding]

    def replace(self, page: CachedPage) -> None:
        """Be the same page, compressed otherwise."""
        self.page = page
        self.variants.pop("br", None)


@lru_cache(maxsize=64)
def best_encoding(header: str) -> str:
    """The best coding that a browser takes: br, gzip, or an empty word for neither."""
    accepted = set()
    for part in header.lower().split(","):
        encoding, _, weight = part.partition(";")
        if re.sub(r"\s", "", weight) not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(encoding.strip())
    return next((encoding for encoding in ("br", "gzip") if encoding in accepted), "")
