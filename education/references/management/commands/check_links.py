"""`manage.py check_links`: check the links that readers can follow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing.management.arguments import format_datetime
from education.publishing.management.progress import ProgressReporter
from education.publishing.management.site_command import SiteCommand
from education.references.link_check.broken_links import BrokenLink, broken_links, unverified_links
from education.references.link_check.checker import check_links
from education.references.link_check.http_probe import IPAddress, is_public_address


class Command(SiteCommand):
    """Check every link of the live editions and the list of sources, and store the results."""

    help = (
        "Check every link that readers can follow. Asks other sites, politely; run it once a week."
    )
    # Seconds between two visits to one host.
    pause: ClassVar[float] = 1

    def is_address_allowed(self, address: IPAddress) -> bool:
        return is_public_address(address)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--timeout",
            type=float,
            default=10,
            metavar="SECONDS",
            help=_("How long to wait for a site."),
        )
        parser.add_argument(
            "--only-failed",
            action="store_true",
            help=_(
                "Of the links to other sites, ask only for those that did not work at the last check."
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and list what is broken and which pages have it."""
        report = check_links(
            timeout=options["timeout"],
            pause=self.pause,
            only_failed=options["only_failed"],
            address_policy=self.is_address_allowed,
            progress=ProgressReporter(self.stderr),
        )
        broken, unverified = broken_links(), unverified_links()
        self._list(_("Broken"), broken)
        self._list(_("Could not be checked"), unverified)
        asked = ngettext(
            "Asked for {count} link to other sites.",
            "Asked for {count} links to other sites.",
            report.probed,
        )
        broken_text = ngettext("{count} link is broken", "{count} links are broken", len(broken))
        others = _("{count} could not be checked").format(count=len(unverified))
        self.stdout.write(
            f"{asked.format(count=report.probed)} {broken_text.format(count=len(broken))}, {others}."
        )
        if report.remaining:
            self.stdout.write(
                _("{count} are left for the next run.").format(count=report.remaining)
            )
        if report.too_long:
            self.stdout.write(
                _("{count} are too long to be checked.").format(count=report.too_long)
            )

    def _list(self, title: str, links: Iterable[BrokenLink]) -> None:
        for link in links:
            since = _("since {moment}").format(moment=format_datetime(link.since))
            self.stdout.write(f"{title}: {link.url} ({since})\n  {link.problem}")
            for location in link.locations:
                self.stdout.write(f"  - {location}")
