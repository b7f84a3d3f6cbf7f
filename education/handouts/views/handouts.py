"""The handout of an article: a page for printing in the browser, and the same as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from education.clinic.context_processors import get_clinic
from education.handouts.handout import Handout
from education.handouts.paper.typesetting import Busy, Pdf, Unprintable
from education.handouts.pdf import render_pdf
from education.handouts.print_options import InvalidOptions, PrintOptions
from education.handouts.printed_sections import cause_slugs
from education.handouts.throttling import count_prints, printing
from education.publishing.composition import get_live_edition_or_404
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.web.page_caching import cacheable_page_without_query

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

OPTION_CHOICES = {
    "paper": [("", _("The clinic's own")), ("a4", "A4"), ("letter", "Letter")],
    "extent": [("sheet", _("The most important on one sheet")), ("everything", _("Everything"))],
    "print": [
        ("", _("The clinic's own")),
        ("normal", _("Normal")),
        ("clear", _("Clear print (12 point)")),
        ("large", _("Large print (18 point)")),
    ],
    "sides": [
        ("one", _("One after the other")),
        ("both", _("For printing on both sides: each begins on a sheet of its own")),
    ],
    "section": [
        ("about", _("What this is about (with everything)")),
        ("medicines", _("What a doctor or pharmacist may suggest")),
        ("sources", _("Sources")),
        ("notes", _("Lines for notes")),
        ("pictures", _("Drawings of the skin")),
    ],
}


def handle_pdf_errors(view: View[P]) -> View[P]:
    """Decorate a view to answer Busy, Unprintable and InvalidOptions with a page that says why."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except InvalidOptions as error:
            return pdf_error_response(request, error, 400)
        except Busy as error:
            return _busy_response(error)
        except Unprintable as error:
            return pdf_error_response(request, error, 422)

    return cast("View[P]", wrapper)


def pdf_error_response(request: HttpRequest, error: Exception, status: int) -> HttpResponse:
    """The page that says why there is no handout, with a link back."""
    context = {"message": str(error), "page": request.path.replace(".pdf", "/")}
    response = render(request, "handouts/pdf_error.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _busy_response(error: Busy) -> HttpResponse:
    """A page that is quickly made: many may get it at once."""
    page = render_to_string("handouts/busy.html", {"message": str(error)})
    headers = {"Retry-After": str(error.seconds), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)


def pdf_response(pdf: Pdf, name: str) -> HttpResponse:
    """A PDF that opens in the browser."""
    return HttpResponse(
        pdf.data,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def _get_handout_request(
    request: HttpRequest, slug: str
) -> tuple[Edition, PrintOptions, tuple[str, ...]]:
    """The live article, the print options of the query, and the slugs of its causes."""
    edition = get_live_edition_or_404(DocumentKey("article", slug), get_language())
    causes = cause_slugs(edition)
    return edition, PrintOptions.from_query(request.GET, causes), causes


@cacheable_page_without_query
@require_safe
@handle_pdf_errors
def handout(request: HttpRequest, slug: str) -> HttpResponse:
    """The handout of an article with the clinic's name and numbers, as a page."""
    edition, options, causes = _get_handout_request(request, slug)
    clinic = get_clinic(request)
    article_handout = Handout.from_editions([edition], options, clinic)
    context = {
        "handout": article_handout,
        "page": article_handout.parts[0].condition_page,
        "edition": edition,
        "clinic": clinic,
        "options": options,
        "choices": OPTION_CHOICES,
        "pdfs": _pdf_links(slug, options, causes),
        "pack": f"{reverse('handouts')}?document=article/{slug}",
    }
    return render(request, "handouts/handout.html", context)


def _pdf_links(
    slug: str, options: PrintOptions, causes: tuple[str, ...]
) -> list[tuple[str, str | Promise]]:
    """The address and name of the PDF as chosen, then of others that are one press away."""
    others = [
        (_("Large print (18 point)"), replace(options, print_size="large")),
        (_("Clear print (12 point)"), replace(options, print_size="clear")),
        (_("Everything, not only one sheet"), replace(options, extent="everything")),
    ]
    chosen = [(_("Open as a PDF to print"), options)]
    chosen += [(name, other) for name, other in others if other != options]
    pdf = reverse("handout-pdf", args=[slug])
    return [(pdf + other.query_string(causes), name) for name, other in chosen]


@require_safe
@handle_pdf_errors
def handout_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a PDF."""
    with printing():
        edition, options, _causes = _get_handout_request(request, slug)
        clinic = get_clinic(request)
        pdf = render_pdf(
            Handout.from_editions([edition], options, clinic),
            clinic,
            on_cache_miss=partial(count_prints, request),
        )
    return pdf_response(pdf, slug)
