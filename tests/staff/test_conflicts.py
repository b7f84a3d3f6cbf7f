"""Two people edit the same thing: the second sees both versions, and no keystroke is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from education.articles.models import Article, ArticleCause
from education.publishing.models import Document
from tests import builders
from tests.staff.conftest import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def spots(db):
    builders.cause("sweat")
    return builders.small_site()


@pytest.fixture
def address(spots):
    return reverse("admin:articles_article_change", args=[spots.pk])


def send(client, address, form, **typed):
    return client.post(address, {**form, **typed, "_continue": "1"}, follow=True)


def test_the_second_to_save_sees_both_versions_and_keeps_what_was_typed(editor, spots, address):
    mine = fields_of(editor.get(address))
    theirs = fields_of(editor.get(address))
    send(editor, address, theirs, title="Their title", summary="Their summary.")
    page = send(editor, address, mine, title="My title", introduction="My introduction.")
    text = page.content.decode()
    assert "Two people changed this" in text
    for version in ("Their title", "My title", "Their summary.", "My introduction."):
        assert version in text
    assert Article.objects.get(pk=spots.pk).title == "Their title"
    assert fields_of(page)["title"] == "My title"
    assert fields_of(page)["introduction"].strip() == "My introduction."

    again = send(editor, address, fields_of(page))
    assert "Saved." in again.content.decode()
    saved = Article.objects.get(pk=spots.pk)
    assert (saved.title, saved.introduction) == ("My title", "My introduction.")


def test_a_third_change_in_between_is_shown_again(editor, spots, address):
    mine = fields_of(editor.get(address))
    send(editor, address, fields_of(editor.get(address)), title="Second")
    page = send(editor, address, mine, title="Mine")
    send(editor, address, fields_of(editor.get(address)), title="Third")
    page = send(editor, address, fields_of(page))
    assert "Two people changed this" in page.content.decode()
    assert "Third" in page.content.decode() and fields_of(page)["title"] == "Mine"


def test_a_change_of_a_row_below_counts_too(editor, spots, address):
    mine = fields_of(editor.get(address))
    send(editor, address, fields_of(editor.get(address)), **{"causes-0-looks": "They say red."})
    page = send(editor, address, mine, **{"causes-0-looks": "I say white."})
    text = page.content.decode()
    assert "They say red." in text and "I say white." in text
    send(editor, address, fields_of(page))
    assert ArticleCause.objects.get(article=spots).looks == "I say white."


def test_a_row_that_somebody_deleted_meanwhile_is_written_anew(editor, spots, address):
    mine = fields_of(editor.get(address))
    send(editor, address, fields_of(editor.get(address)), **{"causes-0-DELETE": "on"})
    assert not ArticleCause.objects.filter(article=spots).exists()
    page = send(editor, address, mine, **{"causes-0-looks": "I wrote this long text."})
    assert "Two people changed this" in page.content.decode()
    assert "I wrote this long text." in page.content.decode()
    again = send(editor, address, fields_of(page))
    assert "Saved." in again.content.decode()
    assert ArticleCause.objects.get(article=spots).looks == "I wrote this long text."


def test_a_row_that_somebody_added_meanwhile_stays(editor, spots, address):
    mine = fields_of(editor.get(address))
    sweat = Document.objects.get(slug="sweat")
    row = {
        "causes-TOTAL_FORMS": "2",
        "causes-1-cause": sweat.pk,
        "causes-1-order": "1",
        "causes-1-looks": "Wet.",
    }
    send(
        editor,
        address,
        fields_of(editor.get(address)),
        **row,
        **{"causes-1-id": "", "causes-1-article": spots.pk},
    )
    assert ArticleCause.objects.filter(article=spots).count() == 2
    page = send(editor, address, mine, title="Mine")
    assert "added by somebody else" in page.content.decode()
    send(editor, address, fields_of(page))
    assert ArticleCause.objects.filter(article=spots).count() == 2
    assert Article.objects.get(pk=spots.pk).title == "Mine"


def test_restoring_while_another_writes_is_a_conflict_too(editor, spots, address):
    mine = fields_of(editor.get(address))
    editor.post(reverse("admin:articles_article_restore", args=[spots.pk]), {"number": "1"})
    page = send(editor, address, mine, title="Mine")
    assert "Two people changed this" in page.content.decode()
    assert fields_of(page)["title"] == "Mine"


@pytest.mark.parametrize("seen", ["", "x", "-1", "999"])
def test_a_form_that_does_not_know_what_it_has_seen_never_overwrites(seen, editor, spots, address):
    form = {**fields_of(editor.get(address)), "seen_revision": seen, "title": "Mine"}
    page = editor.post(address, form)
    assert page.status_code == 200
    assert Article.objects.get(pk=spots.pk).title == "About spots"
