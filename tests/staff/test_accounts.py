"""Managers make and end accounts without being all-powerful; pages and names of who leaves."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from education.audit.models import Action, AuditLogEntry
from education.operations.page_cache.site_version import site_version
from education.publishing.models import Document, Edition
from education.publishing.workflow import reviews
from education.staff.accounts import roles
from education.staff.preview_links import make_link
from tests import factories
from tests.public_pages.all_urls import CONDITION
from tests.staff.conftest import create_user, form_fields, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ADD = "/admin/auth/user/add/"
PASSWORD = {"password1": "a long pass phrase", "password2": "a long pass phrase"}


@pytest.fixture
def mona(db: None) -> User:
    return create_user("mona", roles.MANAGER)


@pytest.fixture
def manager(mona: User) -> Client:
    return log_in(mona)


def at(account: User, page: str = "change") -> str:
    return f"/admin/auth/user/{account.pk}/{page}/"


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def test_manager_makes_an_account_that_can_sign_in(manager):
    sent = {"username": "new", **PASSWORD, "groups": [role(roles.AUTHOR)]}
    manager.post(ADD, sent)
    assert Client().login(username="new", password="a long pass phrase")
    new = User.objects.get(username="new")
    assert log_in(new).get("/admin/").status_code == 200
    assert new.is_staff and not new.is_superuser
    assert AuditLogEntry.objects.get(action=Action.ACCOUNT).user.username == "mona"


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_account_without_a_role_is_refused(who, manager):
    root = User.objects.create_superuser("root", password="a long pass phrase")
    client = manager if who == "manager" else log_in(root)
    page = client.post(ADD, {"username": "new", **PASSWORD})
    assert "Tick at least one role." in page.content.decode()
    assert not User.objects.filter(username="new").exists()


@pytest.mark.parametrize(
    "more", [{"is_superuser": "on"}, {"is_staff": ""}, {"user_permissions": "1"}]
)
def test_manager_cannot_make_an_administrator(more, manager):
    sent = {"username": "new", **PASSWORD, "groups": [role(roles.AUTHOR)], **more}
    manager.post(ADD, sent)
    new = User.objects.get(username="new")
    assert not new.is_superuser and new.is_staff and not new.user_permissions.exists()


def test_manager_cannot_make_another_manager(manager):
    sent = {"username": "new", **PASSWORD, "groups": [role(roles.MANAGER)]}
    assert manager.post(ADD, sent).status_code == 200
    assert not User.objects.filter(username="new").exists()


def refused(kind: str, mona: User) -> User:
    """An account that a manager may not touch."""
    match kind:
        case "own":
            return mona
        case "administrator":
            return User.objects.create_superuser("root", password="a long pass phrase")
        case "manager":
            return create_user("max", roles.MANAGER)
        case "own permissions":
            account = create_user("pat", roles.AUTHOR)
            account.user_permissions.add(Permission.objects.get(codename="change_user"))
            return account
    account = create_user("gus")
    account.groups.add(Group.objects.create(name="Something else"))
    return account


@pytest.mark.parametrize(
    "kind", ["own", "administrator", "manager", "own permissions", "other group"]
)
def test_manager_cannot_touch_who_may_do_more(kind, mona, manager):
    account = refused(kind, mona)
    before = User.objects.filter(pk=account.pk).values().get()
    before_roles = set(account.groups.all())
    sent = {
        "username": "taken",
        "groups": [role(roles.PUBLISHER)],
        "is_active": "on",
        "is_superuser": "on",
        **PASSWORD,
    }
    for page in ("change", "password", "close"):
        assert manager.post(at(account, page), sent).status_code in {302, 403, 404}
    assert User.objects.filter(pk=account.pk).values().get() == {
        **before,
        "last_login": User.objects.get(pk=account.pk).last_login,
    }
    assert set(account.groups.all()) == before_roles


def test_manager_sees_no_administrator_and_no_password_hash(mona, manager):
    User.objects.create_superuser("root", password="a long pass phrase")
    page = manager.get("/admin/auth/user/").content.decode()
    assert "root" not in page.split('id="result_list"')[1] and "Manager of accounts" in page
    assert "md5" not in manager.get(at(mona)).content.decode()
    assert manager.get("/admin/auth/group/").status_code == 403


def test_manager_changes_roles_and_password_of_an_author(manager):
    arthur = create_user("arthur", roles.AUTHOR)
    form = form_fields(manager.get(at(arthur)))
    manager.post(at(arthur), {**form, "groups": [role(roles.PUBLISHER)]})
    assert [group.name for group in arthur.groups.all()] == [roles.PUBLISHER]
    manager.post(
        at(arthur, "password"), {"password1": "another phrase", "password2": "another phrase"}
    )
    assert Client().login(username="arthur", password="another phrase")


def test_list_shows_the_roles_and_who_may_sign_in(manager):
    create_user("arthur", roles.AUTHOR, roles.REVIEWER)
    User.objects.create_user("shut", password="a long pass phrase")
    page = manager.get("/admin/auth/user/").content.decode()
    assert "Author, Clinical reviewer" in page and "icon-no" in page


@pytest.fixture
def ada(db: None) -> User:
    """A reviewer whose name readers see, and who looks after the article."""
    spots = factories.make_small_site()
    ada = create_user("ada", roles.REVIEWER)
    live = list(Edition.objects.live())
    reviews.record_review(live, by=ada, shown_as="Dr. Ada Park")
    Document.objects.filter(pk=spots.pk).update(owner=ada)
    return ada


def test_closed_account_is_signed_out_and_pages_handed_over(ada, manager):
    hers = log_in(ada)
    arthur = create_user("arthur", roles.AUTHOR)
    link = make_link(Document.objects.get(slug="spots"), ada)
    manager.post(at(ada, "close"), {"owner": arthur.pk, "name": "keep"})
    assert hers.get("/admin/").status_code == 302 and Client().get(link).status_code == 410
    assert Document.objects.get(slug="spots").owner == arthur
    entry = AuditLogEntry.objects.filter(action=Action.ACCOUNT).get()
    assert "Pages handed over to arthur: 1." in entry.details


@pytest.mark.parametrize(("choice", "shown"), [("keep", True), ("replace", False)])
def test_clinic_decides_about_the_name_on_reviews(choice, shown, ada, manager, client):
    before = site_version()
    manager.post(at(ada, "close"), {"name": choice})
    page = client.get(CONDITION).content.decode()
    assert ("Dr. Ada Park" in page) == shown
    assert ("Reviewed by a former member of staff on" in page) != shown
    # Pages that are held in memory are made anew.
    assert (site_version() == before) == shown


def test_withheld_name_can_be_shown_again(ada, manager, client):
    manager.post(at(ada, "close"), {"name": "replace"})
    assert 'value="replace"' in manager.get(at(ada, "close")).content.decode()
    manager.post(at(ada, "close"), {"name": "keep"})
    assert "Dr. Ada Park" in client.get(CONDITION).content.decode()


def test_owner_of_many_pages_is_changed_after_a_look(ada, manager):
    arthur = create_user("arthur", roles.AUTHOR)
    factories.article("lumps")
    pages = list(Document.objects.filter(kind="article").values_list("pk", flat=True))
    marked = {"action": "change_owner", "_selected_action": pages}
    page = manager.post("/admin/articles/article/", marked)
    assert "It is about 2 pages" in page.content.decode()
    assert not Document.objects.filter(owner=arthur).exists()
    form = form_fields(page)
    manager.post("/admin/owners/", {**form, "owner": arthur.pk})
    assert Document.objects.filter(owner=arthur).count() == 2
    assert AuditLogEntry.objects.filter(details="Owner: arthur").count() == 2


def test_owner_must_be_chosen_and_active(ada, manager):
    gone = create_user("gone", roles.AUTHOR)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    pages = {"documents": str(Document.objects.get(slug="spots").pk)}
    assert "Choose somebody." in manager.post("/admin/owners/", pages).content.decode()
    manager.post("/admin/owners/", {**pages, "owner": gone.pk})
    assert Document.objects.get(slug="spots").owner == ada


@pytest.mark.parametrize("name", [roles.REVIEWER, roles.PUBLISHER])
def test_others_do_not_change_owners(name, ada):
    una = create_user("una", name)
    pages = {"documents": str(Document.objects.get(slug="spots").pk), "owner": una.pk}
    assert log_in(una).post("/admin/owners/", pages).status_code == 403
    assert "change_owner" not in log_in(una).get("/admin/articles/article/").content.decode()
    assert Document.objects.get(slug="spots").owner == ada


def test_author_is_offered_no_other_action_on_the_list(ada):
    page = log_in(create_user("arthur", roles.AUTHOR)).get("/admin/articles/article/")
    assert 'value="change_owner"' in page.content.decode()
    assert "delete_selected" not in page.content.decode()


def test_shown_form_fields_are_enough_to_save(manager: Any):
    arthur = create_user("arthur", roles.AUTHOR)
    form = form_fields(manager.get(at(arthur)))
    assert {"username", "is_active"} <= form.keys() and "is_staff" not in form
    answer = manager.post(at(arthur), {**form, "groups": [role(roles.AUTHOR)]})
    assert answer.status_code == 302
