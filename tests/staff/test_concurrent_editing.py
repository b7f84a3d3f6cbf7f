"""Many editors save a few causes at the same time in one database file."""

from __future__ import annotations

import html
import logging
import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from education.articles.models import Cause
from tests import factories
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]

AT_FULL_SIZE = "PROVE_EXAMPLES" in os.environ
EDITORS, SAVES, CAUSES = (50, 100, 30) if AT_FULL_SIZE else (6, 5, 2)
FIELDS = {"name": "Name", "what_it_is": "What it is"}
PAIR = re.compile(r'<h4>Saved now</h4><p class="preserve-lines">(.*?)</p>', re.DOTALL)
MOST_TRIES = 400
# As many requests at once as one process of the server answers; the others wait at its door.
SERVER = threading.BoundedSemaphore(8)


@dataclass
class Log:
    """Every save that was accepted: what its writer was shown last in the field, and what they put
    there.
    """

    saves: list[tuple[str, str, str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1


@dataclass
class Editor:
    """Somebody who opens a form, writes a word into one field, and saves until it is saved."""

    name: str
    client: Client
    log: Log
    chance: random.Random

    def work(self, slugs: list[str]) -> None:
        """Save as often as everybody does."""
        try:
            for number in range(SAVES):
                self.save_once(self.chance.choice(slugs), f"{self.name}x{number}")
        except Exception as error:
            self.log.wrong.append(f"{self.name}: {error!r}")
        finally:
            connections.close_all()

    def save_once(self, slug: str, word: str) -> None:
        """Put one word into one field, in place of what is there."""
        name = self.chance.choice(list(FIELDS))
        address = reverse("admin:articles_cause_change", args=[Cause.objects.get(slug=slug).pk])
        form = form_fields(self.ask("get", address))
        seen, form[name] = form[name].strip(), word
        for _try in range(MOST_TRIES):
            answer = self.ask("post", address, {**form, "_continue": "1"})
            self.log.count(f"answered {answer.status_code}")
            if answer.status_code == 302:
                with self.log.lock:
                    self.log.saves.append((slug, name, seen, word))
                return
            assert answer.status_code == 200, answer.status_code
            page, form = answer.content.decode(), form_fields(answer)
            assert "Two people changed this" in page
            assert form[name].strip() == word, "what was typed is gone from the form"
            seen = self.shown_of(page, name) or seen
        raise AssertionError(f"{word} was never saved")

    def ask(self, method: str, address: str, form: dict[str, str] | None = None) -> HttpResponse:
        """What the site answers, as soon as it is one's turn."""
        with SERVER:
            return getattr(self.client, method)(address, form)

    def shown_of(self, page: str, name: str) -> str:
        """What a page says is saved now in a field that both changed; nothing if only this editor
        did.
        """
        self.log.count("conflicts")
        parts = page.partition(f"<h3>{FIELDS[name]}</h3>")
        if not parts[1]:
            self.log.count("conflicts without a field that both changed")
            return ""
        return html.unescape(PAIR.search(parts[2])[1])


@pytest.fixture
def busy() -> Iterator[Counter[str]]:
    """How often the database was busy when somebody wrote."""
    found: Counter[str] = Counter()
    handler = logging.Handler()
    handler.emit = lambda record: found.update([record.getMessage()])  # type: ignore[method-assign]
    logger = logging.getLogger("education.staff.db_retry")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield found
    logger.removeHandler(handler)
    logger.setLevel(before)


def signed_in(number: int) -> Client:
    user = User.objects.create_user(f"editor{number}", is_staff=True)
    codenames = ("change_cause", "view_cause")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.prove
def test_concurrent_saves_lose_nothing_and_overwrite_only_seen(busy, capsys):
    slugs = [f"cause-{number}" for number in range(CAUSES)]
    first = {(slug, name): f"{slug} {name}" for slug in slugs for name in FIELDS}
    for slug in slugs:
        factories.cause(slug, first[slug, "what_it_is"])
        Cause.objects.filter(slug=slug).update(name=first[slug, "name"])
    log, chance = Log(), random.Random(5)
    editors = [
        Editor(f"e{number}", signed_in(number), log, random.Random(chance.random()))
        for number in range(EDITORS)
    ]
    began = time.monotonic()
    threads = [threading.Thread(target=editor.work, args=[slugs]) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began

    assert log.wrong == []
    assert len(log.saves) == EDITORS * SAVES
    # Each accepted save replaced just the text that its writer was shown last: together they make
    # one chain.
    for (slug, name), text in first.items():
        after = {seen: typed for s, n, seen, typed in log.saves if (s, n) == (slug, name)}
        assert len(after) == sum((s, n) == (slug, name) for s, n, *_rest in log.saves), (
            "two replaced one"
        )
        while text in after:
            text = after.pop(text)
        assert after == {}, "a save stands beside the chain"
        assert getattr(Cause.objects.get(slug=slug), name) == text
    with capsys.disabled():
        if AT_FULL_SIZE:
            print(f"\n{len(log.saves)} saves, {took:.0f} s, {dict(log.counts)}, busy: {dict(busy)}")
