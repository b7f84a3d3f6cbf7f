"""The file backend of the page store."""

from __future__ import annotations

import random

from django.core.cache.backends.filebased import FileBasedCache

ONE_IN = 100


class PageFiles(FileBasedCache):
    """Django's file cache, which counts its thousands of files only now and then."""

    def _cull(self) -> None:
        if random.randrange(ONE_IN) == 0:  # noqa: S311  no secret hangs on it
            super()._cull()  # type: ignore[misc]  # Django's, which its stubs leave out
