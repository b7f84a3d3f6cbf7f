"""Strangers get nothing from any staff address, and staff only what they are permitted."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from education.publishing.models import Document, Edition, Publication
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def admin_patterns(patterns=None, prefix=""):
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from admin_patterns(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith("admin/"):
            yield route


def concrete(route, document):
    """An address for a route, with the row of a real document in it."""
    address = route
    for hole in ("<path:object_id>", "<int:pk>", "<int:content_type_id>", "<path:content_type_id>"):
        address = address.replace(hole, str(document.pk))
    return "/" + address.replace("<path:url>", "x").replace("(?P<app_label>", "articles/").split("^")[
        0
    ].rstrip("$")


@pytest.fixture
def spots(db):
    return builders.small_site()


OPEN = {"/admin/login/", "/admin/logout/", "/admin/jsi18n/"}
ROUTES = sorted(
    {route for route in admin_patterns() if "(?P" not in route and route[6:] != "<path:object_id>"}
)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", ROUTES)
def test_a_stranger_gets_nothing_from_a_staff_address(route, method, spots):
    address = concrete(route, spots)
    answer = getattr(Client(), method)(address)
    if address in OPEN:
        assert b"spots" not in answer.content
        return
    assert answer.status_code in {301, 302, 403, 404, 405}, address
    assert b"spots" not in answer.content
    if answer.status_code in {301, 302}:
        assert "/admin/login/" in answer["Location"] or answer["Location"] == address + "/"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", ROUTES)
def test_staff_without_permission_get_nothing_of_a_document(route, method, staff, spots):
    address = concrete(route, spots)
    before = (Document.objects.count(), Edition.objects.count(), Publication.objects.count())
    answer = getattr(staff("nobody"), method)(address)
    assert b"About spots" not in answer.content, address
    assert answer.status_code < 500
    assert (Document.objects.count(), Edition.objects.count(), Publication.objects.count()) == before
    if "/articles/" in address or "/publishing/" in address:
        assert answer.status_code in {301, 302, 403, 404, 405}, address


@pytest.mark.parametrize("page", ["publish", "withdraw"])
def test_who_may_edit_but_not_publish_cannot_decide_what_readers_see(page, staff, spots):
    client = staff("author", "articles.change_article", "articles.view_article")
    address = reverse(f"admin:articles_article_{page}", args=[spots.pk])
    sent = {"change": "wording", "note": "New.", "reason": "Old."}
    assert client.get(address).status_code == client.post(address, sent).status_code == 403
    form = client.get(reverse("admin:articles_article_change", args=[spots.pk])).content.decode()
    assert address not in form and "_publish" not in form


def test_who_may_only_look_can_read_and_preview_but_not_restore(staff, spots):
    client = staff("reader", "articles.view_article")
    for page in ("change", "preview", "editions"):
        assert client.get(reverse(f"admin:articles_article_{page}", args=[spots.pk])).status_code == 200
    assert (
        client.post(reverse("admin:articles_article_restore", args=[spots.pk]), {"number": "1"}).status_code
        == 403
    )


def test_a_document_of_one_kind_is_not_reached_through_the_address_of_another(editor, spots):
    cause = Document.objects.get(kind="cause")
    for page in ("preview", "publish", "withdraw", "editions"):
        assert editor.get(reverse(f"admin:articles_article_{page}", args=[cause.pk])).status_code == 404


def test_somebody_who_left_cannot_sign_in(client, django_user_model):
    django_user_model.objects.create_user(
        "gone", password="a long pass phrase", is_staff=True, is_active=False
    )
    answer = client.post("/admin/login/", {"username": "gone", "password": "a long pass phrase"})
    assert answer.status_code == 200 and not client.session.get("_auth_user_id")


def test_every_kind_of_document_can_be_edited():
    registered = {model.__name__ for model in admin.site._registry}
    assert {"Article", "Cause", "Checklist", "SourceList", "Glossary", "SelfCheck", "Question"} <= registered


def test_a_part_that_one_may_not_edit_does_not_go_live_by_ones_hand(staff, spots):
    client = staff("half", "articles.change_article", "articles.view_article", "publishing.add_publication")
    other = builders.checklist(title="Changed by somebody else")
    address = reverse("admin:articles_article_publish", args=[builders.article(title="New").pk])
    assert b"Changed by somebody else" not in client.get(address).content
    client.post(address, {"change": "advice", "note": "New.", "together": [other.pk]})
    assert not Edition.objects.live().filter(document=other, number=2).exists()
