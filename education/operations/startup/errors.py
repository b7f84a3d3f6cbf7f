"""What stops the site from starting, said in one plain sentence with what to do about it."""

from __future__ import annotations


class StartupError(Exception):
    """The site cannot start; its text is for the person at the keyboard."""
