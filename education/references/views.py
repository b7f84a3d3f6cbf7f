"""The glossary page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.publishing.composition import Composition, compose_live
from education.publishing.models.edition_names import index_letter, sort_key
from education.publishing.preview import PreviewContext
from education.references.citations import Citations
from education.references.content import GLOSSARY, GlossaryContent
from education.web.a_to_z_page import AZPage
from education.web.page_caching import cacheable_page


@cacheable_page
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return glossary_page(request, compose_live(GLOSSARY, get_language()))


def glossary_page(
    request: HttpRequest, composition: Composition, *, preview: PreviewContext | None = None
) -> HttpResponse:
    terms = composition.content_as(GlossaryContent).terms
    rows = sorted((sort_key(term.word), position) for position, term in enumerate(terms))
    context = {
        "composition": composition,
        "preview": preview,
        "page": AZPage.whole_list((index_letter(key), terms[position]) for key, position in rows),
        "citations": Citations.from_composition(composition),
    }
    return render(request, "references/glossary.html", context)
