"""Sessions of staff: a row names its account, and ends by itself.

A session ends 30 minutes after the last input of its owner, and 12 hours after signing in. Input is
a page that somebody opened or sent, not what a page does by itself (`sign_in/sessions.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# Seconds since 1970, and the browser in words.
SIGNED_IN_AT, LAST_INPUT_AT, BROWSER = "signed_in_at", "last_input_at", "browser"


class SessionStore(db.SessionStore):
    """Django's sessions in the database, in rows of our own model."""

    @classmethod
    def get_model_class(cls) -> Any:
        return apps.get_model("staff", "StaffSession")

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.signed_in_at = _moment(data.get(SIGNED_IN_AT))
        row.last_input_at = _moment(data.get(LAST_INPUT_AT))
        row.browser = str(data.get(BROWSER, ""))[:60]
        row.expire_date = _end(row.signed_in_at, row.last_input_at)
        return row


def _moment(seconds: int | None) -> datetime:
    """A stored moment; now for a session that has none yet."""
    return timezone.now() if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)


def _end(signed_in_at: datetime, last_input_at: datetime) -> datetime:
    return min(last_input_at + IDLE, signed_in_at + LONGEST)
