"""`manage.py export_content PATH`: what readers see, as content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing.files.exporting import CannotExport, export
from education.publishing.files.folders import shown_path
from education.publishing.management.counter import Counter
from education.publishing.management.site_command import SiteCommand


class Command(SiteCommand):
    """Write the live edition of every document into a folder."""

    help = "Write what readers see now as content files, one for each document, by language."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("path", metavar="PATH", type=Path, help=_("A new or empty folder."))
        parser.add_argument(
            "--force",
            action="store_true",
            help=_(
                "Write into a folder that is not empty: replace the files of live documents, touch no other."
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say how much; name what lies there without being live."""
        folder: Path = options["path"]
        try:
            done = export(folder, force=options["force"], progress=Counter(self.stderr))
        except CannotExport as error:
            raise CommandError(str(error)) from error
        count = len(done.written)
        words = ngettext("Wrote {count} file into {folder}.", "Wrote {count} files into {folder}.", count)
        self.stdout.write(words.format(count=count, folder=shown_path(folder)))
        for path in done.others:
            self.stdout.write(
                _("{file} was left as it is: readers do not see this document.").format(file=shown_path(path))
            )
