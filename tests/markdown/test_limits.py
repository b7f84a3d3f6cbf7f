"""No text, however twisted, holds up the page it is on."""

import random
import time
from collections.abc import Iterator

import pytest

from education.markdown import (
    CitationMark,
    MarkdownLimitError,
    plain_text,
    render,
    render_inline,
    validate,
)

_SECONDS = 2.0
_CHARS = 60_000
_PARAGRAPH = 7_990

_REPEATED = [
    *(
        "a",
        "é",
        "\n",
        "\t",
        "\r",
        "[",
        "]",
        "(",
        ")",
        "*",
        "_",
        "`",
        "<",
        ">",
        "&",
        "|",
        "#",
        "-",
        "~",
        ":",
        "!",
        "\\",
    ),
    *(
        "\x00",
        "\ud800",
        "\u2028",
        "<http://",
        "<!--",
        "<?",
        "![",
        "](",
        "[](",
        "[a](",
        "[a](b",
        "[a](<b",
        "[a](b (",
    ),
    *(
        '[a](b "',
        "[a](b '",
        "![[]()",
        "[ (](",
        "[[a](b",
        "*&![",
        "![*&amp;**",
        "*_`[",
        "[@",
        "[@a]",
        "[@a](/b)",
    ),
    *(
        "*a_ ",
        "_a ",
        "a_ ",
        "*a **a ",
        "a**b",
        "*_",
        "***a** b* ",
        "**x [a*b**c*](d)",
        "`a",
        "``a`",
        "a`b``",
        "&amp;",
    ),
    *(
        "- \n",
        "- a\n",
        "> a\n\n",
        "1. a\n",
        "a|b\n",
        "a\n\n",
        "# a\n",
        "a\n: b\n\n",
        "a\n---\n",
        "[a]: b\n",
        "a  \n",
    ),
    *(
        "> - ",
        "- > ",
        "- a\n  - b\n",
        "a|b\n-|-\nc|d\n\n",
        "![a](/media/b)",
        "[a](/b)",
        "[a](https://b.example)",
    ),
]


def _texts() -> Iterator[str]:
    for fragment in _REPEATED:
        yield fragment * (_CHARS // len(fragment))
        inside_limits = fragment * min(
            _PARAGRAPH // len(fragment), 990 // max(1, fragment.count("["))
        )
        yield inside_limits[:_PARAGRAPH]
        if "\n" not in fragment and "[" not in fragment:
            yield f"{inside_limits[:_PARAGRAPH]}\n\n" * 7
    yield from (
        "[" * 50_000,
        "*" * 50_000,
        "_" * 50_000,
        "`" * 50_000,
        "![" * 25_000,
        "](" * 25_000,
    )
    yield "<http://" * 10_000
    yield from _nested()
    yield from _tables()
    yield " ".join("`" * length for length in range(1, 340))
    yield "![" * 490 + "a" + "](b)" * 490
    yield "[a](http://" + "é" * 1_900 + ")"
    yield ("[a](" + "x" * 1_990 + ")\n\n") * 29
    yield ("[a](" + " " * 7_900 + "\n\n") * 7
    yield "[@a] " * 990
    yield "# same\n" * 1_990
    yield "*" * 3_990 + "a" + "*" * 3_990
    yield "**a *b " * 9 + "c" + "* d** " * 9


def _nested() -> Iterator[str]:
    yield from (">" * 500, "> " * 500 + "a", "- " * 500, "1. " * 500 + "a")
    yield "".join("  " * depth + "- a\n" for depth in range(500))
    yield "".join("  " * depth + "- a\n" for depth in range(20)) * 60
    yield ">" * 19 + "\n" + "a\n" * 1_900
    yield (">" * 19 + " a\n" + "b\n" * 20) * 130
    yield (">" * 18 + "a\n") * 1_990
    yield "- " * 19 + "a\n" + "b\n" * 1_900
    yield ("> - " * 9 + "a\n") * 1_500
    yield ("- > " * 9 + "a\nb\n\n") * 990
    yield "".join("  " * depth + "a\n" + "  " * depth + ": " for depth in range(300))


def _tables() -> Iterator[str]:
    yield "a|b\n-|-\n" + "c|d\n" * 10_000
    yield "a|b\n-|-\n" + "c|d\n" * 990
    yield "|" + "a|" * 140 + "\n|" + "-|" * 140 + "\n" + "|\n" * 1_800
    yield "a|" * 900 + "\n" + "-|" * 900 + "\nx\n"
    yield "|" * 30_000 + "\n" + "|-" * 15_000
    yield "a|b\n-|-\nc|d\n\n" * 490


def _source(key: str) -> CitationMark:
    return CitationMark(1, "#source-1", "T" * 100)


def _seconds(text: str) -> float:
    slowest = 0.0
    for read in (
        lambda: render(text, cite=_source),
        lambda: render_inline(text, cite=_source),
        lambda: plain_text(text),
    ):
        started = time.perf_counter()
        try:
            read()
        except MarkdownLimitError as error:
            assert validate(text) == [str(error)] or read.__code__.co_names[0] == "render_inline"
        slowest = max(slowest, time.perf_counter() - started)
    return slowest


_TEXTS = list(dict.fromkeys(_texts()))


@pytest.mark.parametrize("text", _TEXTS, ids=[f"{text[:12]!a}-{len(text)}" for text in _TEXTS])
def test_hostile_text_is_rendered_or_refused_in_time(text: str) -> None:
    assert _seconds(text) < _SECONDS


def test_random_nesting_is_rendered_or_refused_in_time() -> None:
    chance = random.Random(20240)
    pieces = [
        *"a*_`[]()!<>&\\|-:~#\"' \n\t1.",
        "](",
        "![",
        "**",
        "\n\n",
        "> ",
        "- ",
        "[@a]",
        "](/b)",
        "\n: ",
        "|-|\n",
    ]
    for _ in range(60):
        fragment = "".join(chance.choices(pieces, k=chance.randint(1, 9)))
        tail = "".join(chance.choices(pieces, k=chance.randint(1, 9)))
        fits = min(_PARAGRAPH // len(fragment), 990 // max(1, fragment.count("[")), 1_900)
        assert _seconds(fragment * fits + tail) < _SECONDS, (fragment, tail)


def test_deep_call_stack_is_not_a_recursion_error() -> None:
    def called_from(depth: int) -> str:
        return called_from(depth - 1) if depth else render("- " * 11 + "[" * 60 + "*a* ![b](c)")

    assert called_from(300)
