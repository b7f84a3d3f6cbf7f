"""The numbered sources of one page: each key gets its number when it is first cited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from education.markdown import CitationMark
from education.publishing.composition import Composition
from education.publishing.content import ContentPart, DocumentKey
from education.references.content import SOURCES, Source, SourceListContent, cited_keys
from education.references.glossary_marking import PageGlossary


@dataclass(frozen=True)
class NumberedSource:
    """A source with its number on this page."""

    number: int
    source: Source

    @property
    def mark(self) -> CitationMark:
        """How the text points at it."""
        return CitationMark(self.number, f"#s{self.number}", self.source.title)


class Citations:
    """Resolves the [@key] of a page's texts, in the order in which the page shows them.

    On its way through a page it carries the words that the page explains, if it does.
    """

    # A template hands it on; by default it would call whatever can be called.
    do_not_call_in_templates = True

    def __init__(self, sources: SourceListContent | None, terms: PageGlossary | None = None):
        self.terms = terms
        self._sources = sources
        self._numbered: dict[str, NumberedSource] = {}

    @classmethod
    def from_composition(cls, composition: Composition, *, show_meanings: bool = True) -> Citations:
        """The citations of a composed page, and its words: see `PageGlossary`."""
        edition = composition.parts.get(DocumentKey(*SOURCES))
        content = edition.content if edition else None
        sources = content if isinstance(content, SourceListContent) else None
        return cls(sources, PageGlossary.from_composition(composition, show_meanings=show_meanings))

    def __call__(self, key: str) -> CitationMark | None:
        """The mark of one citation, or None for a key that no source has."""
        source = self._sources.get_source(key) if self._sources else None
        if source is None:
            return None
        if key not in self._numbered:
            self._numbered[key] = NumberedSource(len(self._numbered) + 1, source)
        return self._numbered[key].mark

    def marks(self, keys: Iterable[str]) -> list[CitationMark]:
        """The marks of several sources, for what cites them outside a text."""
        return [mark for key in keys if (mark := self(key))]

    def numbered_sources(self) -> list[NumberedSource]:
        """The sources cited so far, by number: a template asks when its texts are done."""
        return list(self._numbered.values())

    def sources_cited_in(self, part: ContentPart) -> list[Source]:
        """The sources that the texts of `part` cite, without numbering them."""
        return self.get_sources(cited_keys(part))

    def get_sources(self, keys: Iterable[str]) -> list[Source]:
        """The sources that a page credits as what it was adapted from."""
        found = (self._sources.get_source(key) if self._sources else None for key in keys)
        return [source for source in found if source]
