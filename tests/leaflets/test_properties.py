"""Every word of a random leaflet is in the draft, beside it, or listed as lacking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.articles.leaflets.blocks import Leaflet, to_markdown, words
from education.articles.leaflets.drafts import find_lacking
from education.articles.leaflets.reader import read_html, read_word
from education.articles.leaflets.sorting import SortedLeaflet, sort_leaflet
from education.markdown import plain_text
from tests.leaflets.word_files import saved

WORDS = [
    "a", "Rest", "don't", "not", "5%", "≥3", "1.", "2)", "3)", "-", "–", "•", "o", "*", "**", "_x_",
    "[@key]", "[x](y)", "![a](b)", "{b}", "#", "##", "+", "=", ":", "<b>", "&amp;", "~~", "`code`",
    "|", "\\", "10²", "½", "☐", "911", "naïve", "皮膚", "آب", "co\u00adugh", "a\u00a0b", "x*y*z",
    "https://a.example/", "Also called:", "or,", "---",
]  # fmt: skip
HEADINGS = [
    "Causes", "Do", "Do not", "What you can do", "What to do for a baby", "Call 911 now if:",
    "See a doctor soon if", "Warning signs", "Treatment", "In short", "About", "Symptoms",
    "Sources", "In easy words", "Opening hours", "Also called", "If you have diabetes:",
]  # fmt: skip
STYLES = ["Normal", "List Bullet", "List Number", "List Bullet 2", "Heading 1", "Heading 2",
          "Heading 3", "Title", "Quote"]  # fmt: skip

sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
lines = st.one_of(st.sampled_from(HEADINGS), sentences)
looks = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("bold", "italic", "hidden", "strike"), st.just(True))
)
runs = st.lists(st.tuples(lines, looks), min_size=1, max_size=4)
paragraphs = st.tuples(st.sampled_from(STYLES), runs)
tables = st.lists(st.lists(lines, min_size=2, max_size=3), min_size=1, max_size=3)
leaflets = st.lists(st.one_of(paragraphs, tables), min_size=1, max_size=12)


def build(parts: list[Any]) -> tuple[bytes, list[str]]:
    """A Word file, and the texts that were typed into it."""
    document, typed = docx.Document(), []
    for part in parts:
        if isinstance(part, list):
            grid = document.add_table(len(part), max(map(len, part)))
            for row, texts in zip(grid.rows, part, strict=True):
                for cell, text in zip(row.cells, texts, strict=False):
                    cell.text = text
                    typed.append(text)
            continue
        style, pieces = part
        paragraph = document.add_paragraph(style=style)
        for text, look in pieces:
            run = paragraph.add_run(f"{text} ")
            typed.append(text)
            for name, value in look.items():
                setattr(run.font, name, value)
    return saved(document), typed


def kept(found: SortedLeaflet) -> Iterator[str]:
    """All that staff will find: the draft, what is beside, and the headings that became parts."""
    yield from (found.title, *found.also_called)
    lines = (
        *found.do,
        *found.do_not,
        *found.in_easy_words,
        *(line for _level, line in found.signs),
    )
    yield from (plain_text(line, inline=True) for line in lines)
    texts = [found.summary, found.introduction, *(one.blocks for one in found.beside)]
    texts += [blocks for cause in found.causes for blocks in cause.texts.values()]
    yield from (plain_text(to_markdown(blocks, {})) for blocks in texts)
    yield from (one.name for one in found.causes)
    yield from (one.heading for one in found.beside)
    yield from (heading for heading, _part in found.headings)


def missing(leaflet: Leaflet, typed: list[str]) -> Counter[str]:
    """The words that were typed, and are nowhere."""
    found = sort_leaflet(leaflet)
    there = [*kept(found), *leaflet.marks]
    there += [" ".join(one["words"]) for one in find_lacking(leaflet, found)]
    wanted, got = (
        Counter(word for text in texts for word in words(text)) for texts in (typed, there)
    )
    return wanted - got


@pytest.mark.long
@pytest.mark.prove
@given(leaflets)
def test_every_word_of_a_random_word_file_is_somewhere(parts):
    data, typed = build(parts)
    assert not missing(read_word(data), typed)


@pytest.mark.prove
@given(
    st.lists(
        st.tuples(st.sampled_from(["p", "h1", "h2", "li", "b", "td", "div", "a", "br", ""]), lines),
        min_size=1,
        max_size=12,
    )
)
def test_every_word_of_a_random_web_page_is_somewhere(parts):
    html = "".join(
        f"<{tag}>{_escaped(text)}</{tag}>" if tag else _escaped(text) for tag, text in parts
    )
    # Words that touch without a blank are one.
    typed = [passage.text for passage in read_html(html.encode()).passages]
    assert not missing(read_html(html.encode()), typed)
    assert "".join(_letters(text) for text in typed) == "".join(
        _letters(text) for _tag, text in parts
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _letters(text: str) -> str:
    return "".join(text.split())
