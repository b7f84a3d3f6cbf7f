"""Choosing illustrations, and filling in the table that compares causes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from education.media.illustrations import ILLUSTRATIONS
from tests import factories
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

CELLS = {
    "looks": "A white tip",
    "hurts": "A little",
    "comes_out": "White oil",
    "helps": "Warm water",
}


def saved(editor, name, row, **typed):
    address = reverse(f"admin:articles_{name}_change", args=[row.pk])
    answer = editor.post(
        address, {**form_fields(editor.get(address)), **typed, "_continue": "1"}, follow=True
    )
    row.refresh_from_db()
    return answer.content.decode()


def test_illustration_is_chosen_by_what_it_shows(editor):
    cause = factories.cause()
    form = editor.get(reverse("admin:articles_cause_change", args=[cause.pk])).content.decode()
    for name, drawing in ILLUSTRATIONS.items():
        assert f'<option value="{name}">{drawing.label}</option>' in form
    assert "Saved." in saved(editor, "cause", cause, picture="acne")
    assert cause.picture == "acne" and cause.content().illustration == ILLUSTRATIONS["acne"]


def test_unknown_illustration_is_not_stored(editor):
    cause = factories.cause(picture="acne")
    saved(editor, "cause", cause, picture="https://evil.example/x.svg")
    assert cause.picture == "acne"


def test_table_row_is_filled_in_and_a_gap_is_named(editor):
    factories.cause("oil"), factories.checklist()
    article = factories.article()
    typed = {f"causes-0-glance_{name}": words for name, words in CELLS.items()}
    page = saved(editor, "article", article, **{**typed, "causes-0-glance_helps": ""})
    assert "or leave “At a glance” empty for all of them" in page
    page = saved(editor, "article", article, **typed)
    assert "or leave “At a glance” empty for all of them" not in page
    assert all(cause.has_comparison_row for cause in article.content().causes)
