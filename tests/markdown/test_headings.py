"""Headings take their place in the page they stand on."""

import re

import pytest

from education.markdown import render
from tests.markdown.html_checker import element_text, elements


def _headings(text: str, level: int = 3) -> list[tuple[str, str]]:
    return [
        (each.tag, element_text(each))
        for each in elements(render(text, level=level))
        if re.fullmatch("h[1-6]", each.tag)
    ]


@pytest.mark.parametrize(
    ("text", "level", "tags"),
    [
        ("# a\n## b\n### c", 3, ["h3", "h4", "h5"]),
        ("### a\n#### b\n### c", 2, ["h2", "h3", "h2"]),
        ("# a\n#### b\n###### c\n# d", 3, ["h3", "h4", "h5", "h3"]),
        ("#### a\n# b\n## c", 3, ["h3", "h3", "h4"]),
        ("# a\n## b\n### c\n#### d\n##### e", 4, ["h4", "h5", "h6", "h6", "h6"]),
        ("# a\n### b\n## c", 3, ["h3", "h4", "h4"]),
        ("# a", 6, ["h6"]),
    ],
)
def test_headings_start_at_the_given_level_and_never_skip_one(
    text: str, level: int, tags: list[str]
) -> None:
    assert [tag for tag, _ in _headings(text, level)] == tags


@pytest.mark.parametrize(
    "before",
    [
        "para",
        "- item\n  - item",
        "1. item",
        "> quote",
        "Term\n: Meaning",
        "a|b\n-|-\nc|d",
        "[x](",
        "`a",
        "| a |",
        "***",
    ],
)
@pytest.mark.parametrize("after", ["", ": meaning", "---", "===", "-|-", "|-|", "text", "\n\n: x"])
def test_hash_and_space_in_first_column_is_always_a_heading(before: str, after: str) -> None:
    assert _headings(f"{before}\n# Help | now\n{after}\n") == [("h3", "Help | now")]
    assert _headings(f"{before}\n\n## Help | now\n{after}\n") == [("h3", "Help | now")]


@pytest.mark.parametrize(
    "text",
    [
        "text\n---",
        "text\n===",
        " # a",
        "    # a",
        "- # a",
        "> # a",
        "1. # a",
        "Term\n: # a",
        "#a",
        "#",
        "#\ta",
        "#\u00a0a",
        "####### a",
        "\\# a",
        "\u2028# a",
        "\x0c# a",
        "<h1>a</h1>",
    ],
)
def test_heading_is_made_by_nothing_else(text: str) -> None:
    assert _headings(text) == []


def test_dashes_below_a_line_are_a_thematic_break() -> None:
    assert [each.tag for each in elements(render("text\n---"))] == ["p", "hr"]


def test_ids_are_the_words_and_unique() -> None:
    html = render(
        "# Self care\n# Self care\n# Self care 2\n# *Self* [care](/x) [@a]\n# !!!\n# Écz\u00e9ma",
        id_prefix="do-",
    )
    assert [each.attrib["id"] for each in elements(html, "h3")] == [
        "do-self-care",
        "do-self-care-2",
        "do-self-care-2-2",
        "do-self-care-3",
        "do-section",
        "do-éczéma",
    ]


def test_numbered_id_differs_from_heading_with_that_number() -> None:
    html = render("# A\n# A 2\n# A\n# A\n# A 3")
    assert [each.attrib["id"] for each in elements(html, "h3")] == [
        "a",
        "a-2",
        "a-3",
        "a-4",
        "a-3-2",
    ]


def test_very_long_heading_has_a_short_id() -> None:
    (heading,) = elements(render("# " + "word " * 200), "h3")
    assert len(heading.attrib["id"]) <= 60


@pytest.mark.parametrize("text", ["# ", "## ##", "# [@a]"])
def test_heading_without_words_is_left_out(text: str) -> None:
    assert _headings(text) == []
    assert _headings(f"# a\n{text}\n### b") == [("h3", "a"), ("h4", "b")]
