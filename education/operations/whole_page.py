"""A page as it is sent: made once, compressed, in the coding that a browser takes."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

import brotli

Headers = list[tuple[str, str]]
Answer = tuple[bytes, Headers]

QUICK, SMALL = 4, 11
NOT_PASSED_ON = frozenset({"content-length", "content-encoding", "vary", "etag"})


@dataclass(frozen=True)
class WholePage:
    """A page: its body compressed, and the headers that Django gave it."""

    headers: tuple[tuple[str, str], ...]
    tag: str
    brotli: bytes
    heeds_questions: bool
    quality: int = QUICK

    @classmethod
    def of(cls, body: bytes, headers: Iterable[tuple[str, str]], *, heeds_questions: bool) -> Self:
        """A page as Django made it."""
        passed_on = [(name, value) for name, value in headers if name.lower() not in NOT_PASSED_ON]
        passed_on.append(("Vary", "Accept-Encoding"))
        tag = hashlib.sha256(body).hexdigest()[:32]
        return cls(tuple(passed_on), tag, brotli.compress(body, quality=QUICK), heeds_questions)

    @property
    def is_small(self) -> bool:
        """Whether it is compressed as small as can be."""
        return self.quality == SMALL

    @property
    def weight(self) -> int:
        """The bytes that it takes in memory at most: in two codings, and the headers."""
        return 2 * len(self.brotli) + 2_000

    def smaller(self) -> Self:
        """The same, compressed as small as can be."""
        small = brotli.compress(brotli.decompress(self.brotli), quality=SMALL)
        return replace(self, brotli=small, quality=SMALL)

    def is_same(self, other: WholePage) -> bool:
        """Whether a reader gets the same, however it is compressed."""
        return (self.tag, self.headers) == (other.tag, other.headers)

    def answer(self, coding: str) -> Answer:
        """The body and the headers of an answer in a coding: br, gzip, or an empty word for neither."""
        body = self.brotli
        if coding != "br":
            body = brotli.decompress(body)
        if coding == "gzip":
            body = gzip.compress(body, 6, mtime=0)
        headers = [*self.headers, ("ETag", self._tag(coding)), ("Content-Length", str(len(body)))]
        if coding:
            headers.append(("Content-Encoding", coding))
        return body, headers

    def not_modified(self, coding: str) -> Headers:
        """The headers of an answer that says that the page is as the browser has it."""
        return [*self.headers, ("ETag", self._tag(coding))]

    def _tag(self, coding: str) -> str:
        mark = {"br": str(self.quality), "gzip": "gz"}.get(coding, "0")
        return f'"{self.tag}-{mark}"'


@dataclass
class Kept:
    """A page in the memory of a process: how often it was asked for, and its answers made ready."""

    page: WholePage
    weight: int
    asked: int = 0
    ready: dict[str, Answer] = field(default_factory=dict)

    def answer(self, coding: str) -> Answer:
        """The answer in a coding; those that browsers ask for are made once."""
        if not coding:
            return self.page.answer(coding)
        if coding not in self.ready:
            self.ready[coding] = self.page.answer(coding)
        return self.ready[coding]

    def become(self, page: WholePage) -> None:
        """Be the same page, compressed otherwise."""
        self.page = page
        self.ready.pop("br", None)


def accepted(header: str) -> str:
    """The best coding that a browser takes: br, gzip, or an empty word for neither."""
    takes = set()
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        if re.sub(r"\s", "", weight) not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            takes.add(coding.strip())
    return next((coding for coding in ("br", "gzip") if coding in takes), "")
