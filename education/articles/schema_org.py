"""What condition and cause pages tell machines: schema.org, lean, with names in place of long
texts.

No medicine is ever named, and no warning sign is called a sign of the complaint, which it is not.
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
from education.articles.presenters import ConditionPage
from education.publishing.composition import Composition
from education.publishing.models import Edition
from education.references.content import Source, cited_keys

Data = dict[str, Any]

# A page that very many others belong to names so many.
_MAX_NAMED = 20


def condition_json_ld(page: ConditionPage) -> Data:
    """A condition page: its causes, how it looks, and the sources of the whole."""
    article = page.article
    cited = (
        key
        for part in (article, *(one.content for one in page.snippets))
        for key in cited_keys(part)
    )
    keys = (*article.adapted_from, *cited, *page.checklist.source_keys())
    return {
        **_web_page(
            page.composition, article.abstract, page.citations.get_sources(dict.fromkeys(keys))
        ),
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
                    "name": cause.content.name,
                    "url": absolute_url(reverse("cause", args=[cause.slug])),
                    "code": _medical_codes(cause.content),
                }
                for cause in page.causes
            ],
        },
    }


def cause_json_ld(
    composition: Composition,
    content: CauseContent,
    articles: Iterable[Edition],
    cited: list[Source],
) -> Data:
    """A page of a cause: what it may lead to. What has a medical code is a condition, too."""
    return {
        **_web_page(composition, content.abstract, cited),
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
    """A list of pages by body area or look, or a part of one, at `path`."""
    return {
        "@type": "CollectionPage",
        "name": facet.name,
        "url": absolute_url(path),
        "breadcrumb": breadcrumbs((_("Browse"), reverse("browse")), (str(facet.name), path)),
    }


def absolute_url(path: str) -> str:
    """An address of this site, whole."""
    return f"{settings.SITE_URL}{path}"


def breadcrumbs(*steps: tuple[str, str]) -> Data:
    """Where a page stands below the start page: names and paths; the last is itself."""
    items: list[Data] = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute_url(path)}
        for place, (name, path) in enumerate(((_("Home"), reverse("home")), *steps), start=1)
    ]
    del items[-1]["item"]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _last_breadcrumb(composition: Composition) -> tuple[str, str]:
    return composition.edition.heading, composition.edition.get_absolute_url()


def _web_page(composition: Composition, abstract: str, sources: list[Source]) -> Data:
    """What holds of every page. A date of review is told only while a review of every
    part stands.
    """
    review_status = composition.review_status
    if review_status and review_status.being_checked:
        review_status = None
    return {
        "@type": "MedicalWebPage",
        "name": composition.edition.heading,
        "url": absolute_url(composition.edition.get_absolute_url()),
        "inLanguage": composition.language,
        "dateModified": composition.last_modified.date().isoformat()
        if composition.last_modified
        else "",
        "lastReviewed": review_status.on.isoformat() if review_status else "",
        "reviewedBy": [{"@type": "Person", "name": name} for name in review_status.shown_as]
        if review_status
        else [],
        "audience": {"@type": "Patient"},
        "citation": [source.url or source.title for source in sources],
    }


def _medical_codes(content: CauseContent) -> list[Data]:
    return [
        {"@type": "MedicalCode", "codeValue": code.code, "codingSystem": code.system}
        for code in content.codes
    ]
