"""A leaflet becomes a draft, with everything that has no place in it beside."""

from __future__ import annotations

from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from education.articles.leaflets import drafts
from education.articles.models import Article, LeafletImport
from education.audit.models import AuditLogEntry
from education.checklists.models import Checklist
from education.media.models import Image
from education.publishing.models import Edition
from education.staff.accounts import roles
from tests.leaflets.word_files import drawing, element, package, paragraph, saved, styled, word_file
from tests.media import sample_images
from tests.staff.conftest import create_user, log_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]
ADDRESS = "/admin/import/"
TEXT = """Ingrown toenail

A nail grows into the skin.

What you can do
• Soak your foot in warm water.
• Don't dig in the corner.

Call 911 now if:
• your foot turns black

Our opening hours
We are open all day.
"""


def leaflet() -> bytes:
    document = docx.Document()
    document.add_heading("Ingrown toenail", 0)
    document.add_paragraph("A nail grows into the skin.")
    document.add_heading("Causes", 1)
    document.add_heading("Tight shoes", 2)
    document.add_paragraph("They press the nail.")
    document.add_heading("Do not", 1)
    document.add_paragraph("Do not cut it short.", style="List Bullet")
    document.add_heading("Opening hours", 1)
    document.add_paragraph("We are open all day.")
    document.sections[0].header.paragraphs[0].text = "Elm Street Clinic"
    return saved(document)


def send(client: Any, data: bytes | None = None, name: str = "Toe.docx", text: str = "") -> Any:
    fields: dict[str, Any] = {"text": text}
    if data is not None:
        fields["file"] = SimpleUploadedFile(name, data)
    return client.post(ADDRESS, fields, follow=True)


def test_word_file_becomes_a_draft(editor):
    page = send(editor, leaflet())
    article = Article.objects.get()
    assert page.redirect_chain == [(reverse("admin:imported_leaflet", args=[article.pk]), 302)]
    assert (article.title, article.slug) == ("Ingrown toenail", "ingrown-toenail")
    assert article.introduction == "A nail grows into the skin."
    assert article.do_not == ["Do not cut it short."]
    (cause,) = article.causes.all()
    assert (cause.cause, cause.name, cause.what_happens) == (
        None,
        "Tight shoes",
        "They press the nail.",
    )
    assert article.owner.username == article.edited_by.username == "edith"
    assert not Edition.objects.exists()
    shown = page.content.decode()
    assert "“Do not”" in shown and "We are open all day." in shown
    assert "At the top of its pages:</strong> Elm Street Clinic</li>" in shown


def test_draft_opens_with_what_lies_beside(editor):
    send(editor, leaflet())
    article = Article.objects.get()
    form = editor.get(reverse("admin:articles_article_change", args=[article.pk]))
    shown = " ".join(form.content.decode().split())
    assert "Made from “Toe”" in shown
    assert "One text of it has no place here yet. Of one passage words are lacking." in shown
    assert reverse("admin:imported_leaflet", args=[article.pk]) in shown


def test_pasted_text_makes_signs_and_their_checklist(editor):
    send(editor, text=TEXT)
    article = Article.objects.get()
    assert article.do == ["Soak your foot in warm water."]
    assert article.do_not == ["Do not dig in the corner."]
    assert article.checklist == Checklist.objects.get()
    assert article.checklist.none_apply and article.checklist.safety_net
    (sign,) = article.checklist.signs.all()
    assert (sign.key, sign.urgency) == ("your-foot-turns-black", "emergency")
    assert sign.text == "your foot turns black"
    kept = LeafletImport.objects.get()
    assert ["Call 911 now if:", "Warning signs, Emergency"] in kept.placed
    assert kept.lacking == []


def test_pasted_page_with_markup_is_read_as_such(editor):
    send(editor, text="<h1>Cough</h1><p>It <b>passes</b>.</p><script>alert(1)</script>")
    article = Article.objects.get()
    assert (article.title, article.introduction) == ("Cough", "It **passes**.")


def test_second_leaflet_of_the_same_name_gets_its_own_address(editor):
    for _again in range(2):
        send(editor, text=TEXT)
    assert set(Article.objects.values_list("slug", flat=True)) == {
        "ingrown-toenail",
        "ingrown-toenail-2",
    }
    assert Checklist.objects.count() == 2


def test_file_without_title_is_called_after_the_file(editor):
    body = styled("Heading1", "Do") + paragraph("Rest.")
    send(editor, word_file(body, styles=""), name="Sore throat.docx")
    send(editor, word_file(paragraph("Rest. Drink. Sleep.")), name="喉.docx")
    assert list(Article.objects.order_by("pk").values_list("title", "slug")) == [
        ("Sore throat", "sore-throat"),
        ("喉", "leaflet"),
    ]


