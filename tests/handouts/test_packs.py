"""Several handouts as one PDF, and the note for one patient."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

import html5lib
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from education.clinic.models import Clinic
from education.publishing.models import Edition
from tests import factories
from tests.handouts.pdf_reader import extract_text, normalize_text
from tests.publishing.test_reviews import review
from tests.selfcheck.test_answer_privacy import every_log, rows  # noqa: F401

pytestmark = pytest.mark.django_db
PACK = "/handouts/"
STAFF = "/admin/handouts/"
REVIEWED = "Added at printing, not part of the reviewed text."
NOT_REVIEWED = "Added at printing, not part of the text of this site."
MOST_IN_NOTE = 1_000


@pytest.fixture
def site() -> None:
    """Two articles, a checklist and a self-check."""
    factories.make_small_site()
    factories.publish_documents(factories.article("bumps", title="About bumps"))
    factories.publish_documents(factories.self_check())


def printed(client: Client, *documents: str, to: str = PACK, **more: str) -> str:
    """The text of a pack."""
    answer = client.post(to, {"document": documents, "print-now": "1", **more})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf", (
        answer.content.decode()
    )
    assert "no-store" in answer["Cache-Control"]
    return extract_text(answer.content)


@pytest.mark.usefixtures("site")
def test_search_and_enter_print_the_best_result(client):
    page = client.get(f"{PACK}?q=bumps").content.decode()
    assert 'value="article/bumps" checked' in page and 'value="article/spots" checked' not in page
    assert page.count("autofocus") == 1 and "autofocus>Print</button>" in page
    assert "About bumps" in printed(client, "article/bumps")


@pytest.mark.usefixtures("site")
def test_search_has_the_focus_before_anything_is_chosen(client):
    page = client.get(PACK).content.decode()
    assert page.count("autofocus") == 1 and page.index("autofocus") < page.index("Find</button>")
    for key in ("article/spots", "article/bumps", "checklist/skin", "self-check/skin-check"):
        assert f'value="{key}"' in page


@pytest.mark.usefixtures("site")
def test_pack_has_the_chosen_documents_in_order(client):
    order = {
        "place-article/bumps": "1",
        "place-checklist/skin": "2",
        "place-self-check/skin-check": "3",
    }
    keys = ("self-check/skin-check", "article/spots", "checklist/skin", "article/bumps")
    answer = client.post(PACK, {"document": keys, "print-now": "1", **order, "print": "large"})
    text = extract_text(answer.content)
    titles = ("About bumps", "When to see a doctor", "Check your spots", "About spots")
    assert "What is in this pack" in text
    contents = text[text.index("What is in this pack") :]
    places = [contents.index(title) for title in titles]
    assert places == sorted(places)
    (first, *_rest) = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert all(title in first for title in titles) and "Spots are common" not in first
    outline = [
        entry.title
        for entry in PdfReader(io.BytesIO(answer.content)).outline
        if not isinstance(entry, list)
    ]
    assert [title for title in outline if title in titles] == list(titles)


@pytest.mark.parametrize(
    ("places", "order"),
    [
        (("1", "1", "3"), "bac"),
        (("1", "2", "1"), "cab"),
        (("3", "2", "3"), "bca"),
        (("2", "2", "3"), "bac"),
        (("3", "2", "1"), "cba"),
        (("1", "", "x"), "abc"),
    ],
)
@pytest.mark.usefixtures("site")
def test_document_moved_to_a_taken_position_takes_it(client, places, order):
    named = {"a": "article/spots", "b": "article/bumps", "c": "checklist/skin"}
    typed = {f"place-{key}": place for key, place in zip(named.values(), places, strict=True)}
    page = client.post(
        PACK, {"document": list(named.values()), "update": "1", **typed}
    ).content.decode()
    assert re.findall(r'name="document" value="([^"]*)" checked', page) == [
        named[one] for one in order
    ]
    assert re.findall(r'class="place"[^>]* value="(.)"', page) == ["1", "2", "3"]


@pytest.mark.usefixtures("site")
def test_pack_url_has_the_choices_and_no_note(client):
    form = {
        "document": ["article/spots"],
        "paper": "letter",
        "causes": "none",
        "note": "See Ann.",
        "update": "1",
    }
    page = client.post(PACK, form).content.decode()
    assert "See Ann." in page.split("<textarea")[1].split("</textarea>")[0]
    address = page.split('<p><a href="')[-1].split('"')[0].replace("&amp;", "&")
    assert address == "/handouts/?document=article/spots&paper=letter&causes=none"
    again = client.get(address).content.decode()
    for ticked in (
        'value="article/spots" checked',
        'value="letter" checked',
        'value="none" checked',
    ):
        assert ticked in again
    assert "Ann" not in again


@pytest.mark.usefixtures("site")
def test_note_is_printed_as_plain_text_and_marked_as_added(client):
    note = 'Your nurse is <b>Ann</b> & "Bo".\n[x](http://a.example) **Come back** on 3 May.'
    text = printed(client, "article/spots", note=note)
    assert normalize_text(note) in normalize_text(text)
    assert normalize_text(NOT_REVIEWED) in normalize_text(text)
    assert "Added at printing" not in printed(client, "article/spots", note="  ")


@pytest.mark.usefixtures("site")
def test_note_mentions_review_only_if_the_pack_is_reviewed(client):
    for edition in Edition.objects.exclude(document__slug="bumps"):
        review(edition)
    assert normalize_text(REVIEWED) in normalize_text(
        printed(client, "article/spots", "checklist/skin", note="See Ann.")
    )
    text = normalize_text(printed(client, "article/spots", "article/bumps", note="See Ann."))
    assert normalize_text(NOT_REVIEWED) in text and normalize_text(REVIEWED) not in text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"document": "article/no-such"}, "is not here, or no longer"),
        ({"document": "glossary/glossary"}, "is not here, or no longer"),
        ({"document": "article/spots", "paper": "a5"}, "is no choice for"),
    ],
)
@pytest.mark.usefixtures("site")
def test_print_that_fails_says_why_in_plain_words(client, form, says):
    answer = client.post(PACK, {"print-now": "1", **form})
    assert answer.status_code == 400 and says in answer.content.decode()


@pytest.mark.usefixtures("site")
def test_pack_without_documents_says_so(client):
    assert "Nothing was chosen" in client.post(PACK, {"print-now": "1"}).content.decode()


@pytest.mark.parametrize("button", ["print-now", "update"])
@pytest.mark.parametrize("place", [PACK, STAFF])
@pytest.mark.usefixtures("site")
def test_note_too_long_is_refused_and_kept_whole(admin_client, place, button):
    note = "Take it. " + "x" * MOST_IN_NOTE
    form = {"document": "article/spots", "note": note, button: "1"}
    answer = admin_client.post(place, form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "no-store" in answer["Cache-Control"]
    message = "The note is too long: it has 1,009 characters. Use at most 1,000."
    assert f'<a href="#note">{message}</a>' in page and f'id="note-error">{message}' in page
    assert note in page.split("<textarea")[1].split("</textarea>")[0]
    assert 'value="article/spots" checked' in page and page.count("autofocus") == 1
    html5lib.HTMLParser(strict=True).parse(page)


@pytest.mark.usefixtures("site")
def test_note_shows_its_limit_and_is_not_cut(client):
    page = client.get(PACK).content.decode()
    help_text = page.split('id="note-help"')[1].split("</p>")[0]
    assert "At most 1,000 characters." in help_text
    assert "maxlength" not in page.split("<textarea")[1].split(">")[0]
    assert "x" * MOST_IN_NOTE in normalize_text(
        printed(client, "article/spots", note="x" * MOST_IN_NOTE)
    )


@pytest.mark.usefixtures("site")
def test_search_without_results_says_so_and_keeps_the_list(client):
    whole = re.findall(r'name="document" value="([^"]*)"', client.get(PACK).content.decode())
    page = client.get(f"{PACK}?q=zz<b>zz").content.decode()
    assert re.search(r'<p role="status">.*We found no page for “zz&lt;b&gt;zz”\.', page)
    assert re.findall(r'name="document" value="([^"]*)"', page) == whole and not re.search(
        r'name="document"[^>]* checked', page
    )
    assert 'role="status"' not in client.get(f"{PACK}?q=bumps").content.decode()
    assert 'role="status"' not in client.get(PACK).content.decode()


@pytest.mark.usefixtures("site")
def test_post_from_another_site_is_refused(client):
    form = {"document": "article/spots", "print-now": "1"}
    assert client.post(PACK, form, headers={"origin": "https://evil.example"}).status_code == 403


@pytest.mark.usefixtures("site")
def test_self_check_switched_off_is_in_no_pack(client):
    Clinic(pk=1, self_checks_enabled=False).save()
    assert "self-check/" not in client.get(PACK).content.decode()
    assert (
        client.post(PACK, {"document": "self-check/skin-check", "print-now": "1"}).status_code
        == 400
    )


@pytest.mark.usefixtures("site")
def test_packs_can_be_for_staff_only(client, admin_client):
    Clinic(pk=1, packs_for_staff=True).save()
    page = client.get(PACK)
    assert page.status_code == 200 and "<textarea" not in page.content.decode() and not page.cookies
    assert client.post(PACK, {"document": "article/spots", "print-now": "1"}).status_code == 403
    assert client.get(STAFF).status_code == 302
    assert client.get("/handouts/spots.pdf").status_code == 200
    assert "csrfmiddlewaretoken" in admin_client.get(STAFF).content.decode()
    assert "See Ann." in printed(admin_client, "article/spots", to=STAFF, note="See Ann.")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = admin_client.cookies
    assert strict.post(STAFF, {"document": "article/spots", "print-now": "1"}).status_code == 403


@pytest.mark.usefixtures("site")
def test_pack_form_and_pdf_take_few_queries(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{PACK}?q=spots")
    assert len(queries) <= 6, [query["sql"] for query in queries]
    with CaptureQueriesContext(connection) as few:
        printed(client, "article/spots")
    with CaptureQueriesContext(connection) as many:
        printed(client, "article/spots", "article/bumps")
    assert len(many) <= len(few) + 2


CANARY = "canary-7193"


@pytest.mark.usefixtures("site")
def test_note_is_stored_nowhere(client, every_log, tmp_path, monkeypatch):  # noqa: F811  a fixture that is imported
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = rows()
    with CaptureQueriesContext(connection) as queries:
        answers = [
            client.post(PACK, {"document": "article/spots", "note": f"{CANARY} Ann", **button})
            for button in ({"print-now": "1"}, {"update": "1"}, {"print-now": "1", "paper": "a5"})
        ]
    assert CANARY in extract_text(answers[0].content) and CANARY in answers[1].content.decode()
    for answer in answers:
        assert "no-store" in answer["Cache-Control"] and not answer.cookies
        assert CANARY not in repr(sorted(answer.items())) + answer.request["QUERY_STRING"]
    assert not [query for query in queries if CANARY in query["sql"]]
    assert not [line for line in every_log if CANARY in line]
    assert rows() == before
    assert not list(tmp_path.rglob("*"))
    for folder in (Path(caches["handouts"]._dir), Path(settings.DATA_DIR), Path("/tmp")):
        for path in folder.rglob("*") if folder != Path("/tmp") else folder.glob("*handout*"):
            if path.is_file() and path.stat().st_size < 10_000_000:
                assert CANARY.encode() not in path.read_bytes(), path
