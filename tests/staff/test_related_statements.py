"""P6: publishing shows other statements of a fact that changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from education.publishing import actions
from education.publishing.models import Document
from education.staff.accounts import roles
from tests import factories
from tests.staff.conftest import create_user, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

QUESTION = "These texts say something like it. Do they still fit?"
SIGN = {
    "key": "stays",
    "urgency": "routine",
    "text": "A lump is still there after 2 weeks",
    "sources": ["leaflet"],
}


@pytest.fixture
def publisher() -> Client:
    return log_in(create_user("paula", roles.PUBLISHER))


@pytest.fixture
def checklist(db: None) -> Any:
    factories.make_small_site()
    cause = factories.cause("lump", text="Is a lump still there after two weeks? Ask.")
    factories.publish_documents(factories.checklist(signs=[SIGN]), cause, note="A sign.")
    return factories.checklist(signs=[{**SIGN, "text": "A lump is still there after 1 week"}])


def publish_page(client: Client, document: Document) -> str:
    options = document.document_type.model_class()._meta
    return client.get(
        reverse(f"admin:{options.app_label}_{options.model_name}_publish", args=[document.pk])
    ).content.decode()


def test_publish_lists_related_statements_with_links(checklist, publisher):  # P6
    page = publish_page(publisher, checklist)
    assert QUESTION in page
    assert "“Is a lump still there after two weeks?”" in page
    cause = Document.objects.get(slug="lump")
    assert f'href="{reverse("admin:articles_cause_change", args=[cause.pk])}#id_what_it_is"' in page
    assert "Cause: Lump: What it is" in page


def test_publish_lists_nothing_when_no_fact_is_removed(checklist, publisher):
    same = factories.checklist(signs=[{**SIGN, "text": "Is a lump still there after 2 weeks?"}])
    assert QUESTION not in publish_page(publisher, same)


def test_pending_edition_is_compared(checklist, publisher):
    actions.submit([checklist], note="Sooner.")
    factories.checklist(signs=[SIGN])
    assert "“Is a lump still there after two weeks?”" in publish_page(publisher, checklist)


def test_related_statement_fixed_by_same_set_is_marked(checklist, publisher):
    factories.publish_documents(factories.article(causes=("oil", "lump")), note="The lump as well.")
    values = {"summary": "A lump that is still there after two weeks needs a doctor."}
    factories.publish_documents(
        factories.article(causes=("oil", "lump"), **values), note="A summary."
    )
    factories.article(
        causes=("oil", "lump"), summary="A lump that is still there after one week needs a doctor."
    )
    page = publish_page(publisher, checklist)
    assert "“A lump that is still there after two weeks needs a doctor.”" in page
    assert page.count("It is changed in what you can publish together with this.") == 1
