"""Small valid documents for tests, made through the same doors as real ones."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from education.articles.content import ArticleContent, CauseContent, SnippetContent
from education.articles.models import Article, Cause, Snippet
from education.checklists.content import ChecklistContent
from education.checklists.models import Checklist
from education.publishing import actions
from education.publishing.changes.classification import get_baseline
from education.publishing.models import Document, Edition, WordingCheck, WorkingCopy
from education.publishing.workflow.wording_checks import record_wording_check
from education.references.content import GlossaryContent, SourceListContent
from education.references.models import Glossary, SourceList
from education.selfcheck.models import SelfCheck
from tests.row_snapshot import RowSnapshot

# Notes for readers. What kind of change it is, the program finds out by itself.
ADVICE: dict[str, Any] = {"note": "First published."}
WORDING: dict[str, Any] = {"note": "Said more plainly."}


def _save(model: type[WorkingCopy], slug: str, values: dict[str, Any]) -> Any:
    row = model.objects.filter(slug=slug).first() or model(slug=slug)
    row.load_content(model.CONTENT.validate_values(slug, values))
    return row


def sources(*keys: str) -> SourceList:
    """A list of sources with these keys (`leaflet` always among them)."""
    rows = [
        {"key": key, "title": f"The {key}", "publisher": "A clinic"}
        for key in dict.fromkeys(("leaflet", *keys))
    ]
    return _save(SourceList, "sources", {"sources": rows})


def glossary(**terms: str) -> Glossary:
    """A glossary of these terms."""
    rows = [
        {"word": word, "meaning": meaning}
        for word, meaning in (terms or {"Pore": "A tiny hole."}).items()
    ]
    return _save(Glossary, "glossary", {"terms": rows})


def cause(slug: str = "oil", text: str = "Skin makes oil.", **extra: Any) -> Cause:
    """A cause that uses nothing."""
    return _save(Cause, slug, {"name": slug.capitalize(), "what_it_is": text, **extra})


def snippet(
    slug: str = "if-it-bursts", text: str = "Cover it. [@leaflet]", **extra: Any
) -> Snippet:
    """A piece that articles can include; it cites the source `leaflet`."""
    title = slug.replace("-", " ").capitalize()
    return _save(Snippet, slug, {"title": title, "text": text, **extra})


SIGNS = [
    {
        "key": "breathing",
        "urgency": "emergency",
        "text": "You find it hard to breathe",
        "sources": ["leaflet"],
    },
    {
        "key": "spreading",
        "urgency": "urgent",
        "text": "The pain is spreading",
        "sources": ["leaflet"],
    },
    {"key": "growing", "urgency": "routine", "text": "A lump grows", "sources": ["leaflet"]},
]


def checklist(slug: str = "skin", **extra: Any) -> Checklist:
    """A checklist with a sign at each of three levels."""
    values = {
        "title": "When to see a doctor",
        "signs": SIGNS,
        "none_apply": "Watch the spot for two weeks.",
        "safety_net": "If it gets worse, get help.",
        **extra,
    }
    return _save(Checklist, slug, values)


def article(
    slug: str = "spots",
    causes: tuple[str, ...] = ("oil",),
    named: tuple[str, ...] = (),
    **extra: Any,
) -> Article:
    """An article tagged with these causes; they and the checklist `skin` must exist.

    `named`: more causes, which have no pages.
    """
    values = {
        "title": f"About {slug}",
        "areas": ["back"],
        "looks_like": ["small-bumps"],
        "checklist": "skin",
        "summary": "Spots are common. Wash gently.",
        "introduction": "Most people get spots.",
        "causes": [
            {
                field: tag,
                "what_happens": f"This is how {tag} makes spots.",
                "looks": "Small and white.",
                "self_care": "Wash gently.",
            }
            for field, tags in (("cause", causes), ("name", named))
            for tag in tags
        ],
        "do": ["Wash with warm water."],
        "do_not": ["Do not squeeze."],
        **extra,
    }
    return _save(Article, slug, values)


def publish_documents(*documents: Document, **how: Any) -> list[Edition]:
    """Publish documents as one set; the editions, in the same order."""
    return [
        entry.edition for entry in actions.publish(documents, **{**ADVICE, **how}) if entry.edition
    ]


def check_wording(document: Document) -> WordingCheck:
    """A clinician compares what readers see of a document with what was reviewed: the advice is the
    same.
    """
    edition = Edition.objects.live().select_related("document").get(document=document)
    before = get_baseline(edition.document, edition.number)
    assert before
    by = User.objects.get_or_create(username="ada")[0]
    return record_wording_check(edition, compared_with=before, by=by, shown_as="Dr. Ada Park")


def _publish_small_site() -> None:
    parts: list[Document] = [sources(), glossary(), checklist(), cause()]
    publish_documents(*parts, article())


_small_site = RowSnapshot(_publish_small_site)


def make_small_site() -> Article:
    """A live site of one article, its cause, checklist, sources and glossary; the article's working
    copy.
    """
    _small_site.restore()
    return Article.objects.get(language=settings.LANGUAGE_CODE, slug="spots")


CONTENT_TYPES = (
    ArticleContent,
    CauseContent,
    ChecklistContent,
    GlossaryContent,
    SourceListContent,
    SnippetContent,
)


def _sign_question(key: str, sign: str, *routes: dict[str, Any], unsure: str) -> dict[str, Any]:
    return {
        "key": key,
        "text": f"Is this true for you: {key}?",
        "why": "It tells how soon you need help.",
        "several": True,
        "choices": [
            {"key": "yes", "sign": sign},
            {"key": "none", "text": "None of these", "answer": "no"},
            {"key": "unsure", "text": "I'm not sure", "answer": "not-sure", "counts_as": unsure},
        ],
        "routes": list(routes),
    }


def _outcome(key: str, urgency: str, **extra: Any) -> dict[str, Any]:
    return {
        "key": key,
        "urgency": urgency,
        "title": f"What to do: {key}",
        "do_now": f"Do the {key} thing.",
        "when": f"At the {key} time.",
        "safety_net": "If it gets worse, get help.",
        **extra,
    }


QUESTIONS = [
    _sign_question(
        "1a",
        "breathing",
        {"at_least": "emergency", "outcome": "call"},
        {"question": "2b"},
        unsure="urgent",
    ),
    _sign_question(
        "2b",
        "spreading",
        {"at_least": "urgent", "outcome": "today"},
        {"question": "3c"},
        unsure="routine",
    ),
    _sign_question(
        "3c",
        "growing",
        {"at_least": "routine", "outcome": "book"},
        {"question": "4d"},
        unsure="routine",
    ),
    {
        "key": "4d",
        "text": "What is it like?",
        "why": "It tells which pages may help.",
        "choices": [
            {"key": "white", "text": "White stuff comes out"},
            {"key": "other", "text": "Something else"},
            {"key": "unsure", "text": "I'm not sure", "answer": "not-sure", "counts_as": "routine"},
        ],
        "routes": [
            {"choice": "white", "outcome": "home"},
            {"at_least": "routine", "outcome": "book"},
            {"outcome": "home"},
        ],
    },
]
OUTCOMES = [
    _outcome("call", "emergency", read=["article/spots"]),
    _outcome("today", "urgent"),
    _outcome("book", "routine", read=["article/spots"]),
    _outcome("home", "self-care", read=["article/spots"]),
]


def self_check(slug: str = "skin-check", **extra: Any) -> SelfCheck:
    """A self-check of the checklist `skin`; the article `spots` must exist."""
    values = {
        "title": "Check your spots",
        "introduction": "Answer for yourself.",
        "checklist": "skin",
        "questions": QUESTIONS,
        "outcomes": OUTCOMES,
        **extra,
    }
    return _save(SelfCheck, slug, values)
