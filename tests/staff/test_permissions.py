"""Every staff URL, role and method."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from education.articles.models import Article, LeafletImport
from education.audit.models import Action, AuditLogEntry, log_action
from education.clinic.models import Clinic
from education.feedback.models import FeedbackAnswer
from education.media.image_processing import process_upload
from education.media.models import Image
from education.publishing.models import Document, Edition, Publication
from education.staff.accounts import roles
from tests import factories
from tests.media import sample_images
from tests.staff.conftest import create_roles, create_user, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

STRANGER, NOBODY, ADMINISTRATOR = "stranger", "nobody", "administrator"
PEOPLE = (STRANGER, NOBODY, *roles.ROLES, ADMINISTRATOR)

A, R, P, M, S = roles.AUTHOR, roles.REVIEWER, roles.PUBLISHER, roles.MANAGER, ADMINISTRATOR
ALL = {A, R, P, M, S}
STAFF = {NOBODY, *ALL}
EVERYBODY = {STRANGER, *STAFF}
NONE: set[str] = set()
# No such method at this address.
NOT_THERE = None

DOCUMENT: dict[str, tuple[Any, Any]] = {
    "changelist": (ALL, ALL),
    "add": ({A, S}, {A, S}),
    "change": (ALL, {A, S}),
    "delete": ({A, S}, {A, S}),
    "history": (ALL, ALL),
    "preview": (ALL, NOT_THERE),
    "editions": (ALL, NOT_THERE),
    "compare": (ALL, NOT_THERE),
    "references": (ALL, NOT_THERE),
    "restore": (NOT_THERE, {P, S}),
    "submit": ({A, S}, {A, S}),
    "correct": ({A, S}, {A, S}),
    "comments": ({A, R, S}, {A, R, S}),
    "share": ({A, R, P, S}, {A, R, P, S}),
    # Authors take back what is their own; the rows below belong to nobody.
    "recall": ({S}, {S}),
    **{f"{form}autosave": (NOT_THERE, {A, S}) for form in ("", "add_")},
    **{f"{form}draft": ({A, S}, NOT_THERE) for form in ("", "add_")},
    # Nobody is sent a row without its name; who may fetch one is tested with the folded rows.
    "row": (NONE, NOT_THERE),
    "review": ({R, S}, {R, S}),
    "publish": ({P, S}, {P, S}),
    "cancel": ({P, S}, {P, S}),
    "withdraw": ({R, P, S}, {R, P, S}),
}
NOT_CHANGED = {"add": (NONE, NONE), "delete": (NONE, NONE), "history": (ALL, ALL)}
ACCOUNTS = {
    page: ({M, S}, {M, S})
    for page in (
        "changelist",
        "add",
        "change",
        "history",
        "password_change",
        "close",
        "second_factor",
    )
}

# (GET, POST) by the name of the address.
EXPECTED: dict[str, tuple[Any, Any]] = {
    **{
        f"{app}_{model}_{page}": who
        for app, model in roles.DOCUMENTS
        for page, who in DOCUMENT.items()
    },
    # There is one of each of these, and it cannot be added again.
    **{f"references_{model}_add": (NONE, NONE) for model in ("sourcelist", "glossary")},
    **{f"references_{model}_delete": (NONE, NONE) for model in ("sourcelist", "glossary")},
    # Nothing waits there, and the page says so.
    **{f"references_{model}_recall": ({A, S}, {A, S}) for model in ("sourcelist", "glossary")},
    **{
        f"references_{model}_add_{page}": who
        for model in ("sourcelist", "glossary")
        for page, who in (("autosave", (NOT_THERE, NONE)), ("draft", (NONE, NOT_THERE)))
    },
    # Sources are shown on the pages that cite them, and have no page of their own.
    "references_sourcelist_draft": (NONE, NOT_THERE),
    "references_sourcelist_preview": (NONE, NOT_THERE),
    "references_sourcelist_share": (NONE, NONE),
    **{
        f"media_image_{page}": DOCUMENT[page]
        for page in ("changelist", "add", "change", "delete", "history")
    },
    "articles_article_copy": ({A, S}, {A, S}),
    "selfcheck_selfcheck_flowchart": (ALL, NOT_THERE),
    "selfcheck_selfcheck_signs": ({A, S}, NOT_THERE),
    "selfcheck_selfcheck_insert_question": (NOT_THERE, {A, S}),
    "selfcheck_selfcheck_walkthrough": (ALL, ALL),
    **{f"clinic_clinic_{page}": ({P, S}, {P, S}) for page in ("changelist", "change", "history")},
    "clinic_clinic_add": ({P, S}, {P, S}),
    "clinic_clinic_delete": (NONE, NONE),
    **{f"publishing_edition_{page}": who for page, who in NOT_CHANGED.items()},
    "publishing_edition_changelist": (ALL, ALL),
    "publishing_edition_change": (ALL, NONE),
    "publishing_edition_preview": (ALL, ALL),
    "feedback_feedbackanswer_changelist": (ALL, ALL),
    "feedback_feedbackanswer_add": (NONE, NONE),
    "feedback_feedbackanswer_change": (ALL, NONE),
    "feedback_feedbackanswer_history": (ALL, ALL),
    "feedback_feedbackanswer_delete": ({P, S}, {P, S}),
    **{f"audit_auditlogentry_{page}": (NONE, NONE) for page in ("add", "delete")},
    "audit_auditlogentry_changelist": ({P, M, S}, {P, M, S}),
    "audit_auditlogentry_history": ({P, M, S}, {P, M, S}),
    "audit_auditlogentry_change": ({P, M, S}, NONE),
    "audit_log_export": ({P, M, S}, NOT_THERE),
    **{f"auth_user_{page}": who for page, who in ACCOUNTS.items()},
    **{f"auth_group_{page}": ({S}, {S}) for page in ("changelist", "add", "change", "history")},
    "auth_user_delete": (NONE, NONE),
    "auth_group_delete": (NONE, NONE),
    "index": (STAFF, STAFF),
    "outdated_handouts": (ALL, NOT_THERE),
    "worklist": (STAFF, NOT_THERE),
    "outcomes": (STAFF, STAFF),
    # It is sent with the pages that it is about.
    "owners": (NOT_THERE, NONE),
    "import_leaflet": ({A, S}, {A, S}),
    "imported_leaflet": (ALL, {A, S}),
    "wording": ({R, S}, {R, S}),
    "handouts": (STAFF, STAFF),
    "login": (EVERYBODY, EVERYBODY),
    # Without a password that was right it leads to the one above.
    "sign_in_code": (NONE, NONE),
    "sign_in_again": (STAFF, STAFF),
    "second_factor": (STAFF, STAFF),
    "second_factor_app": (STAFF, STAFF),
    "sessions": (STAFF, STAFF),
    "password_change": (STAFF, STAFF),
    "password_change_done": (STAFF, NOT_THERE),
    "jsi18n": (STAFF, NOT_THERE),
    "autocomplete": (NONE, NONE),
    "view_on_site": (STAFF, STAFF),
    "markdownx_markdownify": (NOT_THERE, {A, S}),
    "markdownx_upload": (NOT_THERE, {A, S}),
    "text_editor_compare": (NOT_THERE, {A, S}),
    **{f"text_editor_{name}": ({A, S}, NOT_THERE) for name in ("pages", "sources", "pictures")},
}
# What a self-check asks is corrected as a whole.
del EXPECTED["selfcheck_selfcheck_correct"]
# Signing out is tested where signing in is; the rest leads on to an address of the list above.
LEADS_ON = {"logout", "app_list", None}


def staff_patterns(patterns: Any, prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from staff_patterns(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith("admin/"):
            yield route, pattern.name


ROUTES = dict(staff_patterns(get_resolver().url_patterns))


def test_every_staff_url_is_in_the_table():
    assert set(ROUTES.values()) - LEADS_ON == set(EXPECTED)


@pytest.fixture
def rows(uploads: Any) -> dict[str, Any]:
    """One row of each kind, by the name of its model; those that can be deleted are drafts."""
    create_roles()
    factories.make_small_site()
    factories.publish_documents(factories.self_check())
    drafts = {"article": factories.article("draft"), "cause": factories.cause("draft")}
    drafts |= {
        "checklist": factories.checklist("draft"),
        "selfcheck": factories.self_check("draft"),
    }
    drafts |= {"snippet": factories.snippet("draft")}
    picture = Image(alternative_text="A bump.")
    picture.store(process_upload(sample_images.jpeg(40, 30)))
    LeafletImport.objects.create(article=drafts["article"], name="Spots")
    for document in drafts.values():
        factories.actions.freeze(document, **factories.ADVICE)
    return drafts | {
        "sourcelist": Document.objects.get(kind="sources"),
        "glossary": Document.objects.get(kind="glossary"),
        "image": picture,
        "clinic": Clinic.objects.create(pk=1, name="North Clinic"),
        "edition": Edition.objects.filter(document__kind="article").first(),
        "auditlogentry": log_action(Action.SAVED),
        "feedbackanswer": answer(),
        "user": User.objects.create_user("ute"),
        "group": Group.objects.first(),
        "deletable": {
            "article": factories.article("new"),
            "cause": factories.cause("new"),
            "checklist": factories.checklist("new"),
            "snippet": factories.snippet("new"),
            "selfcheck": factories.self_check("new"),
            "feedbackanswer": answer(),
        },
    }


def answer() -> FeedbackAnswer:
    edition = Edition.objects.filter(document__kind="article").first()
    return FeedbackAnswer.objects.create(edition=edition, useful=False, day=timezone.localdate())


def client_of(who: str) -> Client:
    if who == STRANGER:
        return Client()
    if who == ADMINISTRATOR:
        return log_in(User.objects.create_superuser("root", password="a long pass phrase"))
    return log_in(create_user(f"x {who}", *([] if who == NOBODY else [who])))


def address_of(route: str, name: str, rows: dict[str, Any]) -> str:
    model = name.split("_")[1] if name.count("_") >= 2 else ""
    row = rows["deletable"].get(model) if name.endswith("_delete") else None
    row = row or rows.get(model) or rows["article"]
    address = "/" + route
    for hole in (
        "<path:object_id>",
        "<int:pk>",
        "<id>",
        "<path:object_id>",
        "<int:content_type_id>",
    ):
        address = address.replace(hole, str(row.pk))
    address = address.replace("<slug:key>", "never")
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_for_model(Article)
    return address.replace("<path:content_type_id>", str(content_type.pk))


def outcome(answer: Any) -> str:
    """What an answer means: «yes», «no», or that the address has no such method."""
    if answer.status_code == 405:
        return "not there"
    to_sign_in = answer.status_code in {301, 302} and "/admin/login/" in answer["Location"]
    if answer.status_code in {403, 404} or to_sign_in:
        return "no"
    is_html = answer["Content-Type"].startswith("text/html") and not answer.streaming
    asks_to_sign_in = is_html and b'name="password"' in answer.content
    assert answer.status_code in {200, 302, 400}, answer
    return "sign in" if asks_to_sign_in else "yes"


@pytest.mark.parametrize("who", PEOPLE)
def test_every_role_may_do_exactly_what_the_table_says(who: str, rows: dict[str, Any]) -> None:
    client = client_of(who)
    unexpected = []
    for route, name in sorted(ROUTES.items()):
        if name in LEADS_ON:
            continue
        address = address_of(route, str(name), rows)
        for method, allowed in zip(("get", "post"), EXPECTED[str(name)], strict=True):
            sent = {"number": "1"} if method == "post" and str(name).endswith("_restore") else {}
            found = outcome(getattr(client, method)(address, sent))
            if name in {"login", "sign_in_again"} and found == "sign in":
                found = "yes"
            wanted = "not there" if allowed is NOT_THERE else "yes" if who in allowed else "no"
            other = next(one for one in EXPECTED[str(name)] if one is not NOT_THERE)
            if wanted == "not there" and who not in other:
                wanted = "no"
            # A stranger's form is answered with the sign-in page, and nothing else.
            if found == "sign in" and who == STRANGER:
                found = "no"
            # Who is told «no such method» is told nothing else.
            if wanted == "no" and found == "not there":
                found = "no"
            if found != wanted:
                unexpected.append(f"{method} {address}: {found}, not {wanted}")
    assert not unexpected, "\n".join(unexpected)


@pytest.mark.parametrize("who", [STRANGER, NOBODY])
def test_strangers_and_staff_without_role_see_and_change_nothing(
    who: str, rows: dict[str, Any]
) -> None:
    def counts() -> list[int]:
        return [model.objects.count() for model in (Document, Edition, Publication, Image)]

    client, before = client_of(who), counts()
    for route, name in ROUTES.items():
        # Packs of handouts show what every reader sees.
        if name in {"logout", "view_on_site", "handouts"} or "(?P" in route:
            continue
        address = address_of(route, str(name), rows)
        for method in ("get", "post"):
            answer = getattr(client, method)(address, {"title": "x", "number": "1", "post": "yes"})
            assert answer.status_code < 500
            assert b"About draft" not in answer.content and b"About spots" not in answer.content, (
                address
            )
    assert counts() == before


def test_signing_out_needs_a_signed_in_user(rows: dict[str, Any]) -> None:
    client = client_of(roles.AUTHOR)
    assert client.post("/admin/logout/").status_code in {200, 302}
    assert client.get("/admin/").status_code == 302
    assert AuditLogEntry.objects.filter(action=Action.SIGNED_OUT).count() == 1


def test_app_index_needs_permission_for_a_model_of_the_app(
    rows: dict[str, Any],
) -> None:
    for who, status in ((STRANGER, 302), (NOBODY, 404), (roles.REVIEWER, 200)):
        assert client_of(who).get("/admin/articles/").status_code == status


@pytest.fixture
def spots(db: None) -> Any:
    return factories.make_small_site()


@pytest.mark.parametrize("page", ["publish", "withdraw"])
def test_author_is_offered_no_publish_button(page, spots):
    client = log_in(create_user("author", roles.AUTHOR))
    address = reverse(f"admin:articles_article_{page}", args=[spots.pk])
    form = client.get(reverse("admin:articles_article_change", args=[spots.pk])).content.decode()
    assert address not in form and "_publish" not in form and "_submit" in form


def test_document_is_not_found_under_another_kind(spots):
    client = client_of(ADMINISTRATOR)
    cause = Document.objects.get(kind="cause")
    of_no_row = {"changelist", "add", "add_autosave", "add_draft"}
    for page in DOCUMENT.keys() - {
        *of_no_row,
        "restore",
        "autosave",
        "change",
        "delete",
        "history",
    }:
        address = reverse(f"admin:articles_article_{page}", args=[cause.pk])
        assert client.get(address).status_code == 404, page


def test_inactive_user_cannot_sign_in(client, django_user_model):
    django_user_model.objects.create_user(
        "gone", password="a long pass phrase", is_staff=True, is_active=False
    )
    answer = client.post("/admin/login/", {"username": "gone", "password": "a long pass phrase"})
    assert answer.status_code == 200 and not client.session.get("_auth_user_id")


def test_every_kind_of_document_can_be_edited():
    registered = {model.__name__ for model in admin.site._registry}
    assert {
        "Article",
        "Cause",
        "Checklist",
        "SourceList",
        "Glossary",
        "SelfCheck",
    } <= registered


def test_part_that_user_may_not_see_is_not_published(staff, spots):
    client = staff(
        "half", "articles.change_article", "articles.view_article", "publishing.add_publication"
    )
    other = factories.checklist(title="Changed by somebody else")
    address = reverse("admin:articles_article_publish", args=[factories.article(title="New").pk])
    assert b"Changed by somebody else" not in client.get(address).content
    client.post(address, {"note": "New.", "together": [other.pk]})
    assert not Edition.objects.live().filter(document=other, number=2).exists()


def test_roles_are_created_by_migration_with_real_permissions():
    Group.objects.all().delete()
    import_module("education.staff.migrations.0001_initial").write(apps, None)
    assert set(Group.objects.values_list("name", flat=True)) >= set(roles.ROLES)
    for name, permissions in roles.ROLES.items():
        group = Group.objects.get(name=name)
        found = {
            (p.content_type.app_label, p.content_type.model, p.codename)
            for p in group.permissions.select_related("content_type")
        }
        wanted = {
            (app, model, f"{action}_{model}")
            for (app, model), actions in permissions.items()
            for action in actions
        }
        assert found == wanted
        for app, model, codename in found:
            options = apps.get_model(app, model)._meta
            known = {f"{action}_{model}" for action in options.default_permissions}
            assert codename in known | {code for code, _name in options.permissions}


def test_roles_are_unchanged_when_synced_again():
    create_roles()
    before = json.dumps(sorted(Group.objects.values_list("name", "permissions__codename")))
    roles.sync_roles(apps)
    assert json.dumps(sorted(Group.objects.values_list("name", "permissions__codename"))) == before
