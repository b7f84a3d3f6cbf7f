"""Where collected static files lie, under names that change with what is in them."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class LenientManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """As WhiteNoise has it, except that a file that was not collected yet keeps its plain name.

    Commands may render pages and handouts before the first start has collected the files, or after
    an upgrade: a picture that is missing for a minute is better than a page that is.
    """

    def stored_name(self, name: str) -> str:
        """The name with its hash, or the name as it is."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
