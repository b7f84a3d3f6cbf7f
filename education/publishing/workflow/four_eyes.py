"""Four eyes: where the setting asks for it, nobody publishes or reviews what they last edited."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from education.audit.models import Actor
from education.publishing.content import Problem
from education.publishing.models import Edition


def four_eyes_problems(edition: Edition, by: Actor) -> list[Problem]:
    """Why `by` may not decide on `edition`: empty, unless they wrote it and FOUR_EYES is on.

    What nobody edited by hand (files), and what a command does, is nobody's own.
    """
    if settings.FOUR_EYES and by is not None and edition.edited_by_id == by.pk:
        message = _("You were the last to edit this. Somebody else must look at it.")
        return [Problem(edition.key, (), message)]
    return []
