"""Why a backup cannot be made or used."""

from __future__ import annotations


class BackupError(Exception):
    """The text is for the technician: what is wrong, what was changed (nothing), what to do."""
