"""Data for machines: schema.org, link previews, sitemap, feed, robots.txt, manifest."""

from __future__ import annotations

import json
import re
import urllib.robotparser
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Any

import html5lib
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education.clinic.models import Clinic
from education.pages import sitemaps
from education.publishing import actions
from education.publishing.history import last_modified_times
from education.publishing.models import Edition, Publication, Review
from education.web.json_ld import json_ld_script
from tests import factories
from tests.factories import WORDING, publish_documents
from tests.public_pages.all_urls import CAUSE, CONDITION, FACES

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
MARKDOWN = "/conditions/spots.md"
SITEMAPS = ("/sitemap.xml", "/sitemap-lists.xml", "/sitemap-pages-1.xml")


@pytest.fixture
def spots(db: None):
    return factories.make_small_site()


def structured(client, address: str) -> dict[str, Any]:
    page = client.get(address).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(block)


def part_addresses(client) -> list[str]:
    root = ET.fromstring(client.get("/sitemap.xml").content)
    assert root.tag == f"{MAP}sitemapindex"
    return [one.findtext(f"{MAP}loc", "") for one in root.iter(f"{MAP}sitemap")]


def mapped(client) -> dict[str, str]:
    """Every page of the sitemap, with its date, from all the parts that the index names."""
    found: dict[str, str] = {}
    for address in part_addresses(client):
        root = ET.fromstring(client.get(address.removeprefix(SITE)).content)
        assert root.tag == f"{MAP}urlset" and len(root)
        for url in root:
            assert found.setdefault(url.findtext(f"{MAP}loc", ""), "") == ""
            found[url.findtext(f"{MAP}loc", "")] = url.findtext(f"{MAP}lastmod", "")
    return found


def entries(client) -> list[tuple[str, str, str, str]]:
    """Kind, title, address and note of each entry of the feed."""
    root = ET.fromstring(client.get("/changes.atom").content)
    return [
        (
            entry.find(f"{ATOM}category").attrib["term"],
            entry.findtext(f"{ATOM}title", ""),
            entry.find(f"{ATOM}link").attrib["href"],
            entry.findtext(f"{ATOM}summary", ""),
        )
        for entry in root.iter(f"{ATOM}entry")
    ]


def head_of(client, address: str) -> dict[str, str]:
    page = html5lib.parse(client.get(address).content.decode(), namespaceHTMLElements=False)
    found = {link.get("rel"): link.get("href") for link in page.find("head").iter("link")}
    metas = page.find("head").iter("meta")
    return found | {m.get("property") or m.get("name") or "": m.get("content") for m in metas}


def test_condition_data_has_causes_and_signs_but_no_medicine(client, spots):
    publish_documents(
        factories.cause(codes=[{"system": "ICD-10-CM", "code": "L70.0", "title": "Acne vulgaris"}]),
        factories.article(also_called=["zits"], introduction="Spots are common. [@leaflet]"),
        **WORDING,
    )
    shown = structured(client, CONDITION)
    assert shown["@context"] == "https://schema.org" and shown["@type"] == "MedicalWebPage"
    assert shown["url"] == f"{SITE}{CONDITION}" and shown["inLanguage"] == "en"
    about = shown["about"]
    assert about["@type"] == "MedicalCondition" and about["name"] == "About spots"
    assert about["alternateName"] == ["zits"]
    assert about["signOrSymptom"] == [{"@type": "MedicalSignOrSymptom", "name": "Small bumps"}]
    assert about["cause"] == [{"@type": "MedicalCause", "name": "Oil", "url": f"{SITE}{CAUSE}"}]
    assert "citation" not in shown, "they are in the visible list"
    trail = shown["breadcrumb"]["itemListElement"]
    assert [step["name"] for step in trail] == ["Home", "Conditions", "About spots"]
    assert [step["position"] for step in trail] == [1, 2, 3]
    assert [step.get("item") for step in trail] == [f"{SITE}/", f"{SITE}/conditions/", None]
    text = json.dumps(shown)
    assert "breathe" not in text, "a warning sign is no sign of the complaint"
    assert "drug" not in text.casefold() and "possibleTreatment" not in text


def test_condition_data_has_no_medicine_named_in_the_text(client, spots):
    spots.causes.update(may_suggest="A doctor may suggest doxycycline or isotretinoin gel.")
    publish_documents(spots, **WORDING)
    assert b"doxycycline" in client.get(CAUSE).content
    for address in (CONDITION, CAUSE):
        assert "doxycycline" not in json.dumps(structured(client, address))


