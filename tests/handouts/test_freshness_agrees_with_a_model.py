"""Random histories: what a paper's code says, against a naive memory of all that was printed and done."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from education.handouts.codes import read
from education.handouts.freshness import Paper, Verdict
from education.publishing import actions
from education.publishing.content import Refused
from education.publishing.models import Document, Publication
from tests import builders
from tests.handouts.papers import printed, words_of_handout

# Tomorrow by the real clock, so that the database takes what is cancelled here for still to come.
DAWN = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
PAGE = "spots"
NAMES = ("sources", "skin", "hair", "oil", "sweat", PAGE)
STEPS = 18
HISTORIES = max(12, int(os.environ.get("PROVE_EXAMPLES", "0")) // 40)

# Of every document a few texts, so that it often says again what it said before.
CHOICES: dict[str, Any] = {
    "title": ("The leaflet", "A leaflet"),
    "sign": ("A lump grows", "A lump gets big"),
    "net": ("If it gets worse, get help.", "If it gets bad, get help."),
    "name": ("Oil", "Fat"),
    "text": ("Skin makes oil.", "Skin gives oil."),
    "introduction": ("Most people get spots.", "Many people get spots.", "Spots are common [@brochure]."),
    "do": (["Wash."], ["Wash.", "Rest."]),
    "causes": (("oil",), ("oil", "sweat")),
    "checklist": ("skin", "hair"),
}
FIELDS = {
    "sources": ("title", "net"),
    "skin": ("sign", "net"),
    "hair": ("sign", "net"),
    "oil": ("name", "text"),
    "sweat": ("name", "text"),
    PAGE: ("introduction", "do", "causes", "checklist"),
}
Values = dict[str, Any]


@dataclass
class Event:
    """Something that readers see from a moment on: a numbered text, or none."""

    at: datetime
    order: int
    name: str
    values: Values | None
    number: int
    publication: Publication


@dataclass
class Remembered:
    """A paper as somebody would remember it who kept a copy of everything."""

    code: str
    words: str
    standing: dict[str, Event | None]


@dataclass
class History:
    """A site on which things happen at random, and what was printed meanwhile."""

    chance: Random
    now: datetime = DAWN
    working: dict[str, Values] = field(default_factory=dict)
    log: list[Event] = field(default_factory=list)
    advice: set[tuple[str, int]] = field(default_factory=set)
    papers: list[Remembered] = field(default_factory=list)
    client: Client = field(default_factory=Client)

    def begin(self) -> None:
        for name in NAMES:
            self.save(name, {key: CHOICES[key][name == "hair"] for key in FIELDS[name]})
        self.publish(list(NAMES), builders.ADVICE, None)

    def save(self, name: str, values: Values) -> None:
        self.working[name] = values
        if name == "sources":
            rows = [
                {"key": "leaflet", "title": values["title"], "publisher": "A clinic"},
                {"key": "brochure", "title": "The brochure", "publisher": values["net"]},
            ]
            builders._saved(builders.SourceList, "sources", {"sources": rows})
        elif name in {"skin", "hair"}:
            signs = [*builders.SIGNS[:2], {**builders.SIGNS[2], "text": values["sign"]}]
            builders.checklist(name, signs=signs, safety_net=values["net"])
        elif name == PAGE:
            builders.article(name, **values)
        else:
            builders.cause(name, values["text"], name=f"{values['name']} of {name}")

    def change(self, name: str) -> None:
        key = self.chance.choice(FIELDS[name])
        self.save(name, {**self.working[name], key: self.chance.choice(CHOICES[key])})

    def publish(self, names: list[str], how: dict[str, Any], at: datetime | None) -> None:
        documents = [self.document(name) for name in names]
        try:
            entries = actions.publish(documents, at=at, **how)
        except Refused:
            return
        for name, entry in zip(names, entries, strict=True):
            assert entry.edition
            self.happened(name, entry, self.working[name], entry.edition.number)
            if how["change"] == "advice":
                self.advice.add((name, entry.edition.number))

    def happened(self, name: str, entry: Publication, values: Values | None, number: int) -> None:
        self.log.append(Event(entry.at, len(self.log), name, values, number, entry))

    def step(self) -> None:
        name = self.chance.choice((*NAMES, PAGE))
        names = [name, *self.chance.sample([other for other in NAMES if other != name], 1)]
        how = self.chance.choice((builders.ADVICE, builders.WORDING))
        at = self.now + timedelta(hours=self.chance.randint(1, 3)) if self.chance.random() < 0.4 else None
        match self.chance.choices(range(6), weights=(8, 2, 2, 1, 2, 6))[0]:
            case 0:
                self.change(name)
                self.publish([name], how, at)
            case 1:
                for other in names:
                    self.change(other)
                self.publish(names, how, at)
            case 2:
                self.freeze(name)
                self.change(name)
                self.publish([name], builders.WORDING, at)
            case 3:
                self.withdraw(PAGE, at)
            case 4:
                self.cancel()
            case _:
                self.now += timedelta(hours=self.chance.randint(1, 2))

    def freeze(self, name: str) -> None:
        """An edition that waits, and is overtaken."""
        self.change(name)
        how = self.chance.choice((builders.ADVICE, builders.WORDING))
        try:
            edition = actions.freeze(self.document(name), **how)
        except Refused:
            return
        if how["change"] == "advice":
            self.advice.add((name, edition.number))

    def withdraw(self, name: str, at: datetime | None) -> None:
        try:
            entry = actions.withdraw(self.document(name), reason="Gone.", at=at)
        except Refused:
            return
        self.happened(name, entry, None, 0)

    def cancel(self) -> None:
        to_come = [event for event in self.log if event.at > self.now]
        if to_come:
            event = self.chance.choice(to_come)
            try:
                actions.cancel(event.publication)
            except Refused:
                return
            self.log.remove(event)

    def print(self) -> None:
        words = words_of_handout(self.client, PAGE)
        assert bool(words) == bool(self.live(PAGE))
        if words:
            code = printed(self.document(PAGE))
            self.papers.append(Remembered(code, words, {name: self.live(name) for name in NAMES}))

    def document(self, name: str) -> Document:
        return Document.objects.get(slug=name)

    def live(self, name: str) -> Event | None:
        begun = [event for event in self.log if event.name == name and event.at <= self.now]
        last = max(begun, key=lambda event: (event.at, event.order), default=None)
        return last if last and last.values else None

    def expected(self, paper: Remembered, seen: str) -> Verdict:
        if not seen:
            return Verdict.WITHDRAWN
        if seen == paper.words:
            return Verdict.CURRENT
        now = {name: self.live(name) for name in NAMES}
        then_says, now_says = (_on_paper(standing) for standing in (paper.standing, now))
        differing = {
            name
            for part, said in {**then_says, **now_says}.items()
            if then_says.get(part) != now_says.get(part)
            for name in _named(part, then_says, now_says)
        }
        changed = any(self.advice_changed(name, paper.standing[name]) for name in differing)
        return Verdict.ADVICE if changed else Verdict.WORDING

    def advice_changed(self, name: str, then: Event | None) -> bool:
        assert then is not None
        seen = [
            event.number
            for event in self.log
            if event.name == name
            and event.values
            and event.at <= self.now
            and (event.at, event.order) > (then.at, then.order)
        ]
        numbers = range(min([then.number, *seen]) + 1, max([then.number, *seen]) + 1)
        return any((name, number) in self.advice for number in numbers)

    def check(self) -> Iterator[Verdict]:
        seen = words_of_handout(self.client, PAGE)
        by_code: dict[str, str] = {}
        for paper in self.papers:
            # Whatever else happened, one code stands for one text.
            assert by_code.setdefault(paper.code, paper.words) == paper.words
            (found,) = Paper.of(read(paper.code)).pages
            wanted = self.expected(paper, seen)
            assert found.verdict == wanted, (paper.code, found.notes, paper.words, seen)
            if wanted in {Verdict.WORDING, Verdict.ADVICE}:
                assert found.differences and found.notes
            yield wanted


def _on_paper(standing: dict[str, Event | None]) -> dict[str, tuple[str, Any]]:
    """What each part of a page puts on paper, with the document it comes from."""
    values = {name: event.values for name, event in standing.items() if event and event.values}
    own = values[PAGE]
    cites_brochure = "brochure" in own["introduction"]
    names = {cause: values[cause]["name"] for cause in own["causes"]}
    return {
        "page": (PAGE, [own["introduction"], own["do"], list(names.values())]),
        "signs": (own["checklist"], values[own["checklist"]]["sign"]),
        "sources": (
            "sources",
            [values["sources"]["title"], values["sources"]["net"] if cites_brochure else None],
        ),
        **{f"cause {cause}": (cause, name) for cause, name in names.items()},
    }


def _named(part: str, then_says: Any, now_says: Any) -> Iterator[str]:
    """The documents that a part which differs comes from; the page too, when it chose another one."""
    sides = [side[part] for side in (then_says, now_says) if part in side]
    if part.startswith("cause ") and len(sides) < 2:
        return
    if len(sides) == 2 and sides[0][1] == sides[1][1]:
        return
    yield from (name for name, _says in sides)
    if len({name for name, _says in sides}) > 1:
        yield PAGE


@pytest.mark.prove
@pytest.mark.django_db
def test_a_code_says_current_just_when_the_handout_reads_as_it_was_printed() -> None:
    found: Counter[Verdict] = Counter()
    for seed in range(HISTORIES):
        history = History(Random(seed))
        with transaction.atomic(), mock.patch.object(timezone, "now", lambda h=history: h.now):
            history.begin()
            history.print()
            for _step in range(STEPS):
                history.step()
                history.print()
            try:
                found.update(history.check())
            except AssertionError as error:
                raise AssertionError(f"history {seed}") from error
            transaction.set_rollback(True)
    assert min(found[verdict] for verdict in Verdict) > HISTORIES / 4, found
