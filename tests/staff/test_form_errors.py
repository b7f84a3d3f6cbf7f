"""What a form refuses stands at its top, with links to the fields."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests import factories
from tests.staff.conftest import form_fields
from tests.staff.test_article_form import opened_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def refusals(page: str) -> str:
    """The list at the top of the form."""
    found = re.search(r'aria-labelledby="field-errors"[^>]*role="alert".*?</section>', page, re.S)
    assert found
    return found[0]


def test_refused_field_is_linked_at_the_top(editor):
    spots = factories.make_small_site()
    address = reverse("admin:articles_article_change", args=[spots.pk])
    page = editor.post(
        address, {**form_fields(editor.get(address)), "owner": "999999"}
    ).content.decode()
    assert '<a href="#id_owner">Owner</a>: ' in refusals(page)
    assert "<title>Error:" in page
    assert page.count('role="alert"') == 1


def test_refused_row_is_named_and_its_field_linked(editor):
    spots = factories.make_small_site()
    factories.article("bumps")
    address = reverse("admin:articles_article_change", args=[spots.pk])
    typed = {"causes-0-page_what_it_is": "Skin makes an oil."}
    sent = {**opened_form(editor, address, "causes-0"), **typed}
    told = refusals(editor.post(address, sent).content.decode())
    assert '<a href="#id_causes-0-page_what_it_is">Cause 1, What it is</a>: ' in told
    assert "Also on 1 other page." in told


def test_form_without_refusal_has_no_list(editor):
    spots = factories.make_small_site()
    page = editor.get(reverse("admin:articles_article_change", args=[spots.pk]))
    assert "field-errors" not in page.content.decode()
