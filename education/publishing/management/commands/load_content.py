"""`manage.py load_content [PATH]`: loads content files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.importer import import_files
from education.publishing.management.content_command import ContentCommand
from education.publishing.management.progress import ProgressReporter


class Command(ContentCommand):
    """Loads content files: all of them or none."""

    help = (
        "Take content files into the site, all or none. New documents are published; of those that exist the "
        "working copy is updated. What staff have edited is never overwritten, unless told so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help=_(
                "Where staff have edited a document since its file was last loaded, overwrite their work."
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_files(
                options["path"],
                overwrite=options["overwrite"],
                progress=ProgressReporter(self.stderr),
            )
        except ContentFileErrors as errors:
            raise self.report_errors(errors) from errors
        for sentence in report.messages():
            self.stdout.write(sentence)
