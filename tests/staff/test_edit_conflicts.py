"""Concurrent edits: the second save shows a merge, and nothing typed is lost."""

from __future__ import annotations

import html

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from education.articles.models import Article, ArticleCause
from education.clinic.models import Clinic
from education.media.image_processing import process_upload
from education.media.models import Image
from education.publishing.models import Document
from education.selfcheck.models import Question
from education.staff.editor.edit_conflicts import ConflictAwareAdmin, ConflictAwareForm
from education.staff.editor.three_way_merge import display_value
from tests import factories
from tests.media import sample_images
from tests.staff.conftest import form_fields, submit_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def spots(editor):
    factories.cause("sweat")
    page = factories.make_small_site()
    Document.objects.update(owner=User.objects.get())
    return page


@pytest.fixture
def address(spots):
    return reverse("admin:articles_article_change", args=[spots.pk])


def send(client, address, form, **typed):
    return client.post(address, {**form, **typed, "_continue": "1"}, follow=True)


def test_second_save_shows_both_versions_and_keeps_typed_text(editor, spots, address):
    mine = form_fields(editor.get(address))
    theirs = form_fields(editor.get(address))
    send(editor, address, theirs, title="Their title", summary="Their summary.")
    page = send(editor, address, mine, title="My title", introduction="My introduction.")
    text = page.content.decode()
    assert "Two people changed this" in text
    for version in ("Their title", "My title", "Their summary.", "My introduction."):
        assert version in text
    assert Article.objects.get(pk=spots.pk).title == "Their title"
    assert form_fields(page)["title"] == "My title"
    assert form_fields(page)["introduction"].strip() == "My introduction."

    again = send(editor, address, form_fields(page))
    assert "Saved." in again.content.decode()
    saved = Article.objects.get(pk=spots.pk)
    assert (saved.title, saved.introduction) == ("My title", "My introduction.")
    assert saved.summary == "Their summary."


def test_field_changed_by_other_is_taken_over_and_named(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), summary="Theirs.", do="Wash.\nDry.")
    page = send(editor, address, mine, introduction="Mine.")
    text = page.content.decode()
    for name in ("Summary", "Do"):
        assert f"<li>Taken over from the other person: {name}</li>" in text
    assert "Introduction</li>" not in text and "Both of you" not in text
    form = form_fields(page)
    assert [form[name] for name in ("summary", "do", "introduction")] == [
        "Theirs.",
        "Wash.\nDry.",
        "Mine.",
    ]


def test_merge_without_conflict_is_shown_before_it_is_saved(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), summary="Theirs.")
    page = send(editor, address, mine, introduction="Mine.")
    assert "You did not change the same fields." in page.content.decode()
    assert Article.objects.get(pk=spots.pk).introduction == "Most people get spots."
    assert "Saved." in send(editor, address, form_fields(page)).content.decode()
    saved = Article.objects.get(pk=spots.pk)
    assert (saved.summary, saved.introduction) == ("Theirs.", "Mine.")


def test_field_changed_by_both_keeps_typed_and_shows_both(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), summary="Theirs.", checklist="")
    page = send(editor, address, mine, summary="Mine.")
    both = page.context["unsaved_form"].merge.conflicts
    assert [(one.label, one.saved, one.typed) for one in both] == [("Summary", "Theirs.", "Mine.")]
    assert "Both of you changed this." in page.content.decode()
    assert form_fields(page)["summary"] == "Mine."
    assert "checklist" not in form_fields(page) or form_fields(page)["checklist"] == ""


def test_field_typed_alike_by_both_is_no_conflict(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), title="Same", summary="Theirs.")
    merge = send(editor, address, mine, title="Same").context["unsaved_form"].merge
    assert (merge.conflicts, merge.taken_over) == ([], ["Summary"])


def test_third_change_meanwhile_is_shown_again(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), title="Second")
    page = send(editor, address, mine, title="Mine")
    send(editor, address, form_fields(editor.get(address)), title="Third")
    page = send(editor, address, form_fields(page))
    assert "Two people changed this" in page.content.decode()
    assert "Third" in page.content.decode() and form_fields(page)["title"] == "Mine"


def test_change_of_an_inline_row_is_a_conflict(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), **{"causes-0-looks": "They say red."})
    page = send(editor, address, mine, **{"causes-0-looks": "I say white."})
    text = page.content.decode()
    assert "They say red." in text and "I say white." in text
    send(editor, address, form_fields(page))
    assert ArticleCause.objects.get(article=spots).looks == "I say white."


def test_row_fields_are_merged_one_by_one(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), **{"causes-0-looks": "They say red."})
    page = send(editor, address, mine, **{"causes-0-self_care": "I say wash."})
    assert page.context["unsaved_form"].merge.taken_over == ["Cause 1: How it looks or feels"]
    send(editor, address, form_fields(page))
    row = ArticleCause.objects.get(article=spots)
    assert (row.looks, row.self_care) == ("They say red.", "I say wash.")


