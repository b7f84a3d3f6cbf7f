"""A reviewer reads first what changed since they looked last."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from education.publishing import actions
from education.publishing.models import Edition
from education.publishing.workflow import reviews
from education.staff.accounts import roles
from tests import factories
from tests.staff.conftest import create_user, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def ada(db: None) -> Any:
    factories.make_small_site()
    return create_user("ada", roles.REVIEWER)


def submitted(text: str, **extra: Any) -> Edition:
    return actions.submit([factories.cause(text=text, **extra)], note="New.")[0]


def section(client: Client, edition: Edition) -> str:
    address = f"/admin/articles/cause/{edition.document_id}/review/"
    page = client.get(address).content.decode()
    parts = page.split('<h2 id="since">')
    # It is the first thing on the page.
    assert len(parts) == 1 or "<h2" not in parts[0].split("<main")[-1]
    return parts[1].split('id="what"')[0] if len(parts) > 1 else ""


def test_changes_since_own_review_span_reviews_of_others(ada):
    reviews.record_review([submitted("One day.")], by=ada, shown_as="Ada")
    second = submitted("Two days.")
    reviews.record_review([second], by=create_user("otto", roles.REVIEWER), shown_as="Otto")
    third = submitted("Two days. Then rest.")
    shown = section(log_in(ada), third)
    assert "since you reviewed edition 2" in shown
    assert "<del>" in shown and "One day." in shown.replace("<del>", "").replace("</del>", "")
    assert "Then rest." in section(log_in(ada), third)


def test_changes_since_own_request_are_shown_once(ada):
    first = submitted("One day.")
    reviews.request_changes(first, by=ada, comment="Say two.")
    second = submitted("Two days.")
    shown = section(log_in(ada), second)
    assert "since you asked for changes of edition 2" in shown
    page = log_in(ada).get(f"/admin/articles/cause/{second.document_id}/review/")
    assert page.content.decode().count('class="changes"') == 1
    assert "Say two." in page.content.decode()


@pytest.mark.parametrize("who", ["ada", "otto"])
def test_nothing_is_said_to_who_has_not_looked_or_saw_this(who, ada):
    edition = submitted("One day.")
    if who == "ada":
        reviews.record_review([edition], by=ada, shown_as="Ada")
    client = log_in(ada if who == "ada" else create_user("otto", roles.REVIEWER))
    assert section(client, edition) == ""


def test_same_text_as_reviewed_says_that_nothing_changed(ada):
    reviews.record_review([submitted("One day.")], by=ada, shown_as="Ada")
    submitted("Two days.")
    third = submitted("One day.")
    assert "Nothing. It says again" in section(log_in(ada), third)


def test_part_leads_to_what_changed_since_own_review(ada):
    reviews.record_review([submitted("One day.")], by=ada, shown_as="Ada")
    cause = submitted("Two days.")
    (article,) = actions.submit([factories.article(title="Anew")], note="New.")
    page = log_in(ada).get(f"/admin/articles/article/{article.document_id}/review/")
    address = f"/admin/articles/cause/{cause.document_id}/compare/?from=2&amp;to=3"
    assert address in page.content.decode()
