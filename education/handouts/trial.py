"""Prints on trial: whether something can be printed, and whether it fits on its sheet."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import caches

from education.clinic.models import Clinic
from education.handouts.handout import Handout
from education.handouts.paper.document import letters_data
from education.handouts.paper.typesetting import TYPESETTER, CannotPrint, MissingLetter
from education.handouts.pdf import content_key, render_data
from education.handouts.print_options import PrintOptions
from education.publishing.models import Edition

# A publisher waits for this, and on SQLite all other writers wait as well.
SECONDS = 5
# A trial is of the text: it says nothing of the day or the code, so that one trial is enough.
FIXED_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def try_print(edition: Edition, extent: str, clinic: Clinic, at: datetime | None = None) -> bool:
    """Whether a sheet needs more than its two pages; raises what a print would, or KeyError for a
    missing part. A text that was tried before is not tried again.
    """
    options = PrintOptions(print_size="normal", extent=extent)
    handout = Handout.from_editions([edition], options, clinic, at)
    data = render_data(replace(handout, at=FIXED_DATE, latest_publication_id=1), clinic)
    key = f"trial-{content_key(data)}"
    is_over = caches["handouts"].get(key)
    if is_over is None:
        is_over = TYPESETTER.make_pdf(data, seconds=SECONDS).is_over
        caches["handouts"].set(key, is_over)
    return bool(is_over)


def is_sheet_over(edition: Edition) -> bool:
    """Whether the sheet of an article goes on to a third page; not for what cannot be printed."""
    if not settings.HANDOUT_TRIAL_RENDER or edition.document.kind != "article":
        return False
    try:
        return try_print(edition, "sheet", Clinic.load())
    except (KeyError, CannotPrint):
        return False


def letter_error(text: str) -> str:
    """A sentence about a letter that no font has; empty for a text that can be printed.

    Plain English letters are in every font and need no trial.
    """
    if text.isascii():
        return ""
    try:
        TYPESETTER.make_pdf(json.dumps(letters_data(text)))
    except MissingLetter as error:
        return str(error)
    except CannotPrint:
        return ""
    return ""
