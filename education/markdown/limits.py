"""Limits on the size and nesting of a text, so that no text can slow down a page.

They are several times what a long article needs, and small enough that the slowest known text
within them renders in a fraction of a second (tests/markdown/test_limits.py).
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

MAX_CHARS = 60_000
MAX_LINES = 2_000
MAX_BLOCK_CHARS = 8_000
MAX_BRACKETS = 1_000
MAX_NESTING = 12
MAX_TABLE_CELLS = 2_000
MAX_LINK_CHARS = 2_000


class MarkdownLimitError(ValueError):
    """A text is beyond a limit; `str(error)` is a sentence for staff."""

    def __init__(self, message: str, limit: int):
        super().__init__(message % {"limit": limit})


def check_length(text: str) -> None:
    """Raise MarkdownLimitError for a text that is too long to be read at all."""
    if len(text) > MAX_CHARS:
        message = _("This text is longer than %(limit)s characters. Shorten or split it.")
        raise MarkdownLimitError(message, MAX_CHARS)


def check_counts(text: str) -> None:
    """Raise MarkdownLimitError for a text (line ends `\\n`) that would be slow to parse."""
    if text.count("\n") >= MAX_LINES:
        message = _("This text has more than %(limit)s lines. Shorten or split it.")
        raise MarkdownLimitError(message, MAX_LINES)
    if text.count("[") > MAX_BRACKETS:
        message = _(
            "This text has more than %(limit)s opening square brackets. Use fewer links and sources."
        )
        raise MarkdownLimitError(message, MAX_BRACKETS)


def check_blocks(state: StateCore) -> None:
    """Raise MarkdownLimitError for an overlong paragraph, before its words are parsed."""
    blocks = (token for token in state.tokens if token.type == "inline")
    if any(len(block.content) > MAX_BLOCK_CHARS for block in blocks):
        message = _(
            "This text has a paragraph of more than %(limit)s characters. Break it with an empty line."
        )
        raise MarkdownLimitError(message, MAX_BLOCK_CHARS)


def check_inline_nesting(tokens: Sequence[Token]) -> None:
    """Raise MarkdownLimitError for emphasis too deep for the HTML to be laid out."""
    if any(child.level > MAX_NESTING for token in tokens for child in token.children or ()):
        message = _(
            "This text puts bold, italics or links inside each other more than %(limit)s deep. Use fewer."
        )
        raise MarkdownLimitError(message, MAX_NESTING)


def check_link(url: str) -> None:
    """Raise MarkdownLimitError for a link target or image address of absurd length."""
    if len(url) > MAX_LINK_CHARS:
        message = _(
            "This text has a link of more than %(limit)s characters. Use a shorter address."
        )
        raise MarkdownLimitError(message, MAX_LINK_CHARS)


def too_many_cells_error() -> MarkdownLimitError:
    """Return the error for tables of too many cells."""
    message = _("This text has more than %(limit)s table cells. Use smaller tables.")
    return MarkdownLimitError(message, MAX_TABLE_CELLS)


def nesting_error() -> MarkdownLimitError:
    """Return the error for lists and quotes too deep inside each other."""
    message = _("This text nests lists or quotes more than %(limit)s deep. Use fewer levels.")
    return MarkdownLimitError(message, MAX_NESTING)


class BoundedBlocks(ParserBlock):
    """The block parser with a limit on the depth of lists, quotes and definitions.

    The library's own limit (maxNesting) silently drops the rest of the text; this one raises.
    """

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        """Parse some lines; raise MarkdownLimitError if they are nested too deep."""
        depth = state.env.get("depth", 0)
        if depth > MAX_NESTING:
            raise nesting_error()
        state.env["depth"] = depth + 1
        super().tokenize(state, startLine, endLine)
        state.env["depth"] = depth
