"""`manage.py doctor`: one page of what is well and what is not."""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from education.operations.health import machine, site_state
from education.operations.health.findings import Finding, Level, examine


class Command(BaseCommand):
    """Examines the site, and says what is wrong and what to do."""

    help = (
        "Examine settings, files, disk, clock, mail, database, backups and what is seen from outside. "
        "Exit code 0: all is green. 1: something is yellow. 2: something is red."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--url", default=settings.SITE_URL, help="instead of SITE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises SystemExit with the worst level."""
        url = options["url"].rstrip("/")
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise CommandError(f"{url!r} is no address: write https://your.site", returncode=2)
        findings = examine(
            [
                ("settings", machine.examine_settings),
                ("files", machine.examine_files),
                ("disk", machine.examine_disk),
                ("clock", machine.examine_clock),
                ("database", site_state.examine_database),
                ("migrations", site_state.examine_migrations),
                ("content", site_state.examine_content),
                ("backups", machine.examine_backups),
                ("timers", machine.examine_timers),
                ("mail", machine.examine_mail),
                ("fonts", machine.examine_fonts),
                ("from outside", partial(site_state.examine_from_outside, url)),
            ]
        )
        worst = max(finding.level for finding in findings)
        if options["json"]:
            listed = [finding.to_json() for finding in findings]
            self.stdout.write(json.dumps({"level": worst.name.lower(), "findings": listed}))
        else:
            self._print(findings)
        if worst:
            raise SystemExit(int(worst))

    def _print(self, findings: list[Finding]) -> None:
        styles = {
            Level.GREEN: self.style.SUCCESS,
            Level.YELLOW: self.style.WARNING,
            Level.RED: self.style.ERROR,
        }
        for finding in findings:
            level = styles[finding.level](f"{finding.level.name.lower():6}")
            self.stdout.write(f"{level}  {finding.name:12}  {finding.message}")
            if finding.action:
                self.stdout.write(f"{'':22}To do: {finding.action}")
