"""`manage.py withdraw KIND SLUG`: take a document away from readers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from education.publishing import actions, kinds
from education.publishing.content import Refused
from education.publishing.management.documents import (
    add_language,
    add_moment,
    find_documents,
    moment,
    refused,
    shown_moment,
)
from education.publishing.management.site_command import SiteCommand


class Command(SiteCommand):
    """Withdraw a document, telling readers why and where to go instead."""

    help = "Take a document away from readers, who are told why."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the document, the reason, where to send readers, and when."""
        parser.add_argument("kind", metavar="KIND", choices=kinds.names(), help=", ".join(kinds.names()))
        parser.add_argument("slug", metavar="SLUG", help=_("The last part of the address of the document."))
        parser.add_argument("--reason", required=True, help=_("Why, in a sentence for readers."))
        parser.add_argument(
            "--send-to",
            metavar="SLUG",
            help=_("The document to read instead; KIND:SLUG for one of another kind."),
        )
        parser.add_argument(
            "--together",
            metavar="SLUG",
            action="extend",
            nargs="+",
            default=[],
            help=_("What cannot be shown without it, to be taken away too; KIND:SLUG for another kind."),
        )
        add_moment(parser)
        add_language(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Withdraw, and say so."""
        at = moment(options["at"])
        kind, language = options["kind"], options["language"]
        (document,) = find_documents(kind, [options["slug"]], language)
        instead = find_documents(kind, [options["send_to"]], language)[0] if options["send_to"] else None
        together = find_documents(kind, options["together"], language) if options["together"] else []
        try:
            actions.withdraw(document, reason=options["reason"], send_to=instead, together=together, at=at)
        except Refused as refusal:
            raise refused(refusal) from refusal
        when = _(", for readers from {moment} on").format(moment=shown_moment(at)) if at else ""
        for gone in (document, *together):
            self.stdout.write(_("Withdrew the {document}").format(document=gone) + f"{when}.")
