"""Pages on the disk, for processes that do not hold them or cannot trust their copy."""

from __future__ import annotations

import hashlib
import pickle
import secrets
import zlib
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass, replace

from django.core.cache.backends.base import BaseCache
from django.db import Error

from education.operations.page_cache.asked import Asked
from education.operations.page_cache.cached_page import CachedPage

MOST_BYTES_OF_A_PAGE = 256 * 1024
# What unpickling raises for a truncated or foreign file.
_UNREADABLE = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ImportError)


@dataclass(frozen=True)
class Stored:
    """A page, the version of the site that it belongs to, and what it was built from."""

    version: Hashable
    asked: Asked
    page: CachedPage


class PageStore:
    """Pages by path. Each start of the program finds only its own, as its code may be new.

    A failing disk is no error for readers: the page is built as if it had not been stored.
    """

    def __init__(self, cache: BaseCache):
        self._cache = cache
        self._start = secrets.token_hex()

    def page(self, path: str, version: Hashable) -> CachedPage | None:
        """The stored page of a path, if it would be built the same now.

        No query for a page of this version of the site; for another version, as many as it was
        built with.
        """
        stored = self._stored(path)
        if stored is None:
            return None
        try:
            is_right = stored.version == version or stored.asked.is_answered_so_now()
        except Error:
            return None
        return stored.page if is_right else None

    def put(self, path: str, version: Hashable, asked: Asked, page: CachedPage) -> None:
        """Store a page that was built while the site had this version from beginning to end."""
        if len(page.brotli) <= MOST_BYTES_OF_A_PAGE:
            self._set(path, Stored(version, asked, page))

    def smaller(self, path: str, page: CachedPage) -> CachedPage:
        """The page with the best compression; the work is done once for all processes."""
        stored = self._stored(path)
        is_same = stored is not None and stored.page.has_same_content(page)
        if stored and is_same and stored.page.is_fully_compressed:
            return stored.page
        small = page.recompressed()
        if stored and is_same:
            self._set(path, replace(stored, page=small))
        return small

    def _stored(self, path: str) -> Stored | None:
        try:
            stored = self._cache.get(self._key(path))
        except (*_UNREADABLE, pickle.PickleError, zlib.error):
            return None
        return stored if isinstance(stored, Stored) else None

    def _set(self, path: str, stored: Stored) -> None:
        with suppress(OSError):
            self._cache.set(self._key(path), stored)

    def _key(self, path: str) -> str:
        return hashlib.sha256(f"{self._start}{path}".encode()).hexdigest()
