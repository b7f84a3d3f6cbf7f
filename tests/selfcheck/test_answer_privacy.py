"""Answers leave no trace outside the one cookie, whatever a reader does."""

from __future__ import annotations

import logging
import os
import random
import re
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from _pytest.logging import LogCaptureHandler
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from education.selfcheck import answer_cookie
from tests import factories
from tests.factories import publish_documents
from tests.selfcheck.test_http_properties import SMALL, answer, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> None:
    """A small site with a small self-check, in which every key of a choice has a canary."""
    factories.make_small_site()
    publish_documents(factories.self_check(questions=canaries()))


@pytest.fixture
def every_log() -> Iterator[list[str]]:
    """All log records with all their attributes, at the most verbose level."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(repr(vars(record)) + record.getMessage())

    ear = Ear(logging.DEBUG)
    # Loggers that do not pass on what they hear are listened to one by one.
    listened = [logging.getLogger(name) for name in ("", *logging.root.manager.loggerDict)]
    before = [(logger, logger.level) for logger in listened]
    for logger in listened:
        logger.setLevel(logging.DEBUG)
        logger.addHandler(ear)
    yield heard
    for logger, level in before:
        logger.setLevel(level)
        logger.removeHandler(ear)


def rows() -> dict[str, list]:
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


CANARY = "canary-7193"


def canaries() -> list[dict]:
    """The small questions, in which every key of a choice has a canary."""
    asked = []
    for question in factories.QUESTIONS:
        named = {choice["key"]: f"{CANARY}-{choice['key']}" for choice in question["choices"]}
        routes = [
            {**route, "choice": named[route["choice"]]} if route.get("choice") else route
            for route in question["routes"]
        ]
        choices = [{**choice, "key": named[choice["key"]]} for choice in question["choices"]]
        asked.append({**question, "choices": choices, "routes": routes})
    return asked


@pytest.mark.usefixtures("small")
def test_answers_leave_no_trace_outside_the_cookie(client, every_log) -> None:
    before = rows()
    every_log.clear()
    seen = []
    answered = [
        ("1a", f"{CANARY}-none", f"{CANARY}-yes"),
        ("1a", f"{CANARY}-none"),
        ("1a", f"{CANARY}-unknown"),
        ("1a", f"{CANARY}-none"),
        ("2b", f"{CANARY}-none"),
        ("3c", f"{CANARY}-none"),
        ("4d", f"{CANARY}-white"),
        ("4d", f"{CANARY}-other"),
    ]
    with CaptureQueriesContext(connection) as queries:
        for key, *chosen in answered:
            response = answer(client, key, *chosen, here=SMALL)
            seen.append(response)
            seen.append(client.get(response["Location"] if response.status_code == 302 else SMALL))
        assert b'id="result"' in seen[-1].content
        # A log may repeat what a template was given, for a variable that it lacks.
        assert CANARY not in repr(seen[-1].context["result"]) + repr(seen[1].context["page"])
        seen += [client.get("/"), client.post(f"{SMALL}finish/")]
    for response in seen:
        for name, value in response.items():
            assert CANARY not in value, name
        assert set(response.cookies) <= {answer_cookie.COOKIE_NAME}
        assert CANARY not in response.request["PATH_INFO"] + response.request["QUERY_STRING"]
    assert not [query["sql"] for query in queries if CANARY in query["sql"]]
    assert every_log and not [line for line in every_log if CANARY in line]
    assert rows() == before
    for alias in settings.CACHES:
        assert CANARY not in repr(getattr(caches[alias], "_cache", ""))


@pytest.mark.prove
@pytest.mark.usefixtures("small")
def test_answers_of_random_sessions_leave_no_trace(every_log) -> None:
    chance = random.Random(20261124)
    before, results, ended = rows(), 0, 0
    runs = min(10_000, int(os.environ.get("PROVE_EXAMPLES", "20")))
    for _ in range(runs):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            seen, end = a_run(client, chance)
        for response in seen:
            nothing_left(response)
        results += any(b'id="result"' in response.content for response in seen)
        if end:
            ended += 1
            assert client.cookies[answer_cookie.COOKIE_NAME].value == ""
            client.cookies = SimpleCookie()
            assert client.get(f"{SMALL}result/")["Location"].startswith(step("1a", SMALL))
        kept = {
            response.cookies[answer_cookie.COOKIE_NAME].value
            for response in seen
            if response.cookies
        } - {""}
        told = [*every_log, *(query["sql"] for query in queries)]
        assert every_log and not [
            line for line in told if any(word in line for word in (CANARY, *kept))
        ]
        every_log.clear()
        forget_records()
    assert results > runs / 3 and ended > runs / 3
    assert rows() == before
    for alias in settings.CACHES:
        assert CANARY not in repr(getattr(caches[alias], "_cache", ""))


def forget_records() -> None:
    """Empty the log handlers of pytest, whose records hold whole pages in memory."""
    for ear in logging.root.handlers:
        if isinstance(ear, LogCaptureHandler):
            ear.reset()


def a_run(client: Client, chance: random.Random) -> tuple[list[Any], str]:
    """All responses to a reader who answers at random, opens other pages, and clears or leaves."""
    questions = {question["key"]: question for question in canaries()}
    seen, here = [client.get(SMALL)], step("1a", SMALL)
    for _ in range(chance.randrange(1, 12)):
        if "/step/" not in here or chance.random() < 0.2:
            key = chance.choice([*questions])
        else:
            key = here.split("/step/")[1].split("/")[0]
        known = [choice["key"] for choice in questions[key]["choices"]]
        chosen = chance.sample([*known, f"{CANARY}-forged"], 1 if chance.random() < 0.8 else 2)
        editions = chance.choice(("1-1", "1-1", "1-1", "1-1", "9-9", CANARY))
        seen.append(answer(client, key, *chosen, here=SMALL, editions=editions))
        here = seen[-1].headers.get("Location", here)
        seen.append(client.get(here))
        if chance.random() < 0.2:
            seen.append(
                client.get(
                    chance.choice((SMALL, f"{SMALL}paper/", f"{SMALL}result/", "/", "/nowhere/"))
                )
            )
    end = chance.choice(("", "clear", "finish", "finish"))
    if end:
        seen.append(client.post(f"{SMALL}{end}/"))
    return seen, end


def nothing_left(response: Any) -> None:
    """No header, address or link of a response has an answer, and no other site gets a referrer."""
    assert response.status_code in {200, 302, 404, 422}
    assert set(response.cookies) <= {answer_cookie.COOKIE_NAME}
    assert all(len(cookie.OutputString()) < 2048 for cookie in response.cookies.values())
    assert not [name for name, value in response.items() if CANARY in value]
    assert response["Referrer-Policy"] == "same-origin"
    assert CANARY not in response.request["PATH_INFO"] + response.request["QUERY_STRING"]
    assert not re.findall(rb'(?:href|action|src)="[^"]*canary', response.content)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("after", "taken"), [(29 * 60 + 59, True), (30 * 60 + 1, False), (-1, True)]
)
def test_answers_last_thirty_minutes_after_the_last_one(after, taken, client, monkeypatch) -> None:
    now = int(time.time())
    monkeypatch.setattr("django.core.signing.time.time", lambda: now - 3000)
    answer(client, "1a", f"{CANARY}-none", here=SMALL)
    monkeypatch.setattr("django.core.signing.time.time", lambda: now - 1500)
    answer(client, "2b", f"{CANARY}-yes", here=SMALL)
    monkeypatch.setattr("django.core.signing.time.time", lambda: now - 1500 + after)
    response = client.get(f"{SMALL}result/")
    assert response.status_code == (200 if taken else 302)
    if not taken:
        assert response["Location"] == f"{step('1a', SMALL)}?notice=expired"
