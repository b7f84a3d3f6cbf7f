"""Values that only a forged request holds are refused without a server error."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LONG = "9" * 30


@pytest.fixture
def spots(db: None) -> Any:
    return factories.make_small_site()


@pytest.mark.parametrize(
    "field", ["checklist", "owner", "causes-0-cause", "causes-0-id", "causes-0-article"]
)
def test_number_too_large_for_database_is_refused(field, editor, spots):
    address = reverse("admin:articles_article_change", args=[spots.pk])
    answer = editor.post(address, {**form_fields(editor.get(address)), field: LONG})
    assert answer.status_code in {200, 400}
    spots.refresh_from_db()
    assert spots.lock_version == 1


@pytest.mark.parametrize(
    "query", [f"?pk__exact={LONG}", f"?owner__id__exact={LONG}", f"?p={LONG}", f"?document={LONG}"]
)
def test_number_too_large_in_url_is_refused(query, editor, spots):
    for address in ("articles_article", "selfcheck_selfcheck", "publishing_edition"):
        answer = editor.get(reverse(f"admin:{address}_changelist") + query)
        assert answer.status_code in {200, 302, 400}
    for page in ("change", "preview", "editions", "references", "compare"):
        address = reverse(f"admin:articles_article_{page}", args=[LONG])
        assert editor.get(address).status_code in {302, 400, 404}


@pytest.mark.parametrize(
    "address", ["/admin/login/", "/when-to-see-a-doctor/skin/", "/feedback/spots/"]
)
def test_body_in_another_charset_is_refused_in_plain_words(address, spots):
    for kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
    ):
        for charset in ("hex", "rot13", "utf-16", "no-such", "x" * 3000):
            answer = Client().generic(
                "POST", address, b"sign=1", content_type=f"{kind}; charset={charset}"
            )
            assert answer.status_code == 400 and b"<h1" in answer.content
            assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_form_declared_as_utf_8_is_read(spots):
    for charset in ("utf-8", "UTF-8", '"utf-8"'):
        kind = f"application/x-www-form-urlencoded; charset={charset}"
        body = b"edition=1&useful=yes"
        assert (
            Client().generic("POST", "/feedback/spots/", body, content_type=kind).status_code == 200
        )
