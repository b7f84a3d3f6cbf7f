"""The base of the commands that read content files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.management.site_command import SiteCommand


class ContentCommand(SiteCommand):
    """A command with the path of content files as its argument."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path",
            metavar="PATH",
            nargs="?",
            type=Path,
            default=settings.CONTENT_DIR,
            help=_("A folder of content, the folder of one language in it, or a single file."),
        )

    def report_errors(self, errors: ContentFileErrors) -> CommandError:
        """Write each error to stderr; returns the exception to raise, with their number."""
        for error in errors.errors:
            self.stderr.write(str(error))
        count = len(errors.errors)
        text = ngettext(
            "{count} mistake; nothing was changed.", "{count} mistakes; nothing was changed.", count
        )
        return CommandError(text.format(count=count))
