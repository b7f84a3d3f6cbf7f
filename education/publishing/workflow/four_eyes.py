"""The four-eyes rule: with FOUR_EYES nobody publishes or reviews what they edited last."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from education.audit.models import Actor
from education.publishing.content import Problem
from education.publishing.models import Edition


def four_eyes_problems(edition: Edition, by: Actor) -> list[Problem]:
    """Why `by` may not decide on `edition`; empty unless FOUR_EYES is on and they edited it.

    Editions loaded from files, and decisions by a command, are exempt.
    """
    if settings.FOUR_EYES and by is not None and edition.edited_by_id == by.pk:
        message = _("You were the last to edit this. Somebody else must look at it.")
        return [Problem(edition.key, (), message)]
    return []
