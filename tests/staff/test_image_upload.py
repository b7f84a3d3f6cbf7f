"""Images dropped into a text: re-encoded, for staff who may add images."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from education.media import storage
from education.media.image_processing import MAX_BYTES
from education.media.models import Image
from tests.media import sample_images

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

UPLOAD = "/admin/markdownx/upload/"
HARMFUL = {
    **sample_images.BROKEN,
    **{f"{kind}, too many pixels": file for kind, file in sample_images.TOO_MANY_PIXELS.items()},
}


def file(content=None, name="bump.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, sample_images.jpeg() if content is None else content, kind)


@pytest.fixture
def photographer(staff):
    return staff("paula", "media.add_image")


def refused(answer, status=400):
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/json"
    assert Image.objects.count() == 0
    sentence = json.loads(answer.content)["error"]
    assert sentence.endswith(".") and "<" not in sentence
    return sentence


@pytest.mark.parametrize("headers", [{}, {"x-requested-with": "XMLHttpRequest"}])
def test_uploaded_image_is_stored_and_its_markdown_returned(headers, photographer, client):
    answer = photographer.post(UPLOAD, {"image": file()}, headers=headers)
    assert answer.status_code == 200
    image = Image.objects.get()
    assert json.loads(answer.content) == {"image_code": f"![](/media/{image.name})"}
    assert (image.width, image.height, image.alternative_text) == (60, 40, "")
    assert image.uploaded_by.username == "paula"
    assert client.get(image.url).content == storage.read(image.name)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["x.html", "../../x.png", "x.svg", "\u202egpj.exe", "x" * 300, "a\0b.png"]
)
def test_file_name_and_declared_type_are_ignored(name, photographer, uploads):
    for kind in ("text/html", "image/svg+xml", "application/x-php", ""):
        sent = SimpleUploadedFile("a", sample_images.png(), kind)
        vars(sent)["_name"] = name
        assert photographer.post(UPLOAD, {"image": sent}).status_code == 200
    kept = list(uploads.iterdir())
    assert len(kept) == 4 and all(storage.is_valid_name(path.name) for path in kept)


@pytest.mark.parametrize(
    "content", sample_images.NOT_PICTURES.values(), ids=sample_images.NOT_PICTURES
)
def test_file_that_is_no_image_is_refused_whatever_its_name(content, photographer, uploads):
    for name, kind in (("a.png", "image/png"), ("a.jpg", "image/jpeg"), ("a.svg", "image/svg+xml")):
        refused(photographer.post(UPLOAD, {"image": file(content, name, kind)}))
    assert not uploads.exists() or not list(uploads.iterdir())


@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL)
def test_damaged_or_oversized_image_is_refused(content, photographer):
    refused(photographer.post(UPLOAD, {"image": file(content)}))


def test_empty_or_missing_file_is_refused(photographer):
    assert "empty" in refused(photographer.post(UPLOAD, {"image": file(b"")}))
    assert "Choose a file" in refused(photographer.post(UPLOAD, {}))
    assert "Choose a file" in refused(photographer.post(UPLOAD, {"image": "not a file"}))
    assert "Choose a file" in refused(photographer.post(UPLOAD, {"picture": file()}))
    assert "Choose a file" in refused(
        photographer.post(UPLOAD, "{}", content_type="application/json")
    )


def test_file_of_too_many_bytes_is_refused_as_too_large(photographer):
    sentence = refused(
        photographer.post(UPLOAD, {"image": file(sample_images.jpeg() + b"\0" * MAX_BYTES)}), 413
    )
    assert "8 MB" in sentence


@pytest.mark.ignore_template_errors
def test_invalid_body_is_answered_with_400(photographer):
    for body, kind in (
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"image=" + b"a" * 10_000_000, "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="image"; filename="\xff"\r\n\r\n\xff\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ):
        assert photographer.post(UPLOAD, body, content_type=kind).status_code == 400
    assert Image.objects.count() == 0


def test_full_disk_is_explained_and_leaves_no_row(photographer, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "write", full)
    assert "looks after this site" in refused(photographer.post(UPLOAD, {"image": file()}), 503)


def test_method_other_than_post_is_refused(photographer):
    for method in ("get", "head", "put", "patch", "delete", "options"):
        assert getattr(photographer, method)(UPLOAD).status_code == 405


def test_strangers_and_staff_without_permission_get_same_refusal(staff, django_user_model, uploads):
    reader = Client()
    reader.force_login(django_user_model.objects.create_user("patient"))
    clients = [
        Client(),
        reader,
        staff("nobody"),
        staff("writer", "articles.change_article", "media.view_image"),
    ]
    for method in ("get", "head", "post", "options"):
        answers = [getattr(client, method)(UPLOAD, {"image": file()}) for client in clients]
        assert {answer.status_code for answer in answers} == {403}
        assert len({answer.content for answer in answers}) == 1
    assert Image.objects.count() == 0 and not uploads.exists()


@pytest.mark.ignore_template_errors
def test_upload_without_csrf_token_is_refused(photographer):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = photographer.cookies
    assert strict.post(UPLOAD, {"image": file()}).status_code == 403
    strict.get("/admin/password_change/")
    token = strict.cookies["csrftoken"].value
    assert strict.post(UPLOAD, {"image": file(), "csrfmiddlewaretoken": token}).status_code == 200
