"""The content types of the list of sources and the glossary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import ClassVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from pydantic import Field

from education import markdown
from education.publishing.content import (
    ChangeRole,
    Content,
    ContentPart,
    DocumentKey,
    InlineMarkdown,
    Key,
    Line,
    Path,
    duplicate_positions,
    markdown_texts,
)

SOURCES = DocumentKey("sources", "sources")
GLOSSARY = DocumentKey("glossary", "glossary")


class Source(ContentPart):
    """A source of facts: a page, a guideline, a leaflet."""

    IDENTITY: ClassVar[str] = "key"
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = {
        "key": "reference",
        "title": "reference",
        "publisher": "reference",
        "author": "reference",
        "published": "reference",
        "adapted": "reference",
        "url": "url",
    }

    key: Key = Field(description="The short name that texts cite, as in [@nhs-boils].")
    title: Line = Field(
        min_length=1, max_length=200, description="The title, as the source gives it."
    )
    publisher: Line = Field("", max_length=120, description="Who published it, such as NHS.")
    author: Line = Field("", max_length=120, description="Who wrote it, if it says so.")
    url: Line = Field(
        "", max_length=500, title="Web address", description="The whole web address, with https://."
    )
    published: Line = Field(
        "", max_length=10, description="The date, such as 2025-11-29, or the year alone."
    )
    adapted: bool = Field(
        False,
        title="Articles are adapted from it",
        description="Whether articles are adapted from it, and not only cite it.",
    )
    withdrawn: Line = Field(
        "",
        max_length=300,
        title="No longer to be relied on, because",
        description="Why it should no longer be relied on.",
    )


class SourceListContent(Content):
    """All sources of one language."""

    KIND: ClassVar[str] = "sources"

    sources: tuple[Source, ...] = Field(min_length=1, max_length=2000)

    @property
    def heading(self) -> str:
        return _("Sources")

    def clinical_meaning(self) -> object:
        """Return the keys of sources that must no longer be relied on."""
        return {source.key for source in self.sources if source.withdrawn}

    def get_source(self, key: str) -> Source | None:
        return next((source for source in self.sources if source.key == key), None)

    def errors(self) -> Iterator[tuple[Path, str]]:
        """Yield duplicate keys, invalid addresses and invalid dates."""
        for index in duplicate_positions(source.key for source in self.sources):
            yield ("sources", index, "key"), _("Another source has this key. Give each its own.")
        for index, source in enumerate(self.sources):
            if source.url and not _is_web_address(source.url):
                yield (
                    ("sources", index, "url"),
                    _("This is not a web address. Write it whole, with https://."),
                )
            if source.published and not _is_date_or_year(source.published):
                yield (
                    ("sources", index, "published"),
                    _("This is not a date. Write it as 2025-11-29, or only the year."),
                )


class Term(ContentPart):
    """A medical word and its meaning."""

    IDENTITY: ClassVar[str] = "word"

    word: Line = Field(min_length=1, max_length=80, description="The medical word.")
    also: tuple[Line, ...] = Field(
        (),
        max_length=10,
        title="Other forms",
        description="Other forms, such as the plural, one on each line.",
    )
    meaning: InlineMarkdown = Field(
        min_length=1, max_length=400, description="What it means, in plain words."
    )


class GlossaryContent(Content):
    """All terms of one language."""

    KIND: ClassVar[str] = "glossary"

    terms: tuple[Term, ...] = Field(min_length=1, max_length=2000)

    @property
    def heading(self) -> str:
        return _("Glossary")

    def clinical_meaning(self) -> object:
        """Return None: a glossary gives no advice."""
        return None

    def words_changed_since(self, live: Content | None) -> tuple[str, ...]:
        known = set(live.terms) if isinstance(live, GlossaryContent) else set()
        new = (term for term in self.terms if term not in known)
        return tuple(word for term in new for word in (term.word, *term.also))

    def dependencies(self) -> tuple[DocumentKey, ...]:
        """Return the list of sources, if a meaning cites one."""
        return (SOURCES,) if cited_keys(self) else ()

    def errors(self) -> Iterator[tuple[Path, str]]:
        """Yield duplicate words."""
        for index in duplicate_positions(term.word for term in self.terms):
            yield (
                ("terms", index, "word"),
                _("This word stands in the glossary already. Keep one of the two."),
            )


def cited_keys(part: ContentPart) -> tuple[str, ...]:
    """Return the distinct keys that the texts of `part` cite, in order.

    A text beyond the limits of Markdown, which is never published, has none.
    """
    found: dict[str, None] = {}
    for text in markdown_texts(part):
        with suppress(markdown.MarkdownLimitError):
            found |= dict.fromkeys(markdown.cited_keys(text.text))
    return tuple(found)


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and " " not in value


def _is_date_or_year(value: str) -> bool:
    if len(value) == 4:
        return value.isdecimal()
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10
