"""A handout: composed live documents, the print options, and the code with its URL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self

from django.conf import settings

from education import clock
from education.articles.presenters import ConditionPage, ExplainedCause
from education.checklists.content import ChecklistContent, ChecklistRow
from education.clinic.models import Clinic
from education.handouts.codes import encode
from education.handouts.latest_publication import latest_publication_id
from education.handouts.print_options import PrintOptions
from education.publishing.composition import Composition, compose
from education.publishing.models import Edition
from education.references.citations import Citations
from education.references.content import Source
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.printable.presenters import PrintableSelfCheck
from education.urgency import Urgency

PRINTABLE_KINDS = ("article", "checklist", "self-check")
# A pack of at least this many documents begins with a list of contents.
CONTENTS_LIST_FROM = 3
# The characters of the signs on a card in large print: with its heading and what to do, the card
# takes a third of a page.
LARGE_PRINT_CARD_CHARS = 340


def printable_kinds(clinic: Clinic) -> tuple[str, ...]:
    """The kinds of document that the clinic offers on paper."""
    if clinic.self_checks_enabled:
        return PRINTABLE_KINDS
    return tuple(kind for kind in PRINTABLE_KINDS if kind != "self-check")


@dataclass(frozen=True)
class NumberedCause:
    """A cause with its number in the article, which stays the same when others are omitted."""

    number: int
    cause: ExplainedCause


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
    def anchor(self) -> str:
        """Its id in the HTML of the handout."""
        return f"{self.kind}-{self.composition.edition.document.slug}"

    @property
    def template(self) -> str:
        return f"handouts/_{self.kind.replace('-', '_')}.html"

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

    @property
    def cards(self) -> list[tuple[Urgency, list[ChecklistRow]]]:
        """The warning signs, most urgent first: one card for each urgency.

        In large print several short ones: a card is never split between pages, so a long one could
        leave most of the page before it empty.
        """
        cards = self.warning_signs.by_urgency()
        if not self.options.large:
            return cards
        return [(level, short) for level, signs in cards for short in _short_cards(signs)]

    @cached_property
    def self_check(self) -> SelfCheckContent:
        return self.composition.content_as(SelfCheckContent)

    @cached_property
    def printable_self_check(self) -> PrintableSelfCheck:
        content = self.self_check
        return PrintableSelfCheck.from_content(
            content, self.composition.part("checklist", content.checklist, ChecklistContent)
        )


def _short_cards(signs: Sequence[ChecklistRow]) -> list[list[ChecklistRow]]:
    """The fewest cards that are short enough, as equally long as possible."""
    fewest = len(_pack_cards(signs, LARGE_PRINT_CARD_CHARS))
    return next(
        cards
        for room in range(LARGE_PRINT_CARD_CHARS + 1)
        if len(cards := _pack_cards(signs, room)) == fewest
    )


def _pack_cards(signs: Sequence[ChecklistRow], room: int) -> list[list[ChecklistRow]]:
    """The signs in their order on cards of at most `room` characters; a longer sign is alone."""
    cards: list[list[ChecklistRow]] = []
    remaining = 0
    for sign in signs:
        length = len(sign.text) + len(sign.on_darker_skin)
        if not cards or length > remaining:
            cards.append([])
            remaining = room
        cards[-1].append(sign)
        remaining -= length
    return cards


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
        moment = at or clock.now()
        composed = [compose(edition, moment) for edition in editions]
        # The handout ends with one list of sources, so all parts share one numbering.
        has_sources = "sources" in options.sections
        citations = Citations.from_composition(composed[0]) if has_sources else None
        return cls(
            tuple(HandoutPart(composition, citations, options) for composition in composed),
            options,
            options.paper or clinic.paper,
            moment,
            latest_publication_id([edition.document_id for edition in editions], moment),
            citations,
        )

    @property
    def title(self) -> str:
        return ", ".join(part.composition.edition.heading for part in self.parts)

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
