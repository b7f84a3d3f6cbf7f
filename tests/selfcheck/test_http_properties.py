"""The self-check over HTTP: every path of the shipped one, forged requests, expired answers."""

from __future__ import annotations

import html
import os
import random
import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.core.signing import TimestampSigner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from education.clinic.models import Clinic
from education.publishing.models import Edition, Review
from education.selfcheck import answer_cookie
from education.urgency import Urgency
from tests import factories
from tests.browser.live_site import load as load_shipped
from tests.factories import publish_documents
from tests.selfcheck.form_helpers import leads_to, seen
from tests.selfcheck.test_shipped_flow import FLOW, PATHS, affirmed

pytestmark = pytest.mark.django_db

HERE = "/self-check/back-skin/"
RESULT = f"{HERE}result/"
FIRST = FLOW.questions[0].key
EDITIONS = "1-1"


@pytest.fixture
def shipped() -> None:
    """The shipped content, live."""
    load_shipped()


def step(key: str, here: str = HERE) -> str:
    return f"{here}step/{key}/"


def answer(client: Client, key: str, *chosen: str, here: str = HERE, editions: str = EDITIONS):
    made_from = seen(client, here, key, editions)
    return client.post(step(key, here), {"choice": chosen, "editions": editions, "seen": made_from})


def go(client: Client, **shown: str):
    """Give one answer to each of these questions, named `q` and their key; the last response."""
    return [answer(client, key[1:], chosen) for key, chosen in shown.items()][-1]


def urgency(page: str) -> Urgency:
    return Urgency.from_key(re.search(r'id="result" data-urgency="([a-z-]+)"', page)[1])


def walked() -> list:
    """Every path; in the quick suite those with one choice, a combination or all signs a page."""
    if "PROVE_EXAMPLES" in os.environ:
        return PATHS
    told = {
        question.key: {
            frozenset(choice.key for choice in question.choices if choice.sign in one.signs)
            for one in question.combinations
        }
        | {frozenset(choice.key for choice in question.choices if choice.sign)}
        for question in FLOW.questions
    }
    return [
        path
        for path in PATHS
        if all(len(chosen) == 1 or chosen in told[key] for key, chosen in path.steps)
    ]


@pytest.mark.prove
@pytest.mark.usefixtures("shipped")
def test_http_path_ends_as_urgent_as_affirmed() -> None:
    jars: dict[tuple, SimpleCookie] = {(): SimpleCookie()}
    for path in walked():
        for length in range(1, len(path.steps) + 1):
            head = path.steps[:length]
            if head in jars:
                continue
            client = Client()
            client.cookies = SimpleCookie(jars[head[:-1]].output(header=""))
            key, chosen = head[-1]
            response = answer(client, key, *sorted(chosen))
            after = step(path.steps[length][0]) if length < len(path.steps) else RESULT
            assert (response.status_code, leads_to(response)) == (302, after)
            jars[head] = SimpleCookie(
                {answer_cookie.COOKIE_NAME: client.cookies[answer_cookie.COOKIE_NAME].value}
            )
        client = Client()
        client.cookies = jars[path.steps]
        page = client.get(RESULT).content.decode()
        assert urgency(page) == FLOW.outcomes_by_key[path.end].urgency >= affirmed(path)
        main = page.split("<main", 1)[1].split("</main>", 1)[0]
        assert ("Pages to read" in main) == (urgency(page) < Urgency.EMERGENCY)
        assert (
            not re.search(r'href="/(conditions|causes|when)', main)
            or urgency(page) < Urgency.EMERGENCY
        )
        assert main.count(">Change<") == len(path.steps)


@pytest.mark.usefixtures("shipped")
def test_result_lists_answers_edition_and_review(client) -> None:
    answer(client, FIRST, "hard", "d")
    answer(client, FIRST, "a", "d")
    page = html.unescape(client.get(RESULT).content.decode())
    for key in "ad":
        assert FLOW.questions[0].choices_by_key[key].text in page
    assert "Edition 1," in page and "Not yet reviewed by a clinician" in page
    assert f'href="{step(FIRST)}"' in page


@pytest.mark.usefixtures("shipped")
def test_start_page_names_the_most_questions(client) -> None:
    assert (
        f"at most {max(len(path.steps) for path in PATHS)} questions"
        in client.get(HERE).content.decode()
    )


