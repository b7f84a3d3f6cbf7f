"""A handout: composed live documents, the print options, and the code with its URL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from education.articles.article_cause import GLANCE_FIELDS
from education.articles.presenters import ConditionPage, ExplainedCause
from education.checklists.content import ChecklistContent
from education.clinic.models import Clinic
from education.handouts.codes import encode
from education.handouts.latest_publication import latest_publication_id
from education.handouts.print_options import PrintOptions
from education.media.illustrations import Picture
from education.publishing.composition import Composition, compose
from education.publishing.models import Edition
from education.references.citations import Citations
from education.references.content import Source
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.printable.presenters import PrintableSelfCheck

PRINTABLE_KINDS = ("article", "checklist", "self-check")
# A pack of at least this many documents begins with a list of contents.
CONTENTS_LIST_FROM = 3


def printable_kinds(clinic: Clinic) -> tuple[str, ...]:
    """The kinds of document that the clinic offers on paper."""
    if clinic.self_checks_enabled:
        return PRINTABLE_KINDS
    return tuple(kind for kind in PRINTABLE_KINDS if kind != "self-check")


def comparison_questions() -> tuple[str, ...]:
    """What the answers of `NumberedCause.comparison` answer."""
    return _("How it looks"), _("Does it hurt?"), _("What comes out"), _("What helps")


@dataclass(frozen=True)
class NumberedCause:
    """A cause with its number in the article, which stays the same when others are omitted."""

    number: int
    cause: ExplainedCause

    @property
    def suggestion(self) -> str:
        """What a doctor or pharmacist may suggest, in few words if the article has them."""
        explanation = self.cause.explanation
        return explanation.may_suggest_in_short or explanation.may_suggest

    @property
    def name(self) -> str:
        return self.cause.name

    @property
    def comparison(self) -> tuple[str, ...]:
        """How it looks, if it hurts, what comes out, what helps: a few words each, or empty."""
        return tuple(getattr(self.cause.explanation, name) for name in GLANCE_FIELDS)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The same, each after its question."""
        questions = (one if one.endswith("?") else f"{one}:" for one in comparison_questions())
        return list(zip(questions, self.comparison, strict=True))

    @property
    def drawing(self) -> Picture | None:
        """The cut through the skin, if there is one."""
        return self.cause.illustration.section


@dataclass(frozen=True)
class HandoutPart:
    """One document of a handout. Some properties are only for the kind in their name."""

    composition: Composition
    citations: Citations | None
    options: PrintOptions

    @property
    def kind(self) -> str:
        return self.composition.edition.document.kind

    @property
    def is_sheet(self) -> bool:
        """Whether it is an article that is to fit on one sheet."""
        return self.kind == "article" and self.options.extent == "sheet"

    @property
    def is_compared(self) -> bool:
        """Whether every cause has the few words of a comparison."""
        return all(one.cause.explanation.has_comparison_row for one in self.causes)

    @property
    def comparison_questions(self) -> tuple[str, ...]:
        return comparison_questions()

    @property
    def has_drawings(self) -> bool:
        return "pictures" in self.options.sections and any(one.drawing for one in self.causes)

    @property
    def suggestions(self) -> tuple[NumberedCause, ...]:
        """The causes with something that a doctor may suggest, if the options include it."""
        is_included = "medicines" in self.options.sections
        return tuple(one for one in self.causes if one.suggestion and is_included)

    @property
    def how_to_tick(self) -> str:
        return _(
            "Tick what is true for you now. One tick is enough. If you are not sure, act as if it is "
            "true."
        )

    @property
    def how_to_check(self) -> str:
        """How to learn whether the paper still holds; a sheet says less."""
        how = _("Point a phone's camera at the square, or type this address:")
        return how if self.is_sheet else f"{_('Advice can change.')} {how}"

    @property
    def causes_note(self) -> str:
        return _("This paper cannot tell which you have. It may be several, or something else.")

    @property
    def anchor(self) -> str:
        """Its id in the HTML of the handout."""
        return f"{self.kind}-{self.composition.edition.document.slug}"

    @property
    def template(self) -> str:
        """How its page shows it; only articles have a page for printing of this kind."""
        return "handouts/_sheet.html" if self.is_sheet else "handouts/_article.html"

    @cached_property
    def condition_page(self) -> ConditionPage:
        return ConditionPage.from_composition(self.composition)

    @cached_property
    def causes(self) -> tuple[NumberedCause, ...]:
        """The causes of an article that the options include."""
        positions = self.options.causes
        return tuple(
            NumberedCause(position + 1, cause)
            for position, cause in enumerate(self.condition_page.causes)
            if positions is None or position in positions
        )

    @property
    def credits(self) -> list[Source]:
        """The sources that an article was adapted from."""
        return self.condition_page.credits if self.kind == "article" else []

    @cached_property
    def checklist(self) -> ChecklistContent:
        return self.composition.content_as(ChecklistContent)

    @property
    def warning_signs(self) -> ChecklistContent:
        """The checklist itself, or that of an article."""
        return self.condition_page.checklist if self.kind == "article" else self.checklist

    @cached_property
    def self_check(self) -> SelfCheckContent:
        return self.composition.content_as(SelfCheckContent)

    @cached_property
    def printable_self_check(self) -> PrintableSelfCheck:
        content = self.self_check
        return PrintableSelfCheck.from_content(
            content, self.composition.part("checklist", content.checklist, ChecklistContent)
        )


