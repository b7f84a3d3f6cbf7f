"""What in a text could be plainer, and what must not be there: each with what to do, and the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from education.plain_language.blocks import Kind, Layout, Span
from education.plain_language.claims import claim
from education.plain_language.doses import doses_in
from education.plain_language.medical_words import PLAIN, sounds_medical
from education.plain_language.medicines import BRANDS
from education.plain_language.passive import passives
from education.plain_language.phrases import Phrases
from education.plain_language.sentences import Passage, words

MOST_WORDS = 20
MOST_SENTENCES = 3
MOST_ITEMS = 7
_SHOWN_CHARS = 80
_BRANDS = Phrases(BRANDS)
_MEDICAL_WORDS = Phrases(PLAIN)


@dataclass(frozen=True)
class Finding:
    """One place of a text. `start` and `end` are code points of the text as it was passed."""

    code: str
    blocking: bool
    message: str
    start: int
    end: int
    excerpt: str


def findings_of(text: str, layout: Layout, read: list[Passage], known: Phrases) -> list[Finding]:
    """All findings, in the order of the text."""
    found = list(_in_lists(text, layout))
    named: set[str] = set()
    for passage in read:
        for code, message, span in _in_passage(passage, known, named):
            found.append(_finding(text, code, message, passage.span(*span)))
    found += dose_findings(text, read)
    found += brand_findings(text, read)
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.code))


def dose_findings(text: str, read: list[Passage]) -> list[Finding]:
    """What looks like a dose or a strength of a medicine. It blocks: a reader may take what the page says."""
    message = _("This looks like a dose or a strength. Take it out: a doctor or pharmacist says how much.")
    return [
        _finding(text, "dose", message, passage.span(*span), blocking=True)
        for passage in read
        for span in doses_in(passage)
    ]


def brand_findings(text: str, read: list[Passage]) -> list[Finding]:
    """Brand names of medicines and skin products."""
    message = _("This is a brand name. Write what the medicine or product is called in general.")
    return [
        _finding(text, "brand", message, passage.span(start, end))
        for passage in read
        for _name, start, end in _BRANDS.found(passage)
    ]


def long_list(items: int) -> str:
    """What to say of a list of so many items."""
    return _(
        "This list has {number} items. Use at most {most}, or make two lists with a heading each."
    ).format(number=items, most=MOST_ITEMS)


def _finding(text: str, code: str, message: str, span: Span, *, blocking: bool = False) -> Finding:
    start, end = span
    excerpt = " ".join(text[start : min(end, start + 2 * _SHOWN_CHARS)].split())
    if len(excerpt) > _SHOWN_CHARS or end > start + 2 * _SHOWN_CHARS:
        excerpt = excerpt[:_SHOWN_CHARS].rstrip() + "…"
    return Finding(code, blocking, message, start, end, excerpt)


def _in_lists(text: str, layout: Layout) -> Iterator[Finding]:
    for each in layout.lists:
        if each.items > MOST_ITEMS:
            yield _finding(text, "long-list", long_list(each.items), (each.start, each.end))


def _in_passage(passage: Passage, known: Phrases, named: set[str]) -> Iterator[tuple[str, str, Span]]:
    if passage.kind in {Kind.PARAGRAPH, Kind.ITEM}:
        yield from _too_long(passage)
        if place := claim(passage):
            message = _("This states a fact. Name its source here, as in [@source-key].")
            yield "no-citation", message, place
    for start, end in passives(passage):
        message = _("This does not say who does it. Try to say who, as in “A doctor treats it”.")
        yield "passive", message, (start, end)
    yield from _medical_words(passage, known, named)


def _too_long(passage: Passage) -> Iterator[tuple[str, str, Span]]:
    for start, end in passage.sentences:
        count = len(words(passage.text[start:end]))
        if count > MOST_WORDS:
            message = _("This sentence has {number} words. Split it: use at most {most}.")
            yield "long-sentence", message.format(number=count, most=MOST_WORDS), (start, end)
    if len(passage.sentences) > MOST_SENTENCES:
        message = _("This paragraph has {number} sentences. Begin a new one after {most}.")
        span = (0, len(passage.text))
        yield "long-paragraph", message.format(number=len(passage.sentences), most=MOST_SENTENCES), span


def _medical_words(passage: Passage, known: Phrases, named: set[str]) -> Iterator[tuple[str, str, Span]]:
    """Each word once in a text, where it is first written."""
    explained = _covered(passage, known)
    listed = {start: (word, end) for word, start, end in _MEDICAL_WORDS.found(passage)}
    for word in passage.words:
        entry, end = listed.get(word.start, ("", word.end))
        if not entry and sounds_medical(word.text):
            entry = word.text
        if not entry or entry in named or word.start in explained:
            continue
        named.add(entry)
        yield "medical-word", _medical(passage.text[word.start : end], PLAIN.get(entry)), (word.start, end)


def _covered(passage: Passage, known: Phrases) -> set[int]:
    """Where the words begin that stand in the glossary, alone or as part of a term."""
    terms = iter([(start, end) for _word, start, end in known.found(passage)])
    covered: set[int] = set()
    start, end = next(terms, (0, 0))
    for word in passage.words:
        while end and word.start >= end:
            start, end = next(terms, (0, 0))
        if start <= word.start < end:
            covered.add(word.start)
    return covered


def _medical(word: str, plain: str | None) -> str:
    if plain:
        template = _("This is a medical word. Write “{plain}”, or add the word to the glossary.")
    else:
        template = _("“{word}” looks like a medical word. Use everyday words, or add it to the glossary.")
    return template.format(word=word, plain=plain)
