"""Images are served as WebP only, and no URL reaches another file."""

from __future__ import annotations

import os

import pytest
from django.test import Client

from education.media import storage
from education.media.image_processing import process_upload
from education.media.models import Image
from tests.media import sample_images

pytestmark = pytest.mark.usefixtures("uploads")

NAME = "0123456789abcdef0123456789abcdef.webp"


@pytest.fixture
def stored_image(db):
    image = Image(alternative_text="A red bump.")
    image.store(process_upload(sample_images.jpeg()))
    return image


def test_image_is_served_as_webp(stored_image, client):
    answer = client.get(stored_image.url)
    assert answer.status_code == 200
    assert answer.content.startswith(b"RIFF") and len(answer.content) == stored_image.bytes
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"] == f"inline; filename={stored_image.name}"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not answer.cookies and "cookie" not in answer.headers.get("Vary", "").casefold()


def test_image_is_served_without_queries(stored_image, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(stored_image.url)


def test_unchanged_image_is_not_sent_again_and_head_has_no_body(stored_image, client):
    tag = client.get(stored_image.url).headers["ETag"]
    assert client.get(stored_image.url, headers={"if-none-match": tag}).status_code == 304
    head = client.head(stored_image.url)
    assert head.status_code == 200 and not head.content


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_image_url_is_read_only(method, stored_image):
    assert getattr(Client(enforce_csrf_checks=False), method)(stored_image.url).status_code == 405


@pytest.mark.parametrize(
    "rest",
    [
        "",
        ".",
        "..",
        "../secret_key",
        "..%2fsecret_key",
        "%2e%2e/secret_key",
        "%2e%2e%2fsecret_key",
        "..%5csecret_key",
        "....//secret_key",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "%00",
        f"{NAME}%00.html",
        f"{NAME}%0a",
        f"{NAME}/",
        f"{NAME}/../../secret_key",
        f"./{NAME}",
        NAME.replace("webp", "html"),
        NAME.replace("webp", "svg"),
        NAME.replace("webp", "WEBP"),
        NAME.upper(),
        f".{NAME}",
        f"%EF%BC%90{NAME[1:]}",
        "x" * 5000,
        "%ff%fe",
    ],
)
def test_other_paths_serve_no_file(rest, client, db, settings, uploads):
    uploads.mkdir()
    (uploads.parent / "secret_key").write_text("secret")
    for name in ("x.html", f".{NAME}", NAME.replace("webp", "html"), NAME.replace("webp", "svg")):
        (uploads / name).write_text("secret")
    answer = client.get(f"/media/{rest}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_link_folder_or_pipe_is_not_served(client, db, uploads):
    uploads.mkdir()
    (uploads.parent / "secret_key").write_text("secret")
    path = uploads / NAME
    path.symlink_to(uploads.parent / "secret_key")
    assert client.get(f"/media/{NAME}").status_code == 404
    path.unlink()
    path.mkdir()
    assert client.get(f"/media/{NAME}").status_code == 404
    path.rmdir()
    os.mkfifo(path)
    assert client.get(f"/media/{NAME}").status_code == 404


def test_file_is_written_whole_or_not_at_all(uploads, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.write(NAME, b"data")
    assert list(uploads.iterdir()) == []


def test_file_is_readable_by_all_and_writable_by_owner(uploads):
    before = os.umask(0)
    try:
        storage.write(NAME, b"data")
    finally:
        os.umask(before)
    assert (uploads / NAME).stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "name", ["../x.webp", "x.webp", "", "a/b.webp", f"{NAME}\n", NAME.replace("webp", "html")]
)
def test_invalid_name_is_neither_written_nor_removed(name, uploads):
    with pytest.raises(ValueError, match="not the name"):
        storage.write(name, b"data")
    with pytest.raises(ValueError, match="not the name"):
        storage.remove(name)


def test_image_without_a_row_leaves_no_file(db, uploads):
    picture = process_upload(sample_images.jpeg())
    Image().store(picture)
    with pytest.raises(Exception, match="name"):
        Image().store(picture)
    assert Image.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_deleted_image_loses_its_file(uploads):
    for delete in (
        lambda image: image.delete(),
        lambda image: Image.objects.filter(pk=image.pk).delete(),
    ):
        image = Image()
        image.store(process_upload(sample_images.jpeg()))
        assert [path.name for path in uploads.iterdir()] == [image.name]
        delete(image)
        assert list(uploads.iterdir()) == []
