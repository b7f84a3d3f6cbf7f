"""A condition page to take along: as one file, as a link, as a QR code."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.articles.presenters import ConditionPage
from education.handouts.codes import encode
from education.handouts.handout import QrCode
from education.handouts.latest_publication import latest_publication_id
from education.handouts.print_options import PrintOptions
from education.handouts.saved_page import as_single_file
from education.publishing.composition import compose, get_live_edition_or_404
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.web.page_caching import cacheable_page


@cacheable_page
@require_safe
def save_page(request: HttpRequest, slug: str) -> HttpResponse:
    """How to save, print or send a condition page."""
    edition = get_live_edition_or_404(DocumentKey("article", slug), get_language())
    url = f"{settings.SITE_URL}{edition.get_absolute_url()}"
    context = {
        "edition": edition,
        "url": url,
        "qr_code": QrCode.from_url(url),
        "subject": quote(edition.heading, safe=""),
        "body": quote(f"{edition.heading}\n{url}", safe=""),
    }
    return render(request, "handouts/save_page.html", context)


@cacheable_page
@require_safe
def saved_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The condition page as one file, with the code of its handout: it ages like paper."""
    now = timezone.now()
    edition = get_live_edition_or_404(DocumentKey("article", slug), get_language(), now)
    composition = compose(edition, now, site_wide=True)
    context = {
        "layout": "base_saved.html",
        "composition": composition,
        "page": ConditionPage.from_composition(composition),
        "code": _handout_code(edition, now),
        "saved_on": now,
    }
    html = render_to_string("articles/condition.html", context, request)
    return HttpResponse(
        as_single_file(html), headers={"Content-Disposition": f'attachment; filename="{slug}.html"'}
    )


def _handout_code(edition: Edition, at: datetime) -> str:
    documents = [edition.document_id]
    everything = PrintOptions(print_size="normal", extent="everything")
    return encode(documents, everything.as_int, latest_publication_id(documents, at))
