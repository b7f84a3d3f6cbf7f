"""Readers see only what was published, everywhere at once."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education.clinic.models import Clinic
from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Document, Edition
from tests import factories
from tests.factories import WORDING, publish_documents
from tests.handouts.pdf_reader import extract_text, normalize_text
from tests.public_pages.all_urls import CAUSE, CHECKLIST, CONDITION, FACES, HANDOUT, read_all

pytestmark = pytest.mark.django_db


def exported(folder):
    call_command("export_content", str(folder), verbosity=0)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def edit_everything():
    """Change the working copy of every document; those documents."""
    return [
        factories.sources("brochure"),
        factories.glossary(Pore="A tiny hole zebra."),
        factories.checklist(title="When to call zebra"),
        factories.cause(text="Skin makes oil zebra.", name="Zebra oil"),
        factories.article(
            title="About zebra spots",
            introduction="Most people get spots, zebra [@brochure].",
        ),
    ]


def test_changed_working_copy_is_not_public_until_published(client, spots, tmp_path):
    before, files = read_all(client), exported(tmp_path / "before")
    changed = edit_everything()
    assert read_all(client) == before
    assert exported(tmp_path / "meanwhile") == files
    assert client.get("/search/?q=zebra").content.count(b"zebra spots") == 0

    publish_documents(*changed, **WORDING)
    after = read_all(client)
    unchanged = {address for address in FACES if after[address] == before[address]}
    named_only_by_place = {"/browse/", "/browse/area/feet/", "/privacy/", "/accessibility/"}
    assert unchanged <= {"/search/", "/search/?q=nothing+at+all", *named_only_by_place}
    for address in (CONDITION, CAUSE, CHECKLIST, HANDOUT, "/glossary/", "/search/?q=zebra"):
        assert b"ebra" in client.get(address).content, address
    assert exported(tmp_path / "after") != files


def test_page_follows_its_parts_without_its_own_edition(client, spots):
    assert b"The pain is spreading" in client.get(CONDITION).content
    signs = [{**sign, "text": f"{sign['text']} zebra"} for sign in factories.SIGNS]
    publish_documents(factories.checklist(signs=signs), note="Zebras are named now.")
    for address in (CONDITION, HANDOUT, CHECKLIST):
        assert b"The pain is spreading zebra" in client.get(address).content
    assert b"Zebras are named now." in client.get(f"{CONDITION}history/").content


def test_scheduled_page_appears_at_its_second_without_a_job(client, spots):
    moment = timezone.now() + timedelta(seconds=1.5)
    publish_documents(factories.article("lumps"), at=moment)
    assert client.get("/conditions/lumps/").status_code == 404
    assert b"About lumps" not in client.get("/conditions/").content
    while timezone.now() < moment:
        time.sleep(0.05)
    assert client.get("/conditions/lumps/").status_code == 200
    assert b"About lumps" in client.get("/conditions/").content
    assert b"About lumps" in client.get("/search/?q=lumps").content


def test_withdrawn_page_is_gone_with_reason_and_alternative(client, spots):
    publish_documents(factories.article("lumps"))
    actions.withdraw(
        spots, reason="The advice was out of date.", redirect_to=Document.objects.get(slug="lumps")
    )
    for address in (CONDITION, HANDOUT, f"{CONDITION}history/"):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert b"The advice was out of date." in answer.content
        assert b'href="/conditions/lumps/"' in answer.content
        assert b"Most people get spots" not in answer.content
        assert "This page was withdrawn: About spots – " in answer.content.decode()
        assert '<p class="lede">About spots</p>' in answer.content.decode()
    for address in ("/", "/conditions/", CAUSE):
        assert b"About spots" not in client.get(address).content
    assert b"/conditions/spots/" not in client.get("/search/?q=spots").content


def test_page_published_after_withdrawal_is_live_again(client, spots):
    actions.withdraw(spots, reason="A mistake.")
    publish_documents(spots, **WORDING)
    assert client.get(CONDITION).status_code == 200
    assert b"A mistake." in client.get(f"{CONDITION}history/").content


def test_set_goes_live_whole_or_not_at_all(client, spots):
    new = factories.cause("sweat")
    page = factories.article("lumps", causes=("sweat",))
    with pytest.raises(ActionRefused):
        publish_documents(page)
    assert client.get("/conditions/lumps/").status_code == 404
    publish_documents(new, page)
    assert client.get("/conditions/lumps/").status_code == 200
    assert client.get("/causes/sweat/").status_code == 200


def test_cause_page_lists_every_live_article_with_it(client, spots):
    publish_documents(factories.article("lumps"))
    factories.article("bumps")
    page = client.get(CAUSE).content.decode()
    assert 'href="/conditions/spots/"' in page and 'href="/conditions/lumps/"' in page
    assert "/conditions/bumps/" not in page


def test_earlier_edition_is_shown_to_staff_only(client, admin_client, spots):
    old = Edition.objects.get(document=spots)
    publish_documents(factories.article(title="A new title"), **WORDING)
    address = f"/admin/publishing/edition/{old.pk}/preview/"
    page = admin_client.get(address)
    assert page.status_code == 200 and b"About spots" in page.content
    client.logout()
    answer = client.get(address)
    assert answer.status_code == 302 and b"About spots" not in answer.content


def test_history_has_each_change_newest_first(client, spots):
    publish_documents(factories.article(title="Spots again"), **WORDING)
    publish_documents(factories.cause(text="More about oil."), note="Oil is explained.")
    page = client.get(f"{CONDITION}history/").content.decode()
    assert (
        page.index("Oil is explained.")
        < page.index("Said more plainly.")
        < page.index("First published")
    )
    # It is said once, and not again as its own note.
    assert page.count("First published") == 1


NUMBERS = {
    "phone": "(555) 010-0100",
    "emergency_number": "911",
    "out_of_hours_number": "+1 555 0199",
}
CALL = '<a href="tel:911">911</a>'
PHONE = '<a href="tel:5550100100">(555) 010-0100</a>'
WAIT_NOT = "Do not wait until tomorrow."
OUT_OF_HOURS = '<a href="tel:+15550199">+1 555 0199</a>'


def test_clinic_numbers_are_telephone_links(client, spots):
    assert not [address for address, page in read_all(client).items() if b"tel:" in page]
    Clinic(pk=1, name="Green Lane", **NUMBERS).save()
    for address in (
        CONDITION,
        "/",
        "/about/",
        "/privacy/",
        "/accessibility/",
        "/when-to-see-a-doctor/",
        "/search/?q=spots",
        "/no-such-page/",
    ):
        main, foot = client.get(address).content.decode().split("</main>")
        assert f"In an emergency, call {CALL} now." in foot, address
        assert f"Green Lane: {PHONE}" in foot and f"When we are closed: {OUT_OF_HOURS}" in foot
        untapped = re.sub(
            r"<a href=\"tel:.*?</a>|<script.*?</script>", "", main + foot, flags=re.DOTALL
        )
        assert not [number for number in NUMBERS.values() if number in untapped], address
    cards = re.findall(r'<p class="todo">(.*?)</p>', client.get(CONDITION).content.decode())
    assert cards == [
        f"Call {CALL} now. Do not wait.",
        f"Get medical help today. {WAIT_NOT} Call us on {PHONE}. When we are closed, call {OUT_OF_HOURS}.",
        f"Book an appointment with a doctor. Call us on {PHONE}.",
    ]
    assert "tel:" not in client.get("/conditions/spots.md").content.decode()


def test_invalid_number_is_text_without_a_link(client, spots):
    Clinic(pk=1, phone="<b>ask</b> 555 0100", emergency_number="911 / 112").save()
    page = client.get(CONDITION).content.decode()
    assert "tel:" not in page and "<b>ask" not in page
    assert (
        page.count("Call us on &lt;b&gt;ask&lt;/b&gt; 555 0100.") == 2
        and "Call 911 / 112 now." in page
    )


DEFAULT_WORDS = "your local emergency number"


@pytest.fixture
def names_number(spots):
    """A site whose texts all name the emergency number."""
    phrase = "zebra: call {emergency number}."
    over_two_lines = "If so, call **now**: {emergency\nnumber}."
    signs = [{**sign, "text": f"{sign['text']}, {phrase}"} for sign in factories.SIGNS]
    texts = {"none_apply": over_two_lines, "safety_net": phrase.capitalize()}
    outcomes = [
        {**each, "do_now": phrase, "when": phrase, "safety_net": phrase}
        for each in factories.OUTCOMES
    ]
    publish_documents(
        factories.glossary(Pore=phrase),
        factories.cause(text=over_two_lines),
        factories.checklist(introduction=phrase, signs=signs, **texts),
        factories.article(summary=phrase, introduction=over_two_lines),
        factories.self_check(introduction=phrase, outcomes=outcomes),
    )


EVERYWHERE = (
    *FACES,
    "/conditions/spots.md",
    "/changes.atom",
    "/search/?q=zebra",
    "/self-check/",
    "/self-check/skin-check/",
    "/self-check/skin-check/paper/",
    "/no-such-page/",
)


def test_emergency_number_once_set_is_on_every_page(client, names_number):
    def saying() -> set[str]:
        pages = {address: client.get(address).content.decode() for address in EVERYWHERE}
        pages["ticked"] = client.post(CHECKLIST, {"sign": "breathing"}).content.decode()
        assert not [address for address, page in pages.items() if re.search(r"{\s*emergency", page)]
        return {
            address
            for address, page in pages.items()
            if DEFAULT_WORDS in " ".join(page.split()).casefold()
        }

    assert saying() >= {
        CONDITION,
        CAUSE,
        CHECKLIST,
        HANDOUT,
        "/conditions/spots.md",
        "/search/?q=zebra",
    }
    Clinic(pk=1, emergency_number="911").save()
    assert not saying()
    assert "zebra</mark>: call 911." in client.get("/search/?q=zebra").content.decode()
    assert "<strong>now</strong>: 911." in client.get(CAUSE).content.decode()


def test_emergency_number_is_on_self_check_pages(client, names_number):
    Clinic(pk=1, emergency_number="911").save()
    client.post("/self-check/skin-check/step/1a/", {"choice": "yes", "editions": "1-2"})
    page = client.get("/self-check/skin-check/result/").content.decode()
    assert page.count("ebra: call 911.") >= 3 and DEFAULT_WORDS not in page


def test_emergency_number_is_in_a_handout_pdf(client, names_number):
    Clinic(pk=1, emergency_number="911").save()
    phrase = normalize_text(extract_text(client.get("/handouts/spots.pdf").content))
    assert (
        normalize_text("zebra: call 911.") in phrase and normalize_text(DEFAULT_WORDS) not in phrase
    )


def test_placeholder_is_in_forms_and_filled_in_previews(admin_client, names_number):
    Clinic(pk=1, emergency_number="911").save()
    article = Document.objects.get(slug="spots").pk
    form = admin_client.get(f"/admin/articles/article/{article}/change/").content.decode()
    preview = admin_client.get(f"/admin/articles/article/{article}/preview/").content.decode()
    assert "call {emergency number}." in form and "ebra: call 911." not in form
    assert "{emergency number}" not in preview and "ebra: call 911." in preview


def test_emergency_number_takes_no_query_of_its_own(client, names_number):
    def queries() -> list[int]:
        counted = []
        for address in EVERYWHERE:
            with CaptureQueriesContext(connection) as made:
                client.get(address)
            counted.append(len(made))
        return counted

    queries()
    without = queries()
    Clinic(pk=1, emergency_number="911").save()
    assert queries() == without


BROWSER = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


def test_typed_words_are_never_replaced(client, spots):
    Clinic(pk=1, emergency_number="911").save()
    for typed in (DEFAULT_WORDS, "{emergency number}"):
        page = client.get("/search/", {"q": typed}).content.decode()
        assert f'value="{typed}"' in page and f"Search: {typed} –" in page
        page = client.get("/h/", {"code": typed}).content.decode()
        assert f'value="{typed}"' in page
        page = client.get(f"/h/{typed}/").content.decode()
        assert f'value="{typed}"' in page
        sent = {"comment": typed, "answer": "no longer valid"}
        page = client.post("/feedback/spots/", sent, headers=BROWSER).content.decode()
        assert f"\n{typed}</textarea>" in page
        sent = {"document": "article/spots", "note": typed, "more": "1"}
        page = client.post("/handouts/", sent, headers=BROWSER).content.decode()
        assert f"\n{typed}</textarea>" in page


def test_notes_name_the_emergency_number(client, spots):
    Clinic(pk=1, emergency_number="911").save()
    publish_documents(
        factories.article(introduction="New words."), note="When to call {emergency number}."
    )
    assert "When to call 911." in client.get(f"{CONDITION}history/").content.decode()
    assert "When to call 911." in client.get("/changes.atom").content.decode()
    actions.withdraw(spots, reason="Wrong. Call {emergency number} instead.")
    assert "Wrong. Call 911 instead." in client.get(CONDITION).content.decode()


def test_descriptions_and_cards_name_the_emergency_number(client, spots):
    Clinic(pk=1, emergency_number="911").save()
    publish_documents(factories.article(summary="Call {emergency number} if it spreads."))
    page = client.get(CONDITION).content.decode()
    assert '<meta name="description" content="Call 911 if it spreads.">' in page
    assert "<p>Call 911 if it spreads.</p>" in client.get("/").content.decode()


def test_emergency_number_is_escaped(client, names_number):
    Clinic(pk=1, emergency_number="<b>911</b> & *112*").save()
    for address in (CONDITION, CAUSE, CHECKLIST, HANDOUT, "/search/?q=zebra"):
        page = client.get(address).content.decode()
        assert "&lt;b&gt;911&lt;/b&gt; &amp; *112*" in page and "<b>911" not in page, address
    text = client.get("/conditions/spots.md").content.decode()
    assert r"call \<b\>911\</b\> \& \*112\*." in text


def test_changed_emergency_number_is_on_the_next_page(client, names_number):
    for number in ("911", "112", ""):
        Clinic(pk=1, emergency_number=number).save()
        assert f"call {number or DEFAULT_WORDS}." in client.get(CONDITION).content.decode()
