"""A link shows a draft to people without an account, and to nobody once it has ended."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.audit.models import Action, AuditLogEntry
from education.staff.accounts import roles
from education.staff.models import PreviewLink
from tests import factories
from tests.staff.conftest import create_user, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def draft(db: None) -> Any:
    """A changed article with a new cause, both in no edition."""
    factories.make_small_site()
    factories.cause("sweat", text="Skin sweats.")
    return factories.article(title="Spots anew", causes=("oil", "sweat"))


@pytest.fixture
def arthur(db: None) -> Client:
    return log_in(create_user("arthur", roles.AUTHOR))


def share_page(document: Any) -> str:
    return f"/admin/articles/article/{document.pk}/share/"


def made(client: Client, document: Any) -> str:
    page = client.post(share_page(document), {"_make": "1"}).content.decode()
    return re.search(r"http://testserver(/shared/[^<]+)", page)[1]


def test_link_shows_the_draft_without_account_or_cookie(draft, arthur, client):
    answer = client.get(made(arthur, draft))
    page = answer.content.decode()
    assert answer.status_code == 200 and "Spots anew" in page
    assert "Draft, not for patients." in page and not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"] and answer["Referrer-Policy"] == "no-referrer"
    assert "/admin/" not in page


def test_draft_that_belongs_to_it_is_shown_by_the_same_link(draft, arthur, client):
    address = made(arthur, draft)
    there = f"{address}cause/sweat/"
    assert f'href="{there}' in client.get(address).content.decode()
    page = client.get(there)
    text = page.content.decode()
    assert page.status_code == 200 and "Skin sweats." in text
    assert "Draft, not for patients." in text and f'href="{address}"' in text
    assert page["Cache-Control"] == "no-store"


@pytest.mark.parametrize("there", ["article/other/", "cause/oil/", "nothing/x/", "x/"])
def test_link_shows_nothing_else(there, draft, arthur, client):
    factories.article("other")
    assert client.get(made(arthur, draft) + there).status_code == 404


def test_link_follows_the_draft(draft, arthur, client):
    address = made(arthur, draft)
    factories.article(title="Written later")
    assert "Written later" in client.get(address).content.decode()


def test_secret_is_in_no_table(draft, arthur):
    token = made(arthur, draft).split("/")[2]
    link = PreviewLink.objects.get()
    assert token not in str(vars(link)) and len(token) >= 43
    assert AuditLogEntry.objects.filter(details__contains=token).count() == 0
    assert AuditLogEntry.objects.get(action=Action.SHARED).user.username == "arthur"
    assert token not in arthur.get(share_page(draft)).content.decode()


def test_link_taken_back_ends_at_once(draft, arthur, client):
    address = made(arthur, draft)
    arthur.post(share_page(draft), {"_end": str(PreviewLink.objects.get().pk)})
    answer = client.get(address)
    assert answer.status_code == 410 and "Spots anew" not in answer.content.decode()
    assert "This link does not work" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert AuditLogEntry.objects.filter(action=Action.SHARED).count() == 2


def test_link_ends_after_two_weeks(draft, arthur, client):
    address = made(arthur, draft)
    link = PreviewLink.objects.get()
    assert timedelta(13) < link.ends_at - timezone.now() <= timedelta(14)
    PreviewLink.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert client.get(address).status_code == 410


def test_guessed_link_is_not_found_in_plain_words(draft, arthur, client):
    answer = client.get(made(arthur, draft)[:-2] + "x/")
    assert answer.status_code == 404 and "Ask the person who sent it" in answer.content.decode()


def test_link_takes_no_form(draft, arthur, client):
    assert client.post(made(arthur, draft), {}).status_code == 405


def test_link_of_another_document_is_not_taken_back(draft, arthur):
    address = made(arthur, draft)
    other = factories.article("other")
    arthur.post(share_page(other), {"_end": str(PreviewLink.objects.get().pk)})
    assert Client().get(address).status_code == 200