def test_review_date_is_in_data_only_if_all_parts_are_reviewed(client, spots):
    assert "lastReviewed" not in structured(client, CONDITION)
    doctor = User.objects.create_user("doctor")
    when = date(2026, 1, 2)
    editions = list(Edition.objects.live().exclude(document__kind="glossary"))
    for edition in editions[:-1]:
        Review.objects.create(
            edition=edition, by=doctor, shown_as="Dr. Green", on=when, next_due=date(2030, 1, 2)
        )
    assert "lastReviewed" not in structured(client, CONDITION)
    Review.objects.create(
        edition=editions[-1], by=doctor, shown_as="Dr. Green", on=when, next_due=date(2030, 1, 2)
    )
    shown = structured(client, CONDITION)
    assert shown["lastReviewed"] == "2026-01-02"
    assert shown["reviewedBy"] == [{"@type": "Person", "name": "Dr. Green"}]


def test_cause_data_has_its_conditions(client, spots):
    publish_documents(factories.cause(text="Skin makes oil [@leaflet]."), **WORDING)
    about = structured(client, CAUSE)["about"]
    assert about["@type"] == "MedicalCause"
    assert about["causeOf"] == [
        {"@type": "MedicalCondition", "name": "About spots", "url": f"{SITE}{CONDITION}"}
    ]
    assert structured(client, CAUSE)["citation"] == ["The leaflet"]


def test_home_data_names_the_site(client, spots):
    Clinic(pk=1, name="Green <Lane> & Sons").save()
    shown = structured(client, "/")
    assert (shown["@type"], shown["name"], shown["url"]) == (
        "WebSite",
        "Green <Lane> & Sons",
        f"{SITE}/",
    )


@pytest.mark.parametrize(
    "text",
    ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028 & \"quoted\" 'x' \\"],
)
def test_data_block_cannot_be_ended_by_a_text(text, client, spots):
    block = str(json_ld_script({"name": text}))
    inner = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028") & set(inner)
    assert json.loads(inner)["name"] == text
    publish_documents(factories.article(title=text), **WORDING)
    assert structured(client, CONDITION)["about"]["name"] == text.strip()
    html5lib.HTMLParser(strict=True).parse(client.get(CONDITION).content.decode())


@pytest.mark.parametrize("address", ["/", CONDITION, CAUSE, "/browse/area/back/", "/glossary/"])
def test_link_preview_has_title_description_url_and_image(address, client, spots):
    head = head_of(client, f"{address}?utm_source=x")
    assert head["canonical"] == head["og:url"] == f"{SITE}{address}"
    assert head["og:title"] and head["og:description"] == head["description"] != ""
    assert head["og:type"] in {"article", "website"}
    assert head["og:image"].startswith(f"{SITE}/static/")
    assert (
        head["alternate"] in {"/changes.atom", MARKDOWN}
        and head["manifest"] == "/manifest.webmanifest"
    )


def test_staff_preview_has_no_data(admin_client, spots):
    edition = Edition.objects.get(document=spots)
    for address in (
        f"/admin/articles/article/{spots.pk}/preview/",
        f"/admin/publishing/edition/{edition.pk}/preview/",
    ):
        page = admin_client.get(address).content
        assert b"About spots" in page and b"ld+json" not in page


def test_sitemap_has_every_page_and_no_other(client, spots):
    publish_documents(factories.article("lumps"), at=timezone.now() + timedelta(days=1))
    factories.article("bumps")
    found = mapped(client)
    assert set(found) == {
        f"{SITE}{path}"
        for path in (
            "/", "/about/", "/privacy/", "/accessibility/", "/conditions/", CONDITION, "/causes/", CAUSE, "/when-to-see-a-doctor/",
            "/when-to-see-a-doctor/skin/", "/glossary/", "/browse/", "/browse/area/back/",
            "/browse/look/small-bumps/",
        )
    }  # fmt: skip
    assert all(client.get(address.removeprefix(SITE)).status_code == 200 for address in found)
    actions.withdraw(spots, reason="Out of date.")
    assert f"{SITE}{CONDITION}" not in mapped(client)
    assert f"{SITE}/browse/area/back/" not in mapped(client)


def test_sitemap_part_has_few_pages_and_index_those_with_any(client, spots, monkeypatch):
    whole = mapped(client)
    monkeypatch.setattr(sitemaps, "PART_SIZE", 1)
    lists, *parts = part_addresses(client)
    assert mapped(client) == whole and lists == f"{SITE}/sitemap-lists.xml"
    for address in parts:
        assert len(ET.fromstring(client.get(address.removeprefix(SITE)).content)) == 1
    own = f"/sitemap-pages-{spots.pk}.xml"
    assert f"{SITE}{own}" in parts
    actions.withdraw(spots, reason="Out of date.")
    assert client.get(own).status_code == 404
    assert part_addresses(client) == [
        address for address in (lists, *parts) if address != f"{SITE}{own}"
    ]
    assert client.get("/sitemap-pages-0.xml").status_code == 404


