"""Texts as plain words, and what keeps them from being published."""

import pytest

from education.markdown import (
    MAX_CHARS,
    MarkdownLimitError,
    cited_keys,
    links,
    plain_text,
    render,
    render_inline,
    validate,
)


def test_plain_text_is_the_words_alone() -> None:
    text = (
        "# *Acne* [@a]\n\nWash **twice**\na day [@b]. See [NHS](https://nhs.uk).\n\n- one\n- two\n\n"
        "| A | B |\n|-|-|\n| 1 | |\n| 2 | [@c] 3 |\n\nTerm\n: Meaning\n\n![A rash](/media/a.png)\n\n---\n"
    )
    assert plain_text(text).split("\n") == [
        "Acne",
        "Wash twice a day. See NHS.",
        "one",
        "two",
        "A, B",
        "1",
        "2, 3",
        "Term",
        "Meaning",
        "A rash",
    ]


def test_inline_plain_text_keeps_block_marks() -> None:
    assert plain_text("1. *May* [@a]") == "May"
    assert plain_text("1. *May* [@a]", inline=True) == "1. May"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[x](javascript:alert(1))", "javascript:alert(1)"),
        ("[x](//evil.example)", "//evil.example"),
        ("[x](ftp://a.example)", "ftp://a.example"),
        ("[x](acne)", "acne"),
        ("[the page]()", "the page"),
        ("[](/acne)", "/acne"),
        ("![x](https://a.example/b.png)", "https://a.example/b.png"),
        ("![](/media/b.png)", "/media/b.png"),
        ("Wash [@NHS Acne].", "[@NHS Acne]"),
        ("Wash [@nhs_acne].", "[@nhs_acne]"),
        ("# \n", "heading"),
        ("- | a |\n  |-|\n  | [x](vbscript:y) |", "vbscript:y"),
    ],
)
def test_problem_that_blocks_publication_is_named(text: str, named: str) -> None:
    (problem,) = validate(text)
    assert named in problem


def test_problem_is_listed_once_and_truncated() -> None:
    (problem,) = validate(f"[a](x:{'y' * 500})\n\n" * 3)
    assert len(problem) < 250


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# A\n\nb [@a] [c](/d) [e](https://f.example) [g](tel:111) ![h](/media/i.png)",
        "[see](#a) [x] \\[@a]",
        "#",
    ],
)
def test_valid_text_has_no_problems(text: str) -> None:
    assert validate(text) == []


_BEYOND = [
    ("a " * MAX_CHARS, "60000 characters"),
    ("a\n\n" * 2_000, "lines"),
    ("a\r" * 2_000, "lines"),
    ("[" * 1_001, "brackets"),
    ("> " * 13 + "a", "12 deep"),
    ("- " * 13 + "a", "12 deep"),
    ("".join("  " * depth + "- a\n" for depth in range(13)), "12 deep"),
    ("".join("  " * depth + "a\n" + "  " * depth + ": " for depth in range(14)) + "b", "12 deep"),
    ("a" * 8_001, "paragraph"),
    ("a|b\n-|-\n" + "c|d\n" * 1_000, "table cells"),
    ("|a" * 100 + "|\n" + "|-" * 100 + "|\n" + "|\n" * 100, "table cells"),
    ("*a " * 30 + "b* " * 30, "inside each other"),
    (f"[a](/{'b' * 2_000})", "link"),
]


@pytest.mark.parametrize(("text", "named"), _BEYOND, ids=[named for _, named in _BEYOND])
def test_text_beyond_a_limit_is_refused_with_a_sentence(text: str, named: str) -> None:
    for read in (render, plain_text, cited_keys, links):
        with pytest.raises(MarkdownLimitError, match=named) as raised:
            read(text)  # type: ignore[operator]
    assert validate(text) == [str(raised.value)]
    assert str(raised.value).startswith("This text ")


def test_inline_text_beyond_a_limit_is_refused_too() -> None:
    with pytest.raises(MarkdownLimitError, match="paragraph"):
        render_inline("a" * 8_001)


def test_text_at_a_limit_is_accepted() -> None:
    for text in (
        "> " * 12 + "a",
        "- " * 12 + "a",
        "a" * 8_000,
        "a|b\n-|-\n" + "c|d\n" * 999,
        "[" * 1_000,
    ):
        assert validate(text) == []
        assert render(text)


def test_long_article_is_accepted() -> None:
    paragraph = " ".join(
        ["Wash the skin gently [@nhs-acne] and read [more](/conditions/acne)."] + ["word"] * 90
    )
    table = (
        "| A | B | C | D | E | F |\n" + "|-" * 6 + "|\n" + "| a cell | b | c | d | e | f |\n" * 20
    )
    quote = "> - one\n>   - two\n>     1. three\n\n"
    text = "\n\n".join(
        ["# Part\n\n" + paragraph + "\n\n" + paragraph] * 50
        + [table] * 5
        + [quote] * 5
        + ["- item\n" * 40]
    )
    assert len(text.split()) > 5_000
    assert len(links(text)) == 100
    assert validate(text) == []
    assert render(text)
