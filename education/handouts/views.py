"""The article as a handout: a page for the browser's own print, and the same as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from education.clinic.context_processors import get_clinic
from education.handouts.limiting import LIMIT
from education.handouts.on_paper import causes_of
from education.handouts.options import Options, OptionsError
from education.handouts.printed import Handout
from education.handouts.printing import pdf_of
from education.handouts.rendering import TO_INSTALL, CannotPrint, Pdf, Unprintable, is_possible
from education.publishing.composition import get_live_edition_or_404
from education.publishing.content import DocumentKey
from education.publishing.models import Edition
from education.web.page_caching import cacheable_page_without_query

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

CHOICES = {
    "paper": [("", _("The clinic's own")), ("a4", "A4"), ("letter", "Letter")],
    "print": [("normal", _("Normal")), ("large", _("Large print"))],
    "section": [
        ("about", _("What this is about")),
        ("medicines", _("What a doctor or pharmacist may suggest")),
        ("sources", _("Sources")),
        ("notes", _("Lines for notes")),
        ("pictures", _("Drawings of the skin")),
    ],
}


def answering_refusals(view: View[P]) -> View[P]:
    """Say in plain words why something cannot be printed, instead of failing."""

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except OptionsError as error:
            return refusal(request, error, 400)
        except CannotPrint as error:
            return refusal(request, error, 422 if isinstance(error, Unprintable) else 503)

    return cast("View[P]", answered)


def refusal(request: HttpRequest, error: Exception, status: int) -> HttpResponse:
    """The page that says why there is no print, with the way back."""
    context = {"message": str(error), "page": request.path.replace(".pdf", "/")}
    response = render(request, "handouts/refused.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def pdf_response(pdf: Pdf, name: str) -> HttpResponse:
    """A PDF to be opened in the browser, which prints it."""
    return HttpResponse(
        pdf.data,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def _chosen(request: HttpRequest, slug: str) -> tuple[Edition, Options, tuple[str, ...]]:
    """The live article, what is to be printed of it, and the keys of its causes."""
    edition = get_live_edition_or_404(DocumentKey("article", slug), get_language())
    causes = causes_of(edition)
    return edition, Options.read(request.GET, causes), causes


@cacheable_page_without_query
@require_safe
@answering_refusals
def handout(request: HttpRequest, slug: str) -> HttpResponse:
    """A condition page laid out for paper, with the clinic's name and numbers."""
    edition, options, causes = _chosen(request, slug)
    clinic = get_clinic(request)
    made = Handout.of([edition], options, clinic)
    context = {
        "handout": made,
        "page": made.parts[0].page,
        "edition": edition,
        "clinic": clinic,
        "options": options,
        "choices": CHOICES,
        "pdf": reverse("handout-pdf", args=[slug]) + options.query(causes),
        "pack": f"{reverse('handouts')}?document=article/{slug}",
        "pdf_possible": is_possible(),
        "to_install": TO_INSTALL,
    }
    return render(request, "handouts/handout.html", context)


@require_safe
@answering_refusals
def handout_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a PDF."""
    edition, options, _causes = _chosen(request, slug)
    clinic = get_clinic(request)
    pdf = pdf_of(Handout.of([edition], options, clinic), clinic, before=partial(LIMIT.count, request))
    return pdf_response(pdf, slug)
