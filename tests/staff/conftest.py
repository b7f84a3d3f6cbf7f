"""Staff users, and forms filled in as a browser would send them."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone

from education.staff.accounts.roles import sync_roles as write_roles
from education.staff.session_store import LAST_INPUT_AT, SIGNED_IN_AT

DESK = (
    "publishing.add_publication",
    "publishing.submit_edition",
    "publishing.restore_edition",
    "publishing.view_edition",
)
APPS = ("articles", "checklists", "references", "selfcheck", "media")


@pytest.fixture
def staff(db: None) -> Callable[..., Client]:
    """A signed-in member of staff with these permissions, such as `articles.change_article`."""

    def sign_in(name: str, *permissions: str) -> Client:
        user = User.objects.create_user(name, password="a long pass phrase", is_staff=True)
        known = {
            f"{app}.{codename}": pk
            for pk, app, codename in Permission.objects.values_list(
                "pk", "content_type__app_label", "codename"
            )
        }
        user.user_permissions.set([known[permission] for permission in permissions])
        return log_in(user)

    return sign_in


@pytest.fixture
def editor(staff: Callable[..., Client]) -> Client:
    """A member of staff who may edit and publish everything."""
    wanted = Permission.objects.filter(content_type__app_label__in=APPS)
    names = [
        f"{p.content_type.app_label}.{p.codename}" for p in wanted.select_related("content_type")
    ]
    return staff("edith", *DESK, *names)


def create_roles() -> None:
    """The roles, which the flush between tests that commit takes away."""
    if not Group.objects.exists():
        write_roles(apps)


def create_user(name: str, *roles: str) -> User:
    """A member of staff with these roles, as the site makes them."""
    create_roles()
    user = User.objects.create_user(name, password="a long pass phrase", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles)
    return user


def log_in(user: User) -> Client:
    """The browser of somebody who has signed in."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[SIGNED_IN_AT] = session[LAST_INPUT_AT] = int(timezone.now().timestamp())
    session.save()
    return client


def submit_form(client: Client, address: str, typed: dict[str, Any], **more: Any) -> Any:
    """Open a page of the desk, and send its form: with what the page showed, and what is typed."""
    opened = address.replace("/restore/", "/editions/")
    page = client.get(opened)
    return client.post(address, {"shown": shown_state_of(page), **typed}, **more)


def shown_state_of(page: Any) -> str:
    """What a page of the desk showed, as its form carries it; empty where there is no form."""
    context = page.context
    return str(context.get("page_token", "")) if context is not None else ""


class _Fields(HTMLParser):
    """The fields of the largest form of a page, with their values."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in {"submit", "button", "file"}:
            if given.get("type") not in {"checkbox", "radio"}:
                self.data[name] = given.get("value", "")
            elif "checked" in given:
                self.data[name] = given.get("value", "on")
        elif tag == "textarea":
            self._area = name
            self.data[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.data[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.data[self._area] = self.data[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.data[self._area] += data


def form_fields(page: Any) -> dict[str, Any]:
    """What a browser would send back from a page if nobody typed anything."""
    parser = _Fields()
    parser.feed(page.content.decode())
    return {name: value for name, value in parser.data.items() if "__prefix__" not in name and name}
