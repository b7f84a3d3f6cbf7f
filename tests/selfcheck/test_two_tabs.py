"""Two tabs, a shared computer and going back never show a milder result without a notice."""

from __future__ import annotations

import html
import os
import random
import re
from dataclasses import dataclass, field

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from education.checklists.models import Checklist
from education.selfcheck import answer_cookie
from education.selfcheck.flow import NO, Choice, Flow, Question
from education.selfcheck.flow_builder import AskedFlow
from education.selfcheck.models import SelfCheck
from tests import factories
from tests.factories import publish_documents
from tests.selfcheck.form_helpers import leads_to
from tests.selfcheck.test_views import HERE, RESULT, answer, go, step

pytestmark = pytest.mark.django_db

PAIR = {
    "key": "both",
    "together": ["spreading", "hot"],
    "counts_as": "emergency",
    "text": "The pain is spreading, and you are hot",
    "sources": ["leaflet"],
}
HOT = {"key": "hot", "urgency": "urgent", "text": "You are hot", "sources": ["leaflet"]}
SIGNS = [factories.SIGNS[0], factories.SIGNS[1], HOT, factories.SIGNS[2]]


def questions():
    first, second, *others = (dict(question) for question in factories.QUESTIONS)
    second["choices"] = [
        {"key": "yes", "sign": "spreading"},
        {"key": "hot", "sign": "hot"},
        *second["choices"][1:-1],
        {**second["choices"][-1], "counts_as": "urgent"},
    ]
    second["routes"] = [
        {"at_least": "emergency", "outcome": "call"},
        {"at_least": "urgent", "outcome": "today"},
        {"question": "3c"},
    ]
    return [first, second, *others]


@pytest.fixture(autouse=True)
def site(db):
    """A small site whose self-check asks two signs that are an emergency together."""
    factories.make_small_site()
    publish_documents(
        factories.checklist(signs=SIGNS, combinations=[PAIR]),
        factories.self_check(questions=questions()),
    )


def urgency(page: str) -> str:
    found = re.search(r'id="result" data-urgency="([a-z-]+)"', page)
    return found[1] if found else ""


# S3: signs that are an emergency together


def test_combined_signs_end_as_an_emergency(client):
    response = go(client, ("1a", "none"), ("2b", "yes", "hot"))
    assert leads_to(response) == RESULT
    page = client.get(RESULT).content.decode()
    assert urgency(page) == "emergency" and PAIR["text"] in page
    client = Client()
    go(client, ("1a", "none"), ("2b", "yes"))
    assert urgency(client.get(RESULT).content.decode()) == "urgent"


def test_partial_combination_is_doubt_about_an_emergency(client):
    go(client, ("1a", "none"), ("2b", "hot", "unsure"))
    page = client.get(RESULT).content.decode()
    assert urgency(page) == "urgent" and "if the sign may be there" in page
    page = client.get(step("2b")).content.decode()
    assert re.findall(r'value="([a-z]+)"[^>]* checked', page) == ["hot", "unsure"]
    go(client := Client(), ("1a", "none"), ("2b", "unsure"))
    assert "if the sign may be there" not in client.get(RESULT).content.decode()


def test_doubt_about_an_emergency_reaches_the_result(client):
    go(client, ("1a", "unsure"), ("2b", "hot"))
    assert "if the sign may be there" in client.get(RESULT).content.decode()
    go(client := Client(), ("1a", "unsure"), ("2b", "yes", "hot"))
    assert urgency(client.get(RESULT).content.decode()) == "emergency"


def test_printable_names_combined_signs(client):
    page = re.sub(
        r"\s+",
        " ",
        html.unescape(re.sub(r"<[^>]+>", " ", client.get(f"{HERE}paper/").content.decode())),
    )
    assert "If you ticked all of these: a, b: go to A" in page
    assert "If you ticked d and also any of these: a, b: go to B" in page


# S1: start means start


def test_start_deletes_all_answers(client):
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "none"), ("4d", "white"))
    assert "There are answers here already" in client.get(HERE).content.decode()
    response = client.post(f"{HERE}begin/")
    assert response["Location"] == step("1a")
    assert response.cookies[answer_cookie.COOKIE_NAME].value == ""
    assert " checked" not in client.get(step("1a")).content.decode()
    assert answer(client, "1a", "none")["Location"] == step("2b")
    assert "There are answers here already" not in Client().get(HERE).content.decode()
    assert not Client().post(f"{HERE}begin/").cookies


def test_question_shows_all_other_recorded_answers(client):
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "yes"))
    page = client.get(step("2b")).content.decode().split("Your answers so far")[1]
    assert "A lump grows" in page and page.count(">Change<") == 2


# S2: two tabs never mix


