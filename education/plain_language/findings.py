"""Findings: what in a text could be plainer or must be removed, with advice and offsets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from education.plain_language.doses import find_doses
from education.plain_language.medical_words import (
    medical_word_matcher,
    plain_alternatives,
    sounds_medical,
)
from education.plain_language.medicines import brand_matcher
from education.plain_language.parsing.blocks import BlockKind, BlockMap, Span
from education.plain_language.parsing.phrase_matcher import PhraseMatcher
from education.plain_language.parsing.segmentation import Passage, split_words
from education.plain_language.passive_voice import find_passives
from education.plain_language.uncited_claims import find_claim

MAX_SENTENCE_WORDS = 20
MAX_PARAGRAPH_SENTENCES = 3
MAX_LIST_ITEMS = 7
_MAX_EXCERPT_CHARS = 80


@dataclass(frozen=True)
class Finding:
    """One place of a text. `start` and `end` are code points of the text as it was passed."""

    code: str
    blocking: bool
    message: str
    start: int
    end: int
    excerpt: str


def find_all(
    text: str, block_map: BlockMap, passages: list[Passage], known: PhraseMatcher
) -> list[Finding]:
    """Return all findings, in text order."""
    found = list(_find_long_lists(text, block_map))
    named: set[str] = set()
    for passage in passages:
        for code, message, span in _find_in_passage(passage, known, named):
            found.append(_build_finding(text, code, message, passage.source_span(*span)))
    found += find_doses_in(text, passages)
    found += find_brands_in(text, passages)
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.code))


def find_doses_in(text: str, passages: list[Passage]) -> list[Finding]:
    """Return what looks like a dose or strength: blocking, for a reader may take it."""
    message = _(
        "This looks like a dose or a strength. Take it out: a doctor or pharmacist says how much."
    )
    return [
        _build_finding(text, "dose", message, passage.source_span(*span), blocking=True)
        for passage in passages
        for span in find_doses(passage)
    ]


def find_brands_in(text: str, passages: list[Passage]) -> list[Finding]:
    message = _("This is a brand name. Write what the medicine or product is called in general.")
    return [
        _build_finding(text, "brand", message, passage.source_span(start, end))
        for passage in passages
        for _name, start, end in brand_matcher().find(passage)
    ]


def long_list_message(items: int) -> str:
    """Return the message for a list of this many items."""
    return _(
        "This list has {number} items. Use at most {most}, or make two lists with a heading each."
    ).format(number=items, most=MAX_LIST_ITEMS)


def _build_finding(
    text: str, code: str, message: str, span: Span, *, blocking: bool = False
) -> Finding:
    start, end = span
    excerpt = " ".join(text[start : min(end, start + 2 * _MAX_EXCERPT_CHARS)].split())
    if len(excerpt) > _MAX_EXCERPT_CHARS or end > start + 2 * _MAX_EXCERPT_CHARS:
        excerpt = excerpt[:_MAX_EXCERPT_CHARS].rstrip() + "…"
    return Finding(code, blocking, message, start, end, excerpt)


def _find_long_lists(text: str, block_map: BlockMap) -> Iterator[Finding]:
    for block in block_map.lists:
        if block.items > MAX_LIST_ITEMS:
            yield _build_finding(text, "long-list", long_list_message(block.items), block.span)


def _find_in_passage(
    passage: Passage, known: PhraseMatcher, named: set[str]
) -> Iterator[tuple[str, str, Span]]:
    if passage.kind is BlockKind.PARAGRAPH:
        yield from _find_too_long(passage)
        if claim_span := find_claim(passage):
            message = _("This states a fact. Name its source here, as in [@source-key].")
            yield "no-citation", message, claim_span
    for start, end in find_passives(passage):
        message = _("This does not say who does it. Try to say who, as in “A doctor treats it”.")
        yield "passive", message, (start, end)
    yield from _find_medical_words(passage, known, named)


def _find_too_long(passage: Passage) -> Iterator[tuple[str, str, Span]]:
    for start, end in passage.sentences:
        count = len(split_words(passage.text[start:end]))
        if count > MAX_SENTENCE_WORDS:
            message = _("This sentence has {number} words. Split it: use at most {most}.")
            yield (
                "long-sentence",
                message.format(number=count, most=MAX_SENTENCE_WORDS),
                (start, end),
            )
    if len(passage.sentences) > MAX_PARAGRAPH_SENTENCES:
        message = _("This paragraph has {number} sentences. Begin a new one after {most}.")
        span = (0, len(passage.text))
        yield (
            "long-paragraph",
            message.format(number=len(passage.sentences), most=MAX_PARAGRAPH_SENTENCES),
            span,
        )


def _find_medical_words(
    passage: Passage, known: PhraseMatcher, named: set[str]
) -> Iterator[tuple[str, str, Span]]:
    """Yield block medical word once per text, at its first use."""
    explained = _glossary_word_starts(passage, known)
    listed = {start: (word, end) for word, start, end in medical_word_matcher().find(passage)}
    for word in passage.words:
        entry, end = listed.get(word.start, ("", word.end))
        if not entry and sounds_medical(word.text):
            entry = word.text
        if not entry or entry in named or word.start in explained:
            continue
        named.add(entry)
        yield (
            "medical-word",
            _medical_word_message(passage.text[word.start : end], plain_alternatives().get(entry)),
            (word.start, end),
        )


def _glossary_word_starts(passage: Passage, known: PhraseMatcher) -> set[int]:
    """Return the starts of the words that are a glossary term or part of one."""
    terms = iter([(start, end) for _word, start, end in known.find(passage)])
    covered: set[int] = set()
    start, end = next(terms, (0, 0))
    for word in passage.words:
        while end and word.start >= end:
            start, end = next(terms, (0, 0))
        if start <= word.start < end:
            covered.add(word.start)
    return covered


def _medical_word_message(word: str, plain: str | None) -> str:
    if plain:
        template = _("This is a medical word. Write “{plain}”, or add the word to the glossary.")
    else:
        template = _(
            "“{word}” looks like a medical word. Use everyday words, or add it to the glossary."
        )
    return template.format(word=word, plain=plain)
