"""Images in the admin: added with alternative text, deleted only when unused."""

from __future__ import annotations

import html
import re

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from education.media.image_processing import MAX_BYTES, process_upload
from education.media.models import Image
from tests import factories
from tests.factories import publish_documents
from tests.media import sample_images
from tests.staff.conftest import form_fields

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("uploads"),
    pytest.mark.ignore_template_errors,
]

LIST = "/admin/media/image/"
ADD = f"{LIST}add/"
WORDS = "A red bump with a white tip."


def file(content=None, name="bump.jpg"):
    return SimpleUploadedFile(
        name, sample_images.jpeg() if content is None else content, "image/jpeg"
    )


def make_image(**columns):
    image = Image(**{"alternative_text": WORDS, **columns})
    image.store(process_upload(sample_images.jpeg(3000, 2000)))
    return image


def at(image, page="change"):
    return f"{LIST}{image.pk}/{page}/"


@pytest.fixture
def photographer(staff):
    return staff("paula", *(f"media.{verb}_image" for verb in ("view", "add", "change", "delete")))


def test_image_is_added_with_its_alternative_text(photographer, client):
    answer = photographer.post(ADD, {"file": file(), "alternative_text": WORDS})
    assert answer.status_code == 302
    image = Image.objects.get()
    assert (image.alternative_text, image.width, image.uploaded_by.username) == (WORDS, 60, "paula")
    assert client.get(image.url).status_code == 200


def test_image_needs_a_file_and_an_alternative_text(photographer):
    for data in (
        {"file": file()},
        {"alternative_text": WORDS},
        {"file": file(), "alternative_text": "  "},
    ):
        assert photographer.post(ADD, data).status_code == 200
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    "content", [*sample_images.NOT_PICTURES.values(), b"", sample_images.jpeg() + b"\0" * MAX_BYTES]
)
def test_file_that_is_no_image_is_refused_with_a_sentence(content, photographer):
    answer = photographer.post(ADD, {"file": file(content), "alternative_text": WORDS})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Image.objects.exists()


def test_form_explains_alternative_text(photographer):
    assert "Say what the picture tells, in one sentence" in photographer.get(ADD).content.decode()


def test_list_shows_thumbnails_and_form_shows_markdown(photographer):
    image = make_image(alternative_text='A "red" [bump]')
    listed = photographer.get(LIST).content.decode()
    assert f'src="{image.url}" alt="A &quot;red&quot; [bump]" width="120" height="80"' in listed
    form = photographer.get(at(image)).content.decode()
    assert html.escape(f'![A "red" \\[bump\\]]({image.url})') in form
    assert "To use it, copy this into a text" in form


def test_hostile_text_is_escaped_in_the_admin(photographer):
    image = make_image(alternative_text='"><script>alert(1)</script>')
    for address in (LIST, at(image), at(image, "delete"), at(image, "history")):
        assert "<script>alert" not in photographer.get(address).content.decode()


def test_file_of_an_image_cannot_be_changed(photographer):
    image = make_image()
    assert 'type="file"' not in photographer.get(at(image)).content.decode()
    sent = {
        "file": file(sample_images.png()),
        "alternative_text": "Other words.",
        "name": "x.html",
        "width": 1,
    }
    sent["seen_values"] = form_fields(photographer.get(at(image)))["seen_values"]
    assert photographer.post(at(image), sent).status_code == 302
    after = Image.objects.get()
    assert after.alternative_text == "Other words."
    assert (after.name, after.width, after.bytes) == (image.name, image.width, image.bytes)


def test_unused_image_is_deleted_with_its_file(
    photographer, uploads, django_capture_on_commit_callbacks
):
    image = make_image()
    with django_capture_on_commit_callbacks(execute=True):
        assert photographer.post(at(image, "delete"), {"post": "yes"}).status_code == 302
    assert not Image.objects.exists() and not list(uploads.iterdir())


def several(client, image):
    """Delete by the action of the list."""
    chosen = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
    return client.post(LIST, chosen, follow=True)