def test_row_deleted_by_other_stays_deleted(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), **{"causes-0-DELETE": "on"})
    page = send(editor, address, mine, title="Mine")
    assert page.context["unsaved_form"].merge.taken_over == ["Cause 1, deleted by somebody else"]
    assert "Saved." in send(editor, address, form_fields(page)).content.decode()
    assert not ArticleCause.objects.filter(article=spots).exists()
    assert Article.objects.get(pk=spots.pk).title == "Mine"


def test_row_changed_by_other_is_not_deleted_unseen(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), **{"causes-0-looks": "They say red."})
    page = send(editor, address, mine, **{"causes-0-DELETE": "on"})
    assert [one.saved for one in page.context["unsaved_form"].merge.conflicts] == ["They say red."]
    assert ArticleCause.objects.filter(article=spots).exists()
    send(editor, address, form_fields(page))
    assert not ArticleCause.objects.filter(article=spots).exists()


def test_rows_added_by_both_are_kept(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), **new_row(spots, "Theirs."))
    page = send(editor, address, mine, **new_row(spots, "Mine."))
    form = form_fields(page)
    assert [form[f"causes-{number}-looks"] for number in (1, 2)] == ["Theirs.", "Mine."]
    assert "Saved." in send(editor, address, form).content.decode()
    looks = ArticleCause.objects.filter(article=spots).values_list("looks", flat=True)
    assert list(looks) == ["Small and white.", "Theirs.", "Mine."]


def test_deleted_page_can_be_created_again_from_the_draft(editor, spots):
    draft = factories.article("draft", causes=("sweat",))
    address = reverse("admin:articles_article_change", args=[draft.pk])
    mine = form_fields(editor.get(address))
    draft.delete()
    page = send(editor, address, mine, title="Mine", **{"causes-0-looks": "I say white."})
    assert "Somebody else deleted this while you were writing." in page.content.decode()
    assert not Article.objects.filter(title="Mine").exists()
    send(editor, reverse("admin:articles_article_add"), form_fields(page))
    assert Article.objects.get(title="Mine").causes.get().looks == "I say white."


def test_changed_row_deleted_by_other_is_created_again(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), **{"causes-0-DELETE": "on"})
    assert not ArticleCause.objects.filter(article=spots).exists()
    page = send(editor, address, mine, **{"causes-0-looks": "I wrote this long text."})
    assert "Two people changed this" in page.content.decode()
    assert "I wrote this long text." in page.content.decode()
    again = send(editor, address, form_fields(page))
    assert "Saved." in again.content.decode()
    assert ArticleCause.objects.get(article=spots).looks == "I wrote this long text."


def new_row(article, looks):
    """A second cause."""
    sweat = Document.objects.get(slug="sweat")
    row = {"id": "", "article": article.pk, "cause": sweat.pk, "order": "", "looks": looks}
    return {"causes-TOTAL_FORMS": "2", **{f"causes-1-{name}": value for name, value in row.items()}}


def test_row_added_by_other_is_kept(editor, spots, address):
    mine = form_fields(editor.get(address))
    send(editor, address, form_fields(editor.get(address)), **new_row(spots, "Wet."))
    assert ArticleCause.objects.filter(article=spots).count() == 2
    page = send(editor, address, mine, title="Mine")
    assert "added by somebody else" in page.content.decode()
    send(editor, address, form_fields(page))
    assert ArticleCause.objects.filter(article=spots).count() == 2
    assert Article.objects.get(pk=spots.pk).title == "Mine"


def test_restore_while_another_writes_is_a_conflict(editor, spots, address):
    mine = form_fields(editor.get(address))
    submit_form(editor, reverse("admin:articles_article_restore", args=[spots.pk]), {"number": "1"})
    page = send(editor, address, mine, title="Mine")
    assert "Two people changed this" in page.content.decode()
    assert form_fields(page)["title"] == "Mine"


@pytest.mark.parametrize("seen", ["", "x", "-1", "999"])
def test_form_without_fingerprints_never_overwrites(seen, editor, spots, address):
    form = {**form_fields(editor.get(address)), "seen_version": seen, "title": "Mine"}
    page = editor.post(address, form)
    assert page.status_code == 200
    assert Article.objects.get(pk=spots.pk).title == "About spots"


@pytest.mark.parametrize(
    "seen", ["", "x", "title:", ":::", "title:00000000 \x00", "causes-1-looks:" * 9000]
)
def test_invalid_fingerprints_overwrite_nothing(seen, editor, spots, address):
    form = {**form_fields(editor.get(address)), "seen_values": seen, "title": "Mine"}
    page = editor.post(address, form)
    assert "Two people changed this" in page.content.decode()
    assert Article.objects.get(pk=spots.pk).title == "About spots"
    assert form_fields(page)["title"] == "Mine"
    assert "Saved." in send(editor, address, form_fields(page)).content.decode()


def test_fingerprints_of_a_page_are_small(editor, spots, address):
    seen = form_fields(editor.get(address))["seen_values"].split()
    assert len(seen) > 10
    assert all(len(item.partition(":")[2]) == 8 for item in seen)
    assert all(len(item) < 50 for item in seen)