def test_sitemap_date_is_that_of_the_newest_live_part(client, spots):
    later = timezone.now() + timedelta(days=3)
    log = {
        entry.document.kind: entry
        for entry in Publication.objects.select_related("document", "edition")
    }
    before = mapped(client)
    # The log is never changed: what came to be live later is written behind it.
    Publication.objects.create(
        document=log["checklist"].document,
        edition=log["checklist"].edition,
        at=later,
        act=Publication.objects.next_act(),
    )
    assert mapped(client) == before
    changed = last_modified_times(Edition.objects.live(), later)
    kinds = {
        edition.pk: edition.document.kind for edition in Edition.objects.select_related("document")
    }
    moments = {kinds[pk]: moment for pk, moment in changed.items()}
    assert moments["article"] == moments["checklist"] == later
    assert moments["cause"] == log["cause"].at
    assert set(changed) == set(kinds)


def test_self_check_is_in_sitemap_and_feed_only_when_enabled(client, spots):
    publish_documents(factories.self_check())
    address = f"{SITE}/self-check/skin-check/"
    assert address in mapped(client) and address in {entry[2] for entry in entries(client)}
    Clinic(pk=1, self_checks_enabled=False).save()
    assert address not in mapped(client) and address not in {entry[2] for entry in entries(client)}


def test_feed_has_each_change_with_its_kind_newest_first(client, spots):
    publish_documents(factories.article(title="Spots again"), **WORDING)
    publish_documents(factories.cause(text="Oil goes after 2 days."), note="Oil is explained.")
    newest = entries(client)[:2]
    assert newest == [
        ("advice", "Advice changed: Oil", f"{SITE}{CAUSE}", "Oil is explained."),
        (
            "checked-text",
            "Wording changed: Spots again",
            f"{SITE}{CONDITION}",
            "Said more plainly.",
        ),
    ]
    assert {entry[0] for entry in entries(client)[2:]} == {"first"}


def test_feed_has_a_withdrawal_and_nothing_of_the_page(client, spots):
    publish_documents(factories.article(title="Spots for other eyes"), note="Secret note.")
    actions.withdraw(spots, reason="The advice was out of date.")
    about = [entry for entry in entries(client) if entry[2] == f"{SITE}{CONDITION}"]
    assert about == [
        (
            "withdrawn",
            f"Withdrawn: {CONDITION}",
            f"{SITE}{CONDITION}",
            "The advice was out of date.",
        )
    ]
    body = client.get("/changes.atom").content
    assert b"for other eyes" not in body and b"Secret note" not in body
    publish_documents(
        factories.article(title="Spots, mended", do=["Wash 2 times."]), note="Mended."
    )
    kinds = [entry[0] for entry in entries(client) if entry[2] == f"{SITE}{CONDITION}"]
    assert kinds == ["advice", "withdrawn", "checked-text", "first"]


def test_feed_has_nothing_scheduled_or_drafted(client, spots):
    publish_documents(
        factories.article(title="Zebra"),
        note="Zebra.",
        at=timezone.now() + timedelta(days=1),
    )
    factories.article("zebras")
    for address in ("/changes.atom", *SITEMAPS, MARKDOWN):
        assert b"ebra" not in client.get(address).content, address


def test_feed_is_valid_with_any_note_or_title(client, spots):
    odd = "\x0b\x1f a <b> & \ufffe ]]> \u2028 end"
    publish_documents(factories.article(title=f"T {odd}"), note=f"N {odd}")
    root = ET.fromstring(client.get("/changes.atom").content)
    (entry, *rest) = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}summary", "").startswith("N") and "<b> &" in entry.findtext(
        f"{ATOM}summary", ""
    )
    ids = [e.findtext(f"{ATOM}id") for e in (entry, *rest)]
    assert len(set(ids)) == len(ids)
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}") and all(
            e.findtext(f"{ATOM}{name}") for e in (entry, *rest)
        )


def test_robots_txt_allows_every_page_but_the_admin(client):
    robots = urllib.robotparser.RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    assert all(robots.can_fetch("Anybot", f"{SITE}{face}") for face in FACES)
    for address in ("/admin/", "/admin/login/", "/h/abc"):
        assert not robots.can_fetch("Anybot", f"{SITE}{address}")
    assert robots.site_maps() == [f"{SITE}/sitemap.xml"]


