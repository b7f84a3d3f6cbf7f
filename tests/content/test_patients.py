"""Thirty-four people for whom the self-check and the checklist are walked: none is told to wait too
long.

Each is walked over HTTP as a person would, who reads the texts on the page and ticks those that are
true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import html5lib
import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import strip_tags

from education.urgency import Urgency
from tests.browser.live_site import load as load_shipped
from tests.content.content_files import HERE, checklist, load_yaml, self_check

# For the module that is run alone: pytest-django makes a database only where a test asks for one.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

PATIENTS = load_yaml(HERE / "patients.yaml")
LEAST = {name: Urgency.from_key(level) for name, level in PATIENTS["least_urgency"].items()}
WAYS = [(name, way) for name, ways in PATIENTS["ticked"].items() for way in ways]
SIGNS = {sign["key"]: sign for sign in checklist()["signs"]}
START = "/self-check/back-skin/"
LIST = "/when-to-see-a-doctor/back-skin/"


@pytest.fixture(scope="module")
def shipped(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The shipped content, live: loaded once for all tests here, none of which writes."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_shipped()
        yield
        transaction.set_rollback(True)


def plain(text: str) -> str:
    return " ".join(unescape(strip_tags(text)).split())


def labelled(page: str) -> dict[str, tuple[str, str]]:
    """What each tick or choice says on the page, with the name and the value that it sends."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    boxes = {
        box.get("id"): box for box in tree.iter("input") if box.get("type") in {"checkbox", "radio"}
    }
    return {
        " ".join("".join(label.itertext()).split()): (box.get("name"), box.get("value"))
        for label in tree.iter("label")
        if (box := boxes.get(label.get("for"))) is not None
    }


def chosen(page: str, way: dict[str, Any]) -> Iterator[str]:
    """The texts on a page that a person picks: what is true, or none of these, or the complaint."""
    texts = labelled(page)
    true = [plain(SIGNS[key]["text"]) for key in way["signs"]]
    picked = [text for shown in true for text in texts if text == shown]
    asked = {sign["urgency"] for sign in SIGNS.values() if plain(sign["text"]) in texts}
    if way.get("not_sure") in asked:
        picked.append("I'm not sure")
    if not picked:
        picked = ["None of these"] if "None of these" in texts else [way["complaint"]]
    yield from picked


def self_checked(way: dict[str, Any]) -> str:
    """The page of the result, after every question was answered by its texts."""
    client = Client()
    answer = client.get(f"{START}step/{self_check()['questions'][0]['key']}/", follow=True)
    for _ in range(9):
        page = answer.content.decode()
        if 'id="result"' in page:
            return page
        texts = labelled(page)
        sent: dict[str, Any] = dict(
            re.findall(r'type="hidden" name="([a-z-]+)" value="([^"]*)"', page)
        )
        for text in chosen(page, way):
            name, value = texts[text]
            sent.setdefault(name, []).append(value)
        form = re.search(r'<form[^>]* action="([^"]+)"', page.split("<main", 1)[1])
        where = form[1].split("#")[0] if form else answer.request["PATH_INFO"]
        answer = client.post(where, sent, follow=True)
        assert answer.status_code == 200, plain(answer.content.decode())
    raise AssertionError("no result after nine answers")


def urgency(page: str) -> Urgency:
    return Urgency.from_key(re.search(r'id="result"[^>]* data-urgency="([a-z-]+)"', page)[1])


@pytest.mark.parametrize(
    ("name", "way"), WAYS, ids=[f"{name}-{i}" for i, (name, _way) in enumerate(WAYS)]
)
def test_self_check_is_as_urgent_as_the_patient_needs(name: str, way: dict[str, Any]) -> None:
    page = self_checked(way)
    assert urgency(page) >= LEAST[name], PATIENTS["descriptions"][name]


@pytest.mark.parametrize(
    ("name", "way"),
    [(name, way) for name, way in WAYS if way["signs"]],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_checklist_is_as_urgent_as_the_patient_needs(name: str, way: dict[str, Any]) -> None:
    client = Client()
    page = client.get(LIST).content.decode()
    texts = labelled(page)
    ticked = [texts[plain(SIGNS[key]["text"])][1] for key in way["signs"]]
    where = re.search(r'<form id="list"[^>]* action="([^"#]+)', page)[1]
    answer = client.post(where, {"sign": ticked}, follow=True)
    assert answer.redirect_chain, "The answer is a page of its own, which Back never sends again."
    assert urgency(answer.content.decode()) >= LEAST[name], PATIENTS["descriptions"][name]


def test_pregnant_woman_is_told_to_say_so() -> None:
    (way,) = PATIENTS["ticked"]["pregnant-woman-with-acne"]
    assert "pregnant" in self_checked(way).split('id="result"')[1]


def test_parts_of_the_file_name_the_same_people() -> None:
    assert len(PATIENTS["descriptions"]) == 34
    assert (
        list(PATIENTS["descriptions"])
        == list(PATIENTS["ticked"])
        == list(PATIENTS["least_urgency"])
    )
    assert {key for _name, way in WAYS for key in way["signs"]} <= set(SIGNS)


def test_patient_descriptions_name_no_urgency() -> None:
    for text in PATIENTS["descriptions"].values():
        for word in ("urgent", "emergency", "routine", "self-care", "appointment"):
            assert word not in text
