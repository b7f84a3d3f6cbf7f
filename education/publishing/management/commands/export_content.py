"""`manage.py export_content PATH`: writes live documents as content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing.content_files.discovery import display_path
from education.publishing.content_files.export import ExportError, export_content
from education.publishing.management.progress import ProgressReporter
from education.publishing.management.site_command import SiteCommand


class Command(SiteCommand):
    """Writes the live edition of every document into a folder."""

    help = "Write what readers see now as content files, one for each document, by language."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="PATH", type=Path, help=_("A new or empty folder."))
        parser.add_argument(
            "--force",
            action="store_true",
            help=_(
                "Write into a folder that is not empty: replace the files of live documents, touch no other."
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["path"]
        try:
            done = export_content(
                folder, force=options["force"], progress=ProgressReporter(self.stderr)
            )
        except ExportError as error:
            raise CommandError(str(error)) from error
        count = len(done.written)
        text = ngettext(
            "Wrote {count} file into {folder}.", "Wrote {count} files into {folder}.", count
        )
        self.stdout.write(text.format(count=count, folder=display_path(folder)))
        for path in done.others:
            self.stdout.write(
                _("{file} was left as it is: readers do not see this document.").format(
                    file=display_path(path)
                )
            )
