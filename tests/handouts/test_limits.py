"""Documents that cannot be printed are refused before they go live, and never block the site."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from education.handouts import pdf, publishing_hooks, rendering, throttling
from education.handouts.rendering import RENDERER, NotInstalled, Renderer, Unprintable
from education.handouts.views import handouts
from education.publishing import actions
from education.publishing.content import ActionRefused
from tests import factories

pytestmark = pytest.mark.django_db


def table(rows: int, columns: int) -> str:
    """A table of words in Markdown."""
    row = "| " + " | ".join(["some words"] * columns) + " |\n"
    return row + "|" + "---|" * columns + "\n" + row * (rows - 1)


NESTED = "".join(">" * depth + " word\n" for depth in (200,))


@pytest.mark.parametrize("text", [NESTED, table(300, 20), table(10, 7), table(61, 5)])
def test_text_too_big_for_paper_is_refused_within_two_seconds(text):
    factories.make_small_site()
    page = factories.article(introduction="Read this.")
    page.introduction = text
    page.save()
    begin = time.perf_counter()
    with pytest.raises(ActionRefused):
        actions.publish([page], note="More.")
    assert time.perf_counter() - begin < 2


def test_tables_within_the_limits_are_published_and_printed(client):
    factories.make_small_site()
    factories.publish_documents(factories.article(introduction=table(40, 6)))
    assert client.get("/handouts/spots.pdf").content.startswith(b"%PDF")


def test_document_is_printed_once_before_it_goes_live(settings, monkeypatch):
    factories.make_small_site()
    settings.HANDOUT_TRIAL_RENDER = True
    factories.publish_documents(
        factories.article(summary="Spots are common. Wash gently each day.")
    )
    monkeypatch.setattr(publishing_hooks, "SECONDS", 0.001)
    with pytest.raises(ActionRefused, match="The handout cannot be made"):
        factories.publish_documents(
            factories.article(summary="Spots are common. Wash gently each night.")
        )
    # A part is judged by its own bounds, and the pages that use it are not all printed for it.
    factories.publish_documents(factories.cause(text="Skin makes much oil."))


def test_slow_print_is_killed_and_the_next_one_works():
    renderer = Renderer()
    slow = "<p>" + "word " * 200_000
    try:
        renderer.pdf_of("<p>warm")
        begin = time.perf_counter()
        with pytest.raises(Unprintable, match="too long"):
            renderer.pdf_of(slow, seconds=0.5)
        assert time.perf_counter() - begin < 2
        assert renderer.pdf_of("<p>again").pages == 1
    finally:
        renderer.end()


def test_print_with_too_many_pages_fails_and_the_process_stays():
    before = RENDERER.pdf_of("<p>one").pages
    with pytest.raises(Unprintable, match="too many pages"):
        RENDERER.pdf_of('<p style="break-after: page">one<p>two', pages=1)
    assert before == RENDERER.pdf_of("<p>one").pages == 1


def test_deeply_nested_html_is_refused():
    with pytest.raises(Unprintable):
        RENDERER.pdf_of("<div>" * 400 + "deep")
    assert RENDERER.pdf_of("<p>one").pages == 1


def test_renderer_process_has_no_secret_key_and_no_database(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary-7193")
    monkeypatch.setenv("DATABASE_URL", "canary-7193")
    renderer = Renderer()
    try:
        renderer.pdf_of("<p>one")
        about = Path(f"/proc/{renderer._process.pid}")
        assert b"canary" not in (about / "environ").read_bytes()
        limits = (about / "limits").read_text()
        assert "Max core file size        0" in limits and "Max file size             0" in limits
    finally:
        renderer.end()


def test_page_without_pango_says_what_to_install(client, monkeypatch):
    factories.make_small_site()

    def missing(*_args, **_more):
        raise NotInstalled(f"Install it with: {rendering.TO_INSTALL}")

    monkeypatch.setattr(pdf.RENDERER, "pdf_of", missing)
    monkeypatch.setattr(handouts, "is_possible", lambda: False)
    page = client.get("/handouts/spots/").content.decode()
    assert (
        "libpangoft2" in page
        and "spots.pdf" not in page
        and "browser's Print" in page.replace("&#x27;", "'")
    )
    answer = client.get("/handouts/spots.pdf")
    assert answer.status_code == 503 and "libpangoft2" in answer.content.decode()


def test_pdf_is_cached_for_a_day_until_its_content_changes(client, monkeypatch):
    factories.make_small_site()
    made = []
    pdf_of = RENDERER.pdf_of
    monkeypatch.setattr(
        pdf.RENDERER, "pdf_of", lambda html, **how: made.append(html) or pdf_of(html, **how)
    )
    first = client.get("/handouts/spots.pdf").content
    assert client.get("/handouts/spots.pdf").content == first and len(made) == 1
    client.get("/handouts/spots.pdf?print=large")
    factories.publish_documents(factories.cause(text="Skin makes much oil."))
    client.get("/handouts/spots.pdf")
    assert len(made) == 3


def test_too_many_prints_of_one_client_are_refused(client, monkeypatch):
    factories.make_small_site()
    monkeypatch.setattr(pdf.RENDERER, "pdf_of", lambda html, **how: rendering.Pdf(b"%PDF", 1))
    form = {"document": "article/spots", "note": "Come back on Monday.", "print-now": "1"}
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
    answers = [client.post("/handouts/", form).status_code for _ in range(31)]
    assert answers == [200] * 30 + [503]
    assert client.post("/handouts/", form, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_client_ip_comes_from_the_proxy_not_the_reader(settings, monkeypatch, rf):
    settings.SITE_IS_HTTPS = True
    monkeypatch.setattr(throttling, "MAX_PRINTS", 2)
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
    for forged in ("1.1.1.1", "2.2.2.2"):
        headers = {"x-forwarded-for": forged, "x-real-ip": "10.0.0.9"}
        throttling.count_prints(rf.get("/", headers=headers))
    headers = {"x-forwarded-for": "3.3.3.3", "x-real-ip": "10.0.0.9"}
    with pytest.raises(rendering.Busy):
        throttling.count_prints(rf.get("/", headers=headers))
    throttling.count_prints(rf.get("/", headers={"x-real-ip": "10.0.0.8"}), 2)
