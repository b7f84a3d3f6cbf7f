"""What a print is made of: documents put together as they are live, the choices, and where its code
leads.
"""

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
# From so many documents on, a pack begins with a list of what is in it.
CONTENTS_LIST_FROM = 3
# The letters of the signs on a card of large print: a third of a page with its heading and what to
# do.
LARGE_PRINT_CARD_CHARS = 340


@dataclass(frozen=True)
class NumberedCause:
    """A cause with its number in the article, which it keeps when others are left out."""

    number: int
    cause: ExplainedCause


@dataclass(frozen=True)
class HandoutPart:
    """One document of a print. Its template asks for what its kind has."""

    composition: Composition
    citations: Citations | None
    options: PrintOptions

    @property
    def kind(self) -> str:
        """The kind of document."""
        return self.composition.edition.document.kind

    @property
    def anchor(self) -> str:
        """A name for it within one print of one language, with its kind."""
        return f"{self.kind}-{self.composition.edition.document.slug}"

    @property
    def template(self) -> str:
        """What prints it."""
        return f"handouts/_{self.kind.replace('-', '_')}.html"

    @cached_property
    def condition_page(self) -> ConditionPage:
        """An article with its checklist and causes."""
        return ConditionPage.from_composition(self.composition)

    @cached_property
    def causes(self) -> tuple[NumberedCause, ...]:
        """The causes of an article that are explained in this print."""
        positions = self.options.causes
        return tuple(
            NumberedCause(position + 1, cause)
            for position, cause in enumerate(self.condition_page.causes)
            if positions is None or position in positions
        )

    @property
    def credits(self) -> list[Source]:
        """What it was adapted from."""
        return self.condition_page.credits if self.kind == "article" else []

    @cached_property
    def checklist(self) -> ChecklistContent:
        """What a checklist says."""
        return self.composition.content_as(ChecklistContent)

    @property
    def warning_signs(self) -> ChecklistContent:
        """The checklist itself, or that of an article."""
        return self.condition_page.checklist if self.kind == "article" else self.checklist

    @property
    def cards(self) -> list[tuple[Urgency, list[ChecklistRow]]]:
        """The warning signs, most urgent first: a card for each urgency, in large print several
        short ones.

        No card is split, so one nearly as long as a page would leave the rest of the page before it
        empty.
        """
        cards = self.warning_signs.by_urgency()
        if not self.options.large:
            return cards
        return [(level, short) for level, signs in cards for short in _short_cards(signs)]

    @cached_property
    def self_check(self) -> SelfCheckContent:
        """What a self-check says."""
        return self.composition.content_as(SelfCheckContent)

    @cached_property
    def printable_self_check(self) -> PrintableSelfCheck:
        """A self-check as boxes to follow."""
        content = self.self_check
        return PrintableSelfCheck.from_content(
            content, self.composition.part("checklist", content.checklist, ChecklistContent)
        )


def _short_cards(signs: Sequence[ChecklistRow]) -> list[list[ChecklistRow]]:
    """The fewest cards that are short enough, about equally long."""
    fewest = len(_pack_cards(signs, LARGE_PRINT_CARD_CHARS))
    return next(
        cards
        for room in range(LARGE_PRINT_CARD_CHARS + 1)
        if len(cards := _pack_cards(signs, room)) == fewest
    )


def _pack_cards(signs: Sequence[ChecklistRow], room: int) -> list[list[ChecklistRow]]:
    """The signs in their order on cards with room for so many letters; a longer sign
    has its own.
    """
    cards: list[list[ChecklistRow]] = []
    left = 0
    for sign in signs:
        letters = len(sign.text) + len(sign.on_darker_skin)
        if not cards or letters > left:
            cards.append([])
            left = room
        cards[-1].append(sign)
        left -= letters
    return cards


@dataclass(frozen=True)
class QrCode:
    """A drawing of dark modules in a square of `side`: `path` is what an SVG path draws."""

    side: int
    path: str

    @classmethod
    def from_url(cls, url: str) -> Self:
        """The code of an address, with the margin that cameras need."""
        # Nobody waits for it who only reads.
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
    """A whole print: one document, or several in their order."""

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
        """These live editions as one print, with their parts as they are live at the
        moment `at`.
        """
        moment = at or clock.now()
        composed = [compose(edition, moment) for edition in editions]
        # One list of sources ends the whole print, so all its parts count in one row.
        cited = Citations.from_composition(composed[0]) if "sources" in options.sections else None
        return cls(
            tuple(HandoutPart(composition, cited, options) for composition in composed),
            options,
            options.paper or clinic.paper,
            moment,
            latest_publication_id([edition.document_id for edition in editions], moment),
            cited,
        )

    @property
    def title(self) -> str:
        """What it is about."""
        return ", ".join(part.composition.edition.heading for part in self.parts)

    @property
    def is_single(self) -> bool:
        """Whether one document is all there is."""
        return len(self.parts) == 1

    @property
    def is_reviewed(self) -> bool:
        """Whether a clinician's review stands of all that it is made of."""
        statuses = [part.composition.review_status for part in self.parts]
        return all(standing and not standing.being_checked for standing in statuses)

    @property
    def has_contents_list(self) -> bool:
        """Whether it begins with a list of what is in it."""
        return len(self.parts) >= CONTENTS_LIST_FROM

    @property
    def documents(self) -> tuple[int, ...]:
        """The documents, by id, in their order."""
        return tuple(part.composition.edition.document_id for part in self.parts)

    @cached_property
    def code(self) -> str:
        """What names this print; see `codes`."""
        return encode(self.documents, self.options.as_int, self.latest_publication_id)

    @property
    def freshness_url(self) -> str:
        """Where readers learn whether their paper is still right."""
        return f"{settings.SITE_URL}/h/{self.code}/"

    @cached_property
    def qr_code(self) -> QrCode:
        """The same for a camera."""
        return QrCode.from_url(self.freshness_url)