def first_part(client, address):
    """The address; of a part of the sitemap, that of the first part with pages."""
    if not address.startswith("/sitemap-pages-"):
        return address
    return re.findall(r"/sitemap-pages-\d+\.xml", client.get("/sitemap.xml").content.decode())[0]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/robots.txt", "text/plain"),
        *((address, "application/xml") for address in SITEMAPS),
        ("/changes.atom", "application/atom+xml"),
        ("/manifest.webmanifest", "application/manifest+json"),
        (MARKDOWN, "text/markdown; charset=utf-8"),
        ("/favicon.ico", "image/"),
        ("/favicon.svg", "image/svg+xml"),
        ("/apple-touch-icon.png", "image/png"),
    ],
)
def test_machine_file_has_type_no_cookie_and_few_queries(address, kind, client, spots):
    address = first_part(client, address)
    # What it is made of is held after the first time.
    b"".join(client.get(address))
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == 200 and body
    assert answer.headers["Content-Type"].startswith(kind)
    assert not answer.cookies and "cookie" not in answer.headers.get("Vary", "").casefold()
    assert len(queries) <= 7
    few = len(queries)
    for number in range(3):
        publish_documents(factories.article(f"page-{number}"))
    with CaptureQueriesContext(connection) as queries:
        b"".join(client.get(address))
    assert len(queries) == few
    if not address.startswith(("/fav", "/apple")):
        assert client.post(address).status_code in {403, 405}


def test_manifest_names_the_clinic_and_its_icons_exist(client, db):
    Clinic(pk=1, name="Green Lane").save()
    shown = json.loads(client.get("/manifest.webmanifest").content)
    assert shown["name"] == "Green Lane" and shown["start_url"] == "/"
    for icon in shown["icons"]:
        answer = client.get(icon["src"])
        assert answer.status_code == 200 and answer.headers["Content-Type"] == icon["type"]
        b"".join(answer)


def test_unchanged_machine_file_is_not_sent_again(client, spots):
    sitemaps = [first_part(client, address) for address in SITEMAPS]
    for address in (*sitemaps, "/changes.atom", MARKDOWN):
        first = client.get(address)
        assert (
            client.get(address, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
        )
    seen = {
        address: client.get(address).headers["ETag"] for address in (*sitemaps[1:], "/changes.atom")
    }
    actions.withdraw(spots, reason="Out of date.")
    tomorrow = "Fri, 01 Jan 2100 00:00:00 GMT"
    for address, tag in seen.items():
        assert client.get(address, headers={"if-none-match": tag}).status_code == 200
        assert client.get(address, headers={"if-modified-since": tomorrow}).status_code == 200
    assert client.get(MARKDOWN).status_code == 410


def test_markdown_export_has_all_texts_of_the_page(client, spots):
    Clinic(pk=1, name="Green *Lane*", emergency_number="911").save()
    publish_documents(
        factories.article(
            introduction="See [this](/causes/oil/). [@leaflet]\n\n# Why\n\n<1>Not</1> bold."
        ),
        **WORDING,
    )
    text = client.get(MARKDOWN).content.decode()
    order = [
        "# About spots", "Not yet reviewed", "## When to get help", "### Emergency", "hard to breathe",
        "Call 911 now", "### Urgent", "The pain is spreading", "## What this is about", "### Why",
        "## What may be the cause", "### Oil", "## Do\n", "- Wash with warm water.", "## Do not\n",
        "- Do not squeeze.", "## Sources", "1. The leaflet", f"<{SITE}{CONDITION}>", "not a diagnosis",
    ]  # fmt: skip
    places = [text.index(piece) for piece in order]
    assert places == sorted(places)
    assert f"[this](<{SITE}/causes/oil/>)" in text and r"\[1\]" in text
    assert r"\<1\>Not\</1\> bold" in text and r"Green \*Lane\*" in text


def test_missing_page_has_no_markdown_export(client, spots):
    assert client.get("/conditions/no-such.md").status_code == 404
    factories.article("bumps")
    assert client.get("/conditions/bumps.md").status_code == 404


def test_typed_text_cannot_end_its_attribute(client, spots):
    odd = '"><script>alert()</script>'
    page = client.get("/search/", {"q": odd}).content.decode()
    assert "<script" not in page and page.count('property="og:title"') == 1
    publish_documents(factories.article(title=odd, summary='"><1> Wash.'), **WORDING)
    head = head_of(client, CONDITION)
    assert head["og:title"].startswith(odd) and head["og:description"].startswith('"><1>')
