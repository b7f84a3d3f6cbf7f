"""Template tags and filters for Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from education import markdown
from education.markdown import CitationMark, TermMarker
from education.references.citations import Citations

register = template.Library()


class Cited(Protocol):
    """An entry with the keys of its sources."""

    @property
    def sources(self) -> tuple[str, ...]: ...


@register.simple_tag
def markdown_block(
    text: str,
    citations: Citations | None = None,
    level: int = 3,
    prefix: str | None = None,
    *,
    folded: bool = False,
) -> SafeString:
    """Return HTML with headings that begin at `level`; they have ids only with a `prefix`.

    `folded`: the text is hidden until it is asked for.
    """
    return markdown.render(
        text,
        level=level,
        cite=citations,
        id_prefix=prefix,
        term_marker=_term_marker(citations, folded=folded),
    )


@register.simple_tag
def markdown_inline(text: str, citations: Citations | None = None) -> SafeString:
    return markdown.render_inline(text, cite=citations, term_marker=_term_marker(citations))


def _term_marker(citations: Citations | None, *, folded: bool = False) -> TermMarker | None:
    if not citations or not citations.terms:
        return None
    return citations.terms.folded_term_marker if folded else citations.terms.term_marker


@register.filter
def plain_text(text: str) -> str:
    return markdown.fill_placeholders(markdown.plain_text(text))


@register.filter
def plain_text_inline(text: str) -> str:
    """Return one line as plain words, with no-break spaces before degree signs."""
    words = markdown.fill_placeholders(markdown.plain_text(text, inline=True))
    return markdown.keep_units_together(words)


@register.filter
def plain_text_lines(text: str) -> list[str]:
    """Return the paragraphs and items of a text as plain words."""
    return plain_text(text).splitlines()


@register.filter
def fill_placeholders(text: str) -> str:
    """A text that is plain words already, such as an abstract or a note of a change."""
    return markdown.fill_placeholders(text)


@register.simple_tag
def emergency_number() -> str:
    """The clinic's number, or the words in its place, for a page without `clinic`."""
    return markdown.fill_placeholders(markdown.EMERGENCY_NUMBER)


@register.filter
def citation_marks(citations: Citations, keys: Iterable[str]) -> list[CitationMark]:
    """Return the marks of sources that are cited outside a text, and number them."""
    return citations.marks(keys)


@register.filter
def unique_source_keys(cited: Iterable[Cited]) -> tuple[str, ...]:
    """Return the distinct source keys of several entries."""
    return tuple(dict.fromkeys(key for entry in cited for key in entry.sources))


@register.filter
def publication_date(value: str) -> str:
    """Return a source's ISO date in words; a year alone stays as it is."""
    try:
        return date_format(date.fromisoformat(value), gettext("F j, Y"))
    except ValueError:
        return value
