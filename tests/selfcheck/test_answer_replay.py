"""A self-check republished during a session asks again only what has changed."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education.selfcheck import answer_cookie
from tests import factories
from tests.factories import ADVICE, WORDING, publish_documents
from tests.selfcheck.form_helpers import leads_to
from tests.selfcheck.test_views import HERE, RESULT, answer, editions, go, step

pytestmark = pytest.mark.django_db

CHANGED = "Some must be answered again"
KEPT = "You do not have to answer anything again."
UNRECORDED = "Your last answer was not recorded."
HOME = (("1a", "none"), ("2b", "none"), ("3c", "none"), ("4d", "white"))


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    factories.make_small_site()
    publish_documents(factories.self_check())


def republished(
    change: Callable[[list[dict[str, Any]]], object] = lambda questions: None, **extra: Any
):
    """A new edition of the self-check, with its questions changed."""
    questions = deepcopy(factories.QUESTIONS)
    change(questions)
    publish_documents(
        factories.self_check(questions=questions, introduction="Newly said.", **extra), **ADVICE
    )


def signs(**changes: str):
    """A new edition of the checklist, in which the sign of the third question is changed."""
    changed = [
        {**sign, **changes} if sign["key"] == "growing" else sign for sign in factories.SIGNS
    ]
    publish_documents(factories.checklist(signs=changed), **WORDING)


def kept_under(client) -> str:
    return answer_cookie._COOKIE.signer.unsign(
        client.cookies[answer_cookie.COOKIE_NAME].value
    ).split("!")[1]


def third(**changes: Any):
    return lambda: republished(lambda questions: questions[2].update(changes))


def third_choice(place: int, **changes: Any):
    return lambda: republished(lambda questions: questions[2]["choices"][place].update(changes))


DIFFERENCES = {
    "text": third(text="Is this true now?"),
    "why": third(why="For another reason."),
    "one": third(several=False),
    "order": lambda: republished(lambda questions: questions[2]["choices"].reverse()),
    "added": lambda: republished(
        lambda questions: questions[2]["choices"].insert(0, {"key": "new", "text": "A new one"})
    ),
    "choice key": third_choice(1, key="nothing"),
    "choice text": third_choice(1, text="Nothing of this"),
    "choice counts": third_choice(1, counts_as="self-care"),
    "sign text": lambda: signs(text="A lump grows fast"),
    "sign skin": lambda: signs(on_darker_skin="It may look darker."),
}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_replay_asks_only_changed_questions_again(difference, client):
    go(client, *HOME)
    DIFFERENCES[difference]()
    response = client.get(RESULT)
    assert response["Location"] == f"{step('3c')}?notice=changed"
    page = client.get(step("3c")).content.decode()
    assert CHANGED in page and 'role="alert"' in page and " checked" not in page
    assert " checked" in client.get(step("2b")).content.decode()
    assert kept_under(client) == "1-1"
    chosen = "nothing" if difference == "choice key" else "none"
    assert leads_to(answer(client, "3c", chosen)) == RESULT
    assert kept_under(client) == editions() != "1-1"
    page = client.get(RESULT).content.decode()
    assert (
        'id="result" data-urgency="self-care"' in page and CHANGED not in page and KEPT not in page
    )


def test_replay_of_unchanged_questions_keeps_all_answers(client):
    go(client, *HOME)
    republished(title="Check your skin")
    republished(title="Check your skin and spots")
    page = client.get(RESULT).content.decode()
    assert 'id="result" data-urgency="self-care"' in page and KEPT in page and "Edition 3," in page
    assert KEPT in client.get(step("2b")).content.decode()
    answer(client, "2b", "none")
    assert kept_under(client) == "3-1"
    assert KEPT not in client.get(RESULT).content.decode()


def test_replay_uses_the_routes_of_the_live_edition(client):
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "none"), ("4d", "other"))
    assert 'data-urgency="self-care"' in client.get(RESULT).content.decode()
    republished(
        lambda questions: (
            questions[3]["routes"].pop() and questions[3]["routes"].append({"outcome": "book"})
        )
    )
    page = client.get(RESULT).content.decode()
    assert 'id="result" data-urgency="routine"' in page and KEPT in page


def insert_a_question(questions: list[dict[str, Any]]) -> None:
    choices = [
        {"key": "white", "text": "White"},
        {"key": "unsure", "text": "I'm not sure", "answer": "not-sure"},
    ]
    new = {**questions[3], "key": "5e", "choices": choices, "routes": [{"question": "4d"}]}
    questions[2]["routes"][-1] = {"question": "5e"}
    questions.insert(3, new)


def test_replay_asks_only_a_new_question(client):
    go(client, *HOME)
    republished(insert_a_question)
    response = client.get(RESULT, follow=True)
    assert response.redirect_chain[-1][0].startswith(step("5e"))
    assert KEPT in response.content.decode()
    assert leads_to(answer(client, "5e", "white")) == RESULT


def test_replay_keeps_an_emergency_when_others_change(client):
    go(client, ("1a", "yes"))
    third(text="Is this true now?")()
    assert 'id="result" data-urgency="emergency"' in client.get(RESULT).content.decode()


@pytest.mark.parametrize(
    "numbers",
    ["9-9", "1-9", "9-1", "0-1", "1", "1-1-1", "-1-1", "x-y", "9" * 40 + "-1", "", " 1-1"],
)
def test_replay_of_unknown_editions_has_no_answers(numbers, client):
    client.cookies[answer_cookie.COOKIE_NAME] = answer_cookie._COOKIE.signer.sign(
        f"skin-check!{numbers}!1a-1.2b-1.3c-1.4d-0"
    )
    response = client.get(RESULT)
    assert response["Location"] == f"{step('1a')}?notice=changed"
    assert " checked" not in client.get(step("1a")).content.decode()


def test_replay_ignores_answers_to_another_checklist(client):
    go(client, *HOME)
    publish_documents(factories.checklist("other"))
    republished(checklist="other")
    assert editions_of_other(client) == "2-1"
    response = client.get(RESULT)
    assert response["Location"] == f"{step('1a')}?notice=changed"


def editions_of_other(client) -> str:
    """The editions that the form of the first question carries."""
    return client.get(step("1a")).content.decode().split('name="editions" value="')[1].split('"')[0]


def test_form_of_an_older_edition_records_nothing(client):
    go(client, *HOME)
    republished()
    before = client.cookies[answer_cookie.COOKIE_NAME].value
    response = answer(client, "1a", "yes", editions="1-1")
    assert response["Location"] == f"{step('1a')}?notice=changed" and not response.cookies
    assert CHANGED in client.get(response["Location"]).content.decode()
    assert client.cookies[answer_cookie.COOKIE_NAME].value == before
    assert leads_to(answer(client, "1a", "yes")) == RESULT
    assert 'id="result" data-urgency="emergency"' in client.get(RESULT).content.decode()


def test_answer_to_a_removed_question_shows_a_notice(client):
    go(client, *HOME)
    republished(rename_the_last)
    response = answer(client, "4d", "other", editions="1-1")
    assert response["Location"] == f"{step('8h')}?notice=changed"
    answer(client, "8h", "white")
    response = answer(client, "4d", "other", editions="1-1")
    assert response["Location"] == f"{RESULT}?notice=changed"
    page = client.get(response["Location"]).content.decode()
    assert UNRECORDED in page and 'role="alert"' in page


def rename_the_last(questions: list[dict[str, Any]]) -> None:
    questions[3]["key"] = "8h"
    questions[2]["routes"][-1] = {"question": "8h"}


@pytest.mark.parametrize("address", [step("1a"), step("2b"), RESULT, HERE])
def test_replay_takes_few_queries_and_writes_nothing(address, client):
    go(client, *HOME)
    with CaptureQueriesContext(connection) as before:
        assert client.get(address).status_code == 200
    republished()
    with CaptureQueriesContext(connection) as after:
        assert client.get(address).status_code == 200
    # New editions are read once, and then held.
    assert len(before) <= len(after) <= 6
    assert all(query["sql"].startswith("SELECT") for query in after)


def test_changed_answer_asks_only_newly_reached_questions(client):
    go(client, ("1a", "none"), ("2b", "none"), ("3c", "none"))
    assert leads_to(answer(client, "2b", "yes")) == RESULT
    assert answer(client, "2b", "none")["Location"] == step("4d")
    assert leads_to(answer(client, "4d", "white")) == RESULT
    assert leads_to(answer(client, "3c", "yes")) == RESULT
    page = client.get(RESULT).content.decode()
    assert 'id="result" data-urgency="routine"' in page and page.count(">Change<") == 3
    assert leads_to(answer(client, "3c", "none")) == RESULT
    page = client.get(RESULT).content.decode()
    assert 'id="result" data-urgency="self-care"' in page and page.count(">Change<") == 4
