"""How large and how tangled a text may be, so that no text can hold up a page.

The figures are several times what a long article needs, and small enough that the slowest text
known which stays inside all of them renders in a fraction of a second
(tests/markdown/test_limits.py).
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
    """A text is beyond a limit. `str(error)` is one plain sentence (or two) for the member of
    staff.
    """


def check_length(text: str) -> None:
    """Refuse what is too long before anything else reads it; raises MarkdownLimitError."""
    if len(text) > MAX_CHARS:
        raise MarkdownLimitError(
            _("This text is longer than %(limit)s characters. Shorten or split it.")
            % {"limit": MAX_CHARS}
        )


def check_counts(text: str) -> None:
    """Refuse, before parsing, what would be slow; line ends must be `\\n`. Raises
    MarkdownLimitError.
    """
    if text.count("\n") >= MAX_LINES:
        raise MarkdownLimitError(
            _("This text has more than %(limit)s lines. Shorten or split it.")
            % {"limit": MAX_LINES}
        )
    if text.count("[") > MAX_BRACKETS:
        raise MarkdownLimitError(
            _(
                "This text has more than %(limit)s opening square brackets. Use fewer links and sources."
            )
            % {"limit": MAX_BRACKETS}
        )


def check_blocks(state: StateCore) -> None:
    """Refuse overlong paragraphs: the last moment before words are parsed, whose cost grows with
    length.
    """
    if any(
        token.type == "inline" and len(token.content) > MAX_BLOCK_CHARS for token in state.tokens
    ):
        raise MarkdownLimitError(
            _(
                "This text has a paragraph of more than %(limit)s characters. Break it with an empty line."
            )
            % {"limit": MAX_BLOCK_CHARS}
        )


def check_inline_nesting(tokens: Sequence[Token]) -> None:
    """Refuse emphasis inside emphasis without end, which would become HTML that no reader can lay
    out.
    """
    if any(child.level > MAX_NESTING for token in tokens for child in token.children or ()):
        raise MarkdownLimitError(
            _(
                "This text puts bold, italics or links inside each other more than %(limit)s deep. Use fewer."
            )
            % {"limit": MAX_NESTING}
        )


def check_link(url: str) -> None:
    """Refuse a link target or image address of absurd length; raises MarkdownLimitError."""
    if len(url) > MAX_LINK_CHARS:
        raise MarkdownLimitError(
            _("This text has a link of more than %(limit)s characters. Use a shorter address.")
            % {"limit": MAX_LINK_CHARS}
        )


def too_many_cells_error() -> MarkdownLimitError:
    """What to raise for a table, or tables, of too many cells."""
    return MarkdownLimitError(
        _("This text has more than %(limit)s table cells. Use smaller tables.")
        % {"limit": MAX_TABLE_CELLS}
    )


def nesting_error() -> MarkdownLimitError:
    """What to raise for lists and quotes too deep inside each other."""
    return MarkdownLimitError(
        _("This text nests lists or quotes more than %(limit)s deep. Use fewer levels.")
        % {"limit": MAX_NESTING}
    )


class BoundedBlocks(ParserBlock):
    """The block parser, counting how deep lists, quotes and definitions are inside each other.

    The library's own limit (maxNesting) drops the rest of the text without a word; this one says
    so.
    """

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        """Parse some lines; raises MarkdownLimitError when they lie too deep."""
        depth = state.env.get("depth", 0)
        if depth > MAX_NESTING:
            raise nesting_error()
        state.env["depth"] = depth + 1
        super().tokenize(state, startLine, endLine)
        state.env["depth"] = depth
