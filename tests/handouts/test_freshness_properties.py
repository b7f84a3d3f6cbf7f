"""The freshness of handouts after random histories, against a simple model of the log."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from education.handouts.codes import decode
from education.handouts.freshness import Freshness, PrintedHandout
from education.handouts.outdated import find_outdated_handouts
from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Change, Document, Edition, Publication
from education.publishing.workflow.wording_checks import record_wording_check
from tests import factories
from tests.handouts.handout_helpers import handout_text, print_code

# Tomorrow by the real clock, so that the database takes what is cancelled here for still to come.
DAWN = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
PAGE = "spots"
NAMES = ("sources", "skin", "hair", "oil", "sweat", PAGE)
STEPS = 20
HISTORIES = max(6, int(os.environ.get("PROVE_EXAMPLES", "0")) // 40)

# Of every document a few texts, so that it often says again what it said before.
CHOICES: dict[str, Any] = {
    "title": ("The leaflet", "A leaflet"),
    "publisher": ("A clinic", "Our clinic"),
    "sign": ("A lump grows", "A lump grows there", "A lump grows fast"),
    "net": (
        "If it gets worse, get help.",
        "If it gets worse, please get help.",
        "If it gets bad, get help.",
    ),
    "name": ("Oil", "Fat"),
    "text": ("Skin makes oil.", "The skin makes oil.", "Skin gives oil."),
    "introduction": (
        "Most people get spots.",
        "Many people get spots.",
        "Many people waatch spots.",
        "Many people watch spots.",
        "Spots are common [@brochure].",
        "Most people get spots in 2 days.",
    ),
    "do": (["Wash."], ["Wash it."], ["Wash.", "Rest."]),
    "causes": (("oil",), ("oil", "sweat")),
    "checklist": ("skin", "hair"),
}
# What gives other advice than all that stands with it above; the others differ in words alone.
OTHER_ADVICE: dict[str, Any] = {
    "sign": ("A lump grows fast",),
    "net": ("If it gets bad, get help.",),
    "text": ("Skin gives oil.",),
    "introduction": ("Most people get spots in 2 days.",),
    "do": (["Wash.", "Rest."],),
    "causes": (("oil", "sweat"),),
    "checklist": ("hair",),
}
REPAIRED = ("Many people waatch spots.", "Many people watch spots.")
FIELDS = {
    "sources": ("title", "publisher"),
    "skin": ("sign", "net"),
    "hair": ("sign", "net"),
    "oil": ("name", "text"),
    "sweat": ("name", "text"),
    PAGE: ("introduction", "do", "causes", "checklist"),
}
Values = dict[str, Any]


def kind_between(before: Values, after: Values) -> Change:
    """The class of the change from one to the other, by a simple independent rule."""
    kinds = {Change.SAME_TEXT}
    for key, old in before.items():
        new = after[key]
        if (old in OTHER_ADVICE.get(key, ())) != (new in OTHER_ADVICE.get(key, ())):
            kinds.add(Change.ADVICE)
        elif old != new and (old, new) != REPAIRED:
            kinds.add(Change.CHECKED_TEXT)
    return max(kinds, key=list(Change).index)


@dataclass
class Frozen:
    """An edition: text, kind of change, and the editions that a clinician compared it with."""

    number: int
    values: Values
    kind: Change
    compared: set[int] = field(default_factory=set)


@dataclass
class Event:
    """A publication in the model: an edition number and text, or a withdrawal."""

    at: datetime
    order: int
    name: str
    values: Values | None
    number: int
    publication: Publication
    act: int


@dataclass
class Remembered:
    """A printed handout with a full copy of what was live then."""

    code: str
    words: str
    standing: dict[str, Event | None]


@dataclass
class History:
    """A site with random events, a model of it, and the handouts printed meanwhile."""

    chance: Random
    now: datetime = DAWN
    working: dict[str, Values] = field(default_factory=dict)
    log: list[Event] = field(default_factory=list)
    editions: dict[str, list[Frozen]] = field(default_factory=dict)
    clinician: User | None = None
    papers: list[Remembered] = field(default_factory=list)
    client: Client = field(default_factory=Client)
    acts: int = 0
    done: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        self.clinician = User.objects.create(username="ada")
        for name in NAMES:
            self.save(name, {key: CHOICES[key][name == "hair"] for key in FIELDS[name]})
        self.publish(list(NAMES), factories.ADVICE, None)

    def save(self, name: str, values: Values) -> None:
        self.working[name] = values
        if name == "sources":
            rows = [
                {"key": "leaflet", "title": values["title"], "publisher": "A clinic"},
                {"key": "brochure", "title": "The brochure", "publisher": values["publisher"]},
            ]
            factories._save(factories.SourceList, "sources", {"sources": rows})
        elif name in {"skin", "hair"}:
            signs = [*factories.SIGNS[:2], {**factories.SIGNS[2], "text": values["sign"]}]
            factories.checklist(name, signs=signs, safety_net=values["net"])
        elif name == PAGE:
            factories.article(name, **values)
        else:
            factories.cause(name, values["text"], name=f"{values['name']} of {name}")

    def change(self, name: str) -> None:
        key = self.chance.choice(FIELDS[name])
        texts = CHOICES[key]
        if self.chance.random() < 0.7:
            texts = [text for text in texts if text not in OTHER_ADVICE.get(key, ())]
        self.save(name, {**self.working[name], key: self.chance.choice(texts)})

    def publish(self, names: list[str], how: dict[str, Any], at: datetime | None) -> None:
        """Publish some documents in one act, in any order; cancel what is scheduled, or not."""
        self.chance.shuffle(names)
        documents = [self.document(name) for name in names]
        keeps = self.chance.random() < 0.3
        seen = {name: self.live(name) for name in names}
        try:
            entries = actions.publish(documents, at=at, cancel_acts=() if keeps else None, **how)
        except ActionRefused:
            return
        self.done["set"] += len(names) > 1
        if not keeps:
            self.take_back({*names}, at or self.now, also_withdrawals=False)
        self.acts += 1
        for name, entry in zip(names, entries, strict=True):
            assert entry.edition
            self.frozen(name, entry.edition, seen[name])
            self.happened(name, entry, self.working[name], entry.edition.number)

    def frozen(self, name: str, edition: Edition, seen: Event | None) -> None:
        """Check that the program and the model find the same kind of change."""
        earlier = self.editions.setdefault(name, [])
        values = self.working[name]
        others = (
            [] if not earlier else [earlier[-1].values, self.baseline(name, edition.number).values]
        )
        if seen and seen.values:
            others.append(seen.values)
        kinds = [kind_between(other, values) for other in others] or [Change.ADVICE]
        kind = max(kinds, key=list(Change).index)
        assert edition.change == kind, (name, others, values)
        earlier.append(Frozen(edition.number, values, kind))

    def baseline(self, name: str, number: int) -> Frozen:
        """The edition to compare with: the last compared one since the last change of advice."""
        chain: list[Frozen] = []
        for edition in self.editions[name]:
            if edition.number < number:
                chain = [edition] if edition.kind == Change.ADVICE else [*chain, edition]
        return next((edition for edition in chain[::-1] if edition.compared), chain[0])

    def compare(self, name: str) -> None:
        """Record that a clinician found the live or the newest edition to give the same advice."""
        seen, newest = self.live(name), self.editions[name][-1].number
        number = seen.number if seen and self.chance.random() < 0.7 else newest
        document = self.document(name)
        chosen = {
            edition.number: edition for edition in document.editions.select_related("document")
        }
        baseline = self.baseline(name, number) if number > 1 else self.editions[name][0]
        try:
            record_wording_check(
                chosen[number],
                compared_with=chosen[baseline.number],
                by=self.clinician,
                shown_as="Ada",
            )
        except ActionRefused:
            return
        self.editions[name][number - 1].compared.add(baseline.number)
        self.done["compared"] += 1

    def same_advice(self, name: str, then: int, now: int) -> bool:
        """Whether a path of unchanged or compared editions connects the two."""
        steps: dict[int, set[int]] = {edition.number: set() for edition in self.editions[name]}
        for edition in self.editions[name]:
            for other in edition.compared | (
                {edition.number - 1} if edition.kind == "same-text" else set()
            ):
                steps[edition.number].add(other)
                steps[other].add(edition.number)
        reached = {then}
        while more := {other for number in reached for other in steps[number]} - reached:
            reached |= more
        return now in reached

    def happened(self, name: str, entry: Publication, values: Values | None, number: int) -> None:
        order = max((event.order for event in self.log), default=0) + 1
        self.log.append(Event(entry.at, order, name, values, number, entry, self.acts))

    def take_back(self, names: set[str], since: datetime, *, also_withdrawals: bool) -> None:
        """Remove the future acts of `names` from the model, and those that then lack a part."""
        gone = {
            event.act
            for event in self.log
            if event.at > self.now
            and event.at >= since
            and event.name in names
            and (event.values or also_withdrawals)
        }
        withdrawn = names if also_withdrawals else set()
        while more := {
            event.act
            for event in self.log
            if event.at > self.now
            and event.at >= since
            and event.act not in gone
            and any(
                not self.there(part, event.at, gone, withdrawn)
                for part in self.parts(event, gone, withdrawn)
            )
        }:
            gone |= more
        self.log = [event for event in self.log if event.act not in gone]
        self.done["taken back"] += bool(gone)

    def parts(self, event: Event, gone: set[int], withdrawn: set[str]) -> set[str]:
        """The parts of a scheduled text that are removed or withdrawn."""
        if event.name != PAGE or not event.values:
            return (
                {"sources"} & withdrawn
                if event.values and event.name in {"skin", "hair"}
                else set()
            )
        used = {"sources", event.values["checklist"], *event.values["causes"]}
        return used & ({other.name for other in self.log if other.act in gone} | withdrawn)

    def there(self, name: str, at: datetime, gone: set[int], withdrawn: set[str]) -> bool:
        """Whether a document is live at `at` without the acts in `gone`."""
        seen = [e for e in self.log if e.name == name and e.at <= at and e.act not in gone]
        last = max(seen, key=lambda event: (event.at, event.order), default=None)
        return name not in withdrawn and last is not None and last.values is not None

    def step(self) -> None:
        name = self.chance.choice((*NAMES, PAGE))
        others = [other for other in NAMES if other != name]
        names = [name, *self.chance.sample(others, self.chance.randint(1, len(others)))]
        how = factories.WORDING
        at = (
            self.now + timedelta(hours=self.chance.randint(1, 3))
            if self.chance.random() < 0.5
            else None
        )
        match self.chance.choices(range(7), weights=(9, 3, 2, 1, 2, 8, 6))[0]:
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
                self.publish([name], factories.WORDING, at)
            case 3:
                self.withdraw(PAGE, at)
            case 4:
                self.cancel()
            case 5:
                self.compare(self.chance.choice((*NAMES, PAGE, PAGE)))
            case _:
                self.now += timedelta(hours=self.chance.randint(1, 2))

    def freeze(self, name: str) -> None:
        """A pending edition, and a newer one that is published before it."""
        self.change(name)
        try:
            edition = actions.freeze(self.document(name), **factories.WORDING)
        except ActionRefused:
            return
        self.frozen(name, edition, self.live(name))

    def withdraw(self, name: str, at: datetime | None) -> None:
        try:
            entry = actions.withdraw(self.document(name), reason="Gone.", at=at)
        except ActionRefused:
            return
        self.take_back({name}, at or self.now, also_withdrawals=True)
        self.acts += 1
        self.happened(name, entry, None, 0)

    def cancel(self) -> None:
        to_come = [event for event in self.log if event.at > self.now]
        if to_come:
            event = self.chance.choice(to_come)
            try:
                actions.cancel(event.publication)
            except ActionRefused:
                return
            self.log = [other for other in self.log if other.act != event.act]
            self.done["cancelled"] += 1

    def print(self) -> None:
        words = handout_text(self.client, PAGE)
        assert bool(words) == bool(self.live(PAGE))
        if words:
            code = print_code(self.document(PAGE))
            self.papers.append(Remembered(code, words, {name: self.live(name) for name in NAMES}))

    def document(self, name: str) -> Document:
        return Document.objects.get(slug=name)

    def live(self, name: str) -> Event | None:
        begun = [event for event in self.log if event.name == name and event.at <= self.now]
        last = max(begun, key=lambda event: (event.at, event.order), default=None)
        return last if last and last.values else None

    def expected(self, paper: Remembered, seen: str) -> Freshness:
        if not seen:
            return Freshness.WITHDRAWN
        if seen == paper.words:
            return Freshness.CURRENT
        now = {name: self.live(name) for name in NAMES}
        then_says, now_says = (_on_paper(standing) for standing in (paper.standing, now))
        differing = {
            name
            for part, shown in {**then_says, **now_says}.items()
            if then_says.get(part) != now_says.get(part)
            for name in _named(part, then_says, now_says)
        }
        if any(self.advice_changed(name, paper.standing[name]) for name in differing):
            return Freshness.ADVICE
        pairs = [(name, paper.standing[name], now[name]) for name in differing]
        known = all(
            self.same_advice(name, then.number, seen.number)
            for name, then, seen in pairs
            if then and seen
        )
        return Freshness.WORDING if known else Freshness.TEXT

    def advice_changed(self, name: str, then: Event | None) -> bool:
        assert then is not None
        seen = [
            (event.at, event.order, event.values)
            for event in self.log
            if event.name == name
            and event.values
            and event.at <= self.now
            and (event.at, event.order) >= (then.at, then.order)
        ]
        texts = [values for _at, _order, values in sorted(seen, key=lambda event: event[:2])]
        return any(kind_between(*pair) == Change.ADVICE for pair in pairwise(texts))

    def check(self) -> Iterator[Freshness]:
        seen = handout_text(self.client, PAGE)
        by_code: dict[str, str] = {}
        for paper in self.papers:
            # Whatever else happened, one code stands for one text.
            assert by_code.setdefault(paper.code, paper.words) == paper.words
            (found,) = PrintedHandout.from_code(decode(paper.code)).pages
            wanted = self.expected(paper, seen)
            assert found.freshness == wanted, (paper.code, found.change_notes, paper.words, seen)
            if wanted in {Freshness.WORDING, Freshness.TEXT, Freshness.ADVICE}:
                assert found.differences and found.change_notes
            yield wanted


def _on_paper(standing: dict[str, Event | None]) -> dict[str, tuple[str, Any]]:
    """The printed text of each section of a page, with its document."""
    values = {name: event.values for name, event in standing.items() if event and event.values}
    own = values[PAGE]
    cites_brochure = "brochure" in own["introduction"]
    names = {cause: values[cause]["name"] for cause in own["causes"]}
    return {
        "page": (PAGE, [own["introduction"], own["do"], list(names.values())]),
        "signs": (own["checklist"], values[own["checklist"]]["sign"]),
        "sources": (
            "sources",
            [
                values["sources"]["title"],
                values["sources"]["publisher"] if cites_brochure else None,
            ],
        ),
        **{f"cause {cause}": (cause, name) for cause, name in names.items()},
    }


def _named(part: str, then_says: Any, now_says: Any) -> Iterator[str]:
    """The documents of a section that differs; also the page, if it uses another document now."""
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
def test_code_is_current_exactly_if_the_text_is_unchanged() -> None:
    found: Counter[Freshness] = Counter()
    done: Counter[str] = Counter()
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
                find_outdated_handouts()
                assert sum(1 for event in history.log if event.at > history.now) == to_come(
                    history.now
                )
            except AssertionError as error:
                raise AssertionError(f"history {seed}") from error
            done.update(history.done)
            transaction.set_rollback(True)
    assert min(found[verdict] for verdict in Freshness) > HISTORIES / 4, found
    assert (
        min(done[what] for what in ("set", "taken back", "cancelled", "compared")) > HISTORIES / 12
    ), done


def to_come(now: datetime) -> int:
    """The number of scheduled publications."""
    return Publication.objects.filter(at__gt=now).count()
