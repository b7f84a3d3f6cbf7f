"""Markdown in templates: the one door to the renderer."""

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
    """An entry that names its sources beside its text."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Their keys."""


@register.simple_tag
def markdown_block(
    text: str, citations: Citations | None = None, level: int = 3, prefix: str | None = None
) -> SafeString:
    """A text as paragraphs, lists and headings that begin at `level`; they have ids only with a
    `prefix`.
    """
    return markdown.render(
        text, level=level, cite=citations, id_prefix=prefix, term_marker=_term_marker(citations)
    )


@register.simple_tag
def markdown_inline(text: str, citations: Citations | None = None) -> SafeString:
    """A text as one line."""
    return markdown.render_inline(text, cite=citations, term_marker=_term_marker(citations))


def _term_marker(citations: Citations | None) -> TermMarker | None:
    return citations.terms.term_marker if citations and citations.terms else None


@register.filter
def plain_text(text: str) -> str:
    """A text as plain words, for titles and descriptions."""
    return markdown.fill_placeholders(markdown.plain_text(text))


@register.filter
def plain_text_inline(text: str) -> str:
    """One line as plain words: no link or citation is left in it."""
    words = markdown.fill_placeholders(markdown.plain_text(text, inline=True))
    return markdown.keep_units_together(words)


@register.filter
def plain_text_lines(text: str) -> list[str]:
    """The paragraphs and items of a text as plain words: no link or citation is left in them."""
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
    """The marks of sources that are cited outside a text, numbered in their turn."""
    return citations.marks(keys)


@register.filter
def unique_source_keys(cited: Iterable[Cited]) -> tuple[str, ...]:
    """The keys of the sources of several entries, each once."""
    return tuple(dict.fromkeys(key for entry in cited for key in entry.sources))


@register.filter
def publication_date(value: str) -> str:
    """When a source was published, in words; a year alone stays as it is."""
    try:
        return date_format(date.fromisoformat(value), gettext("F j, Y"))
    except ValueError:
        return value
