"""schema.org data of condition, cause and list pages: names and URLs, no long texts.

It names no medicine. A warning sign is not given as a sign of the condition, because it is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from education.articles.content import CauseContent
from education.articles.facets import LOOKS, Facet
from education.articles.presenters import CausePage, ConditionPage
from education.publishing.composition import Composition
from education.publishing.models import Edition

Data = dict[str, Any]

# A cause page names at most this many of its articles.
_MAX_NAMED = 20


def condition_json_ld(page: ConditionPage) -> Data:
    """The data of a condition page: its looks and its causes.

    Its sources stand in the list that readers see, medical codes on the pages of the causes.
    """
    article = page.article
    return {
        **_web_page(page.composition),
        "breadcrumb": breadcrumbs(
            (_("Conditions"), reverse("conditions")), _last_breadcrumb(page.composition)
        ),
        "about": {
            "@type": "MedicalCondition",
            "name": article.title,
            "alternateName": article.also_called,
            "signOrSymptom": [
                {"@type": "MedicalSignOrSymptom", "name": LOOKS[look]}
                for look in article.looks_like
            ],
            "cause": [
                {
                    "@type": "MedicalCause",
                    "name": cause.name,
                    "url": absolute_url(reverse("cause", args=[cause.slug]))
                    if cause.content
                    else "",
                }
                for cause in page.causes
            ],
        },
    }


def cause_json_ld(page: CausePage, articles: Iterable[Edition]) -> Data:
    """The data of a cause page. A cause with a medical code is a condition as well."""
    composition, content = page.composition, page.cause
    cited = page.citations.sources_cited_in(content)
    return {
        **_web_page(composition),
        "citation": [source.url or source.title for source in cited],
        "breadcrumb": breadcrumbs((_("Causes"), reverse("causes")), _last_breadcrumb(composition)),
        "about": {
            "@type": ["MedicalCause", "MedicalCondition"] if content.codes else "MedicalCause",
            "name": content.name,
            "alternateName": content.also_called,
            "code": _medical_codes(content),
            "causeOf": [
                {
                    "@type": "MedicalCondition",
                    "name": article.heading,
                    "url": absolute_url(article.get_absolute_url()),
                }
                for article in islice(articles, _MAX_NAMED)
            ],
        },
    }


def list_json_ld(facet: Facet, path: str) -> Data:
    """The data of a list of pages by body area or look, or of one page of it, at `path`."""
    return {
        "@type": "CollectionPage",
        "name": facet.name,
        "url": absolute_url(path),
        "breadcrumb": breadcrumbs((_("Browse"), reverse("browse")), (str(facet.name), path)),
    }


def absolute_url(path: str) -> str:
    """The absolute URL of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def breadcrumbs(*steps: tuple[str, str]) -> Data:
    """The path from the start page to a page. `steps`: names and paths; the last is the page."""
    items: list[Data] = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute_url(path)}
        for position, (name, path) in enumerate(((_("Home"), reverse("home")), *steps), start=1)
    ]
    del items[-1]["item"]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _last_breadcrumb(composition: Composition) -> tuple[str, str]:
    return composition.edition.heading, composition.edition.get_absolute_url()


def _web_page(composition: Composition) -> Data:
    """The data of every page. The date of review is given only if every part is reviewed."""
    review_status = composition.review_status
    if review_status and review_status.being_checked:
        review_status = None
    reviewers = review_status.shown_as if review_status else ()
    modified = composition.last_modified
    return {
        "@type": "MedicalWebPage",
        "name": composition.edition.heading,
        "url": absolute_url(composition.edition.get_absolute_url()),
        "inLanguage": composition.language,
        "dateModified": modified.date().isoformat() if modified else "",
        "lastReviewed": review_status.on.isoformat() if review_status else "",
        "reviewedBy": [{"@type": "Person", "name": name} for name in reviewers],
        "audience": {"@type": "Patient"},
    }


def _medical_codes(content: CauseContent) -> list[Data]:
    return [
        {"@type": "MedicalCode", "codeValue": code.code, "codingSystem": code.system}
        for code in content.codes
    ]
