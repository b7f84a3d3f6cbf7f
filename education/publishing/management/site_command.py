"""What all commands of this package share."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _


class SiteCommand(BaseCommand):
    """A command that works on the site's database, and says in a sentence when that is not to be
    had.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run; raises CommandError when the database refuses."""
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            raise CommandError(
                _(
                    "The database cannot be used ({reason}). If it is new, run first: manage.py migrate"
                ).format(reason=str(error).strip().partition("\n")[0])
            ) from error
