"""Rows of an article are one line until they are opened; what nobody opened stays as it is."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.functional import Promise

from education.articles.models import Article, Cause
from education.checklists.models import Checklist
from education.publishing.models import Document
from tests import factories
from tests.staff.conftest import form_fields
from tests.staff.test_article_form import opened_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def spots(db: None) -> Article:
    return factories.make_small_site()


def address_of(article, page="change"):
    return reverse(f"admin:articles_article_{page}", args=[article.pk])


def values_of(article):
    found = Document.objects.order_by("pk")
    return [one.working_copy().to_values() for one in found]


def save(editor, article, fields):
    page = editor.post(address_of(article), {**fields, "_continue": "1"}, follow=True)
    return page.content.decode()


def test_folded_rows_send_a_place_and_an_id_only(editor, spots):
    fields = form_fields(editor.get(address_of(spots)))
    rows = {name for name in fields if name.startswith(("signs-", "causes-"))}
    assert {name for name in rows if "_FORMS" not in name} == {
        *("causes-0-id", "causes-0-order"),
        *(f"signs-{n}-{field}" for n in range(3) for field in ("id", "order")),
    }


def test_rows_that_nobody_opened_are_saved_as_they_were(editor, spots):
    Article.objects.update(key_signs=["spreading"])
    before = values_of(spots)
    assert "Saved." in save(editor, spots, form_fields(editor.get(address_of(spots))))
    assert values_of(spots) == before


@pytest.mark.parametrize("rows", [["signs-0"], ["causes-0"], ["signs-0", "signs-2", "causes-0"]])
def test_opened_rows_are_saved_as_they_were(rows, editor, spots):
    before = values_of(spots)
    fields = opened_form(editor, address_of(spots), *rows)
    assert all(any(name.startswith(f"{row}-") for name in fields) for row in rows)
    assert "Saved." in save(editor, spots, fields)
    assert values_of(spots) == before


def test_opening_a_row_without_scripts_keeps_what_is_typed(editor, spots):
    fields = {**form_fields(editor.get(address_of(spots))), "title": "Zebra", "_open": "signs-0"}
    page = editor.post(address_of(spots), fields)
    opened = form_fields(page)
    assert opened["title"] == "Zebra"
    assert opened["signs-0-text"].strip() == Checklist.objects.get().signs.first().text
    assert Article.objects.get().title == "About spots"
    assert "The fields that you asked for are open below." in page.content.decode()


def test_fetched_row_has_the_fields_and_their_fingerprints(editor, spots):
    row = spots.causes.get()
    where = {"row": "causes-7", "pk": row.pk}
    page = editor.get(address_of(spots, "row"), where).content.decode()
    assert 'name="causes-7-looks"' in page
    assert f"causes-{row.pk}-looks:" in page
    for wrong in ({"row": "causes-7", "pk": "0"}, {"row": "secrets-1", "pk": row.pk}, {}):
        assert editor.get(address_of(spots, "row"), wrong).status_code == 404


def test_row_is_fetched_only_by_who_may_change_it(spots, staff):
    reader = staff("rita", "articles.view_article")
    where = {"row": "causes-0", "pk": spots.causes.get().pk}
    assert reader.get(address_of(spots, "row"), where).status_code == 403


def test_shared_page_of_a_cause_is_only_shown_until_opened(editor, spots):
    factories.article("bumps")
    fields = opened_form(editor, address_of(spots), "causes-0")
    assert "causes-0-looks" in fields and "causes-0-page_what_it_is" not in fields
    assert "Saved." in save(editor, spots, fields)
    fields = opened_form(editor, address_of(spots), "causes-0", "causes-0-page")
    assert fields["causes-0-unlock_page"] == "on"
    assert "Saved." in save(editor, spots, {**fields, "causes-0-page_what_it_is": "An oil."})
    assert Cause.objects.get(slug="oil").what_it_is == "An oil."


def test_change_of_a_folded_row_by_another_writer_is_kept(editor, spots):
    fields = form_fields(editor.get(address_of(spots)))
    spots.causes.update(looks="Like a pea.")
    Document.objects.get(pk=spots.pk).record_edit(Document.objects.get(pk=spots.pk).owner)
    page = save(editor, spots, {**fields, "title": "Zebra"})
    assert "Two people changed this" in page
    spots.refresh_from_db()
    assert spots.causes.get().looks == "Like a pea."
    again = editor.post(address_of(spots), {**fields, "title": "Zebra"})
    assert "Saved." in save(editor, spots, {**form_fields(again)})
    assert spots.causes.get().looks == "Like a pea."
    assert Article.objects.get().title == "Zebra"


def test_folded_row_is_deleted_by_its_tick(editor, spots):
    fields = form_fields(editor.get(address_of(spots)))
    assert "Saved." in save(editor, spots, {**fields, "causes-0-DELETE": "on"})
    assert not spots.causes.exists()


def test_row_with_something_to_mend_is_open(editor, spots):
    spots.causes.update(looks="")
    assert "causes-0-looks" in form_fields(editor.get(address_of(spots)))


def test_words_of_form_classes_are_said_in_each_request():
    forms = [one.form for one in admin.site._registry.values()]
    forms += [inline.form for one in admin.site._registry.values() for inline in one.inlines]
    fields = [(form, *item) for form in forms for item in form.declared_fields.items()]
    eager = [
        (form.__name__, name)
        for form, name, field in fields
        if type(form).__module__ != "django" and form.__module__.startswith("education")
        for words in (field.label, field.help_text)
        if words and not isinstance(words, Promise)
    ]
    assert eager == []


def test_checklist_title_fits_beside_the_longest_page_title():
    title = Checklist.title_for("x" * 120)
    assert title.startswith("When to see a doctor: xxx") and len(title) == 120
