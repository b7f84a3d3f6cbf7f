"""Sessions end by themselves, are listed to their owner, and can be ended from elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from education.audit.models import Action, AuditLogEntry
from education.staff.accounts import roles
from education.staff.models import StaffSession
from tests import factories
from tests.staff.conftest import create_user, form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SIGN_IN, SESSIONS = "/admin/login/", "/admin/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
AUTOSAVE = "/admin/articles/article/add/autosave/"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    now = [datetime(2027, 1, 4, 8, tzinfo=UTC)]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    return now


@pytest.fixture
def ada(db: None) -> User:
    factories.make_small_site()
    return create_user("ada", roles.AUTHOR)


def sign_in(**extra: Any) -> Client:
    client = Client(**extra)
    sent = {"username": "ada", "password": "a long pass phrase"}
    assert client.post(SIGN_IN, sent).status_code == 302
    return client


def is_in(client: Client) -> bool:
    """Whether a session is alive, without keeping it so."""
    return client.get("/admin/jsi18n/").status_code == 200


def passes(clock: list[datetime], minutes: int) -> None:
    clock[0] += timedelta(minutes=minutes)


def test_session_ends_after_half_an_hour_without_input(ada, clock):
    client = sign_in()
    passes(clock, 29)
    assert is_in(client)
    passes(clock, 2)
    assert not is_in(client)


def test_opening_pages_keeps_a_session_for_twelve_hours(ada, clock):
    client = sign_in()
    for _ in range(36):
        assert client.get("/admin/").status_code == 200
        passes(clock, 20)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("idle", "stays"), [("3", True), ("1500", False), ("", False), ("x", False)]
)
def test_autosave_keeps_a_session_only_after_typing(idle, stays, ada, clock):
    client = sign_in()
    passes(clock, 25)
    headers = {"X-Idle-Seconds": idle} if idle else {}
    assert client.post(AUTOSAVE, {"title": "Mine"}, headers=headers).status_code == 200
    passes(clock, 10)
    assert is_in(client) is stays


def test_preview_of_a_draft_does_not_keep_a_session(ada, clock):
    client = sign_in()
    for _ in range(4):
        passes(clock, 10)
        client.get("/admin/articles/article/add/draft/")
        client.post("/admin/markdownx/markdownify/", {"content": "x"})
    assert not is_in(client)


def test_words_typed_before_the_session_ended_come_back(ada, clock):
    client, add = sign_in(), "/admin/articles/article/add/"
    form = {**form_fields(client.get(add)), "title": "Zebra"}
    passes(clock, 31)
    page = client.post(add, form)
    assert b"what you typed is kept" in page.content
    sent = {**form_fields(page), "username": "ada", "password": "a long pass phrase"}
    assert form_fields(client.post(SIGN_IN, sent, follow=True))["title"] == "Zebra"


def test_list_shows_browsers_and_no_address_or_key(ada):
    here, there = sign_in(), sign_in(HTTP_USER_AGENT=FIREFOX)
    page = here.get(SESSIONS).content.decode()
    assert "Firefox, Windows" in page and "this one" in page
    assert "127.0.0.1" not in page and there.session.session_key not in page


def test_sign_out_everywhere_else_leaves_this_browser(ada):
    here, other, third = sign_in(), sign_in(), sign_in()
    stranger = create_user("bea", roles.AUTHOR)
    hers = Client()
    hers.force_login(stranger)
    assert b"Signed out in 2 browsers." in here.post(SESSIONS, follow=True).content
    assert is_in(here) and is_in(hers) and not is_in(other) and not is_in(third)
    entry = AuditLogEntry.objects.get(action=Action.SIGNED_OUT)
    assert entry.user == ada and entry.subject == "ada"


def test_one_session_is_ended_from_elsewhere(ada):
    here, other, third = sign_in(), sign_in(HTTP_USER_AGENT=FIREFOX), sign_in()
    page = here.get(SESSIONS)
    name = next(one["name"] for one in page.context["sessions"] if "Firefox" in one["row"].browser)
    assert b"Signed out there." in here.post(SESSIONS, {"session": name}, follow=True).content
    assert is_in(here) and is_in(third) and not is_in(other)


@pytest.mark.parametrize("name", ["x", ""])
def test_unknown_session_ends_none(name, ada):
    here, other = sign_in(), sign_in()
    answer = here.post(SESSIONS, {"session": name}, follow=True)
    assert b"You were signed in nowhere else." in answer.content and is_in(other)


def test_ended_sessions_are_deleted_at_the_next_sign_in(ada, clock):
    sign_in()
    passes(clock, 40)
    sign_in()
    assert StaffSession.objects.count() == 1
