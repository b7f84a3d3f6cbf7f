"""Settings read from the environment: what is wrong with any of them is said at once, each by its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

_ON = frozenset({"1", "true", "on", "yes", "y", "t"})
_OFF = frozenset({"0", "false", "off", "no", "n", "f"})


class Environment:
    """The variables that were set; an empty one counts as not set."""

    def __init__(self) -> None:
        self._wrong: dict[str, str] = {}

    def text(self, name: str, default: str = "") -> str:
        """Any words."""
        return os.environ.get(name) or default

    def switch(self, name: str, *, default: bool) -> bool:
        """On or off."""
        given = self.text(name).lower()
        if given and given not in _ON | _OFF:
            self._refuse(name, "Write on or off.")
        return given in _ON if given else default

    def port(self, name: str, default: int) -> int:
        """The number of a port."""
        given = self.text(name, str(default))
        if given.isascii() and given.isdigit() and len(given) <= 5 and 1 <= int(given) <= 65535:
            return int(given)
        self._refuse(name, "Write a number from 1 to 65535.")
        return default

    def time_zone(self, name: str, default: str) -> str:
        """The name of a time zone."""
        return self._checked(name, default, ZoneInfo, "Write a zone such as America/Chicago.")

    def e_mail(self, name: str) -> str:
        """An e-mail address, or nothing."""
        return self._checked(
            name, "", validate_email, "Write an e-mail address, such as website@clinic.example."
        )

    def finish(self) -> None:
        """Raise ImproperlyConfigured with all that was wrong, if anything was."""
        if self._wrong:
            raise ImproperlyConfigured("; ".join(said for _name, said in sorted(self._wrong.items())))

    def _checked(self, name: str, default: str, check: Callable[[str], object], hint: str) -> str:
        given = self.text(name, default)
        try:
            if given:
                check(given)
        # A zone that is not there is a KeyError, and a folder of zones cannot be read as one.
        except (ValidationError, KeyError, ValueError, OSError):
            self._refuse(name, hint)
        return given

    def _refuse(self, name: str, hint: str) -> None:
        self._wrong[name] = f"{name} is {self.text(name)!r}: {hint}"
