"""The numbered sources of one page, in the order of first citation."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from education.markdown import CitationMark
from education.publishing.composition import Composition
from education.publishing.content import ContentPart, DocumentKey
from education.publishing.models import Edition
from education.references.content import SOURCES, Source, SourceListContent, cited_keys
from education.references.glossary_marking import PageGlossary
from education.web.kept_results import NotKept, key_of


@dataclass(frozen=True)
class NumberedSource:
    """A source with its number on this page."""

    number: int
    source: Source

    @property
    def mark(self) -> CitationMark:
        return CitationMark(self.number, f"#s{self.number}", self.source.title)


class Citations:
    """Resolves the [@key] citations of a page's texts, in the order they are rendered.

    It also carries the glossary terms of the page, if it marks any.
    """

    # Templates pass it on as a value; by default they call every callable.
    do_not_call_in_templates = True

    def __init__(
        self,
        sources: SourceListContent | None,
        terms: PageGlossary | None = None,
        edition: Edition | None = None,
    ):
        """Take the `edition` of the list of `sources`, if it has one that is frozen."""
        self.terms = terms
        self._sources = sources
        self._edition = edition
        self._numbered: dict[str, NumberedSource] = {}

    @classmethod
    def from_composition(cls, composition: Composition) -> Citations:
        """Return the citations and glossary of a composed page."""
        edition = composition.parts.get(DocumentKey(*SOURCES))
        content = edition.content if edition else None
        sources = content if isinstance(content, SourceListContent) else None
        return cls(sources, PageGlossary.from_composition(composition), edition)

    @property
    def kept_key(self) -> Hashable:
        """What the marks of a text depend on: the sources, the glossary, and what was cited and
        marked before it.
        """
        if self._sources and not self._edition:
            raise NotKept("sources without an edition")
        return key_of(self._edition), key_of(self.terms), tuple(self._numbered)

    def position(self) -> tuple[int, int]:
        """How many sources were cited, and how many terms marked so far."""
        return len(self._numbered), self.terms.position() if self.terms else 0

    def changes_since(self, position: tuple[int, int]) -> tuple[list[str], list[tuple[str, bool]]]:
        """The sources cited and the terms marked after `position`."""
        cited, marked = position
        return list(self._numbered)[cited:], self.terms.changes_since(marked) if self.terms else []

    def replay(self, changes: tuple[list[str], list[tuple[str, bool]]]) -> None:
        """Cite these sources and mark these terms, as a text that is not rendered again does."""
        cited, marked = changes
        for key in cited:
            self(key)
        if self.terms:
            self.terms.replay(marked)

    def __call__(self, key: str) -> CitationMark | None:
        """Return the mark of a citation, or None for a key without a source."""
        source = self._sources.get_source(key) if self._sources else None
        if source is None:
            return None
        if key not in self._numbered:
            self._numbered[key] = NumberedSource(len(self._numbered) + 1, source)
        return self._numbered[key].mark

    def marks(self, keys: Iterable[str]) -> list[CitationMark]:
        """Return the marks of sources cited outside a text."""
        return [mark for key in keys if (mark := self(key))]

    def numbered_sources(self) -> list[NumberedSource]:
        """Return the sources cited so far, by number: call it after rendering the texts."""
        return list(self._numbered.values())

    def sources_cited_in(self, part: ContentPart) -> list[Source]:
        """Return the sources that the texts of `part` cite, without numbering them."""
        return self.get_sources(cited_keys(part))

    def get_sources(self, keys: Iterable[str]) -> list[Source]:
        """Return the sources with these keys, without numbering them."""
        found = (self._sources.get_source(key) if self._sources else None for key in keys)
        return [source for source in found if source]
