"""Glossary terms on one page: the first use of each opens its meaning."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from django.urls import reverse
from django.utils.text import slugify

from education.markdown import TermMark, TermMarker
from education.plain_language.parsing.phrase_matcher import PhraseMatcher
from education.publishing.composition import Composition
from education.publishing.models import Edition
from education.references.content import GLOSSARY, GlossaryContent, Term
from education.web.kept_results import NotKept


@dataclass(frozen=True)
class GlossaryIndex:
    """The terms of one glossary edition, in all their forms; equal if their text is."""

    sha256: str
    terms: dict[str, Term] = field(compare=False, repr=False)
    phrases: PhraseMatcher = field(compare=False, repr=False)
    keys: dict[str, str] = field(compare=False, repr=False)

    @classmethod
    def from_content(cls, sha256: str, content: GlossaryContent) -> GlossaryIndex:
        """Index the terms of `content`, without those whose slug is empty: they have no anchor."""
        terms: dict[str, Term] = {}
        keys: dict[str, str] = {}
        for term in content.terms:
            key = slugify(term.word)
            if key and key not in terms:
                terms[key] = term
                keys |= {form: key for form in (term.word, *term.also) if form not in keys}
        return cls(sha256, terms, PhraseMatcher(keys), keys)

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield the key, start and end of each term in a plain text, the longest at each place.

        Terms that the text itself explains are left out: "a tough protein (keratin)", "germs
        (bacteria)".
        """
        for form, start, end in self.phrases.find_in_text(text):
            key = self.keys[form]
            if (text[:start][-1:], text[end : end + 1]) != ("(", ")") and key != self._in_brackets(
                text[end:]
            ):
                yield key, start, end

    def _in_brackets(self, following: str) -> str | None:
        """Return the key of the term in brackets at the start of `following`, if any."""
        found = re.match(r" \(([^()]{1,80})\)", following)
        inside = found[1] if found else ""
        forms = (
            form
            for form, start, end in self.phrases.find_in_text(inside)
            if end - start == len(inside)
        )
        return next((self.keys[form] for form in forms), None)


@dataclass(frozen=True)
class UsedTerm:
    """A term that the page has marked."""

    key: str
    term: Term


class PageGlossary:
    """Marks each term where it first stands in view, and in a fold before that; records them."""

    def __init__(self, index: GlossaryIndex, names: Iterable[str] = ()):
        """Take the `names` of the page's own subject, which are not marked."""
        self._index = index
        self._used: dict[str, UsedTerm] = {}
        # The terms marked, in order, each with whether in view.
        self._marked: list[tuple[str, bool]] = []
        self._own = {
            key
            for name in names
            for key, start, end in index.find(name)
            if (start, end) == (0, len(name))
        }

    @classmethod
    def from_composition(cls, composition: Composition) -> PageGlossary | None:
        """Return the live glossary for a composed page, or None without one."""
        glossary = next((other for other in composition.site_wide if other.key == GLOSSARY), None)
        if glossary is None:
            return None
        edition = composition.edition
        return cls(
            _glossary_index(_GlossaryKey(glossary.sha256, glossary)),
            (edition.heading, *edition.synonyms),
        )

    @property
    def term_marker(self) -> TermMarker:
        return TermMarker(self._index, self._mark_in_view)

    @property
    def folded_term_marker(self) -> TermMarker:
        """For a text that is hidden until its fold is opened."""
        return TermMarker(self._index, self._mark_in_fold)

    def used_terms(self) -> list[UsedTerm]:
        """Return the terms marked so far, alphabetically: call it after rendering the texts."""
        return sorted(self._used.values(), key=lambda used: used.term.word.casefold())

    @property
    def kept_key(self) -> Hashable:
        """What it marks next: by the glossary, the page's own subject, and what it has marked."""
        if not self._index.sha256:
            raise NotKept("a glossary that is not frozen")
        return self._index.sha256, frozenset(self._own), tuple(self._marked)

    def position(self) -> int:
        """How many terms were marked so far."""
        return len(self._marked)

    def changes_since(self, position: int) -> list[tuple[str, bool]]:
        return self._marked[position:]

    def replay(self, changes: Iterable[tuple[str, bool]]) -> None:
        """Mark these terms, as a text that is not rendered again does."""
        for key, in_view in changes:
            self._mark(key, in_view=in_view)

    def _mark_in_view(self, key: str) -> TermMark | None:
        return None if (key, True) in self._marked else self._mark(key, in_view=True)

    def _mark_in_fold(self, key: str) -> TermMark | None:
        return None if key in self._used else self._mark(key, in_view=False)

    def _mark(self, key: str, *, in_view: bool) -> TermMark | None:
        """Mark a term; None for one that is the page's own subject."""
        if key in self._own:
            return None
        self._marked.append((key, in_view))
        self._used[key] = UsedTerm(key, self._index.terms[key])
        return TermMark(f"m-{key}", f"{reverse('glossary')}#{key}")


@dataclass(frozen=True)
class _GlossaryKey:
    """The cache key of an edition: its hash."""

    sha256: str
    edition: Edition = field(compare=False)


@lru_cache(maxsize=8)
def _glossary_index(key: _GlossaryKey) -> GlossaryIndex:
    content = key.edition.content
    if not isinstance(content, GlossaryContent):
        raise TypeError(f"{key.edition.key} is no glossary")
    return GlossaryIndex.from_content(key.sha256, content)
