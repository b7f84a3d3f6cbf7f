"""Pages on the disk, for a process that does not hold them, or no longer knows whether they are
right.
"""

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
# What Python says of a file that was cut off or is none of ours.
_UNREADABLE = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ImportError)


@dataclass(frozen=True)
class Stored:
    """A page, of which version of the site it is, and what it was made from."""

    version: Hashable
    asked: Asked
    page: CachedPage


class PageStore:
    """Pages under their paths. One start of the program finds only its own: another may have other
    code.

    What is wrong with the disk is no reader's worry: a page is made, as if it had not been stored.
    """

    def __init__(self, cache: BaseCache):
        self._cache = cache
        self._start = secrets.token_hex()

    def page(self, path: str, version: Hashable) -> CachedPage | None:
        """The page of a path, if it would be made now as it was.

        No query for a page of this version of the site; for one of another, as many as it was made
        with.
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
        """Store a page that was made while the site was of this version, from beginning to end."""
        if len(page.brotli) <= MOST_BYTES_OF_A_PAGE:
            self._set(path, Stored(version, asked, page))

    def smaller(self, path: str, page: CachedPage) -> CachedPage:
        """The same page as small as can be; the work is done once for all processes."""
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
