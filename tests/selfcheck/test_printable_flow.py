"""The self-check on paper, followed box by box, ends where the self-check itself does."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from hypothesis import assume, given
from hypothesis import strategies as st

from education import markdown
from education.clinic.models import Clinic
from education.publishing import actions
from education.selfcheck.flow import Choice, Flow, Question, Route, walk
from education.selfcheck.printable.flow import PrintableFlow, letter_label
from education.urgency import Urgency
from tests import factories
from tests.browser.live_site import load as load_shipped
from tests.handouts.pdf_reader import extract_text as text_of_pdf
from tests.selfcheck.sample_flows import (
    GRAVE,
    LESS,
    NONE,
    SAFE,
    TOGETHER,
    judged_safe,
    paths,
    questions,
    sign,
    spoiled,
    unsure,
    wild,
)
from tests.selfcheck.test_shipped_flow import FLOW, LIST, PATHS, SAID

PAPER = "/self-check/back-skin/paper/"
BRANCHING = questions(
    SAFE,
    replace(
        LESS,
        routes=(
            Route("4d", choice="growing", at_least=3),
            Route("today", at_least=3),
            Route("4d", choice="growing"),
            Route("3c"),
        ),
    ),
    replace(
        GRAVE,
        choices=(*GRAVE.choices, sign("growing", 2)),
        routes=(*GRAVE.routes[:1], *GRAVE.routes[2:]),
    ),
)
BRANCHING = replace(
    BRANCHING,
    questions=(
        *BRANCHING.questions,
        Question(
            "4d",
            "Anything else?",
            (Choice("white", "White stuff", 1), sign("spreading", 3), NONE, unsure(2)),
            (Route("today", at_least=3), Route("book", choice="white", at_least=2), Route("book")),
            several=True,
        ),
    ),
)


def followed(
    paper: PrintableFlow, given_answers: dict[str, frozenset[str]]
) -> tuple[list[str], str]:
    """The questions on paper, box by box, and the key of the outcome at the end."""
    here, met = paper.boxes[0].number, []
    while here in paper.boxes_by_number:
        box = paper.boxes_by_number[here]
        met.append(box.question.key)
        here = box.next_target(given_answers[box.question.key])
    return met, paper.ends_by_letter[here].outcome.key


def agree(flow: Flow) -> None:
    """The paper of a flow leads every person as the flow does, through no other questions."""
    paper = PrintableFlow.from_flow(flow)
    for path in paths(flow):
        shown = dict(path.steps)
        outcome = walk(flow, shown).outcome
        assert outcome
        assert followed(paper, shown) == ([key for key, _chosen in path.steps], outcome.key)
    asked = {box.number for box in paper.boxes}
    led_to = {line.target for box in paper.boxes for line in box.lines} | {paper.boxes[0].number}
    assert asked <= led_to
    assert {end.letter for end in paper.ends} <= led_to


@pytest.mark.parametrize(
    "flow", [FLOW, SAFE, BRANCHING, TOGETHER], ids=["shipped", "safe", "branching", "together"]
)
def test_printable_shipped_flow_ends_as_the_self_check(flow: Flow) -> None:
    agree(flow)


@pytest.mark.prove
@given(st.one_of(spoiled(), wild()))
def test_printable_of_safe_flows_ends_as_the_self_check(flow: Flow) -> None:
    assume(judged_safe(flow))
    agree(flow)


def test_printable_has_few_boxes_and_letters_after_z() -> None:
    assert len(PrintableFlow.from_flow(FLOW).boxes) == 6
    assert [letter_label(place) for place in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_printable_line_for_two_ticks_allows_two_ticks() -> None:
    lines = [line for box in PrintableFlow.from_flow(BRANCHING).boxes for line in box.lines]
    assert {line.groups for line in lines if len(line.groups) > 1} == {
        (("spreading",), ("growing",))
    }


def followed_by(line: str, ticked: set[str]) -> bool:
    """Whether a line fits these ticked letters: one of each group, or one of those above it."""
    rule = re.fullmatch(r"If you ticked (.+): go to \w+", line)
    assert rule, line
    if rule[1] in {"this", "any of these"}:
        return bool(ticked)
    one_of_each = rule[1].replace("any of these: ", "").split(" and also ")
    if rule[1].startswith("all of these: "):
        one_of_each = rule[1].removeprefix("all of these: ").split(", ")
    return all(ticked & named(group) for group in one_of_each)


def named(letters: str) -> set[str]:
    """The letters named in a line, such as "a, c to f"."""
    ends = (part.split(" to ") for part in letters.split(", "))
    return {
        chr(place)
        for first, *rest in ends
        for place in range(ord(first), ord((rest or [first])[0]) + 1)
    }


def by_its_words(page: Element, shown: dict[str, set[str]]) -> str:
    """The title of the outcome at the end for people who follow the words on the page.

    `said`: what is true for them, as the texts of choices by question.
    """
    boxes = {box.get("id"): box for box in page.iter("section") if box.get("id")}
    here = boxes["box-1"]
    while "step" in (here.get("class") or ""):
        question = text_of(here.find("h2")).split(" ", 1)[1]
        listed: list[str] = []
        for part in here:
            if part.tag == "ul":
                listed = [text_of(item) for item in part.iter("li")]
            true = {
                one[0]
                for one in listed
                if any(one[1:].startswith(f" {words}") for words in shown[question])
            }
            if part.get("class") == "go" and followed_by(text_of(part), true):
                to = text_of(part).rsplit(" ", 1)[1]
                here = boxes[f"box-{to}" if to.isdecimal() else f"end-{to}"]
                break
        else:
            raise AssertionError(f"no way on from {question}")
    return text_of(here.find("div/h3"))


def text_of(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def read(client: Client, address: str = PAPER) -> Element:
    page = client.get(address).content.decode()
    return html5lib.HTMLParser(
        tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False
    ).parse(page)


@pytest.fixture
def shipped(db: None) -> None:
    """The shipped content, live."""
    load_shipped()


@pytest.mark.usefixtures("shipped")
def test_printable_page_followed_by_its_words_ends_alike(
    client: Client,
) -> None:
    page = read(client)
    titles = {outcome.key: outcome.title for outcome in SAID.outcomes}
    for path in PATHS:
        shown = {
            FLOW.questions_by_key[key].text: {
                FLOW.questions_by_key[key].choices_by_key[one].text for one in chosen
            }
            for key, chosen in path.steps
        }
        assert by_its_words(page, shown) == titles[path.end]


@pytest.mark.usefixtures("shipped")
def test_printable_page_has_all_texts_and_urgencies(
    client: Client,
) -> None:
    text = text_of(read(client).find("body"))
    for asked in LIST.signs:
        assert asked.text in text and asked.on_darker_skin in text
    for outcome in SAID.outcomes:
        for words in (outcome.title, outcome.when, outcome.do_now, outcome.safety_net):
            for line in markdown.fill_placeholders(markdown.plain_text(words)).splitlines():
                assert line in text, line
    for words in (
        "In an emergency, call your local emergency number now.",
        "It is not a diagnosis.",
        "Edition 1,",
    ):
        assert words in text
    cards = [part for part in read(client).iter("section") if part.get("data-urgency")]
    assert [card.get("data-urgency") for card in cards] == [
        outcome.urgency for outcome in SAID.outcomes
    ]
    for card in cards:
        assert str(Urgency.from_key(card.get("data-urgency") or "").labels.label) in text_of(
            card.find("h2")
        )
        assert [*card.iter("{http://www.w3.org/2000/svg}svg")]


SMALL = "/self-check/skin-check/paper/"


@pytest.fixture
def small(db: None) -> None:
    """A small site with a small self-check."""
    factories.make_small_site()
    factories.publish_documents(factories.self_check())


@pytest.mark.usefixtures("small")
def test_printable_page_is_cached_and_depends_on_no_answers(client: Client) -> None:
    bare = client.get(SMALL)
    client.post(f"{SMALL[:-6]}step/1a/", {"choice": "yes", "editions": "1-1"})
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(SMALL)
    assert answer.content == bare.content
    assert len(queries) <= 6
    assert not answer.cookies and "cookie" not in answer.headers.get("Vary", "").casefold()
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    assert client.get(SMALL, headers={"if-none-match": answer.headers["ETag"]}).status_code == 304
    assert client.post(SMALL).status_code in {403, 405}
    assert f'href="{SMALL}"' in client.get(SMALL[:-6]).content.decode()


@pytest.mark.usefixtures("small")
def test_printable_and_pack_say_when_to_act(client: Client) -> None:
    Clinic.objects.create(pk=1, phone="555 010 3000")
    pack = {"document": "self-check/skin-check", "print-now": "1"}
    for text in (
        text_of(read(client, SMALL).find("body")),
        text_in(client.post("/handouts/", pack).content),
    ):
        for outcome in factories.OUTCOMES:
            assert f"When: {outcome['when']}" in text
        assert "Call us on 555 010 3000. When:" in text


def text_in(pdf: bytes) -> str:
    return " ".join(text_of_pdf(pdf).split())


@pytest.mark.usefixtures("small")
def test_printable_page_follows_edition_and_withdrawal(client: Client) -> None:
    assert "Edition 1," in client.get(SMALL).content.decode()
    factories.publish_documents(factories.self_check(title="Said better"), **factories.WORDING)
    assert "Said better" in client.get(SMALL).content.decode()
    actions.withdraw(factories.self_check(), reason="It asked the wrong things.")
    assert client.get(SMALL).status_code == 410
    assert client.get("/self-check/no-such/paper/").status_code == 404


@pytest.mark.usefixtures("small")
def test_printable_refers_to_a_safety_net_printed_before(client: Client) -> None:
    page = text_of(read(client, SMALL).find("body"))
    assert page.count("If it gets worse, get help.") == 1
    # One of them stands twice: for those who are not sure about an emergency, and for all others.
    assert page.count("Read this under A.") == len(factories.OUTCOMES)


@pytest.mark.usefixtures("small")
def test_printable_rule_for_combined_ticks_is_in_words(client: Client) -> None:
    questions = deepcopy(factories.QUESTIONS)
    questions[1]["choices"][0:0] = [{"key": "sore", "text": "It is sore"}]
    questions[1]["routes"][0:0] = [{"choice": "sore", "at_least": "urgent", "outcome": "call"}]
    factories.publish_documents(factories.self_check(questions=questions))
    words = text_of(read(client, SMALL).find("body"))
    assert "If you ticked all of these: a, b: go to A" in words


def test_printable_doubt_about_emergency_ends_as_on_the_site(shipped: None, client: Client) -> None:
    Clinic(pk=1, phone="555 0100", emergency_number="911").save()
    ends = client.get(PAPER).content.decode().split('<section class="care"')[1:]
    (doubt,) = (
        strip_tags(end) for end in ends if "you were not sure about an emergency sign" in end
    )
    assert (
        "Call 911 if the sign may be there. If you think it is not there, call us on 555 0100."
        in doubt
    )
    assert "Get medical help today." not in doubt
    assert sum("if the sign may be there. If" in end for end in ends) == 1
