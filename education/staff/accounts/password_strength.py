"""Refuses passwords that are guessed early: common ones, those of known leaks, and simple patterns.

Nothing is asked of another site. zxcvbn has the most common passwords of leaks and words as lists,
and finds them with a year behind them, with letters written as figures, or along the keyboard.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Of 0 to 4; from 3 on, more than a hundred million guesses are needed.
MIN_SCORE = 3
# zxcvbn looks at no more, and takes long for long ones.
MAX_EXAMINED = 72


class GuessableValidator:
    """A password validator of Django."""

    def validate(self, password: str, user: Any = None) -> None:
        from zxcvbn import zxcvbn  # noqa: PLC0415  two megabytes of lists

        names = ("username", "first_name", "last_name", "email")
        known = [str(getattr(user, name, "") or "") for name in names]
        found = zxcvbn(password[:MAX_EXAMINED], user_inputs=[*filter(None, known)])
        if found["score"] < MIN_SCORE:
            text = _(
                "This password is easy to guess, or known from a leak. Four or five words that do not belong "
                "together are better."
            )
            raise ValidationError(text, code="password_guessable")

    def get_help_text(self) -> str:
        return _("Your password can’t be one that is easy to guess or known from a leak.")