def test_picture_is_taken_in_as_an_upload_is(editor):
    data = word_file(
        paragraph("A nail.") + paragraph(drawing("good", words="A nail in the skin.")),
        rows=(("good", "image", "media/a.png"),),
        **{"media/a.png": sample_images.png(80, 60)},
    )
    send(editor, data)
    image = Image.objects.get()
    assert (image.width, image.alternative_text) == (80, "A nail in the skin.")
    assert image.uploaded_by.username == "edith"
    assert image.markdown in Article.objects.get().introduction


def test_picture_that_an_upload_would_refuse_is_left_out(editor):
    data = word_file(
        paragraph("A nail.") + paragraph(drawing("bad")),
        rows=(("bad", "image", "media/a.emf"),),
        **{"media/a.emf": b"\x01\x00\x00\x00 EMF"},
    )
    shown = send(editor, data).content.decode()
    assert "A picture was left out. This is not a JPEG, PNG or WebP picture." in shown
    assert not Image.objects.exists()


def test_draft_that_cannot_be_kept_leaves_nothing_behind(editor, settings, monkeypatch):
    def fail(*_ignored: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(drafts, "find_lacking", fail)
    data = word_file(
        paragraph(drawing("good")) + paragraph("A nail."),
        rows=(("good", "image", "media/a.png"),),
        **{"media/a.png": sample_images.png()},
    )
    with pytest.raises(OSError, match="full"):
        send(editor, data)
    assert not Article.objects.exists() and not Image.objects.exists()
    assert not list(settings.MEDIA_ROOT.glob("*"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7", "This is a PDF."),
        (b"\xd0\xcf\x11\xe0", "This is an older Word file, or one with a password."),
        (b"Rest.", "This is not a Word file."),
        (
            package(
                {
                    "[Content_Types].xml": "<a/>",
                    "word/document.xml": element("document", ""),
                    "word/vbaProject.bin": "",
                }
            ),
            "This file has macros",
        ),
        (word_file("<w:sectPr/>"), "There are no words in this."),
        (None, "Choose a file, or paste a text below."),
    ],
)
def test_refusal_is_said_at_its_field_and_changes_nothing(editor, data, said):
    page = send(editor, data)
    assert said in str(page.context["form"].errors["file"])
    assert 'role="alert"' in page.content.decode()
    assert not Article.objects.exists()


def test_refused_file_does_not_cost_the_pasted_text(editor):
    page = send(editor, b"%PDF-1.7", text=TEXT)
    assert "Soak your foot in warm water." in page.content.decode()


def test_file_and_text_at_once_are_refused(editor):
    page = send(editor, leaflet(), text=TEXT)
    assert "not both" in str(page.context["form"].errors["text"])


def test_page_is_for_those_who_may_write_articles(db, editor):
    author = log_in(create_user("amy", roles.AUTHOR))
    reviewer = log_in(create_user("rita", roles.REVIEWER))
    assert ADDRESS in author.get("/admin/").content.decode()
    assert author.get(ADDRESS).status_code == 200
    assert ADDRESS not in reviewer.get("/admin/").content.decode()
    assert reviewer.get(ADDRESS).status_code == 403
    send(editor, text=TEXT)
    report = reverse("admin:imported_leaflet", args=[Article.objects.get().pk])
    page = reviewer.get(report)
    assert page.status_code == 200 and "put this page away" not in page.content.decode()
    assert reviewer.post(report).status_code == 403
    assert LeafletImport.objects.exists()


def test_report_is_put_away_when_all_has_its_place(editor):
    send(editor, text=TEXT)
    article = Article.objects.get()
    report = reverse("admin:imported_leaflet", args=[article.pk])
    page = editor.post(report, follow=True).content.decode()
    assert "is put away" in page and "Made from" not in page
    assert editor.get(report).status_code == 404
    assert Article.objects.get().do == article.do


def test_draft_can_be_deleted_with_its_leaflet(editor):
    send(editor, text=TEXT)
    article = Article.objects.get()
    editor.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"})
    assert not Article.objects.exists() and not LeafletImport.objects.exists()


def test_import_is_in_the_audit_log(editor):
    send(editor, leaflet())
    (entry,) = AuditLogEntry.objects.filter(kind="article")
    assert (entry.user.username, entry.details) == ("edith", "New, from “Toe”.")


def test_leaflet_with_markup_in_its_words_stays_words(editor):
    page = send(editor, word_file(paragraph("x &lt;script&gt;alert(1)&lt;/script&gt;"), header=""))
    assert "<script>alert(1)" not in page.content.decode()


def test_signed_out_writer_finds_the_pasted_text_again(editor, client):
    page = client.post(ADDRESS, {"text": TEXT})
    assert "Log in" in page.content.decode()
    assert "Soak your foot" in page.content.decode()
    assert not Article.objects.exists()