def random_request(chance: random.Random, jar: list[str]) -> tuple[str, str, dict]:
    """Anything that a browser, a script or a forger may send: cookie, address and form."""
    cookie = chance.choice(jar)
    match chance.randrange(8):
        case 0:
            cookie = ""
        case 1:
            place = chance.randrange(len(cookie))
            cookie = cookie[:place] + chance.choice("aZ0:!-._é\x00") + cookie[place + 1 :]
        case 2:
            cookie = "".join(chr(chance.randrange(33, 256)) for _ in range(chance.randrange(4000)))
        case 3:
            parts = [
                f"{chance.choice(keys())}-{chance.randrange(10**4)}"
                for _ in range(chance.randrange(6))
            ]
            text = (
                f"{chance.choice(('back-skin', 'other'))}!{chance.choice((EDITIONS, '9-1', ''))}!"
            )
            cookie = TimestampSigner(salt="education.selfcheck.answer_cookie").sign(
                text + ".".join(parts)
            )
        case 4:
            stale = timezone.now() - timedelta(minutes=chance.randrange(31, 9999))
            signer = TimestampSigner(salt="education.selfcheck.answer_cookie")
            cookie = signer.unsign(jar[-1]) if len(jar) > 1 else "x"
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("django.core.signing.time.time", stale.timestamp)
                cookie = signer.sign(cookie)
    address = chance.choice(
        (RESULT, HERE, step(key := chance.choice(keys())), step(key), step(key))
    )
    return cookie, address, random_form(chance, cookie, key) if chance.random() < 0.7 else {}


def onward_request(chance: random.Random, cookie: str, address: str) -> tuple[str, str, dict]:
    """What a browser does after a redirect: answer the question there, or read the result."""
    key = address.removeprefix(f"{HERE}step/").partition("/")[0]
    return cookie, address, random_form(chance, cookie, key) if key in FLOW.questions_by_key else {}


def random_form(chance: random.Random, cookie: str, key: str) -> dict:
    """Any choices, most often one that exists."""
    known = [*FLOW.questions_by_key[key].choices_by_key] if key in FLOW.questions_by_key else ["x"]
    chosen = chance.sample([*known, "no-such", "", "<b>", "é" * 99], chance.randrange(4))
    chosen = [chance.choice(known)] if chance.random() < 0.6 else chosen
    posted = {
        "choice": chosen,
        "editions": chance.choice((EDITIONS, EDITIONS, EDITIONS, "", "7-7")),
    }
    if chance.random() < 0.8:
        brought = Client()
        brought.cookies[answer_cookie.COOKIE_NAME] = cookie
        posted["seen"] = seen(brought, HERE, key, EDITIONS)
    return posted


def keys() -> list[str]:
    return [*FLOW.questions_by_key, "9z", "x"]


@pytest.mark.prove
@pytest.mark.usefixtures("shipped")
def test_forged_cookies_and_forms_get_no_milder_result(client, rf) -> None:
    chance = random.Random(20261124)
    by_steps = {path.steps: path for path in PATHS}
    jar, onward, results = ["x"], "", 0
    runs = int(os.environ.get("PROVE_EXAMPLES", "1000"))
    for _ in range(runs):
        follows = onward and chance.random() < 0.8
        cookie, address, posted = (
            onward_request(chance, jar[-1], onward) if follows else random_request(chance, jar)
        )
        client.cookies = SimpleCookie()
        client.cookies[answer_cookie.COOKIE_NAME] = cookie
        response = client.post(address, posted) if posted else client.get(address)
        assert response.status_code in {200, 302, 405, 422}, (cookie, address, posted)
        assert "no-store" in response["Cache-Control"]
        kept = response.cookies.get(answer_cookie.COOKIE_NAME)
        if kept:
            jar = [*jar[-40:], kept.value]
        if kept and response.status_code == 302:
            onward = response["Location"].partition("?")[0]
        elif follows:
            onward = ""
        if address == RESULT and response.status_code == 200:
            request = rf.get("/")
            request.COOKIES[answer_cookie.COOKIE_NAME] = cookie
            given = answer_cookie.AnswerSet.from_request(
                request, "back-skin", EDITIONS, FLOW
            ).answers
            (path,) = (p for p in by_steps.values() if set(p.steps) <= set(given.items()))
            assert (
                urgency(response.content.decode())
                == FLOW.outcomes_by_key[path.end].urgency
                >= affirmed(path)
            )
            results += 1
    assert results > runs / 25


SMALL = "/self-check/skin-check/"


@pytest.fixture
def small() -> None:
    """A small site with a small self-check."""
    factories.make_small_site()
    publish_documents(factories.self_check())


@pytest.mark.usefixtures("small")
def test_answer_to_unreachable_question_is_not_recorded(client) -> None:
    response = answer(client, "3c", "none", here=SMALL)
    assert response["Location"] == f"{step('1a', SMALL)}?notice=expired" and not response.cookies
    answer(client, "1a", "none", here=SMALL)
    response = answer(client, "4d", "white", here=SMALL)
    assert response["Location"] == f"{step('2b', SMALL)}?notice=incomplete" and not response.cookies


