"""What holds for every text there is, tried on many."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from education.markdown import (
    CitationMark,
    MarkdownLimitError,
    cited_keys,
    links,
    plain_text,
    render,
    render_inline,
    validate,
)
from tests.markdown.html_checker import elements, find_violations

_ANYTHING = st.text(st.characters(exclude_categories=()), max_size=300)
_PIECES = [
    *"*_`[]()!<>&|#-:~\"'\\ \n\t1a.é\x00",
    *(
        "**",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "## ",
        "\n# ",
        "\n: ",
        "](",
        "![",
        "](/b)",
        "](/media/b.png)",
    ),
    *(
        "[@a]",
        "[@b-2]",
        "](https://c.example",
        "](javascript:x)",
        "](b:c",
        "|-|-|\n",
        "| a | b |\n",
        "---\n",
        "  ",
    ),
    *(
        "<script>",
        "<img src=x onerror=y>",
        "&lt;",
        "&#x6a;",
        "&quot;",
        "    ",
        "  \n",
        "\r\n",
        "\ud800",
        "\u2028",
    ),
]
_MARKDOWN = st.lists(st.sampled_from(_PIECES), max_size=60).map("".join)
TEXTS = st.one_of(
    _MARKDOWN, _ANYTHING, st.lists(st.one_of(_MARKDOWN, _ANYTHING), max_size=4).map("\n".join)
)
_MARK = st.builds(CitationMark, st.integers(1, 999), st.one_of(_ANYTHING, st.just("#s")), _ANYTHING)

pytestmark = pytest.mark.prove
_often = settings(max_examples=max(250, settings().max_examples), deadline=None, database=None)


@_often
@given(text=TEXTS, level=st.integers(1, 6), mark=st.one_of(st.none(), _MARK), cited=st.booleans())
def test_any_text_becomes_harmless_html_or_an_error(
    text: str, level: int, mark: CitationMark | None, cited: bool
) -> None:
    cite = (lambda key: mark) if cited else None
    try:
        pages = [
            render(text, level=level, cite=cite, id_prefix="p-"),
            render_inline(text, cite=cite),
        ]
    except MarkdownLimitError as error:
        assert str(error)
        return
    assert [find_violations(html) for html in pages] == [[], []]


@_often
@given(text=TEXTS)
def test_plain_text_of_any_text_agrees_with_its_html(text: str) -> None:
    try:
        found, keys = links(text), cited_keys(text)
    except MarkdownLimitError as error:
        assert validate(text) == [str(error)]
        return
    html = render(text)
    assert {each.attrib["href"] for each in elements(html, "a")} <= set(found)
    assert len(keys) == len(set(keys))
    shown = render(text, cite=lambda key: CitationMark(1, "#", "T"))
    assert bool(elements(shown, "sup")) == bool(keys)


@_often
@given(text=TEXTS.filter(lambda text: "<" not in text and "&" not in text))
def test_plain_text_has_no_tags_of_its_own(text: str) -> None:
    for inline in (False, True):
        assert "<" not in plain_text(text, inline=inline)


@_often
@given(text=TEXTS, level=st.integers(1, 6))
def test_headings_are_the_lines_with_hashes_without_gaps(text: str, level: int) -> None:
    html = render(text, level=level)
    found = [int(each.tag[1]) for each in elements(html) if re.fullmatch("h[1-6]", each.tag)]
    lines = re.findall(r"^#{1,6} ", re.sub("\r\n?", "\n", text), re.MULTILINE)
    assert len(found) <= len(lines)
    assert found[:1] in ([], [level])
    assert all(level <= here <= before + 1 for before, here in pairwise(found))


@_often
@given(before=TEXTS, after=TEXTS)
def test_heading_is_not_swallowed_by_what_is_around_it(before: str, after: str) -> None:
    html = render(f"{before}\n# zebra\n{after}")
    assert [
        each for each in elements(html) if re.fullmatch("h[1-6]", each.tag) and each.text == "zebra"
    ]


@_often
@given(text=TEXTS)
def test_same_text_gives_same_html(text: str) -> None:
    assert render(text) == render(text)
    assert render_inline(text) == render_inline(text)
