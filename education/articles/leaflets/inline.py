"""Inline text with bold, italics and links, and the Markdown that says exactly its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from education import markdown
from education.articles.leaflets.blocks import LINE_BREAK, one_line, without_invisible
from education.articles.leaflets.typed_structure import starts_like_item

_BLANKS = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
_SUPERSCRIPT = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
# What begins a cell or a definition, which shows only where the line stands beside others.
_BETWEEN = re.compile(r"[|~]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_WORDS_BEFORE = 8


@dataclass(frozen=True)
class _Span:
    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


class InlineText:
    """Spans of text; a span "\\n" is a line break."""

    def __init__(self, spans: list[_Span] | None = None):
        self._spans = spans or []

    def add(
        self,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        link: str = "",
        raised: str = "",
    ) -> None:
        """Add words; `raised` ("sup" or "sub") turns figures into raised ones: 10² is not 102."""
        shown = _BLANKS.sub(" ", _CONTROL.sub("", without_invisible(text)))
        if raised:
            shown = _raised(shown, _SUPERSCRIPT if raised == "sup" else _SUBSCRIPT)
        if shown:
            self._spans.append(_Span(shown, bold, italic, link))

    def add_break(self) -> None:
        self._spans.append(_Span("\n"))

    def end(self) -> str:
        """The last words."""
        return " ".join("".join(span.text for span in self._spans).split()[-_WORDS_BEFORE:])

    def without_emphasis(self) -> InlineText:
        """The same words, neither bold nor italic."""
        return InlineText([replace(span, bold=False, italic=False) for span in self._spans])

    def split_typed_items(self) -> Iterator[InlineText]:
        """The text, or each of its lines where these are typed as the items of a list."""
        lines: list[list[_Span]] = [[]]
        for span in self._spans:
            if span.text == "\n":
                lines.append([])
            else:
                lines[-1].append(span)
        plain = ["".join(span.text for span in line).strip() for line in lines]
        first = next((at for at, line in enumerate(plain) if starts_like_item(line)), None)
        if first is None or not all(starts_like_item(line) for line in plain[first:] if line):
            yield self
            return
        if first:
            kept = [span for line in lines[:first] for span in (*line, _Span("\n"))]
            yield InlineText(kept)
        yield from (InlineText(line) for line in lines[first:])

    def line(self) -> str:
        """The Markdown of the text, with exactly its words.

        Where Markdown would not take a mark of bold or italics for one, the words go without.
        """
        spans = _trimmed(self._spans)
        plain = " ".join("".join(span.text for span in spans).split())
        without_emphasis = [_Span(span.text, link=span.link) for span in spans]
        for tried in (spans, without_emphasis):
            # A sign that Markdown would not take for one of its own is easier to read bare.
            for line in (_written(tried, escaped=False), _written(tried, escaped=True)):
                if _reads_as(line, plain):
                    return line
        return _written([_Span(span.text) for span in spans], escaped=True)


def _raised(text: str, signs: dict[int, int]) -> str:
    """Figures as raised ones if all of them can be; words such as “st” of “1st” stay."""
    bare = text.strip()
    can_be = any(sign.isdecimal() for sign in bare) and all(ord(sign) in signs for sign in bare)
    return text.translate(signs) if can_be else text


def _trimmed(spans: list[_Span]) -> list[_Span]:
    """Equal neighbours as one, no blank at an end or beside another, and none next to a mark."""
    merged = [
        replace(first, text="".join([first.text, *(one.text for one in rest)]))
        for _key, (first, *rest) in groupby(
            spans, key=lambda one: one.text == "\n" or (one.bold, one.italic, one.link)
        )
    ]
    merged = [replace(one, text="\n") if set(one.text) == {"\n"} else one for one in merged]
    result: list[_Span] = []
    is_blank = True
    for span in merged:
        if span.text == "\n":
            if result:
                result.append(span)
            is_blank = True
            continue
        words = " ".join(span.text.split(" "))
        text = _BLANKS.sub(" ", words)
        if text.startswith(" ") and not is_blank:
            result.append(_Span(" "))
        if bare := text.strip(" "):
            result.append(replace(span, text=bare))
            is_blank = False
        if bare and text.endswith(" "):
            result.append(_Span(" "))
            is_blank = True
        elif not bare and not is_blank:
            is_blank = True
    while result and result[-1].text in {" ", "\n"}:
        result.pop()
    return [
        one
        for at, one in enumerate(result)
        if one.text != " " or (result[at + 1].text != "\n" if at + 1 < len(result) else False)
    ]


def _written(spans: list[_Span], *, escaped: bool) -> str:
    # A line that begins like a list, a heading or a definition must not become one.
    text = "".join(_written_span(span, escaped) for span in spans)
    return markdown.escape_line_starts(text).strip()


def _written_span(span: _Span, escaped: bool) -> str:
    if span.text == "\n":
        return LINE_BREAK
    text = markdown.escape_markdown(span.text) if escaped else _BETWEEN.sub(r"\\\g<0>", span.text)
    if span.italic:
        text = f"*{text}*"
    if span.bold:
        text = f"**{text}**"
    return f"[{text}](<{span.link}>)" if span.link else text


def _reads_as(line: str, plain: str) -> bool:
    """Whether a line says these words as a paragraph, and in a field of one line."""
    try:
        return (
            markdown.plain_text(line) == plain
            and markdown.plain_text(one_line(line), inline=True) == plain
        )
    except markdown.MarkdownLimitError:
        return False
