"""A reader on the way through a self-check: one question a page, answers in one cookie."""

from __future__ import annotations

import itertools
import logging
import re
from http.cookies import SimpleCookie

import pytest
from django.core.cache import cache
from django.core.signing import TimestampSigner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from education.clinic.models import Clinic
from education.publishing import actions
from education.publishing.models import Edition
from education.selfcheck import answer_cookie
from education.selfcheck.flow import Choice, Flow, Question
from education.urgency import Urgency
from tests import factories
from tests.factories import WORDING, publish_documents
from tests.public_pages.all_urls import FACES
from tests.selfcheck.form_helpers import leads_to, seen

pytestmark = pytest.mark.django_db

HERE = "/self-check/skin-check/"
RESULT = f"{HERE}result/"


@pytest.fixture(autouse=True)
def site(db):
    factories.make_small_site()
    publish_documents(factories.self_check())


def step(key):
    return f"{HERE}step/{key}/"


def editions():
    live = Edition.objects.live().filter(document__kind__in=("self-check", "checklist"))
    numbers = dict(
        live.exclude(document__slug="other-check").values_list("document__kind", "number")
    )
    return f"{numbers['self-check']}-{numbers['checklist']}"


def answer(client, key, *chosen, **sent):
    made = sent.get("editions", editions())
    return client.post(
        step(key),
        {"choice": list(chosen), "editions": made, "seen": seen(client, HERE, key, made), **sent},
    )


def go(client, *path):
    """Answer questions in turn; the last redirect."""
    response = None
    for key, *chosen in path:
        response = answer(client, key, *chosen)
    return response


def test_start_page_leads_to_the_first_question(client):
    page = client.get(HERE).content.decode()
    assert "not a diagnosis" in page and "30 minutes" in page and f'action="{HERE}begin/"' in page
    assert f'href="{HERE}"' in client.get("/self-check/").content.decode()


def test_result_has_breadcrumb_except_in_an_emergency(client):
    trail = f'<li><a href="{HERE}">Check your spots</a></li>'
    go(client, ("1a", "yes"))
    assert trail not in client.get(RESULT).content.decode()
    go(client, ("1a", "none"), ("2b", "yes"))
    assert trail in client.get(RESULT).content.decode()


def test_answer_leads_on_by_post_redirect_get(client):
    response = answer(client, "1a", "none")
    assert response.status_code == 302 and response["Location"] == step("2b")
    assert answer(client, "2b", "none")["Location"] == step("3c")
    assert answer(client, "3c", "none")["Location"] == step("4d")
    assert leads_to(answer(client, "4d", "white")) == RESULT
    page = client.get(RESULT).content.decode()
    assert 'data-urgency="self-care"' in page and "Do the home thing." in page
    assert "If it gets worse, get help." in page and 'href="/conditions/spots/"' in page
    assert page.count(">Change<") == 4


def test_emergency_ends_at_once_with_nothing_to_read(client):
    assert leads_to(answer(client, "1a", "yes")) == RESULT
    page = client.get(RESULT).content.decode().split("<main", 1)[1].split("<footer", 1)[0]
    assert 'id="result" data-urgency="emergency"' in page and "Do the call thing." in page
    assert "/conditions/spots/" not in page
    assert "you have" not in page.casefold().replace("you have answered", "")


PATHS = [
    [("1a", a), ("2b", b), ("3c", c), ("4d", d)]
    for a, b, c in itertools.product(("yes", "none", "unsure"), repeat=3)
    for d in ("white", "other", "unsure")
]
LEVELS = {"1a": Urgency.EMERGENCY, "2b": Urgency.URGENT, "3c": Urgency.ROUTINE}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: "-".join(chosen for _key, chosen in path))
def test_result_is_never_milder_than_an_affirmed_sign(path, client):
    here, affirmed = step("1a"), Urgency.SELF_CARE
    for key, chosen in path:
        if here != step(key):
            continue
        here = leads_to(answer(client, key, chosen))
        if chosen == "yes":
            affirmed = max(affirmed, LEVELS[key])
    assert here == RESULT
    page = client.get(RESULT).content.decode()
    urgency = re.search(r'id="result" data-urgency="([a-z-]+)"', page)[1]
    assert Urgency.from_key(urgency) >= affirmed


@pytest.mark.parametrize(
    "chosen",
    [(), ("none", "yes"), ("none", "yes", "unsure"), ("no-such",), ("yes", "no-such"), ("",)],
)
def test_invalid_answer_is_asked_again_with_a_message(chosen, client):
    response = answer(client, "1a", *chosen)
    assert response["Location"] == f"{step('1a')}?notice=again"
    page = client.get(response["Location"]).content.decode()
    assert "<title>Error:" in page and 'role="alert"' in page
    assert 'href="#choice-1"' in page and 'id="choice-1"' in page
    assert "no-such" not in page
    assert client.get(RESULT)["Location"].startswith(step("1a"))


