"""What condition and cause pages tell machines: schema.org, lean, with names in place of long texts.

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
from education.articles.page import ConditionPage
from education.publishing.composition import Composition
from education.publishing.models import Edition
from education.references.content import Source, cited_keys

Data = dict[str, Any]

# A page that very many others belong to names so many.
_MOST_NAMED = 20


def of_condition(page: ConditionPage) -> Data:
    """A condition page: its causes, how it looks, and the sources of the whole."""
    article = page.article
    cited = (key for part in (article, *(one.content for one in page.snippets)) for key in cited_keys(part))
    keys = (*article.adapted_from, *cited, *page.checklist.source_keys())
    return {
        **_page(page.composition, article.abstract, page.citations.adapted(dict.fromkeys(keys))),
        "breadcrumb": breadcrumbs((_("Conditions"), reverse("conditions")), _last(page.composition)),
        "about": {
            "@type": "MedicalCondition",
            "name": article.title,
            "alternateName": article.also_called,
            "signOrSymptom": [
                {"@type": "MedicalSignOrSymptom", "name": LOOKS[look]} for look in article.looks_like
            ],
            "cause": [
                {
                    "@type": "MedicalCause",
                    "name": cause.content.name,
                    "url": absolute(reverse("cause", args=[cause.slug])),
                    "code": _codes(cause.content),
                }
                for cause in page.causes
            ],
        },
    }


def of_cause(
    composition: Composition, content: CauseContent, articles: Iterable[Edition], cited: list[Source]
) -> Data:
    """A page of a cause: what it may lead to. What has a medical code is a condition, too."""
    return {
        **_page(composition, content.abstract, cited),
        "breadcrumb": breadcrumbs((_("Causes"), reverse("causes")), _last(composition)),
        "about": {
            "@type": ["MedicalCause", "MedicalCondition"] if content.codes else "MedicalCause",
            "name": content.name,
            "alternateName": content.also_called,
            "code": _codes(content),
            "causeOf": [
                {
                    "@type": "MedicalCondition",
                    "name": article.heading,
                    "url": absolute(article.get_absolute_url()),
                }
                for article in islice(articles, _MOST_NAMED)
            ],
        },
    }


def of_list(facet: Facet, path: str) -> Data:
    """A list of pages by body area or look, or a part of one, at `path`."""
    return {
        "@type": "CollectionPage",
        "name": facet.name,
        "url": absolute(path),
        "breadcrumb": breadcrumbs((_("Browse"), reverse("browse")), (str(facet.name), path)),
    }


def absolute(path: str) -> str:
    """An address of this site, whole."""
    return f"{settings.SITE_URL}{path}"


def breadcrumbs(*steps: tuple[str, str]) -> Data:
    """Where a page stands below the start page: names and paths; the last is itself."""
    items: list[Data] = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate(((_("Home"), reverse("home")), *steps), start=1)
    ]
    del items[-1]["item"]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _last(composition: Composition) -> tuple[str, str]:
    return composition.edition.heading, composition.edition.get_absolute_url()


def _page(composition: Composition, abstract: str, sources: list[Source]) -> Data:
    """What holds of every page. A date of review is told only while a review of every part stands."""
    standing = composition.standing
    if standing and standing.being_checked:
        standing = None
    return {
        "@type": "MedicalWebPage",
        "name": composition.edition.heading,
        "url": absolute(composition.edition.get_absolute_url()),
        "inLanguage": composition.language,
        "dateModified": composition.latest.date().isoformat() if composition.latest else "",
        "lastReviewed": standing.on.isoformat() if standing else "",
        "reviewedBy": [{"@type": "Person", "name": name} for name in standing.shown_as] if standing else [],
        "audience": {"@type": "Patient"},
        "citation": [source.url or source.title for source in sources],
    }


def _codes(content: CauseContent) -> list[Data]:
    return [
        {"@type": "MedicalCode", "codeValue": code.code, "codingSystem": code.system}
        for code in content.codes
    ]
