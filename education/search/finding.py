"""Finding pages and terms by the words a reader types."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.text import slugify

from education import prose
from education.publishing.models import Edition
from education.references.content import GlossaryContent

MAX_QUERY = 200
MAX_WORDS = 8
SEARCHED = ("article", "cause", "glossary")


@dataclass(frozen=True)
class Hit:
    """Something found: its kind, name, address and a few words of it. A higher score is a better match."""

    kind: str
    name: str
    address: str
    snippet: str
    score: int


def words_of(query: str) -> list[str]:
    """The words to look for: bare letters and digits, each once, at most eight of at most 200 characters."""
    return list(dict.fromkeys(re.findall(r"\w+", bare(query[:MAX_QUERY]))))[:MAX_WORDS]


def bare(text: str) -> str:
    """Without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def find(query: str, language: str, at: datetime | None = None) -> list[Hit]:
    """What is live and has every word of `query`, best first; one query, nothing of it is kept."""
    words = words_of(query)
    if not words:
        return []
    editions = (
        Edition.objects.live(at)
        .filter(document__kind__in=SEARCHED, document__language=language)
        .select_related("document")
    )
    hits: list[Hit] = []
    for edition in editions:
        hits.extend(_terms(edition, words) if edition.document.kind == "glossary" else _page(edition, words))
    return sorted(hits, key=lambda hit: (-hit.score, hit.name.casefold()))


def _page(edition: Edition, words: list[str]) -> list[Hit]:
    score = _score(words, edition.heading, " ".join(edition.synonyms), edition.search_text)
    if not score:
        return []
    snippet = _snippet(edition.search_text, words) or edition.abstract
    return [Hit(edition.document.kind, edition.heading, edition.get_absolute_url(), snippet, score)]


def _terms(edition: Edition, words: list[str]) -> list[Hit]:
    said = edition.said
    if not isinstance(said, GlossaryContent):
        return []
    found = []
    for term in said.terms:
        meaning = prose.plain_text(term.meaning)
        if score := _score(words, term.word, " ".join(term.also), meaning):
            address = f"{reverse('glossary')}#{slugify(term.word)}"
            found.append(Hit("glossary", term.word, address, meaning, score))
    return found


def _score(words: list[str], name: str, synonyms: str, text: str) -> int:
    """Zero unless every word begins a word of the name, the synonyms or the text; the name counts most."""
    fields = [(bare(name), 100), (bare(synonyms), 60), (bare(text), 1)]
    total = 0
    for word in words:
        begins = re.compile(rf"\b{re.escape(word)}")
        best = max((weight for field, weight in fields if begins.search(field)), default=0)
        if not best:
            return 0
        total += best
    return total + (200 if bare(name) == " ".join(words) else 0)


def _snippet(text: str, words: list[str], length: int = 200) -> str:
    """The part of `text` around the first word found, cut at spaces."""
    plain = " ".join(text.split())
    match = re.search(r"\b(?:" + "|".join(map(re.escape, words)) + ")", plain, re.IGNORECASE)
    if not match:
        return ""
    start = plain.rfind(". ", 0, match.start()) + 2 if ". " in plain[: match.start()] else 0
    start = max(start, match.start() - 80)
    piece = plain[start : start + length]
    return ("… " if start else "") + (
        piece.rsplit(" ", 1)[0] + " …" if start + length < len(plain) else piece
    )
