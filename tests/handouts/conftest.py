"""The shipped site and its prints, made once for all tests here that only look at them."""

from __future__ import annotations

import fcntl
import pickle
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from education.handouts.throttling import print_counters
from tests.browser import live_site
from tests.handouts.pdf_reader import extract_tagged_text

WHITE, FATTY = "white-discharge-from-back-spots", "fatty-bumps-on-the-back"
SHIPPED = (
    WHITE,
    FATTY,
    "a-lump-on-your-back",
    "caring-for-the-skin-on-your-back",
    "medicines-for-spots-on-the-back",
)
EVERYTHING, LARGE, CLEAR, LETTER = (
    "?extent=everything",
    "?print=large",
    "?print=clear",
    "?paper=letter",
)
SHORT = "?causes=none&sections=some"
LARGE_LETTER = "?paper=letter&print=large"
SHEETS = tuple((slug, query) for slug in SHIPPED for query in ("", LETTER))
MADE = (
    *SHEETS,
    (WHITE, EVERYTHING),
    (FATTY, EVERYTHING),
    (WHITE, LARGE),
    (WHITE, LARGE_LETTER),
    (WHITE, CLEAR),
    (WHITE, SHORT),
    (FATTY, "?extent=everything&print=large&paper=letter"),
)
PACK = {
    "document": [
        f"article/{WHITE}",
        f"article/{FATTY}",
        "checklist/back-skin",
        "self-check/back-skin",
    ],
    "sides": "both",
    "note": "Your nurse is Ann.\nCome back on 3 May.",
    "print-now": "1",
}


@dataclass
class Print:
    """A handout as its page and as its PDF."""

    slug: str
    query: str
    page: str
    pdf: bytes

    @cached_property
    def tagged(self) -> list[tuple[str, str]]:
        """The text under its tags, read once."""
        return extract_tagged_text(self.pdf)


@dataclass
class Prints:
    """The shipped articles on every paper and in every size, and a pack."""

    handouts: dict[tuple[str, str], Print]
    pack: bytes

    def __getitem__(self, made: tuple[str, str]) -> Print:
        return self.handouts[made]

    @classmethod
    def make(cls) -> Prints:
        """Set all of them."""
        client, made = Client(), {}
        for slug, query in MADE:
            page, pdf = (
                client.get(f"/handouts/{slug}/{query}"),
                client.get(f"/handouts/{slug}.pdf{query}"),
            )
            assert (page.status_code, pdf.status_code) == (200, 200)
            made[slug, query] = Print(slug, query, page.content.decode(), pdf.content)
        pack = client.post("/handouts/", PACK)
        assert pack.status_code == 200
        return cls(made, pack.content)


@pytest.fixture(scope="session")
def prints(django_db_setup: Any, django_db_blocker: Any, testrun_uid: str) -> Prints:
    """Those of this run: one process makes them and the others wait for it."""
    file = settings.DATA_DIR / f"prints-{testrun_uid}"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            with django_db_blocker.unblock(), transaction.atomic():
                live_site.load()
                print_counters.clear()
                file.write_bytes(pickle.dumps(Prints.make()))
                transaction.set_rollback(True)
        return pickle.loads(file.read_bytes())


@pytest.fixture(autouse=True)
def _nothing_kept(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Other processes of the same run must find and clear nothing of this test.
    monkeypatch.setattr(caches["handouts"], "_dir", str(tmp_path_factory.mktemp("handouts")))
    print_counters.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that look at the prints wait until all are made."""
    for item in items:
        if "prints" in getattr(item, "fixturenames", ()):
            item.add_marker("long")
