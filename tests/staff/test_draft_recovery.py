"""A session that ends while a form is filled in: the draft is shown after signing in."""

from __future__ import annotations

import html
import json

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from education.articles.models import Article
from education.publishing.models import Document
from education.staff.editor import draft_recovery
from education.staff.models import StaffSession
from tests import factories
from tests.media import sample_images
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SIGN_IN = "/admin/login/"
HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
TYPED = "Mine – “with” all\r\nsigns: ä, 🙂, <b>, \\"
EDITH = {"username": "edith", "password": "a long pass phrase"}


@pytest.fixture
def spots(editor):
    page = factories.make_small_site()
    Document.objects.update(owner=User.objects.get())
    return page


@pytest.fixture
def address(spots):
    return reverse("admin:articles_article_change", args=[spots.pk])


def text_of(answer):
    return html.unescape(answer.content.decode())


def sent_without_a_session(client, address, **typed):
    """What comes when somebody saves after their session has ended."""
    form = {**form_fields(client.get(address)), **typed}
    StaffSession.objects.all().delete()
    return client.post(address, form)


def sign_in(client, page, **typed):
    return client.post(SIGN_IN, {**form_fields(page), **EDITH, **typed}, follow=True)


def test_draft_is_in_the_form_after_sign_in_and_can_be_saved(editor, spots, address):
    page = sent_without_a_session(editor, address, summary=TYPED, **{"causes-0-looks": "Red."})
    assert page.status_code == 200
    assert "Your session has ended. Sign in again: what you typed is kept." in text_of(page)
    form = sign_in(editor, page)
    assert form.redirect_chain == [(address, 302)]
    assert "This is what you typed before your session ended. It is not saved yet." in text_of(form)
    shown = form_fields(form)
    assert shown["summary"] == TYPED
    assert shown["causes-0-looks"] == "Red."
    assert Article.objects.get(pk=spots.pk).summary == "Spots are common. Wash gently."
    assert "Saved." in text_of(editor.post(address, {**shown, "_continue": "1"}, follow=True))
    saved = Article.objects.get(pk=spots.pk)
    assert (saved.summary.splitlines(), saved.causes.get().looks) == (TYPED.splitlines(), "Red.")


def test_draft_survives_a_wrong_password(editor, address):
    page = sent_without_a_session(editor, address, title="Mine")
    page = sign_in(editor, page, password="wrong")
    assert "what you typed is kept" in text_of(page)
    assert form_fields(sign_in(editor, page))["title"] == "Mine"


def test_draft_is_shown_once(editor, address):
    sign_in(editor, sent_without_a_session(editor, address, title="Mine"))
    form = editor.get(address)
    assert form_fields(form)["title"] == "About spots"
    assert "not saved" not in text_of(form)


def test_draft_is_merged_with_a_save_meanwhile(editor, spots, address):
    page = sent_without_a_session(editor, address, title="Mine", introduction="My words.")
    Article.objects.filter(pk=spots.pk).update(title="Theirs", summary="Their summary.")
    Document.objects.get(pk=spots.pk).record_edit()
    form = sign_in(editor, page)
    merge = form.context["unsaved_form"].merge
    assert [(one.saved, one.typed) for one in merge.conflicts] == [("Theirs", "Mine")]
    assert merge.taken_over == ["Summary"]
    assert "This is what you typed before your session ended." in text_of(form)
    assert form_fields(form)["introduction"] == "My words."


def test_draft_of_a_new_document_is_recovered(editor, spots):
    add = reverse("admin:articles_article_add")
    form = sign_in(editor, sent_without_a_session(editor, add, title="New", slug="new"))
    assert form_fields(form)["title"] == "New"
    assert not Article.objects.filter(slug="new").exists()
    editor.post(add, form_fields(form))
    assert Article.objects.get(slug="new").title == "New"


