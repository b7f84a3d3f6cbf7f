"""A handout as a PDF: cached by its content, unless it has a note about a person."""

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

# Added to the time limit for each further document of a pack.
SECONDS_PER_EXTRA_PART = 6
# Where only this space is too much for a line, WeasyPrint leaves the first word of the text alone
# on the line. At the beginning of what follows, the space does no harm.
SPACE_BEFORE_MARKUP = re.compile(r"(?<=[^\s>])(?: |&nbsp;)(<(?:sup|strong|em|a)\b[^>]*>)")


@sensitive_variables("note")
def render_html(handout: Handout, clinic: Clinic, note: str = "") -> str:
    """The HTML that is laid out: the handout without the controls of its page on the screen."""
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
    """The PDF of a handout; raises what Renderer.pdf_of raises.

    `on_cache_miss` is called before a PDF is made; it may raise. The cache key is a hash of the
    HTML, which has the code (publications and options), the day, the clinic's numbers and the
    reviews, so a change of any of them makes another PDF. With a note nothing is cached.
    """
    html = render_html(handout, clinic, note)
    seconds = SECONDS + SECONDS_PER_EXTRA_PART * (len(handout.parts) - 1)
    if note:
        on_cache_miss()
        return RENDERER.pdf_of(html, seconds=seconds)
    key = hashlib.sha256(f"{VERSION}\n{html}".encode()).hexdigest()
    cached = caches["handouts"].get(key)
    if isinstance(cached, Pdf):
        return cached
    on_cache_miss()
    pdf = RENDERER.pdf_of(html, seconds=seconds)
    caches["handouts"].set(key, pdf)
    return pdf
