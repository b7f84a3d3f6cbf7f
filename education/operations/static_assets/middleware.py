"""Serves the collected static files, which are scanned on the first request for one."""

from __future__ import annotations

import threading
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware


class LazyWhiteNoiseMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # it brings no types
    """WhiteNoise that does not scan the static folder, some hundred files, at every start."""

    def __init__(self, *args: Any, **options: Any):
        self._scan_lock = threading.Lock()
        self._pending_folder: tuple[str, str] | None = None
        super().__init__(*args, **options)

    def update_files_dictionary(self, root: str, prefix: str) -> None:
        """Scan the few files at the root now, and put off the static folder."""
        if prefix == self.static_prefix:
            self._pending_folder = (root, prefix)
        else:
            super().update_files_dictionary(root, prefix)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._pending_folder and request.path_info.startswith(self.static_prefix):
            self._scan_pending_folder()
        return cast(HttpResponseBase, super().__call__(request))

    def _scan_pending_folder(self) -> None:
        with self._scan_lock:
            if self._pending_folder:
                super().update_files_dictionary(*self._pending_folder)
                self._pending_folder = None
