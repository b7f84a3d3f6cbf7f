"""The audit log: what is logged, who may read it, and its export."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from education.audit.models import Action, AuditLogEntry, log_action
from education.publishing.models import Edition
from education.staff.accounts import roles
from tests import factories
from tests.staff.conftest import create_user, form_fields, log_in, submit_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def spots(db: None) -> Any:
    return factories.make_small_site()


@pytest.fixture
def eve() -> Client:
    return log_in(create_user("eve", roles.AUTHOR, roles.REVIEWER, roles.PUBLISHER))


def actions_of(who: str) -> list[str]:
    return list(
        AuditLogEntry.objects.filter(user__username=who)
        .order_by("pk")
        .values_list("action", flat=True)
    )


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/admin/audit/auditlogentry/export.csv{query}")
    assert answer["Content-Type"].startswith("text/csv") and "no-store" in answer["Cache-Control"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_every_act_on_a_document_is_logged(spots, eve):
    form = form_fields(eve.get(reverse("admin:articles_article_change", args=[spots.pk])))
    address = reverse("admin:articles_article_change", args=[spots.pk])
    eve.post(address, {**form, "title": "Other", "causes-0-looks": "Red.", "_continue": "1"})
    desk = {
        page: reverse(f"admin:articles_article_{page}", args=[spots.pk])
        for page in ("submit", "publish", "withdraw", "restore", "review")
    }
    submit_form(eve, desk["submit"], factories.ADVICE)
    submit_form(
        eve,
        desk["review"],
        {
            "edition": "2",
            "shown_as": "Eve",
            "read": "on",
            "next_due": (timezone.localdate() + timedelta(90)).isoformat(),
            "_review": "1",
        },
    )
    submit_form(eve, desk["publish"], {})
    submit_form(eve, desk["withdraw"], {"reason": "Old."})
    submit_form(eve, desk["restore"], {"number": "1"})
    submit_form(eve, desk["withdraw"], {"reason": "Old."})
    assert actions_of("eve") == [
        "saved",
        "submitted",
        "reviewed",
        "published",
        "withdrawn",
        "restored",
        "refused",
    ]
    saved, _submitted, reviewed, published, withdrawn, *_rest = AuditLogEntry.objects.filter(
        user__username="eve"
    ).order_by("pk")
    assert "Title" in saved.details and "looks" in saved.details.casefold()
    assert "Eve" in reviewed.details
    assert (published.from_edition, published.to_edition) == (1, 2)
    assert (withdrawn.kind, withdrawn.slug, withdrawn.details) == (
        "article",
        "spots",
        "Urgent. Old.",
    )


def test_save_without_changes_is_not_logged(spots, eve):
    address = reverse("admin:articles_article_change", args=[spots.pk])
    eve.post(address, {**form_fields(eve.get(address)), "_continue": "1"})
    assert list(AuditLogEntry.objects.filter(user__username="eve").values_list("details")) == []


def test_question_is_logged_under_its_self_check_when_taken_out(spots, eve):
    check = factories.self_check()
    address = reverse("admin:selfcheck_selfcheck_change", args=[check.pk])
    taken_out = {"questions-3-DELETE": "on", "questions-2-routes-1-target": "outcome:home"}
    eve.post(address, {**form_fields(eve.get(address)), **taken_out, "_continue": "1"})
    entry = AuditLogEntry.objects.get(user__username="eve")
    assert (entry.action, entry.kind, entry.slug) == (Action.SAVED, "self-check", "skin-check")
    assert "question" in entry.details.casefold()
    check.refresh_from_db()
    assert check.edited_by.username == "eve"


def test_changes_of_settings_and_accounts_are_logged(eve):
    address = "/admin/clinic/clinic/add/"
    eve.post(address, {**form_fields(eve.get(address)), "name": "North Clinic"})
    assert actions_of("eve") == ["settings"]
    root = log_in(User.objects.create_superuser("root", password="a long pass phrase"))
    sent = {
        "username": "new",
        "password1": "a long pass phrase",
        "password2": "a long pass phrase",
        "groups": [Group.objects.get(name=roles.AUTHOR).pk],
    }
    root.post("/admin/auth/user/add/", sent)
    assert User.objects.get(username="new").is_staff
    assert actions_of("root") == ["account"]


def test_sign_ins_and_failures_are_logged_without_passwords(client):
    create_user("ada", roles.AUTHOR)
    client.post("/admin/login/", {"username": "ada", "password": "wrong"})
    client.post("/admin/login/", {"username": "a long pass phrase", "password": ""})
    client.post("/admin/login/", {"username": "ada", "password": "a long pass phrase"})
    client.post("/admin/logout/")
    found = list(
        AuditLogEntry.objects.order_by("pk").values_list("action", "user__username", "subject")
    )
    assert found == [
        ("sign-in-failed", None, "ada"),
        ("sign-in-failed", None, ""),
        ("signed-in", "ada", "ada"),
        ("signed-out", "ada", "ada"),
    ]
    assert "phrase" not in str(list(AuditLogEntry.objects.values()))


def test_commands_are_logged_without_a_user(tmp_path):
    call_command("load_content", verbosity=0)
    assert set(AuditLogEntry.objects.values_list("action", "user")) == {
        ("loaded", None),
        ("published", None),
    }
    assert AuditLogEntry.objects.filter(action="published").count() == Edition.objects.count()


def test_export_holds_what_the_filtered_list_shows(spots, eve):
    ada = create_user("ada", roles.AUTHOR)
    AuditLogEntry.objects.create(
        action=Action.SAVED,
        user=ada,
        kind="article",
        slug="old",
        subject="Article: Old",
        created_at=timezone.now() - timedelta(days=40),
    )
    log_action(Action.SAVED, user=ada, kind="article", slug="new", subject="Article: New")
    for query, subjects in (
        (f"?user__id__exact={ada.pk}", {"Article: Old", "Article: New"}),
        (f"?user__id__exact={ada.pk}&since=31", {"Article: New"}),
        ("?kind__exact=article&slug__exact=old", {"Article: Old"}),
        ("?action__exact=saved&q=new", {"Article: New"}),
    ):
        page = eve.get(f"/admin/audit/auditlogentry/{query}").content.decode()
        assert {name for name in ("Article: Old", "Article: New") if name in page} == subjects, (
            query
        )
        assert {row["of what"] for row in exported(eve, query)} == subjects, query
    assert len(exported(eve)) == AuditLogEntry.objects.count()


def test_form_links_to_its_own_history(spots, eve):
    page = eve.get(reverse("admin:articles_article_change", args=[spots.pk])).content.decode()
    address = reverse("admin:articles_article_history", args=[spots.pk])
    assert address in page
    history = eve.get(address, follow=True).content.decode()
    assert "Published" in history and "Checklist" not in history.split("result_list")[1]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", " =1"])
def test_export_cells_are_never_formulas(cell, eve):
    log_action(Action.SAVED, subject=cell, details=cell)
    row = next(row for row in exported(eve) if row["what"] == "Saved")
    assert row["of what"] == row["more"] == f"'{cell}"


@pytest.mark.parametrize(
    "query", ["?at__year=1", "?by__password__startswith=m", "?x=1", "?since=9"]
)
def test_invalid_query_is_no_error_and_shows_nothing(query, eve):
    for address in ("/admin/audit/auditlogentry/", "/admin/audit/auditlogentry/export.csv"):
        assert eve.get(address + query).status_code in {200, 302, 400}
