"""`manage.py check_content [PATH]`: reports errors in content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing.content_files.batch import read_batch
from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.importer import check_files
from education.publishing.management.content_command import ContentCommand
from education.publishing.management.progress import ProgressReporter
from education.web.atomic_write import atomic_write


class Command(ContentCommand):
    """Checks content files as a load would, and that they are canonical; changes no document."""

    help = "Check content files as load_content would, and that they are in canonical form. Changes no site."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--fix",
            action="store_true",
            help=_("First rewrite each readable file without comments in canonical form."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
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
        for read in read_batch(path).files.values():
            if read.parsed.comments or read.canonical_bytes == read.data:
                continue
            try:
                atomic_write(read.file.path, read.canonical_bytes)
            except OSError as error:
                message = _("{file} cannot be written ({reason}).")
                raise CommandError(
                    message.format(file=read.file.display_path, reason=error.strerror)
                ) from error
            self.stdout.write(_("Rewrote {file}.").format(file=read.file.display_path))
