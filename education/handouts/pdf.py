"""A handout as a PDF: cached by its content, unless it has a note about a person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.core.cache import caches
from django.views.decorators.debug import sensitive_variables

from education.clinic.models import Clinic
from education.handouts.handout import Handout
from education.handouts.paper.document import paper_data
from education.handouts.paper.typesetting import SECONDS, TYPESETTER, Pdf, templates_hash

# Added to the time limit for each further document of a pack.
SECONDS_PER_EXTRA_PART = 3


@sensitive_variables("note")
def render_data(handout: Handout, clinic: Clinic, note: str = "") -> str:
    """What is set, as JSON."""
    return json.dumps(paper_data(handout, clinic, note), ensure_ascii=False)


def content_key(data: str) -> str:
    """The name of the PDF of these data."""
    return hashlib.sha256(f"{templates_hash()}\n{data}".encode()).hexdigest()


@sensitive_variables("note", "data")
def render_pdf(
    handout: Handout,
    clinic: Clinic,
    note: str = "",
    *,
    seconds: float = SECONDS,
    on_cache_miss: Callable[[], None] = lambda: None,
) -> Pdf:
    """The PDF of a handout; raises what Typesetter.make_pdf raises.

    `on_cache_miss` is called before a PDF is made; it may raise. The cache key is a hash of the
    data, which have the code (publications and options), the day, the clinic's numbers and the
    reviews, so a change of any of them makes another PDF. With a note nothing is cached.
    """
    data = render_data(handout, clinic, note)
    key = content_key(data)
    cached = None if note else caches["handouts"].get(key)
    if isinstance(cached, Pdf):
        return cached
    on_cache_miss()
    pdf = TYPESETTER.make_pdf(
        data,
        # The same day gives the same bytes.
        timestamp=int(handout.at.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()),
        seconds=seconds + SECONDS_PER_EXTRA_PART * (len(handout.parts) - 1),
    )
    if not note:
        caches["handouts"].set(key, pdf)
    return pdf
