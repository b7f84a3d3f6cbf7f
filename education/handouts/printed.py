"""What a print is made of: documents put together as they are live, the choices, and where its code leads."""

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
from education.handouts.codes import code_for
from education.handouts.newest import newest_publication
from education.handouts.options import Options
from education.publishing.composition import Composition, compose
from education.publishing.models import Edition
from education.references.citations import Citations
from education.references.content import Source
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.printable.presenters import PrintableSelfCheck
from education.urgency import Urgency

KINDS = ("article", "checklist", "self-check")
# From so many documents on, a pack begins with a list of what is in it.
LONG = 3
# The letters of the signs on a card of large print: a third of a page with its heading and what to do.
LARGE_CARD = 340


@dataclass(frozen=True)
class NumberedCause:
    """A cause with its number in the article, which it keeps when others are left out."""

    number: int
    cause: ExplainedCause


@dataclass(frozen=True)
class Part:
    """One document of a print. Its template asks for what its kind has."""

    composition: Composition
    citations: Citations | None
    options: Options

    @property
    def kind(self) -> str:
        """The kind of document."""
        return self.composition.edition.document.kind

    @property
    def slug(self) -> str:
        """A name for it within one print of one language, with its kind."""
        return f"{self.kind}-{self.composition.edition.document.slug}"

    @property
    def template(self) -> str:
        """What prints it."""
        return f"handouts/_{self.kind.replace('-', '_')}.html"

    @cached_property
    def page(self) -> ConditionPage:
        """An article with its checklist and causes."""
        return ConditionPage.from_composition(self.composition)

    @cached_property
    def causes(self) -> tuple[NumberedCause, ...]:
        """The causes of an article that are explained in this print."""
        places = self.options.causes
        return tuple(
            NumberedCause(place + 1, cause)
            for place, cause in enumerate(self.page.causes)
            if places is None or place in places
        )

    @property
    def credits(self) -> list[Source]:
        """What it was adapted from."""
        return self.page.credits if self.kind == "article" else []

    @cached_property
    def checklist(self) -> ChecklistContent:
        """What a checklist says."""
        return self.composition.content_as(ChecklistContent)

    @property
    def warning_signs(self) -> ChecklistContent:
        """The checklist itself, or that of an article."""
        return self.page.checklist if self.kind == "article" else self.checklist

    @property
    def cards(self) -> list[tuple[Urgency, list[ChecklistRow]]]:
        """The warning signs, most urgent first: a card for each urgency, in large print several short ones.

        No card is split, so one nearly as long as a page would leave the rest of the page before it empty.
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
    def sheet(self) -> PrintableSelfCheck:
        """A self-check as boxes to follow."""
        content = self.self_check
        return PrintableSelfCheck.from_content(
            content, self.composition.part("checklist", content.checklist, ChecklistContent)
        )


def _short_cards(signs: Sequence[ChecklistRow]) -> list[list[ChecklistRow]]:
    """The fewest cards that are short enough, about equally long."""
    fewest = len(_filled(signs, LARGE_CARD))
    return next(cards for room in range(LARGE_CARD + 1) if len(cards := _filled(signs, room)) == fewest)


def _filled(signs: Sequence[ChecklistRow], room: int) -> list[list[ChecklistRow]]:
    """The signs in their order on cards with room for so many letters; a longer sign has its own."""
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
    def of(cls, address: str) -> Self:
        """The code of an address, with the margin that cameras need."""
        # Nobody waits for it who only reads.
        import segno  # noqa: PLC0415

        rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
        runs = (
            f"M{run.start()} {y}h{run.end() - run.start()}v1H{run.start()}z"
            for y, row in enumerate(rows)
            for run in re.finditer(b"\x01+", row)
        )
        return cls(len(rows), "".join(runs))


@dataclass(frozen=True)
class Handout:
    """A whole print: one document, or several in their order."""

    parts: tuple[Part, ...]
    options: Options
    paper: str
    at: datetime
    newest: int
    citations: Citations | None

    @classmethod
    def of(
        cls, editions: Sequence[Edition], options: Options, clinic: Clinic, at: datetime | None = None
    ) -> Self:
        """These live editions as one print, with their parts as they are live at the moment `at`."""
        moment = at or clock.now()
        composed = [compose(edition, moment) for edition in editions]
        # One list of sources ends the whole print, so all its parts count in one row.
        cited = Citations.from_composition(composed[0]) if "sources" in options.sections else None
        return cls(
            tuple(Part(composition, cited, options) for composition in composed),
            options,
            options.paper or clinic.paper,
            moment,
            newest_publication([edition.document_id for edition in editions], moment),
            cited,
        )

    @property
    def title(self) -> str:
        """What it is about."""
        return ", ".join(part.composition.edition.heading for part in self.parts)

    @property
    def is_alone(self) -> bool:
        """Whether one document is all there is."""
        return len(self.parts) == 1

    @property
    def is_reviewed(self) -> bool:
        """Whether a clinician's review stands of all that it is made of."""
        standings = [part.composition.review_status for part in self.parts]
        return all(standing and not standing.being_checked for standing in standings)

    @property
    def is_long(self) -> bool:
        """Whether it begins with a list of what is in it."""
        return len(self.parts) >= LONG

    @property
    def documents(self) -> tuple[int, ...]:
        """The documents, by id, in their order."""
        return tuple(part.composition.edition.document_id for part in self.parts)

    @cached_property
    def code(self) -> str:
        """What names this print; see `codes`."""
        return code_for(self.documents, self.options.number, self.newest)

    @property
    def address(self) -> str:
        """Where readers learn whether their paper is still right."""
        return f"{settings.SITE_URL}/h/{self.code}/"

    @cached_property
    def qr_code(self) -> QrCode:
        """The same for a camera."""
        return QrCode.of(self.address)