PLACES = {
    "a text": lambda words: factories.article(introduction=words),
    "a list of texts": lambda words: factories.article(do=[words]),
    "a cause of an article": lambda words: factories.article().causes.update(looks=words),
    "a cause": lambda words: factories.cause("other", text=words),
    "a checklist": lambda words: factories.checklist("other", none_apply=words),
    "a warning sign": lambda words: factories.checklist("other").signs.create(key="a", text=words),
    "the glossary": lambda words: factories.glossary(Pore=words),
}


@pytest.mark.parametrize("write", PLACES.values(), ids=PLACES)
def test_image_in_a_working_copy_is_not_deleted(write, photographer, uploads):
    image = make_image()
    factories.sources()
    factories.checklist()
    factories.cause()
    write(f"Like this: {image.markdown}")
    page = photographer.post(at(image, "delete"), {"post": "yes"}, follow=True).content.decode()
    name = re.search("because these texts show it: “(.+?)”", html.unescape(page))
    assert name and re.fullmatch("About spots|Other|When to see a doctor|Glossary", name[1])
    assert "Take it out of them and save" in page
    assert "cannot be deleted" in several(photographer, image).content.decode()
    assert Image.objects.get() == image and list(uploads.iterdir())


def test_image_in_any_edition_is_not_deleted(photographer):
    image = make_image()
    factories.make_small_site()
    page = factories.article(introduction=f"Like this: {image.markdown}")
    publish_documents(page)
    publish_documents(factories.article(introduction="Without it."), note="Picture gone.")
    shown = photographer.post(at(image, "delete"), {"post": "yes"}, follow=True).content.decode()
    assert (
        "Editions of these show it, and editions are kept for good: “About spots”."
        in html.unescape(shown)
    )
    assert "cannot be deleted" in several(photographer, image).content.decode()
    assert Image.objects.exists()


def test_long_list_of_texts_with_an_image_is_truncated(photographer):
    image = make_image()
    for number in range(6):
        factories.cause(f"cause-{number}", text=f"Like this: {image.markdown}")
    shown = html.unescape(photographer.get(at(image, "delete"), follow=True).content.decode())
    assert "“Cause-0”, “Cause-1”, “Cause-2”, …. Take it out" in shown


def addresses(image):
    return [LIST, ADD, *(at(image, page) for page in ("change", "delete", "history"))]


def test_stranger_gets_nothing_from_any_image_url():
    image = make_image()
    for address in addresses(image):
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address, {"alternative_text": "x"})
            asked_to_sign_in = b'name="password"' in answer.content
            assert asked_to_sign_in or answer.url.startswith("/admin/login/")
            assert WORDS.encode() not in answer.content
    assert Image.objects.get().alternative_text == WORDS


def test_staff_without_permission_get_nothing_from_any_image_url(staff):
    image = make_image()
    for client in (
        staff("nobody"),
        staff("writer", "articles.change_article", "clinic.change_clinic"),
    ):
        for address in addresses(image):
            for method in ("get", "post"):
                answer = getattr(client, method)(address, {"alternative_text": "x", "post": "yes"})
                assert answer.status_code == 403
                assert (
                    WORDS.encode() not in answer.content
                    and image.name.encode() not in answer.content
                )
    assert Image.objects.get().alternative_text == WORDS


def test_viewer_changes_nothing(staff):
    image, looker = make_image(), staff("vera", "media.view_image")
    assert looker.get(LIST).status_code == looker.get(at(image)).status_code == 200
    assert looker.get(ADD).status_code == looker.get(at(image, "delete")).status_code == 403
    assert looker.post(at(image), {"alternative_text": "x"}).status_code == 403
    several(looker, image)
    assert Image.objects.get().alternative_text == WORDS


def test_image_survives_the_account_of_its_uploader(django_user_model):
    image = make_image(uploaded_by=django_user_model.objects.create_user("paula"))
    User.objects.all().delete()
    assert Image.objects.get() == image
