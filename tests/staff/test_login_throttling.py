"""Passwords cannot be guessed, names are not revealed, and owners are not locked out."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
from django.contrib.auth import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from education.audit.models import Action, AuditLogEntry
from education.staff.accounts import login_audit, login_throttling, roles
from education.staff.editor import draft_recovery
from education.web import slots, throttling
from education.web.models import ThrottleCounter
from tests.staff.conftest import create_user

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SIGN_IN = "/admin/login/"
RIGHT = "a long pass phrase"
SHUT = "There were too many wrong passwords for this name. Wait 15 minutes, then try again."


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test moves on."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(throttling.time, "time", lambda: now[0])
    return now


@pytest.fixture
def ada() -> User:
    return create_user("ada", roles.AUTHOR)


def attempt(client: Client, password: str, name: str = "ada", **extra: str) -> Any:
    return client.post(SIGN_IN, {"username": name, "password": password, **extra})


def is_in(answer: Any) -> bool:
    return answer.status_code == 302


def guess_until_shut(client: Client, name: str = "ada") -> None:
    for number in range(login_throttling.MAX_ATTEMPTS):
        assert SHUT not in html.unescape(attempt(client, f"wrong {number}", name).content.decode())


def test_name_is_refused_after_ten_wrong_passwords_for_a_while(ada, clock):
    guess_until_shut(Client())
    answer = attempt(Client(), RIGHT)
    assert not is_in(answer) and SHUT in html.unescape(answer.content.decode())
    clock[0] += login_throttling.WINDOW_SECONDS
    assert is_in(attempt(Client(), RIGHT))


def test_unknown_name_is_refused_in_the_same_words(ada):
    guess_until_shut(Client(), "nobody")
    assert SHUT in html.unescape(attempt(Client(), "x", "nobody").content.decode())
    assert is_in(attempt(Client(), RIGHT))


def test_right_password_resets_the_count(ada):
    for _ in range(3):
        for number in range(login_throttling.MAX_ATTEMPTS - 1):
            attempt(Client(), f"wrong {number}")
        assert is_in(attempt(Client(), RIGHT))


def test_trusted_browser_is_not_locked_out_by_a_stranger(ada):
    mine = Client()
    assert is_in(attempt(mine, RIGHT))
    mine.post("/admin/logout/")
    guess_until_shut(Client())
    assert not is_in(attempt(Client(), RIGHT))
    assert is_in(attempt(mine, RIGHT))


def test_trusted_browser_is_counted_and_bound_to_its_account(ada):
    mine = Client()
    attempt(mine, RIGHT)
    cookie = mine.cookies[login_throttling.COOKIE]
    assert cookie["path"] == "/admin/" and cookie["httponly"] and cookie["samesite"] == "Strict"
    mine.post("/admin/logout/")
    guess_until_shut(mine)
    assert not is_in(attempt(mine, RIGHT))

    create_user("bea", roles.AUTHOR)
    guess_until_shut(Client(), "bea")
    assert not is_in(attempt(mine, RIGHT, "bea"))
    ada.set_password("another long pass phrase")
    ada.save()
    guess_until_shut(Client())
    assert not is_in(attempt(mine, "another long pass phrase"))


@pytest.mark.parametrize("cookie", ["x", "1.x:y", "é", ":" * 3000])
def test_forged_trusted_browser_cookie_is_ignored(cookie, ada):
    forger = Client()
    guess_until_shut(Client())
    forger.cookies[login_throttling.COOKIE] = cookie
    assert not is_in(attempt(forger, RIGHT))


def test_draft_is_kept_while_the_name_is_throttled(ada, editor):
    address = "/admin/references/glossary/add/"
    page = Client().post(
        "/admin/articles/article/add/",
        {"title": "Zebra", "csrfmiddlewaretoken": "x"},
        headers={"origin": "http://testserver", "sec-fetch-site": "same-origin"},
    )
    kept = (
        page.context["recovered_draft"]
        if page.context and "recovered_draft" in page.context
        else ""
    )
    assert kept, address
    guess_until_shut(Client())
    answer = attempt(Client(), RIGHT, recovered_draft=kept)
    assert SHUT in html.unescape(answer.content.decode()) and answer.context["recovered_draft"]


def test_name_is_not_stored_and_expired_counters_are_deleted(ada, clock):
    attempt(Client(), "wrong", "my secret pass phrase")
    assert "secret" not in str(list(ThrottleCounter.objects.values()))
    clock[0] += login_throttling.WINDOW_SECONDS
    attempt(Client(), "wrong")
    assert ThrottleCounter.objects.filter(scope="login").count() == 1
    assert set(ThrottleCounter.objects.values_list("window", flat=True)) == {
        throttling.current_window(login_throttling.WINDOW_SECONDS)
    }


def test_guessing_does_not_fill_the_audit_log(ada, monkeypatch):
    monkeypatch.setattr(login_audit, "MAX_UNKNOWN_NAMES_PER_HOUR", 3)
    guess_until_shut(Client())
    for _ in range(5):
        attempt(Client(), "x")
    failed = AuditLogEntry.objects.filter(action=Action.SIGN_IN_FAILED)
    assert failed.filter(subject="ada").count() == login_throttling.MAX_ATTEMPTS
    for number in range(5):
        attempt(Client(), "x", f"nobody {number}")
    assert failed.filter(subject="").count() == 3


def test_sign_in_while_others_do_is_asked_to_wait_and_not_counted(ada):
    draft = json.dumps([["title", "Zebra"]])
    with slots.SIGN_INS.take(), slots.SIGN_INS.take():
        answer = attempt(Client(), RIGHT, **{draft_recovery.FIELD: draft})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 503 and answer["Retry-After"] == "2"
    assert "Others are signing in" in page and 'value="ada"' in page
    assert RIGHT not in page and "Zebra" in page
    assert not ThrottleCounter.objects.exists() and not AuditLogEntry.objects.exists()
    assert is_in(attempt(Client(), RIGHT))


def test_password_is_checked_outside_the_transaction(ada, monkeypatch):
    depths, outside = [], len(connection.savepoint_ids)
    check = forms.authenticate

    def checked(*given: Any, **named: Any) -> Any:
        depths.append(len(connection.savepoint_ids))
        return check(*given, **named)

    monkeypatch.setattr(forms, "authenticate", checked)
    assert is_in(attempt(Client(), RIGHT)) and depths == [outside]


SPRAYED = "There were too many wrong names or passwords. Wait 15 minutes, then try again."


def spray(client: Client, number: int, **extra: Any) -> None:
    """One password over many names."""
    for one in range(number):
        client.post(SIGN_IN, {"username": f"name {one}", "password": "Summer2026!"}, **extra)


def test_one_password_over_many_names_is_stopped(ada, clock):
    spray(Client(), login_throttling.MAX_FROM_ONE_ADDRESS)
    answer = attempt(Client(), RIGHT)
    assert not is_in(answer) and SPRAYED in html.unescape(answer.content.decode())
    clock[0] += login_throttling.WINDOW_SECONDS
    assert is_in(attempt(Client(), RIGHT))


def test_many_addresses_share_a_limit_of_the_site(ada, monkeypatch):
    monkeypatch.setattr(login_throttling, "MAX_ON_THE_SITE", 12)
    for number in range(4):
        spray(Client(), 3, REMOTE_ADDR=f"203.0.113.{number}")
    assert not is_in(attempt(Client(REMOTE_ADDR="203.0.113.77"), RIGHT))


def test_trusted_browser_signs_in_while_many_names_are_tried(ada):
    mine = Client()
    assert is_in(attempt(mine, RIGHT))
    mine.post("/admin/logout/")
    spray(Client(), login_throttling.MAX_FROM_ONE_ADDRESS)
    assert is_in(attempt(mine, RIGHT))


def test_right_passwords_do_not_use_up_the_shared_limits(ada, monkeypatch):
    monkeypatch.setattr(login_throttling, "MAX_FROM_ONE_ADDRESS", 3)
    for _ in range(5):
        assert is_in(attempt(Client(), RIGHT))


def change_password(client: Client, old: str) -> Any:
    new = "zebra tulip lamp nine"
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/admin/password_change/", sent)


def test_wrong_old_passwords_in_the_change_form_are_counted(ada, clock):
    client = Client()
    client.force_login(ada)
    for number in range(login_throttling.MAX_ATTEMPTS):
        page = change_password(client, f"wrong {number}")
        assert "Your old password was entered incorrectly" in page.content.decode()
    page = change_password(client, RIGHT)
    assert "There were too many wrong passwords." in page.content.decode()
    ada.refresh_from_db()
    assert ada.check_password(RIGHT)
    clock[0] += login_throttling.WINDOW_SECONDS
    assert change_password(client, RIGHT).status_code == 302


@pytest.mark.parametrize(
    "guessable",
    ["passwordpassword", "iloveyou1234", "qwertyuiop123", "P@ssw0rd2026", "ada lovelace"],
)
def test_guessable_password_is_refused(guessable):
    user = User(username="ada", first_name="Ada", last_name="Lovelace")
    with pytest.raises(ValidationError):
        validate_password(guessable, user)


@pytest.mark.parametrize(
    "strong", ["a long pass phrase", "zebra tulip lamp nine", "ü" * 2 + "xKq!v0Zt#Lw" * 40]
)
def test_long_pass_phrase_is_accepted(strong):
    validate_password(strong)


def test_sign_in_works_behind_a_proxy_that_drops_the_port(ada, settings):
    settings.SITE_URL = "http://clinic.example:8443"
    settings.CSRF_TRUSTED_ORIGINS = [settings.SITE_URL]
    settings.ALLOWED_HOSTS = ["clinic.example"]
    client = Client(enforce_csrf_checks=True, SERVER_NAME="clinic.example")
    token = client.get(SIGN_IN).context["csrf_token"]
    sent = {"username": "ada", "password": RIGHT, "csrfmiddlewaretoken": str(token)}
    assert is_in(client.post(SIGN_IN, sent, headers={"origin": "http://clinic.example:8443"}))