def test_single_choice_question_takes_only_one(client):
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "none"))
    assert answer(client, "4d", "white", "other")["Location"] == f"{step('4d')}?notice=again"


def test_changing_an_answer_after_back_keeps_the_rest(client):
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "none"), ("4d", "white"))
    page = client.get(step("2b")).content.decode()
    assert re.search(r'value="none"[^>]*checked', page)
    assert leads_to(answer(client, "2b", "yes")) == RESULT
    assert 'id="result" data-urgency="urgent"' in client.get(RESULT).content.decode()
    assert leads_to(answer(client, "2b", "none")) == RESULT
    assert 'id="result" data-urgency="self-care"' in client.get(RESULT).content.decode()


@pytest.mark.parametrize("key", ["2b", "4d", "9z", "nothing"])
def test_unreachable_question_redirects_to_the_open_one(key, client):
    assert client.get(step(key))["Location"].startswith(step("1a"))
    answer(client, "1a", "none")
    assert client.get(step("4d"))["Location"].startswith(step("2b"))
    assert "still needs an answer" in client.get(step("4d"), follow=True).content.decode()


def test_without_cookies_there_is_a_notice_and_no_result():
    for key in ("1a", "2b"):
        client = Client()
        answer(client, key, "none")
        client.cookies = SimpleCookie()
        page = client.get(step("2b"), follow=True)
        assert page.redirect_chain[-1][0].startswith(step("1a"))
        assert "only if your browser allows cookies" in page.content.decode()
        assert Client().get(RESULT)["Location"].startswith(step("1a"))


def test_answers_expire_after_thirty_minutes(client, monkeypatch):
    go(client, ("1a", "none"), ("2b", "none"))
    real = TimestampSigner.unsign

    def later(self, value, max_age=None):
        return real(self, value, max_age=max_age - 30 * 60 - 1 if max_age else None)

    assert client.cookies[answer_cookie.COOKIE_NAME]["max-age"] == 1800
    monkeypatch.setattr(TimestampSigner, "unsign", later)
    page = client.get(step("3c"), follow=True)
    assert page.redirect_chain[-1][0].startswith(step("1a"))
    assert "Your answers are not here." in page.content.decode()


def tampered(cookie):
    for place in range(0, len(cookie), 3):
        yield cookie[:place] + ("A" if cookie[place] != "A" else "B") + cookie[place + 1 :]
    yield from (
        "",
        "x",
        "a:b:c",
        cookie[:-1],
        cookie * 2,
        "é",
        "\x00",
        "!" * 5000,
        cookie.split(":")[0],
    )


def test_tampered_cookie_has_no_answers(client):
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "none"), ("4d", "white"))
    cookie = client.cookies[answer_cookie.COOKIE_NAME].value
    for forged in tampered(cookie):
        if forged == cookie:
            continue
        client.cookies[answer_cookie.COOKIE_NAME] = forged
        response = client.get(RESULT)
        assert response.status_code == 302 and response["Location"].startswith(step("1a")), forged


def test_cookie_of_another_self_check_or_edition_is_ignored(client):
    publish_documents(factories.self_check("other-check"))
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "none"), ("4d", "white"))
    client.cookies[answer_cookie.COOKIE_NAME]["path"] = "/"
    assert client.get("/self-check/other-check/result/")["Location"].startswith(
        "/self-check/other-check/step/1a/"
    )
    publish_documents(factories.self_check(title="Said better"), **WORDING)
    page = client.get(RESULT, follow=True).content.decode()
    assert "The questions have changed since you began." in page


def test_form_from_before_a_change_records_nothing(client):
    opened = editions()
    publish_documents(factories.checklist(title="Signs, said better"), **WORDING)
    for stale in (opened, "", "9-9"):
        response = answer(client, "1a", "none", editions=stale)
        assert response["Location"] == f"{step('1a')}?notice=changed"
        assert not response.cookies
    assert "The questions have changed" in client.get(response["Location"]).content.decode()
    assert answer(client, "1a", "none")["Location"] == step("2b")


def test_second_tab_never_hides_an_emergency_in_the_first(client):
    go(client, ("1a", "none"), ("2b", "none"))
    assert leads_to(answer(client, "1a", "yes")) == RESULT
    for key, chosen in (("2b", "none"), ("3c", "none"), ("4d", "white")):
        assert leads_to(answer(client, key, chosen)) == RESULT
    assert 'id="result" data-urgency="emergency"' in client.get(RESULT).content.decode()


@pytest.mark.parametrize(
    ("page", "to"), [("clear", f"{HERE}?notice=cleared"), ("finish", "/?notice=cleared")]
)
def test_clear_and_finish_delete_the_answers(page, to, client):
    go(client, ("1a", "none"), ("2b", "yes"))
    response = client.post(f"{HERE}{page}/")
    assert response["Location"] == to
    gone = response.cookies[answer_cookie.COOKIE_NAME]
    assert gone.value == "" and gone["path"] == HERE and gone["max-age"] == 0
    assert "Your answers are cleared." in client.get(to).content.decode()
    assert client.get(RESULT)["Location"].startswith(step("1a"))
    assert client.get(f"{HERE}{page}/").status_code == 405


