"""Structure that somebody typed: “•” and “1)” before lines, and bold lines as headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from education import markdown
from education.articles.leaflets.blocks import Block, Heading, Item, Items, Paragraph, plain

_BULLET = re.compile(r"^(?:[•·●○◦▪■□▸►➢➤✓✔☐☑*\-–—]|\\[*\-]|o(?=[\t\u00a0 ]{2}))[\s\u00a0]+(?=\S)")
_NUMBER = re.compile(r"^(\d{1,2})\\?[.)][\s\u00a0]+(?=\S)")
_BOLD = re.compile(r"\*\*(?P<words>[^*]+)\*\*:?")
_MAX_HEADING_CHARS = 90


def starts_like_item(line: str) -> bool:
    """Whether a plain line begins as the item of a typed list does."""
    return _BULLET.match(line) is not None or _NUMBER.match(line) is not None


def find_typed_structure(blocks: Sequence[Block], marks: list[str]) -> Iterator[Block]:
    """`blocks` with typed lists as lists, and bold lines as headings.

    `marks` gets the signs and numbers that are no longer words.
    """
    level = 0
    has_headings = any(isinstance(one, Heading) for one in blocks)
    at = 0
    while at < len(blocks):
        block = blocks[at]
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        at += 1
        if isinstance(block, Heading):
            level = block.level
        elif isinstance(block, Paragraph):
            if items := list(_typed_items(blocks, at - 1)):
                at += len(items) - 1
                yield _typed_list(items, marks)
                continue
            if following is not None and (words := _bold_words(block.line)):
                yield Heading(level + 1 if has_headings else 2, words)
                continue
        yield block


def _typed_items(blocks: Sequence[Block], at: int) -> Iterator[tuple[int, str, str]]:
    """Number (0 for a bullet), mark and line of each of the typed items from `at` on."""
    before: int | None = None
    for block in blocks[at:]:
        if not isinstance(block, Paragraph):
            return
        bullet, number = _BULLET.match(block.line), _NUMBER.match(block.line)
        found = bullet or number
        if found is None:
            return
        value = int(number[1]) if number else 0
        if before is not None and value != (before + 1 if before else 0):
            return
        # A single line such as “- and so on” or “2. May” is no list.
        before = value
        yield (
            value,
            found[0].strip().replace("\\", ""),
            markdown.escape_line_starts(block.line[found.end() :]),
        )


def _typed_list(items: Sequence[tuple[int, str, str]], marks: list[str]) -> Items:
    marks += [mark for _number, mark, _line in items]
    return Items(tuple(Item(line) for _number, _mark, line in items), items[0][0])


def _bold_words(line: str) -> str:
    """The words of a line that is bold, short, and no sentence; else empty."""
    found = _BOLD.fullmatch(line)
    if found is None or "\n" in line:
        return ""
    words = found["words"].strip()
    is_short = len(plain(words)) <= _MAX_HEADING_CHARS
    return words if is_short and not words.endswith((".", ",", ";")) else ""
