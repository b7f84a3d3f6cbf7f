"""`manage.py export_handouts OUT`: export every handout as a PDF, with an index."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from education.handouts.export import export
from education.handouts.paper.typesetting import CannotPrint
from education.handouts.print_options import EXTENTS, PAPERS, PRINT_SIZES, PrintOptions
from education.publishing.management.progress import ProgressReporter
from education.publishing.management.site_command import SiteCommand


class Command(SiteCommand):
    """Write the handouts of all live documents into a folder."""

    help = (
        "Write the handout of every live article, checklist and self-check as a PDF, with an index. "
        "A run that was stopped goes on where it was; what has not changed is not made again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "out",
            metavar="OUT",
            type=Path,
            help=_("A folder of its own, new or of an earlier run."),
        )
        parser.add_argument(
            "--size", choices=PAPERS[1:], default="", help=_("The paper; else the clinic's own.")
        )
        parser.add_argument("--print-size", choices=PRINT_SIZES[1:], default="")
        parser.add_argument("--extent", choices=EXTENTS, default=EXTENTS[0])
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        print_options = PrintOptions(options["size"], options["print_size"], options["extent"])
        progress = partial(ProgressReporter(self.stderr), _("Handouts"))
        try:
            with translation.override(options["language"]):
                result = export(options["out"], print_options, options["language"], progress)
        except CannotPrint as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                _("The folder {folder} cannot be written ({reason}).").format(
                    folder=options["out"], reason=error.strerror
                )
            ) from error
        message = _("{made} made, {same} unchanged, {removed} removed.")
        self.stdout.write(
            message.format(
                made=len(result.made), same=len(result.unchanged), removed=len(result.removed)
            )
        )
        for name, reason in result.failed.items():
            self.stderr.write(f"{name}: {reason}", self.style.ERROR)
        if result.failed:
            raise CommandError(_("Some handouts could not be made."))