@pytest.mark.parametrize(
    "query", ["", "?notice=expired", "?notice=%3Cb%3E", "?notice=cleared&notice="]
)
def test_home_page_ignores_made_up_notices(query, client):
    page = client.get(f"/{query}").content.decode()
    assert 'role="status"' not in page and 'role="alert"' not in page and "<b>" not in page


def test_cookie_is_private_to_the_self_check(client, settings):
    cookie = answer(client, "1a", "none").cookies[answer_cookie.COOKIE_NAME]
    assert cookie["path"] == HERE and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    settings.SITE_IS_HTTPS = True
    assert answer(client, "1a", "none").cookies[answer_cookie.COOKIE_NAME]["secure"]


def test_cookie_of_fifty_questions_fits_two_kilobytes(rf):
    choices = tuple(Choice(f"c{n}", "x") for n in range(16))
    questions = tuple(
        Question(f"{n % 10}x{n:02}", "q", choices, (), several=True) for n in range(50)
    )
    flow = Flow(questions, (), {}, 4)
    given = answer_cookie.AnswerSet({q.key: frozenset(c.key for c in choices) for q in questions})
    response = Client().get("/")
    given.set_cookie(response, "a-rather-long-name-of-a-self-check", "999-999", flow, HERE)
    cookie = response.cookies[answer_cookie.COOKIE_NAME]
    assert len(cookie.OutputString()) < 2048
    request = rf.get("/")
    request.COOKIES[answer_cookie.COOKIE_NAME] = cookie.value
    assert (
        answer_cookie.AnswerSet.from_request(
            request, "a-rather-long-name-of-a-self-check", "999-999", flow
        ).answers
        == given.answers
    )


PAGES = [HERE, "/self-check/", step("1a"), step("2b"), RESULT]
PAPER = f"{HERE}paper/"


@pytest.mark.parametrize("address", PAGES)
def test_session_pages_are_uncached_and_write_nothing(address, client):
    go(client, ("1a", "none"), ("2b", "yes"))
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert "no-store" in response["Cache-Control"]
    assert len(queries) <= 6
    assert not [q for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]


def test_answer_is_only_in_the_cookie(client, caplog):
    questions = [{**question} for question in factories.QUESTIONS]
    questions[3] = {
        **questions[3],
        "choices": [{"key": "canary-4471", "text": "White stuff"}, *questions[3]["choices"][1:]],
        "routes": questions[3]["routes"][1:],
    }
    publish_documents(factories.self_check(questions=questions))
    seen = []
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        for key, chosen in (("1a", "none"), ("2b", "none"), ("3c", "none"), ("4d", "canary-4471")):
            response = answer(client, key, chosen)
            headers = {k: v for k, v in response.headers.items() if k != "Set-Cookie"}
            seen += [
                str(headers),
                *(
                    str(m.value)
                    for n, m in response.cookies.items()
                    if n != answer_cookie.COOKIE_NAME
                ),
            ]
        seen.append(str(client.get(RESULT).headers))
    seen += [
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    ]
    seen += [
        q["sql"] for q in queries if q["sql"].split()[0] not in {"SELECT", "SAVEPOINT", "RELEASE"}
    ]
    assert "canary" not in "\n".join(seen)
    assert "canary" not in str(getattr(cache, "_cache", ""))


@pytest.mark.parametrize("page", ["step/1a/", "clear/", "finish/"])
@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]
)
def test_form_on_another_site_is_refused(page, headers, client):
    assert client.post(f"{HERE}{page}", {"choice": "none"}, headers=headers).status_code == 403


def test_self_check_switched_off_is_gone_everywhere(client):
    before = [address for address in FACES if b"/self-check/" in client.get(address).content]
    assert {"/", "/conditions/spots/", "/when-to-see-a-doctor/skin/"} <= set(before)
    Clinic(pk=1, self_checks_enabled=False).save()
    for address in FACES:
        assert b"self-check" not in client.get(address).content.split(b"</style>")[1].lower(), (
            address
        )
    for address in (*PAGES, PAPER):
        assert client.get(address).status_code == 404
    for page in ("step/1a/", "clear/", "finish/"):
        assert client.post(f"{HERE}{page}").status_code == 404


def test_withdrawn_self_check_shows_its_reason(client):
    actions.withdraw(factories.self_check(), reason="It asked the wrong things.")
    response = client.get(step("1a"))
    assert response.status_code == 410 and b"It asked the wrong things." in response.content


def test_checklist_and_self_check_share_one_sign_record(client):
    signs = [{**sign, "text": f"{sign['text']} zebra"} for sign in factories.SIGNS]
    publish_documents(factories.checklist(signs=signs), **WORDING)
    assert b"breathe zebra" in client.get(step("1a")).content
