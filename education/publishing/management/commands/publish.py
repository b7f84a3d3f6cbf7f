"""`manage.py publish KIND SLUG …`: publishes documents now or at a later time."""

from __future__ import annotations

from argparse import SUPPRESS, Action, ArgumentParser
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing import actions, document_types, slow_work
from education.publishing.checks.passed_checks import run_ahead
from education.publishing.content import ActionRefused
from education.publishing.management.arguments import (
    add_datetime_argument,
    add_language_argument,
    command_error,
    find_documents,
    format_datetime,
    parse_datetime_argument,
)
from education.publishing.management.progress import ProgressReporter
from education.publishing.management.site_command import SiteCommand
from education.publishing.models import Publication
from education.publishing.workflow.audit_log import describe_act
from education.publishing.workflow.locks import lock_publishing
from education.publishing.workflow.schedule import acts_cancelled_by_publication


class RemovedOption(Action):
    """An option of an earlier version: refused with the reason instead of ignored."""

    def __call__(self, parser: ArgumentParser, *_args: Any, **_kwargs: Any) -> None:
        """Raise CommandError."""
        parser.error(
            _(
                "--change is no longer asked for: the program finds out what changes. Leave the option out."
            )
        )


class Command(SiteCommand):
    """Publishes the working copies of documents as one set: all of them or none."""

    help = "Publish the working copies of documents as one set, all or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "kind",
            metavar="KIND",
            choices=document_types.names(),
            help=", ".join(document_types.names()),
        )
        parser.add_argument(
            "slugs",
            metavar="SLUG",
            nargs="+",
            help=_(
                "The last part of the address of a document; KIND:SLUG for one of another kind."
            ),
        )
        parser.add_argument("--change", action=RemovedOption, help=SUPPRESS)
        parser.add_argument(
            "--note", required=True, help=_("What changes, in a sentence for readers.")
        )
        parser.add_argument(
            "--keep-scheduled",
            action="store_true",
            help=_(
                "Keep what is scheduled for these documents and would replace what is published now."
            ),
        )
        add_datetime_argument(parser)
        add_language_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        at = parse_datetime_argument(options["at"])
        documents = find_documents(options["kind"], options["slugs"], options["language"])
        progress = ProgressReporter(self.stderr)
        keep = () if options["keep_scheduled"] else None
        run_ahead(one.pk for one in documents)

        def publish() -> tuple[list[Publication], list[str]]:
            with transaction.atomic():
                lock_publishing()
                acts = acts_cancelled_by_publication(
                    [document.pk for document in documents], at or timezone.now(), keep
                )
                cancelled = [describe_act(act) for act in acts]
                entries = actions.publish(
                    documents,
                    note=options["note"],
                    at=at,
                    cancel_acts=keep,
                    progress=lambda done, total: progress(_("Publishing"), done, total),
                )
                return entries, cancelled

        try:
            entries, cancelled = slow_work.run_outside_work(publish)
        except ActionRefused as refusal:
            raise command_error(refusal) from refusal
        text = ngettext("Published {count} document", "Published {count} documents", len(entries))
        when = _(", for readers from {moment} on").format(moment=format_datetime(at)) if at else ""
        self.stdout.write(f"{text.format(count=len(entries))}{when}.")
        for act in cancelled:
            self.stdout.write(_("Took back what was scheduled: {act}").format(act=act))
