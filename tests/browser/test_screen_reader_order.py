"""What a screen reader says at each step of each journey, as Chromium reports it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from education.clinic.models import Clinic
from education.handouts.throttling import print_counters
from education.publishing.models import Document
from tests.browser import live_site
from tests.browser.wait_helpers import submit_ticks, wait_until
from tests.handouts.handout_helpers import code_url, print_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHITE = "white-discharge-from-back-spots"
TITLE = "White discharge from spots on your back"
EMERGENCY = "In an emergency, call 911 now"
SEBUM = "Too much skin oil (excess sebum)"
CYST = "A sac under the skin (sebaceous cyst)"
NONE, UNSURE = "None of these", "I'm not sure"
CONTROLS = {"link", "button", "checkbox", "radio", "textbox", "searchbox", "combobox", "image"}
FIELDS = {"checkbox", "radio", "textbox", "searchbox"}
LANDMARKS = {"banner", "main", "contentinfo"}
SAYS_NOTHING = {"here", "click here", "more", "read more", "link", "this", "this page", "page"}
# Words of the page that stand above the words before them.
ABOVE = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  // The bar of a checklist stays in reach while the page moves under it.
  const seen = e => !e.closest('.visually-hidden, .skip, .bar, option, script, textarea') && e.checkVisibility();
  let before = null;
  while (walker.nextNode()) {
    const node = walker.currentNode, range = document.createRange();
    if (!node.data.trim() || !seen(node.parentElement)) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (before && box.bottom <= before.top + 1) found.push(node.data.trim().slice(0, 60));
    before = box;
  }
  return found;
}"""


@dataclass(frozen=True)
class Said:
    """One thing of the page, as it is told."""

    role: str
    name: str
    description: str
    level: int
    leads_to: str
    is_focused: bool
    is_invalid: bool


