"""Rows are ordered by position; an empty position means last."""

from __future__ import annotations

import pytest
from django.urls import reverse

from education.articles.models import Cause
from education.staff.editor.ordering import LAST_POSITION, PositionField
from tests import factories
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def bumps(db):
    for slug in ("oil", "sweat", "heat", "dust"):
        factories.cause(slug)
    factories.checklist()
    return factories.article("bumps", ("oil", "sweat", "heat"))


def send(editor, article, **typed):
    address = reverse("admin:articles_article_change", args=[article.pk])
    answer = editor.post(
        address, {**form_fields(editor.get(address)), **typed, "_continue": "1"}, follow=True
    )
    assert "Saved." in answer.content.decode()
    return [row.cause.slug for row in article.causes.all()]


@pytest.mark.parametrize(
    ("row", "place", "order"),
    [
        (2, "1", ["heat", "oil", "sweat"]),
        (2, "2", ["oil", "heat", "sweat"]),
        (0, "2", ["sweat", "oil", "heat"]),
        (0, "3", ["sweat", "heat", "oil"]),
        (0, "99", ["sweat", "heat", "oil"]),
        (0, "", ["sweat", "heat", "oil"]),
        (1, "2", ["oil", "sweat", "heat"]),
    ],
)
def test_moved_row_gets_its_position(row, place, order, editor, bumps):
    assert send(editor, bumps, **{f"causes-{row}-order": place}) == order
    assert [row.order for row in bumps.causes.all()] == [0, 1, 2]


@pytest.mark.parametrize(("place", "at"), [("", 3), ("1", 0), ("2", 1)])
def test_new_row_is_last_or_at_its_position(place, at, editor, bumps):
    new = {
        "causes-TOTAL_FORMS": "4",
        "causes-3-id": "",
        "causes-3-article": bumps.pk,
        "causes-3-cause": id_of("dust"),
        "causes-3-order": place,
    }
    assert send(editor, bumps, **new)[at] == "dust"


def id_of(slug):
    return Cause.objects.get(slug=slug).pk


def test_empty_new_row_is_left_out(editor, bumps):
    new = {"causes-TOTAL_FORMS": "4", "causes-3-id": "", "causes-3-order": "", "causes-3-cause": ""}
    assert send(editor, bumps, **new) == ["oil", "sweat", "heat"]


def test_positions_are_shown_from_one():
    field = PositionField()
    assert (field.prepare_value(0), field.prepare_value("7"), field.prepare_value(None)) == (
        1,
        "7",
        None,
    )
    assert (field.clean("1"), field.clean("")) == (0, LAST_POSITION)
    assert (
        not field.has_changed(0, "1")
        and field.has_changed(0, "2")
        and not field.has_changed(None, "")
    )
