"""`manage.py check_content [PATH]`: what is wrong with content files, and are they canonical?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing.files.exporting import write_atomically
from education.publishing.files.loading import check
from education.publishing.files.mistakes import ContentMistakes
from education.publishing.files.run import canonical, read_run
from education.publishing.management.content_command import ContentCommand
from education.publishing.management.counter import Counter


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
        counter = Counter(self.stderr)
        if options["fix"]:
            self._fix(options["path"])
        try:
            report = check(options["path"], progress=counter)
        except ContentMistakes as mistakes:
            raise self.refuse(mistakes) from mistakes
        words = ngettext("{count} file is in order.", "{count} files are in order.", report.files)
        self.stdout.write(words.format(count=report.files))

    def _fix(self, path: Path) -> None:
        for read in read_run(path).readable():
            if read.reading.comments or canonical(read) == read.data:
                continue
            try:
                write_atomically(read.file.path, canonical(read))
            except OSError as error:
                raise CommandError(
                    _("{file} cannot be written ({reason}).").format(
                        file=read.file.shown, reason=error.strerror
                    )
                ) from error
            self.stdout.write(_("Rewrote {file}.").format(file=read.file.shown))