def said_by(page: Page) -> list[Said]:
    """All of the page, in the order in which it is told."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()
    root = next(node for node in nodes.values() if "parentId" not in node)
    return list(_from(root, nodes))


def _from(node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> Iterator[Said]:
    if not node["ignored"]:
        facts = {fact["name"]: fact["value"].get("value") for fact in node.get("properties", ())}
        words = (str(node.get(key, {}).get("value", "")) for key in ("name", "description"))
        name, description = (" ".join(text.split()) for text in words)
        yield Said(
            role=node["role"]["value"],
            name=name,
            description=description,
            level=int(facts.get("level", 0)),
            leads_to=str(facts.get("url", "")),
            is_focused=bool(facts.get("focused")),
            is_invalid=facts.get("invalid") not in (None, "false"),
        )
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from _from(nodes[child], nodes)


def violations_of(page: Page, spoken: list[Said]) -> Iterator[str]:
    """What must hold on every page, however it was come to."""
    yield from _wrong_with_outline(spoken)
    yield from _wrong_with_names(spoken)
    yield from _wrong_with_links([one for one in spoken if one.role == "link"])
    yield from (f"heard after what it stands above: {words}" for words in page.evaluate(ABOVE))


def _wrong_with_outline(spoken: list[Said]) -> Iterator[str]:
    levels = [one.level for one in spoken if one.role == "heading"]
    if levels.count(1) != 1 or any(after > before + 1 for before, after in pairwise(levels)):
        yield f"headings {levels}"
    for role in LANDMARKS:
        if (number := sum(one.role == role for one in spoken)) > 1 or (
            role == "main" and not number
        ):
            yield f"{number} of {role}"
    for role in ("navigation", "region", "search"):
        names = [one.name for one in spoken if one.role == role]
        if len(set(names)) != len(names) or (role != "search" and "" in names):
            yield f"{role}: {names}"


def _wrong_with_names(spoken: list[Said]) -> Iterator[str]:
    for one in spoken:
        if one.role in CONTROLS and not one.name:
            yield f"{one.role} without a name"
        if one.is_invalid and not one.description:
            yield f"{one.name!r} does not say what is wrong with it"


def _wrong_with_links(links: list[Said]) -> Iterator[str]:
    places: dict[str, set[str]] = {}
    for link in links:
        # A marked word leads to its meaning, whatever else on the page is called so.
        if "/glossary/#" not in link.leads_to:
            places.setdefault(link.name, set()).add(link.leads_to)
    for name, targets in places.items():
        if len(targets) > 1 or name.casefold() in SAYS_NOTHING:
            yield f"link {name!r} leads to {sorted(targets)}"


@dataclass(frozen=True)
class Step:
    """What somebody does, what is said then in this order, and what has the focus."""

    do: Callable[[Page], object]
    order: tuple[str, ...]
    focus: str = ""
    is_error: bool = False


def at(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


def follow(name: str) -> Callable[[Page], object]:
    return lambda page: page.get_by_role("link", name=name, exact=True).first.click()


def press(name: str) -> Callable[[Page], object]:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def write(label: str, text: str, button: str) -> Callable[[Page], object]:
    def do(page: Page) -> None:
        page.get_by_label(label).fill(text)
        press(button)(page)

    return do


def tick(urgency: str) -> Callable[[Page], object]:
    """The first sign of this level of the checklist, and the button; no sign when there is no
    level.
    """

    def do(page: Page) -> None:
        page.goto(f"/when-to-see-a-doctor/back-skin/?{urgency or 'none'}")
        if urgency:
            page.locator(f'[data-urgency="{urgency}"] input').first.check()
        submit_ticks(page)
        page.locator("#result").wait_for()

    return do


def answer(*labels: str) -> Callable[[Page], object]:
    """A self-check from its start, with these answers."""

    def do(page: Page) -> None:
        page.goto("/self-check/back-skin/")
        press("Start the questions")(page)
        for label in labels:
            page.get_by_label(label).first.check()
            press("Go on")(page)

    return do


CARDS = (
    "Emergency",
    "Call for emergency help now if",
    "Urgent",
    "Get medical help today if",
    "See a doctor soon",
)
QUESTION = (
    EMERGENCY,
    "Question 1 of at most 4",
    "Are any of these emergency signs true for you now?",
    "Why we ask:",
    "You are confused",
)
ANSWERS = ("Your answers", "This is not a diagnosis", "Finish")
JOURNEYS: dict[str, tuple[Step, ...]] = {
    "find a condition, read it, and its cause": (
        Step(
            at("/"),
            (
                "Worried about",
                "Search this site",
                "Do you need help soon?",
                EMERGENCY,
                "What is it about?",
            ),
        ),
        Step(
            write("Search this site", "white stuff", "Search"),
            ("Search this site", EMERGENCY, "We found", "Conditions", TITLE),
        ),
        Step(
            follow(TITLE),
            (
                *(TITLE, "You are not alone", "Do not squeeze it.", "Not yet reviewed"),
                *("A back with a few spots.", "What may be the cause", "When to get help"),
                *(*CARDS[:2], "Other signs:", "What to do", "Do Get help", "Do not Do not squeeze"),
                *("Other signs", *CARDS[2:], "Tick the signs you have"),
                *(
                    "What may be the cause",
                    SEBUM,
                    "shiny skin",
                    "Looks",
                    CYST,
                    "round, smooth lump",
                ),
                *("Read more about it", "About this page", "Was this page useful?"),
                *("Related pages", EMERGENCY),
            ),
        ),
        Step(
            follow(CYST),
            (
                *(CYST, "These lumps are common", "round, smooth lump", "It can look like this."),
                *("How it looks or feels", "When to get help", *CARDS),
                *("What it is", "Healthy skin, cut through.", "A closed sac full of soft paste"),
                *(TITLE, "What happens", "warm but not hot", f"Read all of: {TITLE}"),
                *("What a doctor or pharmacist may suggest", "Read this before", "Tell them first"),
                "About this page",
            ),
        ),
    ),
    "look for something in vain": (
        Step(
            at("/search/?q=zzzz"),
            ("Search this site", EMERGENCY, "We found nothing for", "Check the spelling"),
        ),
        Step(
            at("/no-such-page/"),
            ("We cannot find this page", "Search this site", "All conditions, A to Z"),
        ),
    ),
    "look through the lists": (
        Step(
            at("/conditions/"),
            (
                "Conditions A to Z",
                "A A lump on your back",
                "cheesy discharge",
                "see “White discharge",
            ),
        ),
        Step(at("/causes/"), ("Causes A to Z", "A A greasy, flaky rash", "acne", "see “Pimples")),
        Step(
            at("/browse/"),
            ("Find a page", "By place on the body", "Back", "By how it looks or feels"),
        ),
        Step(follow("Back"), ("Pages about: Back", "Small fatty bumps on your back", TITLE)),
        Step(at("/glossary/"), ("Glossary", "A abscess", "acne")),
        Step(at(f"/conditions/{WHITE}/history/"), ("What has changed", "First published")),
    ),
    "tick the signs": (
        Step(
            at("/when-to-see-a-doctor/back-skin/"),
            (
                *("When to see a doctor about", *CARDS[:2], "You are confused", *CARDS[2:]),
                "Show me what to do",
            ),
        ),
        *(
            Step(
                tick(urgency),
                ("What to do", *result, "If something changes", "Check your ticks", "Emergency"),
                focus="region: What to do",
            )
            for urgency, result in {
                "emergency": (
                    "Emergency",
                    "Call 911 now. Do not wait.",
                    "You ticked: It is hard to breathe",
                ),
                "urgent": ("Urgent", "Get medical help today.", "You ticked:"),
                "routine": ("See a doctor soon", "Book an appointment", "You ticked:"),
                "": ("You did not tick any sign",),
            }.items()
        ),
    ),
    "answer the questions": (
        Step(
            at("/self-check/back-skin/"),
            ("Check a spot", EMERGENCY, "It is not a diagnosis", "Start the questions"),
        ),
        Step(answer(), (*QUESTION, "or None of these", UNSURE, "Go on", "Clear my answers")),
        Step(
            press("Go on"),
            (
                EMERGENCY,
                "Please look at this first",
                "Tick what is true for you.",
                *QUESTION[1:3],
                "Tick what is true",
            ),
            focus="alert: Please look at this first",
            is_error=True,
        ),
        Step(
            answer("It is hard to breathe"),
            ("Call for emergency help now", "Emergency", "Call 911 now", *ANSWERS),
        ),
        Step(
            answer(UNSURE, NONE),
            ("because you were not sure", "Urgent", "Get help now.", "Call 911", *ANSWERS),
        ),
        Step(
            answer(NONE, UNSURE),
            ("Urgent", "Get medical help today.", "If something changes", *ANSWERS),
        ),
        Step(
            answer(NONE, NONE, UNSURE, UNSURE),
            ("See a doctor soon", "Book an appointment", "If something", *ANSWERS),
        ),
        Step(
            answer(NONE, NONE, NONE, "White stuff comes out"),
            ("Care at home", "You can start with care at home.", "Pages to read", TITLE, *ANSWERS),
        ),
        Step(press("Finish"), ("Your answers are cleared.", "Worried about"), focus="status: "),
        Step(
            answer(NONE),
            (
                "Question 2 of at most 4",
                "Are any of these urgent signs",
                "Your answers so far",
                NONE,
                "Change",
            ),
        ),
        Step(
            press("Clear my answers"),
            ("Your answers are cleared.", "Start the questions"),
            focus="status: ",
        ),
        Step(
            at("/self-check/back-skin/result/"),
            ("Your answers are not here.", *QUESTION[1:]),
            focus="alert: ",
        ),
        Step(
            at("/self-check/back-skin/paper/"),
            ("Check a spot", EMERGENCY, "Begin at box 1.", "1 Are any of these"),
        ),
    ),
    "print a handout, and several": (
        Step(
            at(f"/handouts/{WHITE}/?extent=everything"),
            (
                *(
                    "Back to the page",
                    "Size of print",
                    "Paper",
                    "Show it like this",
                    TITLE,
                    "In short",
                ),
                *(
                    "Emergency",
                    "Urgent",
                    "What may be the cause",
                    f"1. {SEBUM}",
                    "Is this paper still right?",
                ),
            ),
        ),
        Step(
            at("/handouts/"),
            ("Print handouts", "Find a page to print", "What to print", TITLE, "A note for this"),
        ),
        Step(
            press("Print"),
            ("Print handouts", "Please look at this first", "Nothing was chosen.", "What to print"),
            focus="alert: Please look at this first",
        ),
        Step(
            at(f"/handouts/?document=article/{WHITE}&document=checklist/back-skin&print=large"),
            (
                "What to print",
                TITLE,
                "Place of White",
                "Print",
                "More choices",
                "Large print",
                "A note for this patient",
            ),
            focus="button: Print",
        ),
    ),
    "check a paper": (
        Step(at("/h/"), ("Is my paper still right?", "The code on your paper", EMERGENCY)),
        Step(
            write("The code on your paper", "12", "Check"),
            (
                "We do not know this code",
                "This does not look like one of our codes.",
                "The code on your paper",
            ),
            focus="alert: ",
        ),
        Step(
            write("The code on your paper", "", "Check"),
            (
                "Is my paper still right?",
                "Please look at this first",
                "Nothing was typed.",
                "The code on your paper",
            ),
            focus="alert: Please look at this first",
            is_error=True,
        ),
        Step(
            lambda page: page.goto(
                code_url(print_code(Document.objects.get(kind="article", slug=WHITE)))
            ),
            (
                "This paper is up to date",
                EMERGENCY,
                TITLE,
                "On your paper: edition 1",
                "Up to date.",
            ),
        ),
    ),
    "say whether a page was useful": (
        Step(
            at(f"/feedback/{WHITE}/"),
            (TITLE, "Was this page useful?", "Yes", "No", "Back to the page"),
        ),
        Step(
            press("No"),
            ("Thank you", "What could we write better?", "Nobody answers", EMERGENCY),
            focus="status: ",
        ),
        Step(
            write("What could we write better?", "Write to me@mail.example", "Send these words"),
            (
                "Please look at this first",
                "Thank you",
                "What could we write better?",
                "Send these words",
            ),
            focus="alert: Please look at this first",
            is_error=True,
        ),
    ),
}


@pytest.fixture
def page(browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A phone, at which one thing stands below another."""
    monkeypatch.setattr("education.feedback.form_tokens.MIN_AGE", timedelta(days=-1))
    print_counters.clear()
    live_site.load()
    Clinic.objects.create(pk=1, name="Hill Clinic", phone="555-010-3000", emergency_number="911")
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=live_server.url)
    yield context.new_page()
    context.close()


