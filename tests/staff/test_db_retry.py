"""A busy database: requests are retried, and a form is saved once or kept."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse

from education.articles.models import Article
from education.media.models import Image
from education.staff import db_retry
from education.staff.admin.images import ImageAdmin
from education.staff.editor import draft_recovery
from education.staff.editor.forms import WorkingCopyAdmin
from education.staff.models import StaffSession
from tests import factories
from tests.media import sample_images
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


class Deadlock(Exception):
    sqlstate = "40P01"


def locked():
    return OperationalError("database is locked")


def deadlock():
    error = OperationalError("deadlock detected")
    error.__cause__ = Deadlock()
    return error


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(db_retry.time, "sleep", lambda _seconds: None)


@pytest.fixture
def address(editor):
    return reverse("admin:articles_article_change", args=[factories.make_small_site().pk])


def fails(monkeypatch, owner, name, times, error):
    """Let a step of saving do its work and fail afterwards, some times; how often it was tried."""
    tried = []
    real = getattr(owner, name)

    def step(*args, **kwargs):
        tried.append(name)
        result = real(*args, **kwargs)
        if len(tried) <= times:
            raise error()
        return result

    monkeypatch.setattr(owner, name, step)
    return tried


@pytest.mark.parametrize("error", [locked, deadlock])
def test_save_on_busy_database_is_done_once(error, editor, address, monkeypatch):
    form = {**form_fields(editor.get(address)), "title": "Mine", "_continue": "1"}
    revision = Article.objects.get().lock_version
    tried = fails(monkeypatch, WorkingCopyAdmin, "save_related", 3, error)
    page = editor.post(address, form, follow=True)
    assert page.status_code == 200 and page.content.decode().count("Saved.") == 1
    assert len(tried) == 4
    assert (Article.objects.get().title, Article.objects.get().lock_version) == (
        "Mine",
        revision + 1,
    )


def test_message_of_a_failed_attempt_is_not_shown(editor, address, monkeypatch):
    form = {**form_fields(editor.get(address)), "title": "Mine", "_continue": "1"}
    fails(monkeypatch, type(admin_of(Article)), "response_change", 2, locked)
    page = editor.post(address, form, follow=True)
    assert page.content.decode().count("Saved. Readers do not see this until it is published.") == 1


def admin_of(model):
    return admin.site._registry[model]


def test_uploaded_file_is_read_again(staff, uploads, monkeypatch):
    paula = staff("paula", "media.add_image", "media.view_image", "media.change_image")
    fails(monkeypatch, ImageAdmin, "save_model", 1, locked)
    picture = SimpleUploadedFile("bump.png", sample_images.png(60, 40), "image/png")
    sent = {"file": picture, "alternative_text": "A bump."}
    assert paula.post(reverse("admin:media_image_add"), sent).status_code == 302
    assert (Image.objects.get().width, Image.objects.get().height) == (60, 40)


def test_page_after_last_attempt_can_send_the_form_again(editor, address, monkeypatch):
    form = {**form_fields(editor.get(address)), "title": "<Mine> & “more”", "_continue": "1"}
    with monkeypatch.context() as patch:
        tried = fails(patch, WorkingCopyAdmin, "save_related", 99, locked)
        page = editor.post(address, form)
    assert page.status_code == 503 and len(tried) == db_retry.MAX_TRIES
    assert "The site is very busy" in page.content.decode()
    assert Article.objects.get().title == "About spots"
    again = form_fields(page)
    assert {name: again[name] for name in form if name != "csrfmiddlewaretoken"} == {
        name: value for name, value in form.items() if name != "csrfmiddlewaretoken"
    }
    assert editor.post(address, again).status_code == 302
    assert Article.objects.get().title == "<Mine> & “more”"


def test_get_on_busy_database_asks_to_wait(editor, address, monkeypatch):
    fails(monkeypatch, WorkingCopyAdmin, "render_change_form", 99, locked)
    page = editor.get(address)
    assert page.status_code == 503 and "Wait a moment" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_draft_survives_a_busy_database(editor, address, monkeypatch):
    form = {**form_fields(editor.get(address)), "title": "Mine"}
    session = editor.session
    session["recovered_draft"] = {address: {"why": "signed out", "pairs": list(form.items())}}
    session.save()
    with monkeypatch.context() as patch:
        fails(patch, WorkingCopyAdmin, "render_change_form", 99, locked)
        assert editor.get(address).status_code == 503
    fails(monkeypatch, WorkingCopyAdmin, "render_change_form", 2, locked)
    assert form_fields(editor.get(address))["title"] == "Mine"
    assert Article.objects.get().title == "About spots"


def test_other_errors_are_not_retried(editor, address, monkeypatch):
    form = form_fields(editor.get(address))
    full = fails(
        monkeypatch, WorkingCopyAdmin, "save_related", 9, lambda: OperationalError("disk is full")
    )
    with pytest.raises(OperationalError, match="disk"):
        editor.post(address, form)
    assert len(full) == 1


def test_sign_in_is_retried_and_keeps_the_draft(client, editor, address, monkeypatch):
    fails(monkeypatch, draft_recovery, "store_draft_after_login", 2, locked)
    page = client.post(address, {**form_fields(editor.get(address)), "title": "Mine"})
    before = StaffSession.objects.count()
    sent = {**form_fields(page), "username": "edith", "password": "a long pass phrase"}
    shown = client.post("/admin/login/", sent, follow=True)
    assert form_fields(shown)["title"] == "Mine"
    assert StaffSession.objects.count() == before + 1, "a failed try left something behind"


def test_password_is_not_on_the_page_that_sends_again(client, editor, monkeypatch):
    fails(monkeypatch, draft_recovery, "store_draft", 99, locked)
    page = client.post("/admin/login/", {"username": "edith", "password": "a long pass phrase"})
    assert page.status_code == 503 and b"a long pass phrase" not in page.content
    assert "sessionid" not in client.cookies