def test_draft_is_shown_to_another_user_only_with_permission(editor, staff, address):
    page = sent_without_a_session(editor, address, title="Mine")
    staff("reader", "articles.view_article")
    form = sign_in(Client(), page, username="reader")
    assert "Mine" not in text_of(form)
    staff("nobody")
    answer = sign_in(Client(), page, username="nobody")
    assert answer.status_code == 403 and "Mine" not in text_of(answer)


def test_file_of_a_draft_is_named_to_be_chosen_again(staff, uploads):
    paula = staff("edith", "media.view_image", "media.add_image")
    add = reverse("admin:media_image_add")
    picture = SimpleUploadedFile("bump.png", sample_images.png(), "image/png")
    page = sent_without_a_session(paula, add, alternative_text="A bump.", file=picture)
    assert "The file “bump.png” cannot be kept." in text_of(page)
    form = sign_in(paula, page)
    assert "Choose the file “bump.png” again." in text_of(form)
    assert form_fields(form)["alternative_text"] == "A bump."


def test_token_and_passwords_are_not_in_a_draft(address):
    sent = {
        "title": "Mine",
        "csrfmiddlewaretoken": "t",
        "old_password": "secret",
        "new_Password1": "secret",
    }
    pairs = json.loads(form_fields(Client().post(address, sent))["recovered_draft"])
    assert pairs == [["title", "Mine"]]


@pytest.mark.parametrize("path", ["auth/user/add/", "password_change/", "logout/", "jsi18n/"])
def test_account_forms_leave_no_draft(path, address):
    answer = Client().post(f"/admin/{path}", {"username": "new", "email": "a@b.example"})
    assert b"a@b.example" not in answer.content and b'name="recovered_draft"' not in answer.content


@pytest.mark.parametrize("page", ["changelist", "restore", "delete"])
def test_form_without_text_redirects_to_sign_in(page, spots):
    row = [] if page == "changelist" else [spots.pk]
    answer = Client().post(reverse(f"admin:articles_article_{page}", args=row), {"number": "1"})
    assert answer.status_code == 302 and answer.url.startswith(SIGN_IN)


