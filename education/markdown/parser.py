"""The Markdown dialect of all texts, and its only parser.

A heading is a line that starts with `#` to `######` and a space in its first column, and nothing
else is one. Content files are split into sections by that rule without parsing, so every construct
that could swallow such a line, or make a heading of another, is disabled or restricted.
"""

import re
from bisect import bisect_right
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, heading, table
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

from education.markdown import citations, placeholders
from education.markdown.limits import (
    MAX_TABLE_CELLS,
    BoundedBlocks,
    check_blocks,
    check_counts,
    check_inline_nesting,
    check_length,
    check_link,
    nesting_error,
    too_many_cells_error,
)
from education.markdown.text_cleanup import replace_invalid_characters

# Named one by one, so that a new rule in a later version of the library stays off. Left out on
# purpose: "reference" (a text is shown in parts: a definition would be missing in one and vanish
# from another), "code", "fence", "lheading", "html_block", "html_inline" and "autolink".
_CORE_RULES = ["normalize", "block", "inline", "text_join"]
_BLOCK_RULES = ["table", "blockquote", "hr", "list", "heading", "paragraph"]
_INLINE_RULES = ["text", "newline", "escape", "backticks", "emphasis", "link", "image", "entity"]
_PAIR_RULES = ["balance_pairs", "emphasis", "fragments_join"]

# A list takes two of the library's levels, a quote one. It must not be reached before our own
# limit, for the library then drops text, nor be much above it, for it also bounds recursion.
_LIBRARY_NESTING = 64

_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)


class _Parser(MarkdownIt):
    """The library's parser, accepting every link: the renderer decides which are allowed."""

    def validateLink(self, url: str) -> bool:
        return True

    def normalizeLink(self, url: str) -> str:
        check_link(url)
        return super().normalizeLink(url)


def _starts_heading(state: StateBlock, line: int) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    return (start == 0 or state.src[start - 1] == "\n") and _HEADING.match(
        state.src, start
    ) is not None


def _heading(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    return _starts_heading(state, startLine) and heading(state, startLine, endLine, silent)


def _table(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    if _starts_heading(state, startLine):
        return False
    if silent or not table(state, startLine, endLine, True):
        return table(state, startLine, endLine, silent)
    first = len(state.tokens)
    columns = max(
        1, state.src.count("|", state.bMarks[startLine + 1], state.eMarks[startLine + 1]) - 1
    )
    # The library fills up short rows, so that few characters can make many cells.
    last_line = min(endLine, startLine + 3 + MAX_TABLE_CELLS // columns)
    found = table(state, startLine, last_line, False)
    cells = sum(token.type in ("th_open", "td_open") for token in state.tokens[first:])
    state.env["cells"] = state.env.get("cells", 0) + cells
    if state.env["cells"] > MAX_TABLE_CELLS:
        raise too_many_cells_error()
    return found


def _bound_definition_lists(parser: MarkdownIt) -> None:
    """Stop definition lists at the next heading, which they would take for a term."""
    rules = parser.block.ruler.getRules("")
    deflist = next(rule for rule in rules if rule.__name__ == "deflist")

    def bounded(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
        headings: list[int] = state.env["heading_lines"]
        following = headings[bisect_right(headings, startLine) :][:1]
        return deflist(state, startLine, min([endLine, *following]), silent)

    parser.block.ruler.at("deflist", bounded, {"alt": ["paragraph", "reference", "blockquote"]})


def _build_parser() -> MarkdownIt:
    parser = _Parser("zero", {"maxNesting": _LIBRARY_NESTING, "html": False, "linkify": False})
    parser.block = BoundedBlocks()
    parser.block.ruler.at("heading", _heading, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.enableOnly(_CORE_RULES)
    parser.block.ruler.enableOnly(_BLOCK_RULES)
    parser.inline.ruler.enableOnly(_INLINE_RULES)
    parser.inline.ruler2.enableOnly(_PAIR_RULES)
    parser.use(deflist_plugin)
    _bound_definition_lists(parser)
    parser.core.ruler.after("block", "check_blocks", check_blocks)
    citations.citation_plugin(parser)
    placeholders.placeholder_plugin(parser)
    # Rules are compiled on first use, which two threads must not do at the same time.
    parser.parse("ready", {"heading_lines": []})
    return parser


_PARSER = _build_parser()
OPTIONS = _PARSER.options
"""The options of the library, which its renderer needs."""


def parse(text: str, *, inline: bool = False) -> tuple[Token, ...]:
    """Return the tokens of a text, or with `inline` the one token of a single line.

    In an inline text, line breaks are spaces and marks of blocks are text. The tokens are shared:
    never change one. Raises MarkdownLimitError.
    """
    return _parse(text, inline)


@lru_cache(maxsize=16)
def _parse(text: str, inline: bool) -> tuple[Token, ...]:
    check_length(text)
    text = replace_invalid_characters(text)
    check_counts(text)
    if inline:
        text, parse_method = " ".join(text.split()), _PARSER.parseInline
    else:
        parse_method = _PARSER.parse
    heading_lines = [text.count("\n", 0, found.start()) for found in _HEADING.finditer(text)]
    try:
        tokens = parse_method(text, {"heading_lines": heading_lines})
    except RecursionError as error:
        # The limits leave room for the parser; a caller deep in its own stack may not.
        raise nesting_error() from error
    check_inline_nesting(tokens)
    return tuple(tokens)
