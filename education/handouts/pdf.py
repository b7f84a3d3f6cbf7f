"""A print as a PDF: kept by all that stands on it, unless it holds a note about a person."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.views.decorators.debug import sensitive_variables

from education import markdown
from education.clinic.models import Clinic
from education.handouts.handout import Handout
from education.handouts.rendering import RENDERER, SECONDS, VERSION, Pdf

# Every further document of a pack has so much longer.
SECONDS_PER_EXTRA_PART = 6
# Where only this space is too much for a line, WeasyPrint leaves the first word of the text alone
# on the line. At the beginning of what follows, the space does no harm.
SPACE_BEFORE_MARKUP = re.compile(r"(?<=[^\s>])(?: |&nbsp;)(<(?:sup|strong|em|a)\b[^>]*>)")


@sensitive_variables("note")
def render_html(handout: Handout, clinic: Clinic, note: str = "") -> str:
    """The page that is laid out: the handout's own, without what stands around it on a screen."""
    context = {"handout": handout, "clinic": clinic, "site_url": settings.SITE_URL, "note": note}
    with markdown.emergency_number_from(lambda: clinic.emergency_number):
        html = render_to_string("handouts/pdf.html", context)
    return SPACE_BEFORE_MARKUP.sub(r"\1 ", html)


@sensitive_variables("note", "html")
def render_pdf(
    handout: Handout,
    clinic: Clinic,
    note: str = "",
    *,
    on_cache_miss: Callable[[], None] = lambda: None,
) -> Pdf:
    """The PDF of a print; `before` is called when it must be made. Raises what Renderer.pdf_of
    raises.

    It is kept under all that is laid out: publications and choices (they stand in its code), the
    day, the clinic's numbers, the reviews. What changes any of them makes another PDF.
    """
    html = render_html(handout, clinic, note)
    seconds = SECONDS + SECONDS_PER_EXTRA_PART * (len(handout.parts) - 1)
    if note:
        on_cache_miss()
        return RENDERER.pdf_of(html, seconds=seconds)
    key = hashlib.sha256(f"{VERSION}\n{html}".encode()).hexdigest()
    kept = caches["handouts"].get(key)
    if isinstance(kept, Pdf):
        return kept
    on_cache_miss()
    made = RENDERER.pdf_of(html, seconds=seconds)
    caches["handouts"].set(key, made)
    return made