def test_form_made_from_other_answers_records_nothing(client):
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "yes"))
    go(client := Client(), ("1a", "none"), ("2b", "none"))
    page = client.get(step("3c")).content.decode()
    old = re.search(r'name="seen" value="([^"]+)"', page)[1]
    answer(client, "2b", "yes")
    response = answer(client, "3c", "none", seen=old)
    assert response["Location"] == f"{RESULT}?notice=other"
    page = client.get(response["Location"]).content.decode()
    assert "Your last answer was not recorded" in page and urgency(page) == "urgent"


def test_two_tabs_with_other_answers_show_a_notice(client):
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "yes"))
    waiting = re.search(r'name="seen" value="([^"]+)"', client.get(step("3c")).content.decode())[1]
    client = Client()
    factories.self_check(questions=questions())
    go(client, ("1a", "none"), ("2b", "none"))
    at_third = re.search(r'name="seen" value="([^"]+)"', client.get(step("3c")).content.decode())[1]
    assert at_third != waiting
    answer(client, "3c", "yes")
    # The other tab opened the third question before, and says "None of these" now.
    response = answer(client, "3c", "none", seen=at_third)
    assert response["Location"] == f"{step('3c')}?notice=other"
    page = client.get(response["Location"]).content.decode()
    assert "have changed since this page was opened" in page and "A lump grows" in page
    assert re.findall(r'value="([a-z]+)"[^>]* checked', page) == ["none"]


def test_result_of_another_tab_shows_a_notice(client):
    grave = go(client, ("1a", "unsure"), ("2b", "hot"))["Location"]
    assert "have changed since" not in client.get(grave).content.decode()
    # Another tab begins anew, and the first one loads its result again.
    client.post(f"{HERE}begin/")
    mild = go(client, ("1a", "none"), ("2b", "none"), ("3c", "yes"))["Location"]
    for address, is_told in ((grave, True), (RESULT, True), (mild, False)):
        page = client.get(address).content.decode()
        assert urgency(page) == "routine" and ("Check the answers below" in page) == is_told
    page = client.get(HERE).content.decode()
    assert f'href="{mild}"' in page and "go on with them" in page


def test_emergency_is_recorded_from_an_outdated_form(client):
    go(client, ("1a", "none"), ("2b", "none"))
    assert leads_to(answer(client, "1a", "yes", seen="")) == RESULT
    assert urgency(client.get(RESULT).content.decode()) == "emergency"


def test_milder_result_than_before_shows_a_notice(client):
    go(client, ("1a", "none"), ("2b", "yes"))
    assert "Before, the answers given here" not in client.get(RESULT).content.decode()
    go(client, ("2b", "none"), ("3c", "none"), ("4d", "white"))
    page = client.get(RESULT).content.decode()
    assert (
        urgency(page) == "self-care"
        and "Before, the answers given here led to something more urgent" in page
    )


def test_refused_answer_deletes_the_earlier_answer(client):  # S4
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "none"), ("4d", "white"))
    answer(client, "2b", "yes", "none")
    assert client.get(RESULT)["Location"].startswith(step("2b"))


def test_question_shows_true_progress(client):  # S5
    for number, key in enumerate(("1a", "2b", "3c", "4d"), start=1):
        assert f"Question {number} of at most 4" in client.get(step(key)).content.decode()
        answer(client, key, "none" if key != "4d" else "white")
    page = client.get(RESULT).content.decode()
    assert "Finish" in page and "Clear my answers" not in page


@given(st.data())
def test_cookie_holds_sixteen_choices(rf, data):
    choices = tuple(Choice(f"c{n}", "x") for n in range(16))
    asked = tuple(Question(f"{n}x", "?", choices, (), several=True) for n in range(10))
    flow = Flow(asked, (), {}, 4)
    keys = st.frozensets(st.sampled_from([choice.key for choice in choices]), min_size=1)
    given_answers = data.draw(st.dictionaries(st.sampled_from([q.key for q in asked]), keys))
    draft = data.draw(st.dictionaries(st.sampled_from([q.key for q in asked]), keys, max_size=1))
    response = Client().get("/")
    answer_cookie.AnswerSet(given_answers, draft=draft, highest_urgency_code=7).set_cookie(
        response, "check", "1-1", flow, HERE
    )
    request = rf.get("/")
    request.COOKIES[answer_cookie.COOKIE_NAME] = response.cookies[answer_cookie.COOKIE_NAME].value
    read = answer_cookie.AnswerSet.from_request(request, "check", "1-1", flow)
    assert (read.answers, read.draft, read.highest_urgency_code) == (given_answers, draft, 7)


# Interleaved at random

LEVEL = {"emergency": 4, "urgent": 3, "routine": 2, "self-care": 1, "": 0}


