"""The mask keeps every word in its place, and nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education import markdown
from education.plain_language.parsing import masking
from education.plain_language.parsing.markdown_blocks import find_blocks
from education.plain_language.parsing.segmentation import split_words
from education.plain_language.report import analyze
from tests.content.content_files import all_texts as shipped

_PIECES = [
    *"*_`[]()!<>&|#-:~\"'\\ \n\t1a.é",
    *(
        "**",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "\n: ",
        "](",
        "![",
        "](/b)",
        "[@a]",
        "|-|-|\n",
        "| a | b |\n",
    ),
    *(
        "---\n",
        "&nbsp;",
        "  \n",
        "\r\n",
        "\ud800",
        "\u2028",
        "\U0001f9b5",
        "500 mg",
        " is treated ",
        "5 % ",
    ),
]
_TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=300),
    st.lists(st.sampled_from(_PIECES), max_size=60).map("".join),
)


def mask_markdown(text, *, inline=False):
    return masking.mask_markdown(text, find_blocks(text, inline=inline))


@pytest.mark.parametrize(("where", "text"), list(shipped()), ids=lambda value: str(value)[:30])
def test_mask_of_shipped_texts_has_the_words_readers_see(where, text):
    assert split_words(mask_markdown(text)) == split_words(markdown.plain_text(text))


@given(text=_TEXTS, inline=st.booleans())
def test_mask_of_any_text_has_its_length_and_lines(text, inline):
    mask = mask_markdown(text, inline=inline)
    assert len(mask) == len(text)
    assert [place for place, sign in enumerate(text) if sign == "\n"] == [
        place for place, sign in enumerate(mask) if sign == "\n"
    ]
    assert all(shown in {" ", sign} for shown, sign in zip(mask, text, strict=True))


@given(text=_TEXTS, inline=st.booleans())
def test_report_of_any_text_has_spans_within_it(text, inline):
    found = analyze(text, inline=inline, known={"acne"})
    for each in found.findings:
        assert 0 <= each.start < each.end <= len(text)
        assert each.excerpt


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("# Wash [@a] it", "  Wash      it"),
        ("- **one**", "    one  "),
        ("12. one", "    one"),
        ("> - one", "    one"),
        ("![A _red_ spot](/media/a.png)", "  A  red  spot               "),
        ('[a\nlink](</x> "title")', " a\nlink" + " " * 15),
        ("[![alt](/media/a.png)](/x)", "   alt" + " " * 20),
        ("use `a*b` \\*now\\*", "use  a*b   *now *"),
        ("snake_case _word_", "snake_case  word "),
        ("| a | b |\n|---|:-:|\n| c | d |", "  a   b  \n         \n  c   d  "),
        ("one\n\n***\n\ntwo", "one\n\n   \n\ntwo"),
        ("[not a link] (x)", "[not a link] (x)"),
        ("5&nbsp;ml", "5      ml"),
        ("in\n2020. It", "in\n2020. It"),
    ],
)
def test_mask_blanks_marks_and_keeps_words(text, mask):
    assert mask_markdown(text) == mask


def test_mask_of_inline_text_keeps_block_marks():
    assert mask_markdown("1. May", inline=True) == "1. May"
    assert mask_markdown("# x *y*", inline=True) == "# x  y "


_HOSTILE = [
    "(", "[", "![", "](", "[x](", "[x](a ", '[x](a "', "*", "_", "a_", "`", "`` ", "~", "#", "# ", "- ",
    "> ", "1. ", "|", "| a |\n", "|-|\n", "\n", " ", ". ", "a.", "a. ", "a", "a ", "1", "1,", "1 ",
    "one ", "5 % ", "5 mg ", "is ", "is not ", "take ", "take the pill 2 times a day ", "\\", "[@",
    "[@a]", "°", "1 °", "'", "a'", "-", "a-", "<", "&", "\u200b", "e.g. ", "itis", "itis ", "head & ",
    "of the ", "tablets ", "two whole ", "- a\n", "  - a\n", "a\n", ": a\n", "half a ", "s ", "- - ",
]  # fmt: skip


def _seconds(text):
    begin = time.process_time()
    analyze(text, known={"head & neck", "half a loaf of bread"})
    return time.process_time() - begin


@pytest.mark.parametrize("piece", _HOSTILE)
def test_hostile_text_is_analyzed_in_linear_time(piece):
    text = piece * 20_000
    # Four times the text takes four times as long, and would take sixteen times if it were squared.
    # The least of two runs, for other programs share the machine; what takes no time at all cannot
    # be compared.
    short, long = (min(_seconds(text[:length]) for _run in range(2)) for length in (5_000, 20_000))
    assert long < max(10 * short, 0.05)


def test_long_hostile_text_is_analyzed_in_seconds():
    each = 100_000 // len(_HOSTILE)
    text = "".join((piece * each)[:each] for piece in _HOSTILE)
    assert _seconds(text) < 10
    assert _seconds(text.replace("\n", " ")) < 10
