#!/usr/bin/env python
"""The command line of the site: `manage.py help` lists the commands."""

import gc
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from environs import EnvError, EnvValidationError


def main() -> None:
    """Run a command; a bad setting ends in one sentence that names it."""
    # Loading a program makes next to no garbage, and looking for it takes long.
    gc.set_threshold(50_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "education.settings")
    try:
        _ = settings.INSTALLED_APPS
    except (ImproperlyConfigured, EnvError) as error:
        sys.exit(f"Cannot start: {_plain(error)}")
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)


def _plain(error: Exception) -> str:
    """What is wrong, naming every bad variable once."""
    if not isinstance(error, EnvValidationError):
        return str(error)
    found = error.error_messages
    if not isinstance(found, dict):
        return str(error)
    return "; ".join(
        f"{name} is {os.environ.get(name, '')!r}: {' '.join(problems)}"
        for name, problems in sorted(found.items())
    )


if __name__ == "__main__":
    main()
