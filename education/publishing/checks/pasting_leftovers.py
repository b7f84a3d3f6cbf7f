"""What is left of another program's way of writing, and would reach readers as it was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

_MAX_EXCERPT = 40
# What a line of Markdown must not have, and what to do about it.
_LINE_PATTERNS = (
    (re.compile(r"^\s*[•▪◦‣●○■]|\S\s+[•▪‣●]\s"), _("Make a list with the button List.")),
    (re.compile(r"\]\s+\((?:https?:|mailto:|tel:|/)[^)]*\)"), _("Make a link with the button Link.")),
    (re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>:]*)?/?>"), _("Take this sign out: readers see it.")),
    (re.compile(r"\[\^[^\]\s]+\]"), _("Name the source with the button Source.")),
    (re.compile(r"^\s*~\s+\S"), _("Make a list with the button List.")),
)  # fmt: skip
_BOLD = re.compile(r"(?<!\*)\*\*(?!\*)")
_NOT_BOLD = _("Make the words bold with the button Bold.")
_ITEM = re.compile(r"^( *)([-*+]|\d{1,9}[.)])( +)\S")
_TOO_SHALLOW = _("Put this list into the one above with the button Move in.")


def find_leftovers(text: str) -> Iterator[tuple[int, str, str]]:
    """The line number, the words and what to do, for each place that another program left."""
    open_items: list[tuple[int, int]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, advice in _LINE_PATTERNS:
            found = pattern.search(line)
            if found:
                yield number, line[found.start() :].strip()[:_MAX_EXCERPT], str(advice)
        if words := _wrong_bold(line):
            yield number, words[:_MAX_EXCERPT], str(_NOT_BOLD)
        item = _ITEM.match(line)
        if item is not None:
            if not _place_item(open_items, item):
                yield number, line.strip()[:_MAX_EXCERPT], str(_TOO_SHALLOW)
        elif line.strip() and not line.startswith(" "):
            open_items.clear()


def _place_item(open_items: list[tuple[int, int]], item: re.Match[str]) -> bool:
    """Whether an item is beside one of the open ones, or inside: not between the two.

    `open_items`: for each item around this line, where its sign and where its words begin.
    """
    indent = len(item[1])
    while open_items and open_items[-1][0] > indent:
        open_items.pop()
    if open_items and open_items[-1][0] < indent < open_items[-1][1]:
        return False
    if open_items and open_items[-1][0] == indent:
        open_items.pop()
    open_items.append((indent, indent + len(item[2]) + len(item[3])))
    return True


def _wrong_bold(line: str) -> str:
    """The first words between asterisks that are not bold, for a blank stands inside of them."""
    places = [found.start() for found in _BOLD.finditer(line)]
    for start, end in zip(places[::2], places[1::2], strict=False):
        inside = line[start + 2 : end]
        if inside and (inside[0].isspace() or inside[-1].isspace()):
            return line[start : end + 2]
    return ""