def in_order(spoken: list[Said], *phrases: str) -> str:
    """The first of these that is not said after those before it; nothing when all are."""
    words = (one.name for one in spoken if one.role in {"StaticText", "image", *FIELDS})
    text, place = re.sub(r"\s+", " ", " ".join(words)).casefold(), 0
    for phrase in phrases:
        place = text.find(phrase.casefold(), place)
        if place < 0:
            return phrase
        place += len(phrase)
    return ""


@pytest.mark.parametrize("journey", JOURNEYS)
def test_text_is_read_in_an_order_that_makes_sense(journey: str, page: Page) -> None:
    found = []
    for step in JOURNEYS[journey]:
        step.do(page)
        page.wait_for_load_state()
        if step.focus:
            # Browsers give the focus only once they have drawn the page.
            wait_until(page, "document.activeElement !== document.body")
        spoken = said_by(page)
        found += [f"{page.url}: {what}" for what in violations_of(page, spoken)]
        if missed := in_order(spoken, *step.order):
            found.append(f"{page.url}: not heard in its place: {missed!r}")
        focused = [f"{one.role}: {one.name}" for one in spoken if one.is_focused]
        if step.focus and step.focus not in focused:
            found.append(f"{page.url}: the focus is on {focused}, not on {step.focus!r}")
        if step.is_error and not page.title().startswith("Error:"):
            found.append(f"{page.url}: is called {page.title()!r}")
    assert found == [], "\n".join(found)
