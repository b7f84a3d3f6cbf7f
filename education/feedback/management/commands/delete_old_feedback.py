"""`manage.py delete_old_feedback`: what readers said more than a year ago goes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from education.feedback.actions import delete_expired
from education.publishing.management.site_command import SiteCommand


class Command(SiteCommand):
    """Delete the answers of more than a year ago, which nobody is shown any more."""

    help = "Delete what readers said more than a year ago. Every new answer does the same."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many."""
        number = delete_expired()
        self.stdout.write(
            ngettext("Deleted {number} answer.", "Deleted {number} answers.", number).format(
                number=number
            )
        )
