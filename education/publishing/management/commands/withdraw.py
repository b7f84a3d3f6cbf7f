"""`manage.py withdraw KIND SLUG`: withdraws a document from readers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing import actions, document_types
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
from education.publishing.management.site_command import SiteCommand
from education.publishing.workflow.audit_log import describe_act
from education.publishing.workflow.locks import lock_publishing
from education.publishing.workflow.schedule import acts_cancelled_by_withdrawal
from education.publishing.workflow.withdrawal import introduced_parts


class Command(SiteCommand):
    """Withdraws a document, with the reason and another page for readers."""

    help = "Take a document away from readers, who are told why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "kind",
            metavar="KIND",
            choices=document_types.names(),
            help=", ".join(document_types.names()),
        )
        parser.add_argument(
            "slug", metavar="SLUG", help=_("The last part of the address of the document.")
        )
        parser.add_argument("--reason", required=True, help=_("Why, in a sentence for readers."))
        parser.add_argument(
            "--redirect-to",
            metavar="SLUG",
            help=_("The document to read instead; KIND:SLUG for one of another kind."),
        )
        parser.add_argument(
            "--also",
            metavar="SLUG",
            action="extend",
            nargs="+",
            default=[],
            help=_(
                "What cannot be shown without it, to be taken away too; KIND:SLUG for another kind."
            ),
        )
        parser.add_argument(
            "--keep-parts",
            action="store_true",
            help=_(
                "Leave what came with it and nothing else needs, which is withdrawn too by default."
            ),
        )
        add_datetime_argument(parser)
        add_language_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        at = parse_datetime_argument(options["at"])
        kind, language = options["kind"], options["language"]
        (document,) = find_documents(kind, [options["slug"]], language)
        names = [options["redirect_to"]] if options["redirect_to"] else []
        redirect_to = next(iter(find_documents(kind, names, language)), None)
        dependents = find_documents(kind, options["also"], language)
        run_ahead(one.pk for one in (document, *dependents))
        try:
            with transaction.atomic():
                lock_publishing()
                parts = [] if options["keep_parts"] else introduced_parts(document)
                withdrawn = {one.pk: one for one in (document, *dependents, *parts)}
                acts = acts_cancelled_by_withdrawal(list(withdrawn), at or timezone.now())
                cancelled = [describe_act(act) for act in acts]
                actions.withdraw(
                    document,
                    reason=options["reason"],
                    redirect_to=redirect_to,
                    also=list(withdrawn.values()),
                    at=at,
                )
        except ActionRefused as refusal:
            raise command_error(refusal) from refusal
        when = _(", for readers from {moment} on").format(moment=format_datetime(at)) if at else ""
        for one in withdrawn.values():
            self.stdout.write(_("Withdrew the {document}").format(document=one) + f"{when}.")
        for act in cancelled:
            self.stdout.write(_("Took back what was scheduled: {act}").format(act=act))
