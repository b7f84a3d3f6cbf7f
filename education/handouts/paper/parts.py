"""The documents of a handout as data for `templates/paper/`: blocks in their order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from education import markdown
from education.checklists.content import ChecklistRow
from education.clinic.models import Clinic
from education.handouts.handout import Handout, HandoutPart, NumberedCause
from education.handouts.paper.columns import plain_words, side_by_side, two_columns
from education.handouts.paper.drawings import drawing_data
from education.handouts.paper.wording import credit_runs, review_runs, source_runs, step_runs
from education.markdown import DataWriter
from education.media import storage
from education.urgency import Urgency

Data = dict[str, Any]
MEDIA = "/media/"
# How the drawings of a sheet are set, from the fullest way down: the typesetter takes the first
# that fits.
PICTURES = ["labeled", "bare", "small", "none"]


def find_picture(source: str) -> str:
    """The file of an uploaded picture; empty if it is not there."""
    name = source.removeprefix(MEDIA)
    return name if storage.read(name) is not None else ""


def heading(level: int, *runs: Any) -> Data:
    return {"kind": "heading", "level": level, "text": list(runs)}


def title(words: str, state: list[Any] | None = None, lead: list[Any] | None = None) -> Data:
    """The name of a part; on the sheet also the state of its review, and its first words."""
    return {"kind": "title", "text": words, "state": state or [], "lead": lead or []}


def paragraph(*runs: Any) -> Data:
    return {"kind": "paragraph", "text": list(runs)}


@dataclass(frozen=True)
class PartWriter(ABC):
    """Writes one document of a handout. Citations are numbered in the order of its blocks."""

    part: HandoutPart
    handout: Handout
    clinic: Clinic

    @abstractmethod
    def write(self) -> Data:
        """The data of the part, without its note and imprint."""

    @property
    def _data(self) -> DataWriter:
        return DataWriter(settings.SITE_URL, find_picture)

    def text(self, text: str, level: int) -> list[Data]:
        """The blocks of a text, with the marks of its sources."""
        return self._data.blocks(
            markdown.read_document(text, level=level, cite=self.part.citations)
        )

    def line(self, text: str) -> list[Any]:
        """The runs of one line, with the marks of its sources."""
        return self._data.runs(markdown.read_line(text, cite=self.part.citations))

    def bare_text(self, text: str, level: int) -> list[Data]:
        """The same without any mark: nothing stands inside a warning, or on the sheet."""
        return self._data.blocks(markdown.read_document(text, level=level))

    def bare_line(self, text: str) -> list[Any]:
        return self._data.runs(markdown.read_line(text))

    def picture(self, one: NumberedCause) -> Data | None:
        return drawing_data(one.drawing) if one.drawing and self.part.has_drawings else None

    def action(self, level: Urgency) -> list[Any]:
        return step_runs(self.clinic.urgency_steps(level))

    @property
    def _sizes(self) -> tuple[str, str]:
        return self.handout.size, self.handout.paper

    def card(self, level: Urgency, signs: list[list[Any]], skin: str = "") -> Data:
        """A card of warning signs, each as runs."""
        return {
            "kind": "card",
            "key": level.key,
            "word": str(level.labels.label),
            "action": self.action(level),
            "signs": signs,
            "columns": two_columns([plain_words(sign) for sign in signs], *self._sizes),
            "skin": self.bare_line(skin),
            "kept": self.handout.size != "large",
        }

    def whole_cards(self) -> list[Data]:
        """The cards with all words, each sign with its own note on brown and black skin."""
        cards = [
            self.card(level, [self._whole_sign(row) for row in rows])
            for level, rows in self.part.warning_signs.by_urgency()
        ]
        if self.part.citations is None:
            return cards
        numbered = self.part.citations.marks(self.part.warning_signs.sign_source_keys())
        marks = [{"raised": f"[{mark.number}]"} for mark in numbered]
        return (
            [*cards, paragraph(_("Where these signs come from:"), " ", *marks)] if marks else cards
        )

    def _whole_sign(self, row: ChecklistRow) -> list[Any]:
        note = self.bare_line(row.on_darker_skin)
        return [*self.bare_line(row.text), *([" – ", *note] if note else [])]

    def advice(self, level: int) -> Data:
        """The two lists of what to do and what not to do."""
        article = self.part.condition_page.article
        write = self.bare_line if self.part.is_sheet else self.line
        do, do_not = ([write(item) for item in items] for items in (article.do, article.do_not))
        words, words_not = ([plain_words(item) for item in items] for items in (do, do_not))
        beside = side_by_side(words, words_not, *self._sizes)
        return {
            "kind": "advice",
            "level": level,
            "share": beside.share if beside else None,
            "do": {
                "title": _("Do"),
                "items": do,
                "columns": beside.columns if beside else None,
            },
            "do_not": {"title": _("Do not"), "items": do_not},
        }


class SheetWriter(PartWriter):
    """An article on one sheet: page 1 says whether help is needed, page 2 what it may be."""

    def write(self) -> Data:
        return {
            "form": "sheet",
            "title": self.part.condition_page.article.title,
            "front": self._front(),
            "advice": self.advice(2),
            "back": [
                self._none_apply(),
                *self._causes(),
                *self._suggestions(),
                paragraph(*self._small_print()),
            ],
            "pictures": PICTURES if self.part.has_drawings else PICTURES[-1:],
            "lines": _("Notes and questions for your next visit")
            if self.handout.has_lines
            else None,
        }

    def _front(self) -> list[Data]:
        article, signs = self.part.condition_page.article, self.part.condition_page.warning_cards
        # Do and Do not, below the signs, say the first step as well.
        lead = [article.reassurance] if article.reassurance else self.bare_line(article.first_step)
        return [
            title(article.title, review_runs(self.part.composition), lead),
            {"kind": "headed", "text": _("When to get help"), "body": [self.part.how_to_tick]},
            *(
                self.card(
                    card.level,
                    [
                        [
                            *self.bare_line(sign.text),
                            *(
                                [" – ", *self.bare_line(sign.on_darker_skin)]
                                if sign.on_darker_skin
                                else []
                            ),
                        ]
                        for sign in card.lines
                    ],
                    card.on_darker_skin,
                )
                for card in signs
            ),
        ]

    def _none_apply(self) -> Data:
        words = {"strong": [_("No sign here is true for you now?")]}
        blocks = self.bare_text(self.part.condition_page.checklist.none_apply, 3)
        return {"kind": "barred", "blocks": _with_first_words(words, blocks)}

    def _causes(self) -> list[Data]:
        if not self.part.causes:
            return []
        if not self.part.is_compared:
            return self._named_causes()
        return [
            {
                "kind": "causes",
                "title": _("What may be the cause"),
                "intro": [self.part.causes_note],
                "picture": _("Inside the skin"),
                "columns": [_("Cause"), *self.part.comparison_questions],
                "rows": [self._row(one) for one in self.part.causes],
            }
        ]

    def _row(self, one: NumberedCause) -> Data:
        return {
            "name": one.name,
            "picture": self.picture(one),
            "cells": [self.bare_line(cell) for cell in one.comparison],
            "answers": [[question, self.bare_line(answer)] for question, answer in one.answers],
        }

    def _named_causes(self) -> list[Data]:
        """For an article without a comparison of its causes."""
        names = [[paragraph(one.name)] for one in self.part.causes]
        return [
            heading(2, _("What may be the cause")),
            paragraph(self.part.causes_note),
            {"kind": "list", "start": None, "items": names},
        ]

    def _suggestions(self) -> list[Data]:
        items = [
            {"name": one.name, "blocks": _run_on(self.bare_text(one.suggestion, 3))}
            for one in self.part.suggestions
        ]
        words = _("What a doctor or pharmacist may suggest")
        return [{"kind": "suggestions", "title": words, "items": items}] if items else []

    def _small_print(self) -> Iterable[Any]:
        yield from credit_runs(self.part.credits)
        if "sources" in self.handout.options.sections:
            yield _("The page behind the code has all sources.") + " "
        yield self.handout.disclaimer


class ArticleWriter(PartWriter):
    """An article with everything that its page and those of its causes say."""

    def write(self) -> Data:
        page, sections = self.part.condition_page, self.handout.options.sections
        article = page.article
        front = [title(article.title)]
        if article.also_called:
            names = ", ".join(article.also_called)
            front.append(paragraph(_("Also called: %(names)s") % {"names": names}))
        summary = [heading(2, _("In short")), *self.text(article.summary, 3)]
        front += [
            {"kind": "barred", "blocks": summary},
            heading(2, _("When to get help")),
            *self.whole_cards(),
            *self._self_checks(),
            self.advice(2),
        ]
        back: list[Data] = []
        if "about" in sections:
            back += [heading(2, _("What this is about")), *self.text(article.introduction, 3)]
        if self.part.causes:
            back.append(heading(2, _("What may be the cause")))
            back += [block for one in self.part.causes for block in self._cause(one)]
        for snippet in page.snippets:
            back += [heading(2, snippet.content.title), *self.text(snippet.content.text, 3)]
        return {"form": "pages", "title": article.title, "front": front, "back": back}

    def _self_checks(self) -> list[Data]:
        if not self.clinic.self_checks_enabled:
            return []
        words = _("Not sure? Answer a few questions:")
        addresses = (
            settings.SITE_URL + other.get_absolute_url() for other in self.part.composition.offered
        )
        return [paragraph(words, " ", {"link": [address], "to": address}) for address in addresses]

    def _cause(self, one: NumberedCause) -> Iterable[Data]:
        explanation = one.cause.explanation
        yield heading(3, f"{one.number}. {one.name}")
        if picture := self.picture(one):
            yield picture
        yield heading(4, _("What happens"))
        yield from self.text(explanation.what_happens, 5)
        yield heading(4, _("How it looks or feels"))
        yield from self.text(explanation.looks, 5)
        yield heading(4, _("What you can do"))
        yield from self.text(explanation.self_care, 5)
        if explanation.may_suggest and "medicines" in self.handout.options.sections:
            name = heading(4, _("What a doctor or pharmacist may suggest"))
            yield {"kind": "aside", "blocks": [name, *self.text(explanation.may_suggest, 5)]}


class ChecklistWriter(PartWriter):
    """A checklist of warning signs."""

    def write(self) -> Data:
        checklist = self.part.checklist
        front = [
            title(checklist.title),
            *self.text(checklist.introduction, 2),
            heading(2, _("When to get help")),
            *self.whole_cards(),
            heading(2, _("If none of these is true for you")),
            *self.text(checklist.none_apply, 3),
            heading(2, _("If something changes")),
            *self.text(checklist.safety_net, 3),
        ]
        return {"form": "pages", "title": checklist.title, "front": front, "back": []}


def sources_blocks(handout: Handout) -> list[Data]:
    """The list of sources of a handout: call it after writing the parts."""
    if handout.citations is None or not (numbered := handout.citations.numbered_sources()):
        return []
    runs: list[Any] = []
    for one in numbered:
        runs += [{"strong": [f"{one.number}."]}, " ", *source_runs(one.source), " "]
    return [heading(2, _("Sources")), paragraph(*runs)]


def _run_on(blocks: list[Data]) -> list[Data]:
    """Paragraphs that follow each other as one, to save room."""
    joined: list[Data] = []
    for block in blocks:
        if block["kind"] == "paragraph" and joined and joined[-1]["kind"] == "paragraph":
            joined[-1] = paragraph(*joined[-1]["text"], " ", *block["text"])
        else:
            joined.append(block)
    return joined


def _with_first_words(words: Any, blocks: list[Data]) -> list[Data]:
    """Blocks that begin with these words, on the line of the first paragraph if there is one."""
    if blocks and blocks[0]["kind"] == "paragraph":
        first = {**blocks[0], "text": [words, " ", *blocks[0]["text"]]}
        return [first, *blocks[1:]]
    return [paragraph(words), *blocks]
