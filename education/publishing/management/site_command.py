"""The base of all commands of this package."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _


class SiteCommand(BaseCommand):
    """A command that reports an unusable database in a sentence."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; raises CommandError instead of DatabaseError."""
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            raise CommandError(
                _(
                    "The database cannot be used ({reason}). If it is new, run first: manage.py migrate"
                ).format(reason=str(error).strip().partition("\n")[0])
            ) from error
