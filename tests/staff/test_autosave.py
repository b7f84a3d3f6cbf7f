"""What is typed is kept for its writer, previewed beside the form, and changes nothing else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from education.articles.models import Article
from education.publishing.models import Document
from education.staff.models import KeptDraft
from tests import factories
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ADD = "/admin/articles/article/add/"


@pytest.fixture
def spots(db: None) -> Article:
    return factories.make_small_site()


def address_of(article, page="change"):
    return reverse(f"admin:articles_article_{page}", args=[article.pk])


def keep(client, article, **typed):
    data = {**form_fields(client.get(address_of(article))), **typed}
    return client.post(address_of(article, "autosave"), data)


def test_draft_comes_back_and_the_page_is_unchanged(editor, spots):
    answer = keep(editor, spots, title="Spots of mine").json()
    assert answer["message"].startswith("Kept at") and answer["others"] == []
    page = editor.get(address_of(spots))
    assert "This is what you typed on" in page.content.decode()
    assert form_fields(page)["title"] == "Spots of mine"
    assert Article.objects.get().title == "About spots"
    assert Document.objects.get(pk=spots.pk).lock_version == spots.lock_version


def test_saving_ends_the_draft(editor, spots):
    keep(editor, spots, title="Spots of mine")
    data = {**form_fields(editor.get(address_of(spots))), "_continue": "1"}
    editor.post(address_of(spots), data)
    assert Article.objects.get().title == "Spots of mine"
    assert not KeptDraft.objects.exists()


def test_draft_is_thrown_away_by_one_press(editor, spots):
    keep(editor, spots, title="Spots of mine")
    page = editor.post(address_of(spots), {"_discard": "1"}, follow=True)
    assert form_fields(page)["title"] == "About spots"
    assert not KeptDraft.objects.exists()


def test_draft_is_shown_to_its_writer_only(editor, spots, staff):
    other = staff("olga", "articles.view_article", "articles.change_article")
    keep(editor, spots, title="Spots of mine")
    assert form_fields(other.get(address_of(spots)))["title"] == "About spots"
    assert "Spots of mine" not in other.get(address_of(spots, "draft")).content.decode()
    assert keep(other, spots, title="Another").json()["others"] == ["edith"]


def test_draft_is_merged_with_what_others_saved_meanwhile(editor, spots, staff):
    keep(editor, spots, title="Spots of mine")
    other = staff("olga", "articles.view_article", "articles.change_article")
    data = {**form_fields(other.get(address_of(spots))), "summary": "Hers.", "_continue": "1"}
    other.post(address_of(spots), data)
    page = editor.get(address_of(spots))
    assert "Two people changed this" in page.content.decode()
    assert form_fields(page)["title"] == "Spots of mine"
    assert form_fields(page)["summary"].strip() == "Hers."


def test_preview_has_what_is_typed_and_stores_nothing(editor, spots):
    before = Document.objects.count()
    keep(editor, spots, title="Zebra spots", **{"signs-0-text": "You gasp for air"})
    page = editor.get(address_of(spots, "draft"))
    text = page.content.decode()
    assert "Zebra spots" in text and "You gasp for air" in text
    assert "Draft. Readers do not see this." in text
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert Article.objects.get().title == "About spots"
    assert Document.objects.count() == before
    assert KeptDraft.objects.count() == 1


def test_new_page_is_previewed_before_it_is_saved(editor, spots):
    data = {
        **form_fields(editor.get(ADD)),
        "title": "Ingrown toenail",
        "causes-TOTAL_FORMS": "1",
        "causes-0-name": "Tight shoes",
    }
    assert editor.post(f"{ADD}autosave/", data).status_code == 200
    text = editor.get(f"{ADD}draft/").content.decode()
    assert "Ingrown toenail" in text and "Tight shoes" in text
    assert Article.objects.count() == 1
    assert form_fields(editor.get(ADD))["title"] == "Ingrown toenail"


def test_preview_says_what_the_form_would_refuse(editor, spots):
    factories.article("bumps")
    keep(editor, spots, **{"signs-0-text": "You gasp for air"})
    page = editor.get(address_of(spots, "draft"))
    assert "No preview yet" in page.content.decode()
    assert "Also on 1 other page." in page.content.decode()


def test_draft_pages_refuse_who_may_not_write(spots, staff):
    reader = staff("rita", "articles.view_article")
    for client, status in ((reader, 403), (Client(), 302)):
        answer = client.post(address_of(spots, "autosave"), {"title": "x"})
        assert answer.status_code == status
        assert client.get(address_of(spots, "draft")).status_code == status
    assert not KeptDraft.objects.exists()