def test_question_is_merged_with_its_choices(editor, spots):
    factories.self_check()
    question = Question.objects.get(key="1a")
    address = reverse("admin:selfcheck_selfcheck_change", args=[question.self_check_id])
    mine = form_fields(editor.get(address))
    send(
        editor,
        address,
        form_fields(editor.get(address)),
        **{"questions-0-why": "Theirs.", "questions-0-choices-0-text": "Their text"},
    )
    page = send(editor, address, mine, **{"questions-0-text": "Mine?"})
    assert page.context["unsaved_form"].merge.taken_over == [
        "Owner",
        "Question 1: Why we ask",
        "Question 1: Other choices",
    ]
    assert "Saved." in send(editor, address, form_fields(page)).content.decode()
    question.refresh_from_db()
    assert (question.text, question.why) == ("Mine?", "Theirs.")
    assert question.choices.get(key="none").text == "Their text"


@pytest.fixture
def clinic(staff, uploads):
    Clinic.objects.create(pk=1, name="Hill Street Clinic", phone="555 1000")
    return staff("mary", "clinic.view_clinic", "clinic.add_clinic", "clinic.change_clinic")


CLINIC = "/admin/clinic/clinic/1/change/"


def test_concurrent_change_of_clinic_shows_both(clinic):
    mine = form_fields(clinic.get(CLINIC))
    send(clinic, CLINIC, form_fields(clinic.get(CLINIC)), name="Theirs", phone="555 2000")
    page = send(clinic, CLINIC, mine, name="Mine", emergency_number="911")
    merge = page.context["unsaved_form"].merge
    assert [(one.saved, one.typed) for one in merge.conflicts] == [("Theirs", "Mine")]
    assert Clinic.objects.get().name == "Theirs"
    send(clinic, CLINIC, form_fields(page))
    saved = Clinic.objects.get()
    assert (saved.name, saved.phone, saved.emergency_number) == ("Mine", "555 2000", "911")


def test_unseen_logo_is_not_replaced(clinic):
    mine = form_fields(clinic.get(CLINIC))
    theirs = {"new_logo": SimpleUploadedFile("theirs.png", sample_images.png(90, 30), "image/png")}
    send(clinic, CLINIC, form_fields(clinic.get(CLINIC)), **theirs)
    logo = Clinic.objects.get().logo
    page = send(
        clinic,
        CLINIC,
        mine,
        new_logo=SimpleUploadedFile("mine.png", sample_images.png(), "image/png"),
    )
    text = html.unescape(page.content.decode())
    assert "Both of you changed this." in text and "Choose the file “mine.png” again." in text
    assert Clinic.objects.get().logo == logo != ""


def test_concurrent_creation_of_clinic_keeps_second_draft(clinic):
    Clinic.objects.all().delete()
    add = "/admin/clinic/clinic/add/"
    form = form_fields(clinic.get(add))
    send(clinic, add, form, name="Theirs")
    page = send(clinic, add, form, name="Mine", phone="555 3000")
    assert page.redirect_chain[-1][0] == CLINIC
    assert "Somebody else added this while you were writing." in page.content.decode()
    assert Clinic.objects.get().name == "Theirs"
    assert (form_fields(page)["name"], form_fields(page)["phone"]) == ("Mine", "555 3000")


def test_concurrent_change_of_image_text_shows_both(staff, uploads):
    paula = staff("paula", "media.view_image", "media.change_image")
    image = Image(alternative_text="A bump.")
    image.store(process_upload(sample_images.jpeg()))
    address = reverse("admin:media_image_change", args=[image.pk])
    mine = form_fields(paula.get(address))
    send(paula, address, form_fields(paula.get(address)), alternative_text="A red bump.")
    page = send(paula, address, mine, alternative_text="A bump on a back.")
    both = page.context["unsaved_form"].merge.conflicts
    assert [(one.saved, one.typed) for one in both] == [("A red bump.", "A bump on a back.")]
    assert Image.objects.get().alternative_text == "A red bump."
    send(paula, address, form_fields(page))
    assert Image.objects.get().alternative_text == "A bump on a back."


def test_every_staff_form_is_conflict_aware():
    accounts = {User, Group}
    for model, options in admin.site._registry.items():
        adds_or_changes = any(
            getattr(type(options), f"has_{verb}_permission")
            is getattr(ModelAdmin, f"has_{verb}_permission")
            for verb in ("add", "change")
        )
        if adds_or_changes and model not in accounts:
            assert isinstance(options, ConflictAwareAdmin) and issubclass(
                options.form, ConflictAwareForm
            ), model


def test_ticked_boxes_are_shown_as_text():
    class Boxes(forms.Form):
        areas = forms.MultipleChoiceField(
            choices=[("back", "Back"), ("face", "Face")], required=False
        )

    assert display_value(Boxes(initial={"areas": ["back", "face"]})["areas"]) == "Back, Face"
    assert display_value(Boxes(initial={"areas": []})["areas"]) == "(nothing)"
