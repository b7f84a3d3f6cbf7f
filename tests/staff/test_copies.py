"""An article is copied with its parts, and the copy is a draft of which nothing was decided."""

from __future__ import annotations

from typing import Any

import pytest

from education.articles.models import Article, Cause
from education.audit.models import Action, AuditLogEntry
from education.checklists.models import Checklist
from education.publishing.models import Document, Review
from education.publishing.workflow import reviews
from education.publishing.workflow.states import annotate_state, get_document_state
from education.staff.accounts import roles
from tests import factories
from tests.staff.conftest import create_user, log_in, submit_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

TITLE = "Ingrown fingernail"


@pytest.fixture
def arthur(db: None) -> Any:
    return create_user("arthur", roles.AUTHOR)


@pytest.fixture
def spots(db: None) -> Article:
    """A live, reviewed page with an owner, a name of its own, and signs that go together."""
    factories.make_small_site()
    together = {
        "key": "both",
        "together": ["spreading", "growing"],
        "counts_as": "emergency",
        "text": "It spreads and grows",
        "sources": ["leaflet"],
    }
    factories.checklist(combinations=[together])
    factories.snippet()
    article = factories.article(
        named=("Tight shoes",),
        also_called=["Zits"],
        key_signs=["growing"],
        adapted_from=["leaflet"],
        snippets=["if-it-bursts"],
    )
    Article.objects.filter(pk=article.pk).update(owner=create_user("otto", roles.AUTHOR))
    return article


def address(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/copy/"


def copy(client: Any, article: Article, title: str = TITLE) -> Any:
    return submit_form(client, address(article), {"title": title}, follow=True)


def test_copy_has_the_words_and_keys_of_its_own(spots, arthur):
    page = copy(log_in(arthur), spots)
    made = Article.objects.get(slug="ingrown-fingernail")
    assert page.request["PATH_INFO"] == f"/admin/articles/article/{made.pk}/change/"
    old, new = spots.to_values(), made.to_values()
    own = {"title", "also_called", "checklist", "key_signs"}
    assert {name: new[name] for name in new if name not in own} == {
        name: old[name] for name in old if name not in own
    }
    assert (new["title"], new["also_called"]) == (TITLE, [])
    assert new["checklist"] == "ingrown-fingernail" and new["key_signs"] == ["a-lump-grows"]
    signs = made.checklist.to_values()
    assert [row["text"] for row in signs["signs"]] == [row["text"] for row in factories.SIGNS]
    assert signs["combinations"][0]["together"] == ["the-pain-is-spreading", "a-lump-grows"]
    made.content(), made.checklist.content()


def test_copy_has_no_history_and_a_new_owner(spots, arthur):
    ada = create_user("ada", roles.REVIEWER)
    reviews.record_review([spots.editions.get()], by=ada, shown_as="Ada")
    copy(log_in(arthur), spots)
    made = Document.objects.get(kind="article", slug="ingrown-fingernail")
    assert (
        get_document_state(annotate_state(Document.objects.all()).get(pk=made.pk)).state == "draft"
    )
    assert (made.owner, made.edited_by, made.imported_hash) == (arthur, arthur, "")
    assert not made.editions.exists() and Review.objects.count() == 1
    entries = AuditLogEntry.objects.filter(action=Action.SAVED, details__contains="a copy of")
    assert {entry.kind for entry in entries} == {"article", "checklist"}
    assert all(entry.user == arthur for entry in entries)


def test_what_both_pages_use_is_named_and_unchanged(spots, arthur):
    client = log_in(arthur)
    before = {one.pk: one.lock_version for one in Document.objects.all()}
    page = client.get(address(spots)).content.decode()
    assert "Shared: Oil, If it bursts." in page and "3 warning signs" in page
    form = copy(client, spots).content.decode()
    assert "Also on 1 other page" in form
    after = {one.pk: one.lock_version for one in Document.objects.filter(pk__in=before)}
    assert after == before and Cause.objects.count() == 1
    assert Checklist.objects.count() == 2


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("  ", "Write the title of the new page."),
        ("about SPOTS", "Another page has this title already."),
        ("x" * 121, "at most 120 characters"),
    ],
)
def test_copy_without_a_title_of_its_own_makes_nothing(spots, arthur, title, message):
    before = Document.objects.count()
    page = copy(log_in(arthur), spots, title).content.decode()
    assert message in page and Document.objects.count() == before


def test_opening_the_page_of_copies_makes_nothing(spots, arthur):
    before = Document.objects.count()
    log_in(arthur).get(address(spots), {"title": TITLE})
    assert Document.objects.count() == before


def test_list_and_form_lead_authors_alone_to_the_copy(spots, arthur):
    ada = create_user("ada", roles.REVIEWER)
    for page in ("/admin/articles/article/", f"/admin/articles/article/{spots.pk}/change/"):
        assert address(spots) in log_in(arthur).get(page).content.decode()
        assert address(spots) not in log_in(ada).get(page).content.decode()
