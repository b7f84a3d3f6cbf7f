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

from education.articles.article_cause import GLANCE_FIELDS
from education.articles.content import ArticleContent, CauseContent
from education.articles.models import Article
from education.media import illustrations
from education.publishing.content import ActionRefused
from tests import factories

FOLDER = Path(settings.BASE_DIR) / "static" / "pictures"
FILES = sorted(FOLDER.glob("*.svg"))
MOST_BYTES = 4 * 1024
SMALLEST_LETTERS = 11
PICTURES = {
    picture.name: picture
    for illustration in illustrations.ILLUSTRATIONS.values()
    for picture in illustration.pictures
}
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
    pictures = [one for each in illustrations.ILLUSTRATIONS.values() for one in each.pictures]
    assert sorted(one.name for one in pictures) == [file.stem for file in FILES]
    texts = {str(one.alt_text) for one in pictures}
    assert len(texts) == len(FILES)
    assert all(len(text) >= 50 and text.endswith(".") for text in texts)


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
    shapes = {"svg", "style", "g", "path", "text", "rect", "circle"}
    assert kinds <= shapes | {"defs", "radialGradient", "stop"}
    assert not re.search(r"href|url\((?!#)|@import|<!|\son[a-z]+=", text)
    picture = PICTURES[file.stem]
    _x, _y, wide, high = map(int, root.attrib["viewBox"].split())
    assert (root.attrib["width"], root.attrib["height"]) == (
        str(picture.width),
        str(picture.height),
    )
    assert round(picture.width * high / wide) == picture.height


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_illustration_text_is_legible_on_phone_and_dark_page(file):
    text = file.read_text(encoding="utf-8")
    labels = re.findall(r"<text[^>]*>([^<]+)", text)
    assert all(len(label) <= 28 for label in labels)
    if file.stem.endswith("-surface"):
        # The three skins look as they look, whatever the colors of the page.
        assert not labels and text.count("<g class=") == 3
        return
    assert "prefers-color-scheme:dark" in text
    drawn = int(ElementTree.fromstring(text).attrib["viewBox"].split()[2])
    for size in re.findall(r"text\{font:(?:\d+ )?(\d+)px", text):
        assert int(size) * PHONE / drawn >= SMALLEST_LETTERS
    if file.stem.endswith("-section") and file.stem != "healthy-skin-section":
        assert 'class="b"' in text and "stroke-width:3" in text


@pytest.mark.long
def test_illustration_files_are_what_the_script_draws(tmp_path):
    script = Path(settings.BASE_DIR) / "bin" / "draw_illustrations.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert made == {file.name: file.read_bytes() for file in FILES}


@pytest.mark.django_db
def test_illustration_is_on_page_and_handout_with_text_and_size(client):
    parts = [factories.sources(), factories.glossary(), factories.checklist()]
    cause = factories.cause("oil", picture="acne")
    factories.publish_documents(*parts, cause, factories.article())
    for address, name, lazy in (
        ("/causes/oil/", "acne-surface", False),
        ("/causes/oil/", "acne-section", True),
        ("/conditions/spots/", "acne-surface", True),
        ("/handouts/spots/?extent=everything", "acne-section", False),
    ):
        page = html5lib.parse(client.get(address).content.decode(), namespaceHTMLElements=False)
        images = [image for image in page.iter("img") if f"pictures/{name}" in image.get("src", "")]
        assert len(images) == 1, address
        (image,) = images
        picture = PICTURES[name]
        assert image.get("alt") == str(picture.alt_text)
        assert (image.get("width"), image.get("height")) == (
            str(picture.width),
            str(picture.height),
        )
        assert image.get("loading") == ("lazy" if lazy else None)
        assert image.get("src", "").startswith("/static/")


@pytest.mark.django_db
def test_healthy_skin_is_beside_what_a_cause_changes(client, spots):
    assert "<img" not in client.get("/causes/oil/").content.decode()
    factories.publish_documents(factories.cause("oil", picture="acne"))
    page = client.get("/causes/oil/").content.decode()
    assert page.index("pictures/healthy-skin") < page.index("pictures/acne-section")


def cards_of(page: str) -> list[ElementTree.Element]:
    parsed = html5lib.parse(page, namespaceHTMLElements=False)
    return [card for card in parsed.iter("li") if card.get("class") == "cause-card"]


@pytest.mark.django_db
def test_cause_card_leads_to_its_page_and_has_its_answers(client, spots):
    row = {**spots.to_values()["causes"][0], **CELLS}
    factories.publish_documents(article_of(row))
    (card,) = cards_of(client.get("/conditions/spots/").content.decode())
    assert card.find("h3/a").get("href") == "/causes/oil/"
    names = ["".join(term.itertext()) for term in card.iter("dt")]
    assert names == ["Looks", "Hurts", "Comes out", "Helps"]
    assert ["".join(cell.itertext()) for cell in card.iter("dd")] == list(CELLS.values())


