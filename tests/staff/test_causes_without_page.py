"""Writing a cause that has no page: its name and picture in the form of an article."""

from __future__ import annotations

import pytest
from django.urls import reverse

from education.articles.models import Article, Cause
from education.publishing.models import Document
from education.staff.cross_references.finder import find_document_references
from tests import factories
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SHOES = {
    "causes-TOTAL_FORMS": "2",
    "causes-1-cause": "",
    "causes-1-name": "Tight shoes",
    "causes-1-picture": "lipoma",
    "causes-1-what_happens": "A shoe rubs the skin.",
    "causes-1-looks": "A sore heel.",
    "causes-1-self_care": "Wear wide shoes.",
}


@pytest.fixture
def spots(db: None) -> Article:
    return factories.make_small_site()


def address_of(row, page):
    return reverse(f"admin:articles_{row._meta.model_name}_{page}", args=[row.pk])


def saved(editor, row, **typed):
    address = address_of(row, "change")
    data = {**form_fields(editor.get(address)), **typed, "_continue": "1"}
    return editor.post(address, data, follow=True).content.decode()


def test_cause_is_left_empty_and_its_name_filled_in(editor, spots):
    page = saved(editor, spots, **SHOES)
    assert "Saved." in page and "write its name instead" not in page
    row = spots.content().causes[1]
    assert (row.cause, row.name, row.picture) == ("", "Tight shoes", "lipoma")
    preview = editor.get(address_of(spots, "preview")).content.decode()
    assert "<h3>Tight shoes</h3>" in preview
    assert preview.count("A shoe rubs the skin.") == 1
    assert preview.index("A shoe rubs the skin.") < preview.index("On the pages of the causes")


def test_form_tells_what_is_missing_or_too_much(editor, spots):
    page = saved(editor, spots, **{**SHOES, "causes-1-name": "", "causes-1-picture": ""})
    assert 'href="#id_causes-1-cause">Cause 2, Cause</a>: Choose a cause.' in link_text(page)
    assert "Preview" in editor.get(address_of(spots, "preview")).content.decode()
    oil = Cause.objects.get()
    page = saved(editor, spots, **{"causes-0-name": "Oil", "causes-1-name": "Wind"})
    assert (
        'href="#id_causes-0-name">Cause 1, Name</a>: The page of this cause gives it its name.'
        in link_text(page)
    )
    assert spots.to_values()["causes"][0]["cause"] == oil.slug


def link_text(page):
    return page.replace(
        f'href="/admin/articles/article/{Article.objects.get().pk}/change/', 'href="'
    )


def test_cause_page_is_used_only_where_it_is_chosen(editor, spots):
    saved(editor, spots, **SHOES)
    oil = Document.objects.get(kind="cause", slug="oil")
    (use,) = find_document_references(oil).own
    assert (use.document.slug, use.field_label) == ("spots", "Cause 1, Cause")
    saved(editor, spots, **{"causes-0-DELETE": "on"})
    (use,) = find_document_references(oil).own
    assert use.live and not use.in_working_copy


def test_writing_help_reads_the_name(editor, spots):
    page = saved(editor, spots, **{**SHOES, "causes-1-name": "Hyperkeratosis, 200 mg"})
    assert "Cause 2, Name" in page.split("Help with plain language")[1]


def test_change_of_the_name_is_shown_before_publishing(editor, spots):
    saved(editor, spots, **SHOES)
    page = editor.get(address_of(spots, "publish")).content.decode()
    assert "Causes › Tight shoes" in page
