"""Illustrations, the table that compares causes, and the component page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import brotli
import html5lib
import pytest
from django.conf import settings

from education.articles import illustrations
from education.articles.content import GLANCE_FIELDS, ArticleContent, CauseContent
from education.articles.models import Article
from education.publishing.content import ActionRefused
from tests import factories

FOLDER = Path(settings.BASE_DIR) / "static" / "pictures"
FILES = sorted(FOLDER.glob("*.svg"))
MOST_BYTES = 3 * 1024
SMALLEST_LETTERS = 11
# A phone of 320 px leaves this much width, with 4 % of it on either side.
PHONE = 320 * 0.92
CELLS = {
    "glance_looks": "A white tip",
    "glance_hurts": "A little",
    "glance_comes_out": "White oil",
    "glance_helps": "Warm water",
}


def article_of(*rows: dict[str, str]) -> Article:
    """The article of the small site, with these rows for its causes."""
    article = Article.objects.get(slug="spots")
    article.load_content(
        ArticleContent.validate_values("spots", {**article.to_values(), "causes": rows})
    )
    return article


def test_illustrations_match_their_files_and_texts():
    assert [name for name in get_args(illustrations.IllustrationName) if name] == list(
        illustrations.ILLUSTRATIONS
    )
    assert sorted(illustrations.ILLUSTRATIONS) == [file.stem for file in FILES]
    told = {str(drawing.alt_text) for drawing in illustrations.ILLUSTRATIONS.values()}
    assert len(told) == len(FILES) == 12
    assert all(len(words) >= 60 and words.endswith(".") for words in told)


def test_unknown_illustration_is_refused():
    with pytest.raises(ActionRefused, match="not one of the words allowed here"):
        CauseContent.validate_values(
            "oil", {"name": "Oil", "what_it_is": "Oil.", "picture": "../secret"}
        )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_illustration_file_is_small_with_only_shapes_and_text(file):
    text = file.read_text(encoding="utf-8")
    assert len(brotli.compress(text.encode())) < MOST_BYTES
    root = ElementTree.fromstring(text)
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert kinds <= {"svg", "style", "g", "path", "text"}
    assert not re.search(r"href|url\(|@import|<!|\son[a-z]+=", text)
    assert (
        root.attrib["viewBox"]
        == f"0 0 {illustrations.Illustration.WIDTH} {illustrations.Illustration.HEIGHT}"
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_illustration_text_is_legible_on_phone_and_dark_page(file):
    text = file.read_text(encoding="utf-8")
    (size,) = re.findall(r"text\{font:(\d+)px", text)
    assert int(size) * PHONE / illustrations.Illustration.WIDTH >= SMALLEST_LETTERS
    assert "prefers-color-scheme:dark" in text
    labels = re.findall(r"<text[^>]*>([^<]+)", text)
    assert labels and all(len(label) <= 18 for label in labels)
    if file.stem != "healthy-skin":
        assert 'class="b"' in text and "stroke-width:3" in text


@pytest.mark.long
def test_illustration_files_are_what_the_script_draws(tmp_path):
    script = Path(settings.BASE_DIR) / "bin" / "draw_illustrations.py"
    (tmp_path / "bin").mkdir()
    (tmp_path / "static").mkdir()
    copy = tmp_path / "bin" / script.name
    copy.write_bytes(script.read_bytes())
    subprocess.run([sys.executable, str(copy)], check=True)
    made = {file.name: file.read_bytes() for file in (tmp_path / "static" / "pictures").iterdir()}
    assert made == {file.name: file.read_bytes() for file in FILES}


@pytest.mark.django_db
def test_illustration_is_on_page_and_handout_with_text_and_size(client):
    parts = [factories.sources(), factories.glossary(), factories.checklist()]
    cause = factories.cause("oil", picture="acne")
    factories.publish_documents(*parts, cause, factories.article())
    drawing = illustrations.ILLUSTRATIONS["acne"]
    for address, lazy in (
        ("/causes/oil/", True),
        ("/conditions/spots/", True),
        ("/handouts/spots/", False),
    ):
        page = html5lib.parse(client.get(address).content.decode(), namespaceHTMLElements=False)
        images = [image for image in page.iter("img") if "pictures/acne" in image.get("src", "")]
        assert len(images) == 1, address
        (image,) = images
        assert image.get("alt") == str(drawing.alt_text)
        assert (image.get("width"), image.get("height")) == ("320", "220")
        assert image.get("loading") == ("lazy" if lazy else None)
        assert image.get("src", "").startswith("/static/")


@pytest.mark.django_db
def test_healthy_skin_is_shown_only_with_pictures_of_causes(client, spots):
    assert "<img" not in client.get("/conditions/spots/").content.decode()
    factories.publish_documents(factories.cause("oil", picture="acne"))
    page = client.get("/conditions/spots/").content.decode()
    assert page.index("pictures/healthy-skin") < page.index("pictures/acne")


def table_of(page: str) -> ElementTree.Element | None:
    return html5lib.parse(page, namespaceHTMLElements=False).find(".//table[@class='compare']")


@pytest.mark.django_db
def test_causes_table_has_headers_and_texts_in_each_cell(client, spots):
    row = {**spots.to_values()["causes"][0], **CELLS}
    factories.publish_documents(article_of(row))
    table = table_of(client.get("/conditions/spots/").content.decode())
    assert table is not None
    heads = [
        (head.get("scope"), head.text) for head in table.iter("th") if head.get("scope") == "col"
    ]
    assert heads[0] == ("col", "Cause") and len(heads) == 5
    (line,) = table.findall("./tbody/tr")
    assert line.find("th[@scope='row']/a").get("href") == "#oil"
    cells = ["".join(cell.itertext()) for cell in line.findall("td")]
    words = [text.strip(":?") for _scope, text in heads[1:]]
    for cell, head, shown in zip(cells, words, CELLS.values(), strict=True):
        assert cell.startswith(head) and cell.endswith(shown)
    assert "".join(table.find("caption").itertext()).strip()


@pytest.mark.django_db
def test_edition_without_cells_has_no_table(client, spots):
    assert table_of(client.get("/conditions/spots/").content.decode()) is None


@pytest.mark.django_db
def test_table_with_a_gap_is_refused_and_the_gap_named(spots):
    values = spots.to_values()
    full, bare = {**values["causes"][0], **CELLS}, {**values["causes"][0], "cause": "other"}
    ArticleContent.validate_values("spots", {**values, "causes": [full]})
    ArticleContent.validate_values("spots", {**values, "causes": [bare]})
    with pytest.raises(ActionRefused) as refused:
        ArticleContent.validate_values("spots", {**values, "causes": [full, bare]})
    assert [problem.path for problem in refused.value.problems] == [
        ("causes", 1, name) for name in GLANCE_FIELDS
    ]


@pytest.mark.django_db
def test_help_precedes_causes_and_treatment_follows_what_to_do(client, spots):
    row = {**spots.to_values()["causes"][0], "may_suggest": "A gel."}
    factories.publish_documents(article_of(row))
    page = client.get("/conditions/spots/").content.decode().split("</nav>\n</div></header>")[1]
    ids = ("help", "about", "causes", "do", "suggest")
    places = [page.index(f'<h2 id="{name}"') for name in ids]
    assert places == sorted(places)
    assert 'href="#oil-suggest"' in page and 'id="oil-suggest"' in page


@pytest.mark.django_db
def test_component_page_is_for_maintainers_only(client, settings):
    assert client.get("/about/design/").status_code == 404
    settings.DEBUG = True
    answer = client.get("/about/design/")
    page = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    for name in (
        "care",
        "stamp",
        "summary",
        "compare",
        "do",
        "steps",
        "error",
        "search",
        "az",
        "crumbs",
        "question",
    ):
        assert re.search(rf'class="[^"]*\b{name}\b', page), name
    assert page.count("/static/pictures/") >= len(FILES)
