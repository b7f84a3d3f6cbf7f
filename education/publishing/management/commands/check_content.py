"""`manage.py check_content [PATH]`: what is wrong with content files, and are they canonical?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing.content_files.batch import canonical_bytes, read_batch
from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.export import atomic_write
from education.publishing.content_files.importer import check_files
from education.publishing.management.content_command import ContentCommand
from education.publishing.management.progress import ProgressReporter


class Command(ContentCommand):
    """Check content files as a load would, and change nothing."""

    help = "Check content files as load_content would, and that they are in canonical form. Changes no site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the path, and whether to rewrite files."""
        super().add_arguments(parser)
        parser.add_argument(
            "--fix",
            action="store_true",
            help=_("First rewrite each readable file without comments in canonical form."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and say that all is well."""
        progress = ProgressReporter(self.stderr)
        if options["fix"]:
            self._fix(options["path"])
        try:
            report = check_files(options["path"], progress=progress)
        except ContentFileErrors as errors:
            raise self.report_errors(errors) from errors
        text = ngettext("{count} file is in order.", "{count} files are in order.", report.files)
        self.stdout.write(text.format(count=report.files))

    def _fix(self, path: Path) -> None:
        for read in read_batch(path).readable():
            if read.parsed.comments or canonical_bytes(read) == read.data:
                continue
            try:
                atomic_write(read.file.path, canonical_bytes(read))
            except OSError as error:
                raise CommandError(
                    _("{file} cannot be written ({reason}).").format(
                        file=read.file.display_path, reason=error.strerror
                    )
                ) from error
            self.stdout.write(_("Rewrote {file}.").format(file=read.file.display_path))
