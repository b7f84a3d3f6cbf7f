"""Takes away the second step of an account, when nobody who looks after accounts can sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from education.staff.sign_in.setup import take_away


class Command(BaseCommand):
    """`manage.py reset_second_factor NAME`."""

    help = "Take away the second step of signing in of an account that lost its phone and codes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        account = User.objects.filter(username=options["username"]).first()
        if account is None:
            raise CommandError(f"There is no account {options['username']!r}.")
        if not take_away(account, by=None):
            raise CommandError(f"{account.get_username()} has no second step.")
        self.stdout.write("Taken away. They sign in with the password, and set it up anew.")
