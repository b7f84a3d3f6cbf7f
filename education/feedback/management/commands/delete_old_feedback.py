"""`manage.py delete_old_feedback`: delete feedback older than a year."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from education.feedback.actions import delete_expired
from education.publishing.management.site_command import SiteCommand


class Command(SiteCommand):
    """Delete feedback that is no longer shown to anybody."""

    help = "Delete what readers said more than a year ago. Every new answer does the same."

    def handle(self, *args: Any, **options: Any) -> None:
        number = delete_expired()
        self.stdout.write(
            ngettext("Deleted {number} answer.", "Deleted {number} answers.", number).format(
                number=number
            )
        )
