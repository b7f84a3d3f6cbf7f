"""Markdown to safe HTML, for pages, previews and handouts."""

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from education.markdown.citations import Cite, Marks, resolve_citations
from education.markdown.document.blocks import Blocks, Runs
from education.markdown.document.reader import BlockReader
from education.markdown.glossary_terms import TermMarker, TermMarks, find_terms, insert_terms
from education.markdown.headings import heading_outline
from education.markdown.html_renderer import render_tokens
from education.markdown.parser import parse
from education.markdown.placeholders import fill_tokens, number_for
from education.markdown.sanitizer import sanitize
from education.markdown.text_extraction import cited_keys

RENDERER_VERSION = 4
"""Part of every cache key of HTML: raise it whenever the same text gives other HTML."""


def render(
    text: str,
    *,
    level: int = 3,
    cite: Cite | None = None,
    id_prefix: str | None = "",
    term_marker: TermMarker | None = None,
) -> SafeString:
    """Return safe block HTML for Markdown `text` in the active language, placeholders filled in.

    The highest heading becomes `<h{level}>` (1 to 6); the others follow without gaps, none below
    h6. Each has an id of `id_prefix` and its words, unique in this text only: on a page of several
    texts each needs its own prefix. With None there are no ids.

    `cite` is called once per distinct key, in order of first appearance, at every call; a key for
    which it returns None is shown as not found. Without `cite`, citations are left out.
    `term_marker` marks the first use of each term outside headings, links and code.

    Raises MarkdownLimitError for a text beyond a limit, ValueError for a wrong `level`.
    """
    if not 1 <= level <= 6:
        raise ValueError(f"Heading level {level} is not between 1 and 6.")
    return _resolve_and_render(text, False, level, id_prefix, cite, term_marker)


def render_inline(
    text: str, *, cite: Cite | None = None, term_marker: TermMarker | None = None
) -> SafeString:
    """Return safe HTML for one line of Markdown, for a heading, cell or paragraph of a template.

    Line breaks are spaces, and marks of blocks ("- x", "# x") stay as typed. `cite` and
    `term_marker` as in `render`. Raises MarkdownLimitError.
    """
    return _resolve_and_render(text, True, 1, None, cite, term_marker)


def read_document(text: str, *, level: int = 3, cite: Cite | None = None) -> Blocks:
    """Return the blocks of a text, placeholders filled in, for other formats than HTML.

    `level` and `cite` as in `render`. Raises MarkdownLimitError.
    """
    marks = resolve_citations(cited_keys(text), cite)
    return _read_document(text, level, marks, number_for(text))


@lru_cache(maxsize=1024)
def _read_document(text: str, level: int, marks: Marks | None, number: str) -> Blocks:
    tokens = parse(text)
    reader = BlockReader(heading_outline(tokens, level, None), marks)
    return reader.blocks(fill_tokens(tokens, number))


def read_line(text: str, *, cite: Cite | None = None) -> Runs:
    """Return the runs of one line, as `render_inline` does HTML. Raises MarkdownLimitError."""
    marks = resolve_citations(cited_keys(text, inline=True), cite)
    return _read_line(text, marks, number_for(text))


@lru_cache(maxsize=2048)
def _read_line(text: str, marks: Marks | None, number: str) -> Runs:
    (token,) = fill_tokens(parse(text, inline=True), number)
    return BlockReader({}, marks).runs(token.children or ())


def _resolve_and_render(
    text: str,
    inline: bool,
    level: int,
    id_prefix: str | None,
    cite: Cite | None,
    term_marker: TermMarker | None,
) -> SafeString:
    # The numbers of citations differ from page to page, the words by language, and the emergency
    # number by clinic: all are part of the cache key.
    number = number_for(text)
    marks = resolve_citations(cited_keys(text, inline=inline), cite)
    terms = find_terms(text, term_marker, number, inline=inline)
    return _render(text, inline, level, id_prefix, marks, terms, number, get_language() or "")


@lru_cache(maxsize=3072)
def _render(
    text: str,
    inline: bool,
    level: int,
    id_prefix: str | None,
    marks: Marks | None,
    terms: TermMarks | None,
    number: str,
    language: str,
) -> SafeString:
    tokens = parse(text, inline=inline)
    # The ids of headings are made from the placeholder: a new number must not change an address.
    headings = heading_outline(tokens, level, id_prefix)
    html = render_tokens(insert_terms(fill_tokens(tokens, number), terms), headings, marks)
    return mark_safe(sanitize(html))  # noqa: S308 - the one place that may