def test_draft_too_long_is_kept_by_reloading_the_page(editor, address, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = draft_recovery.LOGIN_FORM_RESERVE + 5_000
    form = {**form_fields(editor.get(address)), "summary": "Long. " * 1_500}
    StaffSession.objects.all().delete()
    page = editor.post(address, form)
    assert "too long to be kept on this page. Do not close this page." in text_of(page)
    assert 'name="recovered_draft"' not in text_of(page)
    # A new tab, where one signs in; then the first one is loaded again, with its old token.
    strict = Client(enforce_csrf_checks=True)
    token = {"csrfmiddlewaretoken": form_fields(strict.get(SIGN_IN))["csrfmiddlewaretoken"]}
    strict.post(SIGN_IN, {**EDITH, **token}, headers=HERE)
    shown = strict.post(address, {**form, **token}, headers=HERE, follow=True)
    assert form_fields(shown)["summary"].strip() == ("Long. " * 1_500).strip()


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "x",
        "null",
        "{}",
        "[1]",
        '["ab"]',
        '[["a"]]',
        '[["a", 1]]',
        "[" * 5_000,
        '[["a", "b"], 3]',
        "\0",
    ],
)
def test_invalid_draft_is_ignored(kept, editor, address):
    StaffSession.objects.all().delete()
    form = {**form_fields(editor.get(SIGN_IN)), **EDITH, "recovered_draft": kept, "next": address}
    answer = editor.post(SIGN_IN, form, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "not saved" not in text_of(answer)


def test_draft_never_redirects_to_another_site(editor, address):
    page = sent_without_a_session(editor, address, title="Mine")
    answer = editor.post(SIGN_IN, {**form_fields(page), **EDITH, "next": "https://evil.example/"})
    assert answer.url == "/admin/"


@pytest.fixture
def strict(editor, spots):
    """A browser whose tokens are looked at, and that is signed in."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = editor.cookies["sessionid"].value
    return client


def test_form_with_old_token_is_shown_again_with_its_draft(strict, spots, address):
    form = {**form_fields(strict.get(address)), "title": "Mine", "csrfmiddlewaretoken": "a" * 64}
    shown = strict.post(address, form, headers=HERE, follow=True)
    assert "This is what you typed. It is not saved yet" in text_of(shown)
    assert form_fields(shown)["title"] == "Mine"
    assert Article.objects.get(pk=spots.pk).title == "About spots"
    saved = strict.post(
        address, {**form_fields(shown), "_continue": "1"}, headers=HERE, follow=True
    )
    assert "Saved." in text_of(saved)
    assert Article.objects.get(pk=spots.pk).title == "Mine"


def test_draft_without_session_and_token_survives_sign_in(strict, address):
    form = {**form_fields(strict.get(address)), "title": "Mine"}
    strict.cookies.clear()
    page = strict.post(address, form, headers=HERE)
    assert "what you typed is kept" in text_of(page)
    shown = strict.post(SIGN_IN, {**form_fields(page), **EDITH}, headers=HERE, follow=True)
    assert form_fields(shown)["title"] == "Mine"


def test_draft_survives_signing_in_elsewhere(strict, editor, address):
    page = Client().post(address, {**form_fields(strict.get(address)), "title": "Mine"})
    sent = {**form_fields(page), "csrfmiddlewaretoken": "a" * 64}
    shown = strict.post(SIGN_IN, sent, headers=HERE, follow=True)
    assert form_fields(shown)["title"] == "Mine"
    stranger = Client(enforce_csrf_checks=True)
    again = stranger.post(SIGN_IN, sent, headers=HERE)
    assert "what you typed is kept" in text_of(again)
    assert form_fields(
        stranger.post(SIGN_IN, {**form_fields(again), **EDITH}, headers=HERE, follow=True)
    )["title"] == ("Mine")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_form_from_another_site_is_never_shown(headers, strict, address):
    form = {
        **form_fields(strict.get(address)),
        "title": "Send money",
        "csrfmiddlewaretoken": "a" * 64,
    }
    for client in (strict, Client(enforce_csrf_checks=True)):
        for where in (address, SIGN_IN):
            sent = {
                **form,
                "recovered_draft": json.dumps([["title", "Send money"]]),
                "next": address,
            }
            answer = client.post(where, sent, headers=headers)
            assert answer.status_code == 403
            assert "Send money" not in text_of(answer)
    assert form_fields(strict.get(address))["title"] == "About spots"


def form_of_somebody_else(editor, address):
    """Edith types; her session ends; Otto signs in on the page that holds her words."""
    page = sent_without_a_session(editor, address, summary="Edith's own words.")
    otto = User.objects.create_superuser("otto", password="a long pass phrase")
    return sign_in(editor, page, username=otto.username)


def test_words_are_not_shown_to_another_who_signs_in(editor, address):
    shown = form_of_somebody_else(editor, address)
    assert "Edith's own words." not in text_of(shown)
    assert "Their words are kept until they sign in." in text_of(shown)
    assert "Edith's own words." not in text_of(editor.get(address))


def test_words_come_back_to_who_typed_them(editor, address):
    form_of_somebody_else(editor, address)
    edith = Client()
    edith.force_login(User.objects.get(username="edith"))
    shown = edith.get(address)
    assert form_fields(shown)["summary"] == "Edith's own words."
    assert "It is not saved yet." in text_of(shown)
    edith.post(address, {"_discard": "1"})
    assert "Edith's own words." not in text_of(edith.get(address))


def test_words_in_an_open_tab_are_not_shown_to_another(editor, spots, address):
    form = {**form_fields(editor.get(address)), "summary": "Edith's own words."}
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.create_superuser("otto", password="a long pass phrase"))
    shown = browser.post(address, form, headers=HERE, follow=True)
    assert "Edith's own words." not in text_of(shown)
    assert Article.objects.get(pk=spots.pk).summary != "Edith's own words."


def test_forged_owner_of_words_is_ignored(editor, address):
    page = sent_without_a_session(editor, address, summary="Mine.", opened_by="1:forged")
    assert form_fields(sign_in(editor, page))["summary"] == "Mine."
