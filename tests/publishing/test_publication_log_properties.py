"""Random sequences of save, publish, schedule, withdraw, cancel and restore against a model of ten
lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Document, Edition, Publication
from tests import factories
from tests.factories import ADVICE

# Tomorrow by the real clock, so that the database takes what is cancelled here for still to come.
DAWN = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
CAUSES, PAGES = ("oil", "sweat"), ("spots", "lumps")
NAMES = (*CAUSES, *PAGES)
SETS = (*((name,) for name in NAMES), ("oil", "spots"), ("sweat", "lumps"), ("oil", "sweat"), NAMES)
TAGS = ({"oil"}, {"sweat"}, {"oil", "sweat"})


@dataclass
class Model:
    """The log: (moment, order, name, version, act); a version is (text, used names), or None:
    withdrawn.
    """

    log: list[tuple[datetime, int, str, Any, int]] = field(default_factory=list)

    def live(self, name: str, at: datetime) -> Any:
        seen = [entry for entry in self.log if entry[2] == name and entry[0] <= at]
        return max(seen, key=lambda entry: entry[:2])[3] if seen else None

    def without(self, names: set[str], since: datetime, now: datetime, withdrawn: bool) -> Model:
        """Without the acts that would come after what is done to `names`, and what needs what is
        gone.
        """
        gone = {
            entry[4]
            for entry in self.log
            if entry[0] > now
            and entry[0] >= since
            and entry[2] in names
            and (withdrawn or entry[3])
        }
        while True:
            left = Model([entry for entry in self.log if entry[4] not in gone])
            lost = {entry[2] for entry in self.log if entry[4] in gone} | (
                names if withdrawn else set()
            )
            more = {
                act
                for at, _order, _name, version, act in left.log
                if at > now and at >= since and version
                for part in lost.intersection(version[1])
                if not left.live(part, at) or (withdrawn and part in names)
            }
            if not more:
                return left
            gone |= more

    def is_sound(self, since: datetime) -> bool:
        moments = {since, *(entry[0] for entry in self.log if entry[0] > since)}
        versions = [
            (version, at) for at in moments for name in NAMES if (version := self.live(name, at))
        ]
        return all(self.live(part, at) for version, at in versions for part in version[1])


class Publishing(RuleBasedStateMachine):
    """The real thing and the model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = DAWN
        self.clock = mock.patch.object(timezone, "now", lambda: self.now)
        self.clock.start()
        self.model, self.order, self.edits = Model(), 0, 0
        self.working: dict[str, Any] = {}
        self.frozen: dict[int, Any] = {}

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def an_empty_site_with_sources(self) -> None:
        factories.publish_documents(factories.sources(), factories.checklist())
        for name in NAMES:
            self.save(name, 0, {"oil"})
        self.publish(NAMES, 0, {"oil"}, True)

    @rule(
        name=st.sampled_from(NAMES),
        text=st.integers(0, 3),
        causes=st.sets(st.sampled_from(CAUSES), min_size=1),
    )
    def save(self, name: str, text: int, causes: set[str]) -> None:
        if name in CAUSES:
            factories.cause(name, f"Text {text}.")
            self.working[name] = (text, ())
        else:
            factories.article(name, tuple(sorted(causes)), introduction=f"Text {text}.")
            self.working[name] = (text, tuple(sorted(causes)))

    @rule(
        names=st.sampled_from(SETS),
        hours=st.sampled_from((0, 0, 0, 1, 2, 3, 4, -1)),
        causes=st.sampled_from(TAGS),
        edited=st.sampled_from((True, True, True, False)),
    )
    def publish(self, names: tuple[str, ...], hours: int, causes: set[str], edited: bool) -> None:
        self.edits += edited
        for name in names if edited else ():
            self.save(name, self.edits + 100, causes)
        at = self.now + timedelta(hours=hours) if hours else None
        chosen = list(names)
        allowed = hours >= 0 and not any(
            self.model.live(name, at or self.now) == self.working[name] for name in chosen
        )
        self.attempt(
            lambda: actions.publish([self.document(name) for name in chosen], at=at, **ADVICE),
            [(name, self.working[name]) for name in chosen],
            at or self.now,
            allowed,
            self.model.without({*chosen}, at or self.now, self.now, withdrawn=False),
        )

    @rule(name=st.sampled_from((*CAUSES, *NAMES)), hours=st.sampled_from((0, 0, 1, 2, 3, 4, -1)))
    def withdraw(self, name: str, hours: int) -> None:
        at = self.now + timedelta(hours=hours) if hours else None
        allowed = hours >= 0 and self.model.live(name, at or self.now) is not None
        self.attempt(
            lambda: actions.withdraw(self.document(name), reason="Gone.", at=at),
            [(name, None)],
            at or self.now,
            allowed,
            self.model.without({name}, at or self.now, self.now, withdrawn=True),
        )

    @rule(pick=st.randoms(use_true_random=False))
    def cancel(self, pick: Any) -> None:
        to_come = list(Publication.objects.order_by("pk"))[2:]
        if not to_come:
            return
        index = pick.randrange(len(to_come))
        entry = self.model.log[index]
        without = Model([other for other in self.model.log if other[4] != entry[4]])
        allowed = entry[0] > self.now and without.is_sound(entry[0])
        try:
            actions.cancel(to_come[index])
        except ActionRefused:
            assert not allowed
        else:
            assert allowed
            self.model = without

    @rule(pick=st.randoms(use_true_random=False))
    def restore(self, pick: Any) -> None:
        editions = (
            Edition.objects.filter(document__slug__in=NAMES)
            .select_related("document")
            .order_by("pk")
        )
        if editions:
            edition = pick.choice(list(editions))
            edition.document.working_copy().load_content(edition.content)
            self.working[edition.document.slug] = self.frozen[edition.pk]

    @rule(hours=st.integers(1, 2))
    def later(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def readers_see_what_the_model_says(self) -> None:
        for hours in range(-2, 6):
            at = self.now + timedelta(hours=hours)
            live = (
                Edition.objects.live(at)
                .filter(document__slug__in=NAMES)
                .values_list("document__slug", "pk")
            )
            seen = {slug: self.frozen[pk] for slug, pk in live}
            assert seen == {
                name: version for name in NAMES if (version := self.model.live(name, at))
            }

    def document(self, name: str) -> Document:
        return Document.objects.get(slug=name)

    def attempt(
        self, act: Callable[[], Any], entries: list[Any], at: datetime, allowed: bool, left: Model
    ) -> None:
        after = Model(list(left.log))
        number = self.order + 1
        for name, version in entries:
            self.order += 1
            after.log.append((at, self.order, name, version, number))
        try:
            done = act()
        except ActionRefused:
            assert not (allowed and after.is_sound(at))
            return
        assert allowed and after.is_sound(at)
        self.model = after
        for entry, (_name, version) in zip(
            done if isinstance(done, list) else [done], entries, strict=True
        ):
            self.frozen[entry.edition_id] = version


@pytest.mark.prove
@pytest.mark.django_db
def test_sequence_of_actions_agrees_with_the_model():
    examples = settings.get_profile(settings.get_current_profile_name()).max_examples
    run_state_machine_as_test(
        Publishing, settings=settings(max_examples=max(examples // 3, 20), stateful_step_count=40)
    )