@pytest.mark.django_db
def test_cause_card_without_answers_has_no_list(client, spots):
    (card,) = cards_of(client.get("/conditions/spots/").content.decode())
    assert card.find(".//dl") is None


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
def test_condition_page_has_help_then_what_to_do_then_causes(client, spots):
    page = client.get("/conditions/spots/").content.decode()
    ids = ("help", "do", "causes", "more", "about-page")
    places = [page.index(f'<h2 id="{name}"') for name in ids]
    assert places == sorted(places)


@pytest.mark.django_db
def test_cause_page_has_what_each_article_says_about_it(client, spots):
    row = {**spots.to_values()["causes"][0], "may_suggest": "A gel that only doctors know."}
    factories.publish_documents(article_of(row))
    assert b"A gel that only doctors know." not in client.get("/conditions/spots/").content
    page = client.get("/causes/oil/").content.decode()
    places = [
        page.index(text)
        for text in ("Emergency", row["what_happens"], row["looks"], "A gel that only doctors")
    ]
    assert places == sorted(places)


def how_to(page: str, name: str) -> ElementTree.Element | None:
    """The figure with this drawing."""
    parsed = html5lib.parse(page, namespaceHTMLElements=False)
    figures = [
        figure
        for figure in parsed.iter("figure")
        if f"pictures/{name}" in figure.find("img").get("src")
    ]
    assert len(figures) <= 1
    return figures[0] if figures else None


def steps_in_words(figure: ElementTree.Element | None) -> str:
    assert figure is not None
    return "".join(figure.find("figcaption").itertext())


@pytest.mark.django_db
def test_drawing_of_self_care_has_its_steps_in_words(client, spots):
    row = {**spots.to_values()["causes"][0], "self_care_picture": "warm-cloth"}
    factories.publish_documents(article_of(row))
    figure = how_to(client.get("/causes/oil/").content.decode(), "warm-cloth")
    assert "warm but not hot, for 10 minutes" in steps_in_words(figure)
    assert (
        "pictures/warm-cloth"
        not in client.get("/handouts/spots/?extent=everything").content.decode()
    )


@pytest.mark.django_db
def test_checklist_shows_how_to_look_one_tap_away(client, spots):
    signs = [{**factories.SIGNS[0], "picture": "glass-test"}, *factories.SIGNS[1:]]
    factories.publish_documents(factories.checklist(signs=signs, picture="look-at-your-back"))
    page = client.get("/when-to-see-a-doctor/skin/").content.decode()
    assert "big mirror" in steps_in_words(how_to(page, "look-at-your-back"))
    assert "clear glass" in steps_in_words(how_to(page, "glass-test"))
    folds = html5lib.parse(page, namespaceHTMLElements=False).iter("details")
    assert ["".join(fold.find("summary").itertext()) for fold in folds] == [
        "How to look at your own back",
        "The glass test for a rash",
    ]
    assert page.index('value="breathing"') < page.index("pictures/glass-test")
    assert page.index("pictures/glass-test") < page.index('value="spreading"')


@pytest.mark.django_db
def test_caption_says_what_to_do_with_a_drawing(client, spots):
    factories.publish_documents(factories.cause("oil", picture="acne"))
    page = client.get("/causes/oil/").content.decode()
    assert "Find the skin that is most like yours" in steps_in_words(how_to(page, "acne-surface"))
    assert "Words in bold" in steps_in_words(how_to(page, "acne-section"))


@pytest.mark.django_db
def test_card_of_a_page_has_its_drawing_and_whole_sentences(client, spots):
    words = " ".join(["word"] * 24)
    first, second = f"It has {words}.", f"It does not have {words}."
    changes = {"picture": "small-bumps", "summary": f"{first} {second}"}
    factories.publish_documents(factories.article(**changes))
    for address in ("/", "/browse/area/back/"):
        page = html5lib.parse(client.get(address).content.decode(), namespaceHTMLElements=False)
        (card,) = (
            item
            for item in page.iter("li")
            if (link := item.find("h3/a")) is not None and link.get("href") == "/conditions/spots/"
        )
        (image,) = card.iter("img")
        assert "pictures/small-bumps" in image.get("src", "")
        assert image.get("alt") == str(PICTURES["small-bumps"].alt_text)
        assert "".join(card.find("p").itertext()) == first


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
        "opening",
        "cause-card",
        "fold",
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
