"""Collected static files under names that contain a hash of their content."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class LenientManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage; a file that was not collected yet has its plain name.

    Commands may render pages and handouts before the first start has collected the files, or after
    an upgrade: a picture that is missing for a minute is better than an error.
    """

    # Scripts of staff import each other by name.
    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
