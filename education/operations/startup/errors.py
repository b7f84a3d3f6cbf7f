"""Errors that stop the site from starting."""

from __future__ import annotations


class StartupError(Exception):
    """The site cannot start; the text is one plain sentence with what to do about it."""
