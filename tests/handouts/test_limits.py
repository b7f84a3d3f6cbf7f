"""Documents that cannot be printed are refused before they go live, and never block the site."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from education.clinic.models import Clinic
from education.handouts import pdf, throttling, trial
from education.handouts.handout import Handout
from education.handouts.paper import typesetting
from education.handouts.paper.typesetting import TYPESETTER, Typesetter, Unprintable
from education.handouts.print_options import PrintOptions
from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Edition
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
    assert client.get("/handouts/spots.pdf?extent=everything").content.startswith(b"%PDF")


def test_document_is_printed_once_before_it_goes_live(settings, monkeypatch):
    factories.make_small_site()
    settings.HANDOUT_TRIAL_RENDER = True
    factories.publish_documents(
        factories.article(summary="Spots are common. Wash gently each day.")
    )
    monkeypatch.setattr(trial, "SECONDS", 0.001)
    with pytest.raises(ActionRefused, match="The handout cannot be made"):
        factories.publish_documents(
            factories.article(summary="Spots are common. Wash gently each night.")
        )
    # A part is judged by its own bounds, and the pages that use it are not all printed for it.
    factories.publish_documents(factories.cause(text="Skin makes much oil."))


def small_data() -> str:
    """The data of the handout of a small site."""
    factories.make_small_site()
    (edition,) = Edition.objects.live().filter(document__kind="article")
    clinic = Clinic.load()
    return pdf.render_data(Handout.from_editions([edition], PrintOptions(), clinic), clinic)


def test_slow_print_is_killed_and_the_next_one_works():
    typesetter, data = Typesetter(), json.loads(small_data())
    slow = {**data, "parts": data["parts"] * 400}
    try:
        typesetter.make_pdf(json.dumps(data))
        begin = time.perf_counter()
        with pytest.raises(Unprintable, match="too long"):
            typesetter.make_pdf(json.dumps(slow), seconds=0.5)
        assert time.perf_counter() - begin < 2
        assert typesetter.make_pdf(json.dumps(data)).pages == 2
    finally:
        typesetter.end()


def test_print_with_too_many_pages_fails_and_the_process_stays():
    data = small_data()
    assert TYPESETTER.make_pdf(data).pages == 2
    with pytest.raises(Unprintable, match="too many pages"):
        TYPESETTER.make_pdf(data, pages=1)
    assert TYPESETTER.make_pdf(data).pages == 2


def test_unknown_data_are_refused_and_the_process_stays():
    data = small_data()
    for broken in ("", "{}", data.replace('"kind": "headed"', '"kind": "no-such"')):
        with pytest.raises(Unprintable):
            TYPESETTER.make_pdf(broken)
    assert TYPESETTER.make_pdf(data).pages == 2


def test_process_that_has_grown_is_replaced(monkeypatch):
    typesetter, data = Typesetter(), json.loads(small_data())
    seen = set()
    try:
        for number in range(40):
            many = json.dumps({**data, "parts": data["parts"] * 6, "title": f"Print {number}"})
            typesetter.make_pdf(many.replace("Spots", f"Spots{number}"))
            if typesetter._process:
                seen.add(typesetter._process.pid)
                status = Path(f"/proc/{typesetter._process.pid}/status").read_text()
                (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
                assert int(line.split()[1]) < 200 * 1024
    finally:
        typesetter.end()
    assert len(seen) > 1


def test_typesetter_process_has_no_secret_key_and_no_database(monkeypatch):
    data = small_data()
    monkeypatch.setenv("SECRET_KEY", "canary-7193")
    monkeypatch.setenv("DATABASE_URL", "canary-7193")
    typesetter = Typesetter()
    try:
        typesetter.make_pdf(data)
        about = Path(f"/proc/{typesetter._process.pid}")
        assert b"canary" not in (about / "environ").read_bytes()
        limits = (about / "limits").read_text()
        assert "Max core file size        0" in limits and "Max file size             0" in limits
    finally:
        typesetter.end()


def test_pdf_is_cached_for_a_day_until_its_content_changes(client, monkeypatch):
    factories.make_small_site()
    made = []
    make_pdf = TYPESETTER.make_pdf
    monkeypatch.setattr(
        pdf.TYPESETTER, "make_pdf", lambda data, **how: made.append(data) or make_pdf(data, **how)
    )
    first = client.get("/handouts/spots.pdf").content
    assert client.get("/handouts/spots.pdf").content == first and len(made) == 1
    client.get("/handouts/spots.pdf?print=large")
    factories.publish_documents(factories.cause(text="Skin makes much oil."))
    client.get("/handouts/spots.pdf")
    assert len(made) == 3


def test_too_many_prints_of_one_client_are_refused(client, monkeypatch):
    factories.make_small_site()
    monkeypatch.setattr(pdf.TYPESETTER, "make_pdf", lambda html, **how: typesetting.Pdf(b"%PDF", 1))
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
    with pytest.raises(typesetting.Busy):
        throttling.count_prints(rf.get("/", headers=headers))
    throttling.count_prints(rf.get("/", headers={"x-real-ip": "10.0.0.8"}), 2)
