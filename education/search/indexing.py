"""What of an edition can be found, written into the index when it is frozen, or for all editions anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.text import slugify

from education import markdown
from education.publishing.models import Edition
from education.references.content import GlossaryContent
from education.search.index import Index, Words
from education.search.models import IndexEntry, VocabularyWord
from education.search.postgresql import PostgresqlIndex
from education.search.sqlite import SqliteIndex
from education.search.words import EMPTY_WORDS, Token, tokenize

# Counted up whenever what is written here, or how words are read, changes: the index is then made anew.
VERSION = 1
FOUND_KINDS = ("article", "cause", "checklist", "self-check", "glossary")
SHORTEST_KNOWN, BATCH = 3, 200

Progress = Callable[[int, int], None]


def index() -> Index:
    """The index of the database in use."""
    return PostgresqlIndex() if connection.vendor == "postgresql" else SqliteIndex()


def is_current() -> bool:
    """Whether every edition can be found in the index, and it has the form that this program reads."""
    indexed = IndexEntry.objects.filter(edition=OuterRef("pk"), version=VERSION)
    missing = Edition.objects.filter(~Exists(indexed), document__kind__in=FOUND_KINDS)
    return index().exists() and not missing.exists()


def rebuild(progress: Progress = lambda done, total: None) -> int:
    """Make the whole index anew; the number of editions in it. Readers meanwhile find by the old one."""
    editions = Edition.objects.filter(document__kind__in=FOUND_KINDS).select_related("document")
    with transaction.atomic():
        IndexEntry.objects.all().delete()
        VocabularyWord.objects.all().delete()
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
    IndexEntry.objects.bulk_create(found)
    rows: list[Words] = []
    content: dict[str, set[str]] = defaultdict(set)
    for entry in found:
        fields = [
            list(tokenize(field, entry.language))
            for field in (
                entry.name,
                "\n".join(entry.also),
                entry.summary,
                entry.text or texts[entry.edition_id],
            )
        ]
        rows.append(_words(entry.pk, fields))
        content[entry.language].update(word.normalized for field in fields for word in field)
    index().write(rows)
    for language, words in content.items():
        _learn(language, words)


def _entries(edition: Edition) -> Iterator[IndexEntry]:
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
    content = edition.content if document.kind == "glossary" else None
    if not isinstance(content, GlossaryContent):
        summary = edition.abstract
        yield IndexEntry(**common, name=edition.heading, also=list(edition.synonyms), summary=summary)
        return
    for term in content.terms:
        meaning = markdown.plain_text(term.meaning, inline=True)
        yield IndexEntry(
            **common,
            name=term.word,
            anchor=slugify(term.word),
            also=list(term.also),
            summary=meaning,
            text=meaning,
        )


def _words(pk: int, fields: list[list[Token]]) -> Words:
    """The stems of a name, other names, a summary and a text; of all of them together each once."""
    name, also, summary = (" ".join(word.stem for word in field) for field in fields[:3])
    body = dict.fromkeys(word.stem for field in fields for word in field)
    return Words(pk, name, also, summary, " ".join(body))


def _learn(language: str, words: set[str]) -> None:
    """Know these words, so that near spellings can be proposed."""
    wanted = {word for word in words if len(word) >= SHORTEST_KNOWN and word.isalpha()} - EMPTY_WORDS
    known = VocabularyWord.objects.filter(language=language, word__in=wanted).values_list("word", flat=True)
    new = sorted(wanted - set(known))
    added = VocabularyWord.objects.bulk_create(VocabularyWord(language=language, word=word) for word in new)
    index().learn([(row.pk, row.word) for row in added])
