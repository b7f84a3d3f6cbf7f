"""`manage.py serve`: prepare the site if needed, and serve it."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from education.operations.startup import server
from education.operations.startup.bind_address import display_url, resolve_free_address
from education.operations.startup.bootstrap import bootstrap, serving_lock
from education.operations.startup.errors import StartupError


class Command(BaseCommand):
    """Prepares the site, prints its address, and serves it."""

    help = "Prepare the site if need be, and serve it on HOST and PORT until it is stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reload", action="store_true", help="restart when a file changes (for maintainers)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, or print one sentence that says why not, and exit with 1."""
        # The data folder has the key and the accounts: only its owner may read new files.
        os.umask(0o077)
        try:
            with serving_lock(settings.DATA_DIR):
                self._serve(reload=options["reload"])
        except StartupError as error:
            self.stderr.write(f"Cannot start: {error}", self.style.ERROR)
            raise SystemExit(1) from error

    def _serve(self, *, reload: bool) -> None:
        resolve_free_address(settings.HOST, settings.PORT)
        bootstrap(self._print)
        # Checked again: preparing takes time, and the server would share a busy port silently.
        host = resolve_free_address(settings.HOST, settings.PORT)
        self._print_address(host)
        if not reload:
            server.serve(host, settings.PORT, settings.BASE_DIR)
            return
        line = server.runserver_command(host, settings.PORT, settings.BASE_DIR)
        connections.close_all()
        os.environ["EDUCATION_DATA_DIR"] = str(settings.DATA_DIR)
        os.execv(line[0], line)  # noqa: S606  no shell is wanted

    def _print(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _print_address(self, host: str) -> None:
        bind_url = display_url(host, settings.PORT)
        site_url = (
            f"{settings.SITE_URL}/ (served here on {bind_url})"
            if settings.SITE_IS_HTTPS
            else bind_url
        )
        self._print(f"The site is at {site_url} — stop it with Ctrl+C")
        if host not in {"127.0.0.1", "::1", "localhost"}:
            self._print(
                "Others can reach this server. It needs a buffering proxy in front: see docs/deploying.md"
            )
        if not get_user_model().objects.filter(is_superuser=True, is_active=True).exists():
            self._print(
                f"To make the first staff account, open a second window here and type: {_account_command()}"
            )


def _without_password(url: str) -> str:
    """An address to print: its password is to be typed in its place."""
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":PASSWORD@", 1) if password else url


def _account_command() -> str:
    """The command that creates a staff account in the database of this start."""
    python = Path(sys.executable)
    if python.is_relative_to(settings.BASE_DIR):
        python = python.relative_to(settings.BASE_DIR)
    parts = []
    if os.environ.get("EDUCATION_DATA_DIR"):
        parts.append(f"EDUCATION_DATA_DIR={shlex.quote(str(settings.DATA_DIR))}")
    if url := os.environ.get("DATABASE_URL"):
        parts.append(f"DATABASE_URL={shlex.quote(_without_password(url))}")
    return " ".join([*parts, shlex.quote(str(python)), "manage.py", "createsuperuser"])
