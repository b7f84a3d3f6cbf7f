"""The health check."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from education.operations import views


@pytest.mark.django_db
def test_health_is_ok_when_the_database_answers(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Content-Type"] == "text/plain"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert not answer.templates


def test_health_is_unavailable_when_the_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        def cursor(self) -> None:
            raise OperationalError("the connection is closed")

    monkeypatch.setattr(views, "connection", Gone())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"The database does not answer.\n")
    assert "no-store" in answer["Cache-Control"]


def test_health_check_refuses_other_methods(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
