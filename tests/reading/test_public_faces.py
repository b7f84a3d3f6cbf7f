"""What readers see is what was published, everywhere at once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from education.publishing import actions
from education.publishing.content import Refused
from education.publishing.models import Document, Edition
from tests import builders
from tests.builders import WORDING, published
from tests.reading.faces import CAUSE, CHECKLIST, CONDITION, FACES, HANDOUT, read_all

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
        builders.sources("brochure"),
        builders.glossary(Pore="A tiny hole zebra."),
        builders.checklist(title="When to call zebra"),
        builders.cause(text="Skin makes oil zebra.", name="Zebra oil"),
        builders.article(
            title="About zebra spots",
            introduction="Most people get spots, zebra [@brochure].",
        ),
    ]


def test_a_changed_working_copy_changes_no_public_face_until_it_is_published(client, spots, tmp_path):
    before, files = read_all(client), exported(tmp_path / "before")
    changed = edit_everything()
    assert read_all(client) == before
    assert exported(tmp_path / "meanwhile") == files
    assert client.get("/search/?q=zebra").content.count(b"zebra spots") == 0

    published(*changed, **WORDING)
    after = read_all(client)
    unchanged = {address for address in FACES if after[address] == before[address]}
    named_only_by_place = {"/browse/", "/browse/area/feet/"}
    assert unchanged <= {"/search/", "/search/?q=nothing+at+all", *named_only_by_place}
    for address in (CONDITION, CAUSE, CHECKLIST, HANDOUT, "/glossary/", "/search/?q=zebra"):
        assert b"ebra" in client.get(address).content, address
    assert exported(tmp_path / "after") != files


def test_a_page_follows_its_parts_without_an_edition_of_its_own(client, spots):
    assert b"The pain is spreading" in client.get(CONDITION).content
    signs = [{**sign, "text": f"{sign['text']} zebra"} for sign in builders.SIGNS]
    published(builders.checklist(signs=signs), change="advice", note="Zebras are named now.")
    for address in (CONDITION, HANDOUT, CHECKLIST):
        assert b"The pain is spreading zebra" in client.get(address).content
    assert b"Zebras are named now." in client.get(f"{CONDITION}history/").content


def test_a_scheduled_page_appears_at_its_second_with_no_job_running(client, spots):
    moment = timezone.now() + timedelta(seconds=1.5)
    published(builders.article("lumps"), at=moment)
    assert client.get("/conditions/lumps/").status_code == 404
    assert b"About lumps" not in client.get("/conditions/").content
    while timezone.now() < moment:
        time.sleep(0.05)
    assert client.get("/conditions/lumps/").status_code == 200
    assert b"About lumps" in client.get("/conditions/").content
    assert b"About lumps" in client.get("/search/?q=lumps").content


def test_a_withdrawn_page_is_gone_with_its_reason_and_where_to_go_instead(client, spots):
    published(builders.article("lumps"))
    actions.withdraw(spots, reason="The advice was out of date.", send_to=Document.objects.get(slug="lumps"))
    for address in (CONDITION, HANDOUT, f"{CONDITION}history/"):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert b"The advice was out of date." in answer.content
        assert b'href="/conditions/lumps/"' in answer.content
        assert b"Most people get spots" not in answer.content
    for address in ("/", "/conditions/", CAUSE):
        assert b"About spots" not in client.get(address).content
    assert b"/conditions/spots/" not in client.get("/search/?q=spots").content


def test_a_page_withdrawn_and_published_again_is_back(client, spots):
    actions.withdraw(spots, reason="A mistake.")
    published(spots, **WORDING)
    assert client.get(CONDITION).status_code == 200
    assert b"A mistake." in client.get(f"{CONDITION}history/").content


def test_a_set_goes_live_whole_or_not_at_all(client, spots):
    new = builders.cause("sweat")
    page = builders.article("lumps", causes=("sweat",))
    with pytest.raises(Refused):
        published(page)
    assert client.get("/conditions/lumps/").status_code == 404
    published(new, page)
    assert client.get("/conditions/lumps/").status_code == 200
    assert client.get("/causes/sweat/").status_code == 200


def test_a_cause_page_lists_every_live_article_tagged_with_it(client, spots):
    published(builders.article("lumps"))
    builders.article("bumps")
    page = client.get(CAUSE).content.decode()
    assert 'href="/conditions/spots/"' in page and 'href="/conditions/lumps/"' in page
    assert "/conditions/bumps/" not in page


def test_staff_can_still_read_an_old_edition_and_strangers_cannot(client, admin_client, spots):
    old = Edition.objects.get(document=spots)
    published(builders.article(title="A new title"), **WORDING)
    address = f"/admin/publishing/edition/{old.pk}/read/"
    page = admin_client.get(address)
    assert page.status_code == 200 and b"About spots" in page.content
    client.logout()
    answer = client.get(address)
    assert answer.status_code == 302 and b"About spots" not in answer.content


def test_the_history_names_each_change_newest_first(client, spots):
    published(builders.article(title="Spots again"), **WORDING)
    published(builders.cause(text="More about oil."), change="advice", note="Oil is explained.")
    page = client.get(f"{CONDITION}history/").content.decode()
    assert page.index("Oil is explained.") < page.index("Said more plainly.") < page.index("First published.")
    assert page.count("First published.") == 1