@pytest.mark.usefixtures("small")
def test_expired_answers_show_a_notice_once(client) -> None:
    answer(client, "1a", "none", here=SMALL)
    client.cookies = SimpleCookie()
    page = client.post(step("2b", SMALL), {"choice": "none", "editions": EDITIONS}, follow=True)
    assert page.redirect_chain[-1][0].startswith(step("1a", SMALL))
    assert "only if your browser allows cookies" in page.content.decode()
    for damaged in ("x", answer_cookie._COOKIE.signer.sign("skin-check!9-9!1a-0")):
        client.cookies[answer_cookie.COOKIE_NAME] = damaged
        assert answer(client, "1a", "none", here=SMALL)["Location"] == step("2b", SMALL)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("key", "chosen", "shown"),
    [
        ("1a", (), "If nothing is, tick “None of these”."),
        ("1a", ("yes", "none"), "take the tick off “None of these”"),
        ("1a", ("yes", "none", "unsure"), "take the tick off “None of these”"),
        ("4d", (), "Choose one answer."),
    ],
)
def test_refused_answer_shows_a_focused_message(key, chosen, shown, client) -> None:
    for before in ("1a", "2b", "3c"):
        if key != before and key != "1a":
            answer(client, before, "none", here=SMALL)
    page = client.get(answer(client, key, *chosen, here=SMALL)["Location"]).content.decode()
    assert shown in page
    assert re.search(r'role="alert"[^>]* autofocus', page)
    assert page.count(" checked") == len(chosen)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("note", ["expired", "changed", "incomplete", "cleared"])
def test_redirect_carries_only_known_notices(note, client) -> None:
    assert client.get(f"{step('1a', SMALL)}?notice={note}").status_code == 200
    page = client.get(f"{step('1a', SMALL)}?notice=<b>{note}").content.decode()
    assert "<b>" not in page and 'role="alert"' not in page and 'role="status"' not in page


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("chosen", "number"), [({"q1a": "yes"}, "911"), ({"q1a": "none", "q2b": "yes"}, "555 0100")]
)
def test_urgent_result_has_a_call_button(chosen, number, client) -> None:
    Clinic(pk=1, phone="555 0100", emergency_number="911").save()
    for key, one in chosen.items():
        answer(client, key[1:], one, here=SMALL)
    page = client.get(f"{SMALL}result/").content.decode()
    assert f'href="tel:{number.replace(" ", "")}"' in page


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("chosen", "kept"),
    [(("yes", "unsure"), "yes"), (("none", "unsure"), "unsure"), (("unsure",), "unsure")],
)
def test_not_sure_with_a_sign_is_accepted_at_once(chosen, kept, client) -> None:
    assert answer(client, "1a", *chosen, here=SMALL).status_code == 302
    page = client.get(step("1a", SMALL)).content.decode()
    assert re.findall(r'value="([a-z]+)"[^>]* checked', page) == [kept]


@pytest.mark.usefixtures("small")
def test_doubt_about_an_emergency_says_get_help_now(client) -> None:
    Clinic(pk=1, phone="555 0100", emergency_number="911").save()
    answer(client, "1a", "unsure", here=SMALL)
    answer(client, "2b", "none", here=SMALL)
    page = client.get(f"{SMALL}result/").content.decode()
    assert 'data-urgency="urgent"' in page
    assert "Get help now. Do not wait until later today. Call 911 if the sign may be there." in page
    assert "If you think it is not there, call us on 555 0100." in strip_tags(page)
    assert page.index('href="tel:911"') < page.index('href="tel:5550100"')
    assert "Get medical help today. Do not wait until tomorrow." not in page


@pytest.mark.usefixtures("small")
def test_handout_has_the_full_address_of_the_self_check(client) -> None:
    assert (
        f"{settings.SITE_URL}{SMALL}"
        in client.get("/handouts/spots/?extent=everything").content.decode()
    )


@pytest.mark.usefixtures("small")
def test_reviewed_self_check_takes_few_queries(client, admin_user) -> None:
    today = timezone.localdate()
    for edition in Edition.objects.all():
        due = today + timedelta(days=300)
        Review.objects.create(
            edition=edition, by=admin_user, shown_as="Dr. A", on=today, next_due=due
        )
    for address in (SMALL, step("1a", SMALL)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= 6


@pytest.mark.usefixtures("small")
def test_search_engines_index_only_the_start_page(client) -> None:
    assert "noindex" not in client.get(SMALL).content.decode()
    assert "noindex" in client.get(step("1a", SMALL)).content.decode()
    answer(client, "1a", "yes", here=SMALL)
    assert "noindex" in client.get(f"{SMALL}result/").content.decode()
