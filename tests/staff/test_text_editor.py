"""The endpoints of the text editor, its guard, and its bundle of libraries."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from education.media.image_processing import process_upload
from education.media.models import Image
from education.staff.editor.text_guard import renders_alike
from tests import factories
from tests.media import sample_images

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "bin" / "editor_bundle"
VENDOR = ROOT / "static" / "staff" / "text_editor" / "vendor"
COMPARE = "/admin/text-editor/compare/"
FINDERS = [f"/admin/text-editor/{name}/" for name in ("pages", "sources", "pictures")]


@pytest.fixture
def writer(staff):
    return staff("wanda", "articles.change_article")


def post(client, content):
    body = content if isinstance(content, str) else json.dumps(content)
    return client.post(COMPARE, body, content_type="application/json")


def found(client, name, **query):
    answer = client.get(f"/admin/text-editor/{name}/", query)
    assert answer.status_code == 200
    return answer.json()["items"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("* a\n* b\n", "- a\n- b"),
        ("a\nb", "a b"),
        ("__a__ [@leaflet]", "**a** [@leaflet]"),
        ("**[x](/causes/oil/)**", "[**x**](/causes/oil/)"),
        ("***[x](https://a.example/)***", "[***x***](https://a.example/)"),
        ("**_a_**", "***a***"),
        ("{emergency\nnumber}", "{emergency number}"),
        (" a \r\n", "a"),
    ],
)
def test_texts_that_readers_see_alike_are_alike(before, after):
    assert renders_alike(before, after, inline=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("15\N{NO-BREAK SPACE}mg", "15 mg"),
        ("a [@one]", "a [@two]"),
        ("a [@one]", "a"),
        ("1. a\n2. b", "1. a\n\n2. b"),
        ("[x](javascript:a)", "x"),
        ("[x](//a.example)", "[x](//b.example)"),
        ("**a** b", "a **b**"),
        ("2*3*4", "234"),
        ("[" * 2000, "[" * 2000),
    ],
)
def test_texts_that_differ_for_anybody_are_not_alike(before, after):
    assert not renders_alike(before, after, inline=False)


def test_block_marks_are_words_in_a_line():
    assert renders_alike("- a", "\\- a", inline=True)
    assert not renders_alike("- a", "\\- a", inline=False)


@pytest.mark.django_db
def test_guard_answers_for_each_pair(writer):
    pairs = [
        {"before": "* a", "after": "- a", "inline": False},
        {"before": "* a", "after": "- a", "inline": True},
    ]
    answer = post(writer, {"pairs": pairs})
    assert answer.json() == {"same": [True, False]}
    assert "no-store" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "3",
        {"pairs": 3},
        {"pairs": [{}]},
        {"pairs": [{"before": 1, "after": "", "inline": False}]},
        {"pairs": [{"before": "", "after": "", "inline": "x"}]},
        {"pairs": [{"before": "", "after": "", "inline": False}] * 501},
        "\xff",
    ],
)
def test_pairs_that_cannot_be_read_are_refused_in_words(content, writer):
    answer = post(writer, content)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


@pytest.mark.django_db
def test_source_is_found_by_any_of_its_words(writer):
    factories.sources("spots-guide")
    leaflet = {
        "key": "leaflet",
        "title": "The leaflet",
        "publisher": "A clinic",
        "withdrawn": "",
    }
    assert found(writer, "sources", q="CLINIC leaf") == [leaflet]
    assert [each["key"] for each in found(writer, "sources")] == ["leaflet", "spots-guide"]
    assert found(writer, "sources", q="nobody\0") == []
    titles = found(writer, "sources", keys="spots-guide nobody")
    assert titles == [{"key": "spots-guide", "title": "The spots-guide"}]


@pytest.mark.django_db
def test_only_live_pages_are_found(writer):
    factories.make_small_site()
    factories.article("draft")
    assert found(writer, "pages", q="spots") == [
        {"title": "About spots", "url": "/conditions/spots/", "kind": "article"}
    ]
    assert found(writer, "pages", q="draft") == []


@pytest.mark.django_db
def test_pictures_need_their_own_permission(staff, uploads, writer):
    picture = Image(alternative_text="A red bump.")
    picture.store(process_upload(sample_images.jpeg(40, 30)))
    painter = staff("paula", "articles.change_article", "media.view_image")
    assert found(painter, "pictures", q="BUMP red") == [
        {"url": picture.url, "words": "A red bump."}
    ]
    assert found(painter, "pictures", q="blue") == []
    assert writer.get("/admin/text-editor/pictures/").status_code == 403


@pytest.mark.django_db
def test_strangers_and_viewers_are_refused_alike(staff):
    answers = [
        client.get(path) if path != COMPARE else post(client, {"pairs": []})
        for client in (Client(), staff("vera", "articles.view_article"))
        for path in (*FINDERS, COMPARE)
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.django_db
def test_search_words_are_bounded(writer, django_assert_num_queries):
    factories.sources()
    with django_assert_num_queries(5):
        assert found(writer, "sources", q="leaflet " * 8 + "nothing " * 1000)


def test_bundle_is_made_from_its_sources():
    inputs = b"".join(
        (SOURCES / name).read_bytes() for name in ("package.json", "package-lock.json", "index.js")
    )
    header = (VENDOR / "prosemirror.js").read_text().partition("\n")[0]
    assert hashlib.sha256(inputs).hexdigest() in header


def test_bundle_lock_is_exact_and_names_no_place():
    lock = json.loads((SOURCES / "package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert all(each["integrity"] for each in packages.values())
    assert not any("resolved" in each for each in packages.values())
    wanted = json.loads((SOURCES / "package.json").read_text())
    for versions in (wanted["dependencies"], wanted["devDependencies"]):
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())


def test_bundle_has_the_licence_of_every_library():
    lock = json.loads((SOURCES / "package-lock.json").read_text())
    licences = (VENDOR / "licences.txt").read_text()
    bundled = set(re.findall(r"^(\S+) (\d\S*) \(", licences, re.MULTILINE))
    wanted = json.loads((SOURCES / "package.json").read_text())["dependencies"]
    assert {(name, version) for name, version in wanted.items()} <= bundled
    assert bundled <= {
        (name.rpartition("node_modules/")[2], each["version"])
        for name, each in lock["packages"].items()
        if name
    }
    assert len(re.findall(r"Permission is hereby granted|Redistribution and use", licences)) >= len(
        bundled
    )


def test_scripts_of_the_editor_make_no_code_from_text():
    for path in (ROOT / "static" / "staff" / "text_editor").rglob("*.js"):
        assert not re.search(r"\beval\(|new Function\(|\.setAttribute\(\"style\"", path.read_text())
