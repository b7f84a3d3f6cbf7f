"""The password is asked again before pages that can change a lot; typed words are kept."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from education.clinic.models import Clinic
from education.staff.accounts import login_throttling, roles
from education.web import slots
from tests import factories
from tests.staff.conftest import create_user, form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

AGAIN, CLINIC = "/admin/sign-in-again/", "/admin/clinic/clinic/1/change/"
RIGHT = "a long pass phrase"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    now = [datetime(2027, 1, 4, 8, tzinfo=UTC)]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    return now


@pytest.fixture
def root(clock: list[datetime], db: None) -> Client:
    """An administrator who has just signed in."""
    User.objects.create_superuser("root", password=RIGHT)
    client = Client()
    client.post("/admin/login/", {"username": "root", "password": RIGHT})
    return client


def passes(clock: list[datetime], minutes: int) -> None:
    clock[0] += timedelta(minutes=minutes)


def asks(answer: Any) -> bool:
    return answer.status_code == 302 and answer.url.startswith(AGAIN)


def risky_addresses() -> list[str]:
    page = factories.make_small_site()
    colleague = create_user("ada", roles.AUTHOR)
    group = Group.objects.order_by("pk").first()
    assert group is not None
    Clinic.objects.get_or_create(pk=1)
    user = f"/admin/auth/user/{colleague.pk}"
    return [
        CLINIC,
        "/admin/auth/user/add/",
        *(f"{user}/{name}/" for name in ("change", "password", "close", "second-factor")),
        f"/admin/auth/group/{group.pk}/change/",
        f"/admin/articles/article/{page.pk}/withdraw/",
        "/admin/second-factor/app/",
    ]


def test_risky_pages_ask_after_ten_minutes(root, clock):
    addresses = risky_addresses()
    for address in addresses:
        assert root.get(address).status_code == 200, address
    passes(clock, 11)
    for address in addresses:
        assert asks(root.get(address)), address
    for address in ("/admin/", "/admin/auth/user/", "/admin/articles/article/add/"):
        assert root.get(address).status_code == 200


def test_password_opens_the_page_for_ten_minutes(root, clock):
    risky_addresses()
    passes(clock, 11)
    page = root.get(root.get(CLINIC).url)
    assert "Type your password once more" in page.content.decode()
    assert root.post(AGAIN, {**form_fields(page), "password": RIGHT}).url == CLINIC
    assert root.get(CLINIC).status_code == 200
    passes(clock, 11)
    assert asks(root.get(CLINIC))


def test_form_opened_in_time_may_be_sent_for_half_an_hour(root, clock):
    add = "/admin/auth/user/add/"
    root.get(add)
    passes(clock, 29)
    sent = {"username": "new", "password1": RIGHT, "password2": RIGHT, "is_superuser": "on"}
    assert not asks(root.post(add, sent)) and User.objects.filter(username="new").exists()


def test_form_sent_too_late_changes_nothing_and_is_kept(root, clock):
    risky_addresses()
    form = {**form_fields(root.get(CLINIC)), "name": "Zebra Clinic"}
    for _ in range(2):
        passes(clock, 20)
        root.get("/admin/")
    answer = root.post(CLINIC, form)
    assert asks(answer) and Clinic.objects.get().name != "Zebra Clinic"
    sent = {**form_fields(root.get(answer.url)), "password": RIGHT}
    shown = root.post(AGAIN, sent, follow=True)
    assert "It is not saved yet." in html.unescape(shown.content.decode())
    assert form_fields(shown)["name"] == "Zebra Clinic"


def test_wrong_password_is_refused_and_counted(root, clock):
    risky_addresses()
    passes(clock, 11)
    for _ in range(login_throttling.MAX_ATTEMPTS):
        page = root.post(AGAIN, {"password": "wrong", "next": CLINIC})
        assert "This is not your password." in page.content.decode()
    page = root.post(AGAIN, {"password": RIGHT, "next": CLINIC})
    assert "There were too many wrong passwords." in page.content.decode()
    assert asks(root.get(CLINIC))


def test_password_while_others_sign_in_is_asked_to_wait(root, clock):
    with slots.SIGN_INS.take(), slots.SIGN_INS.take():
        page = root.post(AGAIN, {"password": RIGHT, "next": CLINIC})
    assert "Others are signing in." in page.content.decode()
    assert root.post(AGAIN, {"password": RIGHT, "next": CLINIC}).url == CLINIC


def test_password_never_leads_to_another_site(root, clock):
    answer = root.post(AGAIN, {"password": RIGHT, "next": "https://evil.example/"})
    assert answer.url == "/admin/"
