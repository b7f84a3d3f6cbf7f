"""Prints on trial: whether something can be printed, and whether it fits on its sheet."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT

from education.clinic.models import Clinic
from education.handouts.handout import Handout
from education.handouts.paper.document import letters_data
from education.handouts.paper.typesetting import TYPESETTER, Busy, MissingLetter, Unprintable
from education.handouts.pdf import content_key, render_data
from education.handouts.print_options import PrintOptions
from education.publishing import slow_work
from education.publishing.models import Edition

# A publisher waits for this.
SECONDS = 5
SECONDS_TO_BELIEVE = 60
# A trial is of the text: it says nothing of the day or the code, so that one trial is enough.
FIXED_DATE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Trial:
    """How a print on trial ended: `error` says why it cannot be printed, or is empty.

    `letter`: the one that no font has; `is_over`: whether a sheet needs more than its two pages.
    """

    error: str = ""
    letter: str = ""
    is_over: bool = False


def try_print(
    edition: Edition, extent: str, clinic: Clinic, at: datetime | None = None
) -> Trial | None:
    """Print an edition on trial, once for each text; raises KeyError for a missing part.

    None if that could not be done yet: it is left for after the transaction, or others print.
    """
    options = PrintOptions(print_size="normal", extent=extent)
    handout = Handout.from_editions([edition], options, clinic, at)
    return _try(render_data(replace(handout, at=FIXED_DATE, latest_publication_id=1), clinic))


def is_sheet_over(edition: Edition) -> bool:
    """Whether the sheet of an article goes on to a third page; not for what cannot be printed."""
    if not settings.HANDOUT_TRIAL_RENDER or edition.document.kind != "article":
        return False
    with suppress(KeyError):
        trial = try_print(edition, "sheet", Clinic.load())
        return trial is not None and trial.is_over
    return False


def letter_error(text: str) -> str:
    """A sentence about a letter that no font has; empty for a text that can be printed.

    Plain English letters are in every font and need no trial.
    """
    if text.isascii():
        return ""
    trial = _try(json.dumps(letters_data(text)))
    slow_work.raise_if_deferred()
    return trial.error if trial and trial.letter else ""


def _try(data: str) -> Trial | None:
    kept: Trial | None = caches["handouts"].get(_key(data))
    return kept or (None if slow_work.defer(partial(_set, data)) else _set(data))


def _set(data: str) -> Trial | None:
    seconds = None
    try:
        trial = Trial(is_over=TYPESETTER.make_pdf(data, seconds=SECONDS).is_over)
    except Busy:
        return None
    except MissingLetter as error:
        trial = Trial(str(error), error.letter)
    except Unprintable as error:
        # It may have been for a want of time, so it is not believed for long.
        trial, seconds = Trial(str(error)), SECONDS_TO_BELIEVE
    caches["handouts"].set(_key(data), trial, seconds or DEFAULT_TIMEOUT)
    return trial


def _key(data: str) -> str:
    return f"trial-{content_key(data)}"
