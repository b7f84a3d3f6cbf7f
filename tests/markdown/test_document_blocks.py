"""The blocks of a text, and their data for paper."""

from __future__ import annotations

import pytest

from education import markdown
from education.markdown import CitationMark, DataWriter
from education.markdown.document.blocks import (
    Citation,
    Heading,
    ListBlock,
    Paragraph,
    Styled,
    Table,
    Text,
)


def data(text: str, **more: object) -> list[dict[str, object]]:
    return DataWriter("https://clinic.example").blocks(markdown.read_document(text, **more))


def cite(key: str) -> CitationMark | None:
    return CitationMark(1, "#s1", "A source") if key == "known" else None


def test_blocks_are_typed():
    heading, paragraph, steps, table = markdown.read_document(
        "# Care\n\nWash **well**. [@known]\n\n3. Dry.\n\n| a | b |\n|:-:|---|\n| c | d |", cite=cite
    )
    assert heading == Heading(3, "", (Text("Care"),))
    assert paragraph == Paragraph(
        (
            Text("Wash "),
            Styled("strong", (Text("well"),)),
            Text(".\u00a0"),
            Citation("known", cite("known")),
        )
    )
    assert steps == ListBlock(3, ((Paragraph((Text("Dry."),)),),))
    assert table == Table(
        ((Text("a"),), (Text("b"),)), (((Text("c"),), (Text("d"),)),), ("center", "")
    )


def test_citations_are_left_out_without_a_resolver():
    assert data("Wash. [@known]") == [{"kind": "paragraph", "text": ["Wash."]}]
    assert data("Wash. [@gone]", cite=cite)[0]["text"] == [
        "Wash.\u00a0",
        {"missing": "[source not found: gone]"},
    ]


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("/causes/acne/", [{"link": ["x"], "to": "https://clinic.example/causes/acne/"}]),
        ("https://nhs.uk/", [{"link": ["x"], "to": "https://nhs.uk/"}]),
        ("#part", ["x"]),
        ("javascript:x()", ["x"]),
    ],
)
def test_link_is_whole_or_only_its_words(target, written):
    assert data(f"[x]({target})")[0]["text"] == written


def test_picture_without_a_file_is_its_words():
    text = f"![A spot](/media/{'a' * 32}.webp)"
    assert data(text)[0]["text"] == ["A spot"]
    (run,) = markdown.read_document(text)[0].runs
    found = DataWriter(find_picture=lambda source: source[-8:]).runs((run,))
    assert found == [{"picture": "aaa.webp", "alt": "A spot"}]


def test_markup_of_other_languages_stays_text():
    typed = '#let x = 1 <b>bold</b> $x$ @key \\ "quoted"'
    assert data(typed)[0]["text"] == ['#let x = 1 <b>bold</b> $x$ @key \\ "quoted"']


def test_numbers_of_the_clinic_are_filled_in():
    with markdown.emergency_number_from(lambda: "112"):
        assert data("Call {emergency number}.")[0]["text"] == ["Call 112."]
        assert markdown.read_line("Call {emergency number}.") == (Text("Call 112."),)


def test_tables_inside_other_blocks_are_found():
    text = "- a\n\n  | b |\n  |---|\n  | c |\n\n> | d |\n> |---|\n> | e |"
    assert len(list(markdown.find_tables(markdown.read_document(text)))) == 2
