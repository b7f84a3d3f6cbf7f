"""What is written is read the same, for every content there can be, and has one spelling only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, get_origin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from education.articles.content import ArticleContent
from education.checklists.content import ChecklistContent
from education.publishing import document_types
from education.publishing.content import (
    ActionRefused,
    Content,
    MarkdownField,
    Problem,
    clean_line,
    clean_text,
)
from education.publishing.content_files.discovery import relative_path
from education.publishing.content_files.markdown_sections import demote_headings, promote_headings
from education.publishing.content_files.reader import read_content, read_values
from education.publishing.content_files.writer import write_content
from education.publishing.file_layout import MarkdownLayout, RepeatedSection, Section
from tests.publishing.content_files.content_strategies import LINES, TEXTS, TOO_DEEP, contents
from tests.publishing.content_files.sample_folder import GOOD

KINDS = [document_types.get(name) for name in document_types.names()]


def written_and_read(content: Content) -> Content:
    layout = document_types.get(content.KIND).file_layout
    reading = read_values(write_content(content, layout), layout, type(content))
    assert reading.errors == [] and reading.comments == []
    return type(content).model_validate(reading.values)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@given(data=st.data())
def test_content_is_read_as_it_was_written(
    kind: document_types.DocumentType, data: st.DataObject
) -> None:
    content = data.draw(contents(kind.content))
    again = written_and_read(content)
    assert again == content
    assert write_content(again, kind.file_layout) == write_content(content, kind.file_layout)


def article(**changes: Any) -> ArticleContent:
    values = {
        "title": "T",
        "checklist": "c",
        "summary": "S",
        "introduction": "I",
        "causes": [{"cause": "a", "what_happens": "W", "looks": "L", "self_care": "C"}],
        "do": ["Wash."],
        "do_not": ["Do not scrub."],
    }
    return ArticleContent.model_validate({**values, **changes})


@example(text="## Do\n\n- x\n\n### What happens\n\n---\n\n# One")
@example(text="##\n#\n####\n####### seven\n#x\n \n\\## Do")
@example(text="    ## indented\n\t# tab\n- # item\n> ## quote")
@given(text=TEXTS)
def test_text_is_never_parsed_as_file_syntax(text: str) -> None:
    clean = str(clean_text(text))
    if clean and not TOO_DEEP.search(clean):
        assert written_and_read(article(introduction=clean)).introduction == clean  # type: ignore[attr-defined]


@given(text=st.lists(LINES, max_size=5).map("\n".join))
def test_headings_are_demoted_and_promoted_unchanged(text: str) -> None:
    if not TOO_DEEP.search(text):
        assert promote_headings(demote_headings(text)) == text
    assert not any(
        line.startswith(("# ", "## ", "### ")) for line in demote_headings(text).split("\n")
    )


def test_heading_too_deep_for_a_file_is_refused() -> None:
    values = article(introduction="Words.\n\n#### Too deep").model_dump()
    with pytest.raises(ActionRefused) as caught:
        ArticleContent.validate_values("spots", values)
    (problem,) = caught.value.problems
    assert isinstance(problem, Problem)
    assert problem.path == ("introduction",)
    assert "“#### Too deep” is too deep" in problem.message


@given(text=TEXTS)
def test_cleaning_a_text_is_idempotent(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@pytest.mark.parametrize(
    ("title", "spelled"),
    [
        ("Plain words", "Plain words"),
        ("It's fine", "It's fine"),
        ("Skin: the basics", "'Skin: the basics'"),
        ("Skin: it's fine", '"Skin: it\'s fine"'),
        ("2025-11-29", "'2025-11-29'"),
        ("2020", "'2020'"),
        ("no", "'no'"),
        ("null", "'null'"),
        ("1.5e3", "'1.5e3'"),
        ("a # b", "'a # b'"),
        ("- a", "'- a'"),
        ("@a", "'@a'"),
        ("Größe 38 °C 😀", "Größe 38 °C 😀"),
        ("word " * 20 + "end", "word " * 20 + "end"),
    ],
)
def test_value_is_quoted_only_where_needed(title: str, spelled: str) -> None:
    written = write_content(
        article(title=title), document_types.get("article").file_layout
    ).decode()
    assert written.split("\n")[1] == f"title: {spelled}"


def test_paragraphs_are_written_as_a_yaml_block() -> None:
    content = ChecklistContent.model_validate(
        {
            "title": "T",
            "signs": [{"key": "a", "urgency": "urgent", "text": "X", "sources": ["s"]}],
            "none_apply": "# One\n\n- two: 2\n  more\n\n---",
            "safety_net": "S",
        }
    )
    written = write_content(content, document_types.get("checklist").file_layout).decode()
    assert "none_apply: |-\n  # One\n\n  - two: 2\n    more\n\n  ---\nsafety_net: S\n" in written
    assert written_and_read(content) == content


@pytest.mark.parametrize(
    "text", ["a\u0085b", "a\u0080", "\ufffe\nb", "  a\nb", "a\tb\n\tc", "a: b # c", "- a", "'"]
)
def test_yaml_keeps_every_character_of_a_text(text: str) -> None:
    values = {
        "title": "T",
        "signs": [{"key": "a", "urgency": "urgent", "text": "X", "sources": ["s"]}],
        "none_apply": text,
        "safety_net": "S",
    }
    content = ChecklistContent.model_validate(values)
    assert content.none_apply == text
    assert written_and_read(content) == content


@pytest.mark.parametrize("name", GOOD)
def test_canonical_file_is_written_back_byte_for_byte(name: str) -> None:
    (kind,) = (
        kind.name
        for kind in KINDS
        if name
        == f"en/{relative_path(kind.file_layout, getattr(kind.file_layout, 'slug', '') or Path(name).stem)}"
    )
    layout, content_type = document_types.get(kind).file_layout, document_types.get(kind).content
    content, _reading, mistakes = read_content(GOOD[name].encode(), "x", layout, content_type, name)
    assert mistakes == [] and content is not None
    assert write_content(content, layout).decode() == GOOD[name]


@pytest.mark.parametrize(
    "variant",
    [
        b"\xef\xbb\xbf" + GOOD["en/articles/spots.md"].encode(),
        GOOD["en/articles/spots.md"].replace("\n", "\r\n").encode(),
        GOOD["en/articles/spots.md"].replace("\n", "\r").encode(),
        GOOD["en/articles/spots.md"].rstrip("\n").encode(),
        GOOD["en/articles/spots.md"]
        .replace("- Wash with warm water.", "- Wash with\n  warm water.\n")
        .encode(),
        re.sub(r"\n*(\n#{1,3} .*\n)\n*", r"\1", GOOD["en/articles/spots.md"]).encode(),
        GOOD["en/articles/spots.md"]
        .replace("also_called:\n- bumps", "also_called: [bumps]")
        .encode(),
        GOOD["en/articles/spots.md"]
        .replace("title: Spots", "# a note\ntitle: >-\n  Spots\n ")
        .encode(),
    ],
    ids=[
        "bom",
        "crlf",
        "cr",
        "no-last-newline",
        "wrapped-item",
        "no-blank-lines",
        "flow-list",
        "folded",
    ],
)
def test_formatting_by_editors_does_not_change_the_content(variant: bytes) -> None:
    kind = document_types.get("article")
    canonical, _r, _m = read_content(
        GOOD["en/articles/spots.md"].encode(), "s", kind.file_layout, kind.content, "f"
    )
    content, _reading, mistakes = read_content(variant, "s", kind.file_layout, kind.content, "f")
    assert mistakes == []
    assert content == canonical


def test_layout_section_is_a_text_a_choice_or_a_list_of_lines() -> None:
    for kind in KINDS:
        if isinstance(kind.file_layout, MarkdownLayout):
            for slot in kind.file_layout.body:
                part = kind.content
                sections = slot.sections if isinstance(slot, RepeatedSection) else (slot,)
                if isinstance(slot, RepeatedSection):
                    part = part.model_fields[slot.field].annotation.__args__[0]  # type: ignore[union-attr]
                for section in sections:
                    assert isinstance(section, Section)
                    field = part.model_fields[section.field]
                    is_list = getattr(field.annotation, "__origin__", None) is tuple
                    assert is_list == section.items
                    is_choice = get_origin(field.annotation) is Literal
                    assert (
                        is_list
                        or is_choice
                        or any(isinstance(mark, MarkdownField) for mark in field.metadata)
                    )
