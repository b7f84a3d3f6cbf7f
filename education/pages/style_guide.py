"""The examples on the style guide, built from the same types as real pages."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from education.articles.a_to_z import AZEntry, see_also_text
from education.articles.article_cause import ArticleCause
from education.articles.content import CauseContent
from education.articles.presenters import ExplainedCause
from education.checklists.content import ChecklistContent
from education.checklists.warning_cards import warning_cards
from education.media.illustrations import ILLUSTRATIONS
from education.publishing.composition import Composition, ReviewStatus
from education.publishing.models import Document, Edition
from education.references.citations import Citations
from education.references.content import Source, SourceListContent
from education.selfcheck.flow import Question
from education.selfcheck.presenters import QuestionPage, ShownChoice
from education.urgency import Urgency
from education.web.a_to_z_page import OTHER, AZPage, Letter

_SOURCES = SourceListContent(
    sources=(
        Source(
            key="leaflet",
            title="A leaflet about skin",
            publisher="A clinic",
            url="https://clinic.example/",
        ),
    )
)


def _warning_sign(level: Urgency) -> dict[str, Any]:
    return {
        "key": f"sign-{level.key}",
        "urgency": level.key,
        "text": "Redness is spreading around the spot",
        "on_darker_skin": "On brown and black skin, it may look purple, gray, or darker.",
        "sources": ["leaflet"],
    }


def _cause(name: str, illustration: str, *, has_page: bool = True) -> ExplainedCause:
    page = CauseContent(name=name, what_it_is="What it is.", picture=illustration)
    return ExplainedCause(
        page if has_page else None,
        ArticleCause(
            cause=illustration if has_page else "",
            name="" if has_page else name,
            picture="" if has_page else illustration,
            what_happens="A pore is blocked. [@leaflet]",
            looks="A small bump.",
            self_care="- Wash gently.\n- Do not squeeze it.",
            may_suggest="A doctor may suggest a gel.",
            glance_looks="A small bump",
            glance_hurts="Not usually",
            glance_comes_out="White stuff",
            glance_helps="Gentle washing",
        ),
    )


def _composition(review_status: ReviewStatus | None, at: datetime) -> Composition:
    edition = Edition(document=Document(kind="cause", slug="example"), number=3, frozen_at=at)
    return Composition(
        edition=edition, parts={}, review_status=review_status, at=at, last_modified=at
    )


def _review_status(next_due: date, *, overdue: bool, being_checked: bool = False) -> ReviewStatus:
    return ReviewStatus(
        ("Rita Moss, nurse practitioner",), date(2026, 5, 4), next_due, overdue, being_checked
    )


def _question() -> QuestionPage:
    choices = tuple(
        ShownChoice(key, text, skin, exclusive, False)
        for key, text, skin, exclusive in (
            ("hot", "The skin is hot and red", "On brown and black skin, feel for heat.", False),
            ("lump", "There is a lump", "", False),
            ("none", "None of these", "", True),
        )
    )
    question = Question(
        key="1a",
        text="Is one of these true for you now?",
        why="It tells how soon you need help.",
        several=True,
        choices=(),
        routes=(),
    )
    return QuestionPage(question, choices, is_refused=False)


def _checklist() -> ChecklistContent:
    return ChecklistContent.model_validate(
        {
            "title": "Signs",
            "signs": [_warning_sign(level) for level in sorted(Urgency, reverse=True)],
            "none_apply": "Watch it.",
            "safety_net": "Get help.",
        }
    )


def example_context() -> dict[str, Any]:
    """What the templates of the components need."""
    at = timezone.now()
    letters = (
        Letter("a", (AZEntry("Acne", "#top"), AZEntry("Zits", "#top", see_also_text("Acne")))),
        Letter(OTHER),
    )
    causes = [
        _cause("Excess sebum", "excess-sebum"),
        _cause("Heavy creams", "heavy-skin-products", has_page=False),
    ]
    return {
        "warning_cards": warning_cards(_checklist()),
        "citations": Citations(_SOURCES),
        "causes": causes,
        "a_to_z": AZPage(links=letters, sections=letters),
        "illustrations": list(ILLUSTRATIONS.values()),
        "reviewed": _composition(_review_status(date(2027, 5, 4), overdue=False), at),
        "overdue": _composition(_review_status(date(2026, 6, 4), overdue=True), at),
        "being_checked": _composition(
            _review_status(date(2027, 5, 4), overdue=False, being_checked=True), at
        ),
        "unreviewed": _composition(None, at),
        "question": _question(),
        "card": SimpleNamespace(
            heading="White discharge from spots",
            abstract="What may be the cause.",
            get_absolute_url="#top",
        ),
        "do": ["Wash your back gently. [@leaflet]", "Wear loose clothes."],
        "do_not": ["Do not squeeze the spot.", "Do not scrub your back."],
        "levels": sorted(Urgency, reverse=True),
    }
