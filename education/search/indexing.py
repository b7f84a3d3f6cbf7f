"""What of an edition can be found, written into the index when it is frozen, or for all editions anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.text import slugify

from education import prose
from education.publishing.models import Edition
from education.references.content import GlossaryContent
from education.search.index import Index, Words
from education.search.models import Entry, KnownWord
from education.search.postgresql import PostgresqlIndex
from education.search.sqlite import SqliteIndex
from education.search.words import EMPTY_WORDS, stems_of, words_of

# Counted up whenever what is written here, or how words are read, changes: the index is then made anew.
VERSION = 1
FOUND_KINDS = ("article", "cause", "checklist", "self-check", "glossary")
SHORTEST_KNOWN, BATCH = 3, 500

Progress = Callable[[int, int], None]


def index() -> Index:
    """The index of the database in use."""
    return PostgresqlIndex() if connection.vendor == "postgresql" else SqliteIndex()


def is_current() -> bool:
    """Whether every edition can be found in the index, and it has the form that this program reads."""
    indexed = Entry.objects.filter(edition=OuterRef("pk"), version=VERSION)
    missing = Edition.objects.filter(~Exists(indexed), document__kind__in=FOUND_KINDS)
    return index().exists() and not missing.exists()


def rebuild(progress: Progress = lambda done, total: None) -> int:
    """Make the whole index anew; the number of editions in it. Readers meanwhile find by the old one."""
    editions = Edition.objects.filter(document__kind__in=FOUND_KINDS).select_related("document")
    with transaction.atomic():
        Entry.objects.all().delete()
        KnownWord.objects.all().delete()
        index().create()
        total, done = editions.count(), 0
        rows = editions.order_by("pk").iterator(chunk_size=BATCH)
        while batch := list(islice(rows, BATCH)):
            write(*batch)
            done += len(batch)
            progress(done, total)
        return done


def write(*editions: Edition) -> None:
    """Put frozen editions into the index."""
    found = [entry for edition in editions for entry in _entries(edition)]
    texts = {edition.pk: edition.search_text for edition in editions}
    Entry.objects.bulk_create(found)
    index().write([_words(entry, entry.text or texts[entry.edition_id]) for entry in found])
    _learn(found, texts)


def _entries(edition: Edition) -> Iterator[Entry]:
    document = edition.document
    if document.kind not in FOUND_KINDS:
        return
    common = {
        "edition": edition,
        "document_id": document.pk,
        "kind": document.kind,
        "language": document.language,
        "version": VERSION,
    }
    said = edition.said if document.kind == "glossary" else None
    if not isinstance(said, GlossaryContent):
        summary = edition.abstract
        yield Entry(**common, name=edition.heading, also=list(edition.synonyms), summary=summary)
        return
    for term in said.terms:
        meaning = prose.plain_text(term.meaning, inline=True)
        yield Entry(
            **common,
            name=term.word,
            anchor=slugify(term.word),
            also=list(term.also),
            summary=meaning,
            text=meaning,
        )


def _words(entry: Entry, text: str) -> Words:
    def stems(*texts: str) -> str:
        return " ".join(stem for each in texts for stem in stems_of(each, entry.language))

    return Words(
        pk=entry.pk,
        name=stems(entry.name),
        also=stems(*entry.also),
        summary=stems(entry.summary),
        body=stems(entry.name, *entry.also, entry.summary, text),
    )


def _learn(entries: list[Entry], texts: dict[int, str]) -> None:
    """Know the words of `entries`, so that near spellings can be proposed."""
    words: dict[tuple[str, str], None] = {}
    for entry in entries:
        for text in (entry.name, *entry.also, entry.summary, entry.text or texts[entry.edition_id]):
            for word in words_of(text, entry.language):
                if len(word.bare) >= SHORTEST_KNOWN and word.bare.isalpha() and word.bare not in EMPTY_WORDS:
                    words[entry.language, word.bare] = None
    for language in {language for language, _word in words}:
        wanted = {word for spoken, word in words if spoken == language}
        known = KnownWord.objects.filter(language=language, word__in=wanted).values_list("word", flat=True)
        new = sorted(wanted - set(known))
        added = KnownWord.objects.bulk_create(KnownWord(language=language, word=word) for word in new)
        index().learn([(row.pk, row.word) for row in added])