@dataclass(frozen=True)
class QrCode:
    """A QR code as an SVG path in a square of `side` units, one unit for each module."""

    side: int
    path: str

    @classmethod
    def from_url(cls, url: str) -> Self:
        """The code of a URL, with the margin that cameras need."""
        # Imported late: most pages have no code.
        import segno  # noqa: PLC0415

        rows = [bytes(row) for row in segno.make(url, error="m", micro=False).matrix_iter(border=4)]
        runs = (
            f"M{run.start()} {y}h{run.end() - run.start()}v1H{run.start()}z"
            for y, row in enumerate(rows)
            for run in re.finditer(b"\x01+", row)
        )
        return cls(len(rows), "".join(runs))


@dataclass(frozen=True)
class Handout:
    """One document, or several in their order, to be printed together."""

    parts: tuple[HandoutPart, ...]
    options: PrintOptions
    paper: str
    size: str
    at: datetime
    latest_publication_id: int
    citations: Citations | None

    @classmethod
    def from_editions(
        cls,
        editions: Sequence[Edition],
        options: PrintOptions,
        clinic: Clinic,
        at: datetime | None = None,
    ) -> Self:
        """These live editions with their parts as they are live at the moment `at`, or now."""
        moment = at or timezone.now()
        composed = [compose(edition, moment) for edition in editions]
        # The handout ends with one list of sources, so all parts share one numbering.
        has_sources = "sources" in options.sections
        citations = Citations.from_composition(composed[0]) if has_sources else None
        return cls(
            tuple(HandoutPart(composition, citations, options) for composition in composed),
            options,
            options.paper or clinic.paper,
            options.print_size or clinic.print_size,
            moment,
            latest_publication_id([edition.document_id for edition in editions], moment),
            citations,
        )

    @property
    def title(self) -> str:
        return ", ".join(part.composition.edition.heading for part in self.parts)

    @property
    def has_lines(self) -> bool:
        """Whether there are lines to write on; the sheet in large print has no room for them."""
        is_full = self.size == "large" and any(part.is_sheet for part in self.parts)
        return "notes" in self.options.sections and not is_full

    @property
    def disclaimer(self) -> str:
        return _(
            "This handout is for education. It is not a diagnosis, and it does not replace a doctor or "
            "pharmacist."
        )

    @property
    def is_single(self) -> bool:
        return len(self.parts) == 1

    @property
    def is_reviewed(self) -> bool:
        """Whether every document has a valid clinician's review."""
        statuses = [part.composition.review_status for part in self.parts]
        return all(status and not status.being_checked for status in statuses)

    @property
    def has_contents_list(self) -> bool:
        return len(self.parts) >= CONTENTS_LIST_FROM

    @property
    def documents(self) -> tuple[int, ...]:
        """The keys of the documents, in their order."""
        return tuple(part.composition.edition.document_id for part in self.parts)

    @cached_property
    def code(self) -> str:
        """The code that is printed on it; see `codes`."""
        return encode(self.documents, self.options.as_int, self.latest_publication_id)

    @property
    def freshness_url(self) -> str:
        """The printed URL that tells whether the paper is still current."""
        return f"{settings.SITE_URL}/h/{self.code}/"

    @cached_property
    def qr_code(self) -> QrCode:
        """The same URL for a camera."""
        return QrCode.from_url(self.freshness_url)