@dataclass
class Tab:
    """A tab: the page it shows, and the answers that its user knows of."""

    client: Client
    address: str = HERE
    page: str = ""
    own: dict[str, frozenset[str]] = field(default_factory=dict)
    # Pages that going back shows as they were, without asking the site.
    before: list[tuple[str, str]] = field(default_factory=list)

    def go(self, address: str) -> None:
        """Open an address, as a link or a redirect does."""
        if self.page:
            self.before.append((self.address, self.page))
        self.show(self.client.get(address, follow=True), address)

    def show(self, response, address: str) -> None:
        """What a response shows; answers that it lists are known from then on."""
        chain = response.redirect_chain
        self.address = chain[-1][0] if chain else address
        self.page = html.unescape(response.content.decode())

    @property
    def key(self) -> str:
        """The question that is shown, or ""."""
        return self.path.split("/step/")[1].strip("/") if "/step/" in self.path else ""

    @property
    def path(self) -> str:
        """The address without what follows its question mark."""
        return self.address.partition("?")[0]

    def send(self, chosen: list[str]) -> None:
        """Answer the question that is shown, as its form is, however old."""
        sent = dict(re.findall(r'name="(editions|seen)" value="([^"]*)"', self.page))
        self.before.append((self.address, self.page))
        response = self.client.post(self.path, {**sent, "choice": chosen}, follow=True)
        self.show(response, self.path)


def listed(tab: Tab, asked: AskedFlow) -> dict[str, frozenset[str]]:
    """The answers that a page shows, by question: in its list, and as ticks in its form."""
    found = {}
    for question in asked.flow.questions:
        for text in re.findall(r"<dt>(.*?)</dd>", tab.page, re.DOTALL):
            if text.startswith(question.text):
                found[question.key] = frozenset(
                    c.key for c in question.choices if f"<p>{c.text}</p>" in text
                )
    return found


def least(asked: AskedFlow, own: dict[str, frozenset[str]]) -> int:
    """The urgency that a person's own answers affirm."""
    return max(
        [0, *(asked.flow.questions_by_key[key].urgency_of(chosen) for key, chosen in own.items())]
    )


def a_history(chance: random.Random, asked: AskedFlow) -> int:
    """Use two tabs of one browser in turn, and return the number of results shown."""
    browser, results = Client(), 0
    tabs = [Tab(browser), Tab(browser)]
    for _ in range(chance.randrange(8, 30)):
        tab, other = chance.sample(tabs, 2)
        move = chance.random()
        if (not tab.page and move < 0.4) or move < 0.02:
            tab.own = {}
            tab.before.append((tab.address, tab.page))
            tab.show(browser.post(f"{HERE}begin/", follow=True), HERE)
        elif move < 0.1 and len(tab.before) > 1:
            # Back, from the back/forward cache: an old page, as it was.
            tab.address, tab.page = tab.before.pop()
            continue
        elif move < 0.14:
            tab.go(tab.address)
        elif move < 0.3 or not tab.key:
            tab.go(chance.choice([other.path, *(step(key) for key in asked.flow.questions_by_key)]))
        else:
            an_answer(chance, asked, tab)
        results += judge(tab, asked)
    return results


def an_answer(chance: random.Random, asked: AskedFlow, tab: Tab) -> None:
    """Answer the question that a tab shows, most often "None of these" or the first choice."""
    key, question = tab.key, asked.flow.questions_by_key[tab.key]
    no = [choice.key for choice in question.choices if choice.answer == NO]
    keys = [choice.key for choice in question.choices]
    chosen = (
        (no or keys[:1]) if chance.random() < 0.6 else chance.sample(keys, chance.choice((1, 1, 2)))
    )
    tab.send(chosen)
    meant = question.resolve_not_sure(frozenset(chosen))
    refused = (
        "Please look at this first",
        "have changed since this page was opened",
        "Your answers are not here",
    )
    if question.is_valid_answer(meant) and not any(words in tab.page for words in refused):
        tab.own[key] = meant


def judge(tab: Tab, asked: AskedFlow) -> int:
    """A result is no milder than the user's answers, unless a notice says what has changed."""
    shown = urgency(tab.page)
    aloud = any(
        words in tab.page
        for words in ("have changed since this page was opened", "led to something more urgent")
    )
    if shown and not aloud:
        assert LEVEL[shown] >= least(asked, tab.own), (shown, tab.own)
    # What a page lists was seen: from then on the person knows of it, and says otherwise or lets it
    # stand.
    on_page = listed(tab, asked)
    if aloud or tab.key or shown:
        for key in asked.flow.questions_by_key:
            if key in on_page:
                tab.own[key] = on_page[key]
            elif key != tab.key:
                tab.own.pop(key, None)
        if tab.key and not aloud:
            tab.own.pop(tab.key, None)
    return bool(shown)


@pytest.mark.prove
def test_tabs_in_any_order_never_hide_a_milder_result():
    asked = AskedFlow.from_content(
        SelfCheck.objects.get().content(), Checklist.objects.get().content()
    )
    chance = random.Random(20261128)
    runs = min(10_000, int(os.environ.get("PROVE_EXAMPLES", "60")))
    results = sum(a_history(chance, asked) for _ in range(runs))
    assert results > runs
