"""Markdown to safe HTML. Pages, previews and handouts all come through here."""

from collections.abc import Sequence
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markdown_it.token import Token

from education.markdown.citations import Cite, Marks, resolve_citations
from education.markdown.glossary_terms import TermMarker, TermMarks, find_terms, insert_terms
from education.markdown.headings import Heading, heading_outline
from education.markdown.html_renderer import render_tokens
from education.markdown.parser import parse, parse_inline
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
    """Block HTML for Markdown `text`, in the active language, its placeholders filled in.

    The least deep heading becomes `<h{level}>` (1 to 6), the rest follow without gaps, none below
    h6. Each has an id, `id_prefix` and its words, unique in this text only: on a page of several
    texts each needs its own prefix. None: without ids, for a text whose headings nothing links to.
    `cite` is asked once for every distinct key, in order of first appearance, at every call; a key
    it answers None to is shown as not found. Without `cite` citations are left out. `term_marker`
    says which words to mark where they first stand, outside headings, links and code. Raises
    MarkdownLimitError if the text is beyond a limit, ValueError if `level` is.
    """
    if not 1 <= level <= 6:
        raise ValueError(f"Heading level {level} is not between 1 and 6.")
    # The text is not enough of a key: the numbers in it differ from page to page, the words by
    # language.
    number = number_for(text)
    marks = resolve_citations(cited_keys(text), cite)
    terms = find_terms(text, term_marker, number)
    return _render(text, level, marks, id_prefix, get_language() or "", terms, number)


def render_inline(
    text: str, *, cite: Cite | None = None, term_marker: TermMarker | None = None
) -> SafeString:
    """HTML for one line of Markdown, to stand inside a heading, cell or paragraph of a template.

    Line breaks are spaces, and marks of blocks ("- x", "# x") stay as typed. `cite` and
    `term_marker` as in `render`. Raises MarkdownLimitError.
    """
    number = number_for(text)
    marks = resolve_citations(_inline_cited_keys(text), cite)
    terms = find_terms(text, term_marker, number, inline=True)
    return _render_inline(text, marks, get_language() or "", terms, number)


@lru_cache(maxsize=1024)
def _render(
    text: str,
    level: int,
    marks: Marks | None,
    id_prefix: str | None,
    language: str,
    terms: TermMarks | None,
    number: str,
) -> SafeString:
    tokens = parse(text)
    # The ids of headings are made from the placeholder: a new number must not change an address.
    headings = heading_outline(tokens, level, id_prefix)
    return _safe_html(insert_terms(fill_tokens(tokens, number), terms), headings, marks)


@lru_cache(maxsize=2048)
def _render_inline(
    text: str, marks: Marks | None, language: str, terms: TermMarks | None, number: str
) -> SafeString:
    return _safe_html(insert_terms(fill_tokens(parse_inline(text), number), terms), {}, marks)


@lru_cache(maxsize=2048)
def _inline_cited_keys(text: str) -> tuple[str, ...]:
    found = (child for token in parse_inline(text) for child in token.children or ())
    return tuple(dict.fromkeys(token.meta["key"] for token in found if token.type == "citation"))


def _safe_html(
    tokens: Sequence[Token], headings: dict[int, Heading], marks: Marks | None
) -> SafeString:
    return mark_safe(sanitize(render_tokens(tokens, headings, marks)))  # noqa: S308 - the one place that may
