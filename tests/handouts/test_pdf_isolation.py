"""The typesetter opens no connection and reads no file, whatever a text says."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pypdf import PdfReader

from education.articles.models import Article
from education.media import storage
from education.publishing.models import Edition, EditionDependency, Publication
from tests import factories
from tests.handouts.pdf_reader import extract_text, normalize_text
from tests.media import sample_images

pytestmark = pytest.mark.django_db
SECRET = "a-secret-in-a-file-7193"


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A local server that redirects every request, and the requests that it got."""
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def listen() -> None:
        while True:
            try:
                connection, _address = server.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n")

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield port, heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(timeout=5)


def addresses(port: int, secret: str) -> list[str]:
    """URLs that a hostile text may use."""
    return [
        f"http://127.0.0.1:{port}/a.png",
        f"http://localhost:{port}/by-name.png",
        f"//127.0.0.1:{port}/b.png",
        f"http://127.0.0.1:{port}/redirect",
        f"ftp://127.0.0.1:{port}/c.png",
        "http://169.254.169.254/latest/meta-data/",
        f"file://{secret}",
        secret,
        "data:text/plain;base64,YQ==",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "../../../../etc/passwd",
        "http://127.0.0.1:8000/media/../secret_key",
        "http://127.0.0.1:8000/media/" + "a" * 32 + ".webp",
        "http://127.0.0.1:8000/admin/",
    ]


def hostile(address: str) -> str:
    """Ways to name an address in text, in HTML and in Typst."""
    return (
        f'#image("{address}") #read("{address}") #include "{address}" #import "@preview/a:1.0.0" '
        f'<img src="{address}"> ![x]({address}) [x]({address}) url("{address}") #link("{address}")'
    )


def test_no_address_in_data_is_read(listener, tmp_path, client):
    port, heard = listener
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    factories.make_small_site()
    for address in addresses(port, str(secret)):
        form = {"document": "article/spots", "note": hostile(address)[:1000], "print-now": "1"}
        pdf = client.post("/handouts/", form).content
        reader = PdfReader(io.BytesIO(pdf))
        assert not reader.attachments and SECRET not in extract_text(pdf)
        assert not any(page.images for page in reader.pages)
        assert normalize_text(hostile(address)[:1000]) in normalize_text(extract_text(pdf))
    assert heard == []


def test_listener_notices_a_connection(listener):
    port, heard = listener
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"here")
        connection.recv(10)
    assert heard == [b"here"]


def test_symlink_in_the_image_folder_is_not_followed(client, uploads, tmp_path):
    name = "b" * 32 + ".webp"
    uploads.mkdir()
    (tmp_path / "elsewhere").write_bytes(sample_images.webp())
    (uploads / name).symlink_to(tmp_path / "elsewhere")
    factories.make_small_site()
    factories.publish_documents(factories.article(introduction=f"Look: ![A spot](/media/{name})"))
    pdf = client.get("/handouts/spots.pdf?extent=everything").content
    assert not any(page.images for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "A spot" in extract_text(pdf)


def test_no_field_of_an_article_makes_the_typesetter_fetch(client, listener):
    port, heard = listener
    factories.make_small_site()
    words = " ".join(
        f'![x]({address}) <img src="{address}"> <style>@import "{address}"</style>'
        for address in addresses(port, "/etc/passwd")[:8]
    )
    few = words[:600]
    article = Article.objects.get(slug="spots")
    values = article.to_values()
    for name in ("summary", "introduction"):
        values[name] = f"{values[name]} {few}"
    values["title"] = f"About <img src=http://127.0.0.1:{port}/t>"
    values["do"] = [f"Wash. <img src=http://127.0.0.1:{port}/d>"]
    values["do_not"] = [f"Do not squeeze. <img src=http://127.0.0.1:{port}/n>"]
    for cause in values["causes"]:
        for name in ("what_happens", "looks", "self_care", "may_suggest"):
            cause[name] = f"{cause[name]} {words}"
    from_field = _published_past_the_rules(article, values)
    assert from_field
    for extent in ("sheet", "everything"):
        answer = client.get(f"/handouts/spots.pdf?extent={extent}")
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    note = f"<img src=http://127.0.0.1:{port}/note> url(http://127.0.0.1:{port}/note)"
    answer = client.post(
        "/handouts/", {"document": "article/spots", "note": note, "print-now": "1"}
    )
    assert answer.content.startswith(b"%PDF") and "url(http" in normalize_text(
        extract_text(answer.content)
    )
    assert heard == []


def _published_past_the_rules(article, values):
    """The article live with a text that the rules of publication would refuse."""
    last = Edition.objects.filter(document=article).latest("number")
    shown = article.CONTENT.lenient(values)
    edition = Edition.objects.create(
        document=last.document,
        number=last.number + 1,
        schema=last.schema,
        data=shown.model_dump(mode="json"),
        sha256="0" * 64,
        change="advice",
        note="x",
        heading="About",
    )
    EditionDependency.objects.bulk_create(
        EditionDependency(edition=edition, document=used) for used in last.dependencies.all()
    )
    return Publication.objects.create(
        act=Publication.objects.next_act(),
        document=last.document,
        edition=edition,
        at=timezone.now(),
    )


def test_uploaded_image_is_in_the_pdf(client, uploads):
    name = "c" * 32 + ".webp"
    storage.write(name, sample_images.webp())
    factories.make_small_site()
    factories.publish_documents(factories.article(introduction=f"Look: ![A spot](/media/{name})"))
    pdf = client.get("/handouts/spots.pdf?extent=everything").content
    assert sum(len(page.images) for page in PdfReader(io.BytesIO(pdf)).pages) == 1
