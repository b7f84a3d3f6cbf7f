"""Writing editions into the search index: one when it is frozen, or all of them again."""

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
from education.search.backends.base import EntryStems, SearchBackend
from education.search.backends.postgresql import PostgresqlBackend
from education.search.backends.sqlite import SqliteBackend
from education.search.models import IndexEntry, VocabularyWord
from education.search.tokenizer import STOP_WORDS, Token, tokenize

# Raise it whenever the entries or the tokenizer change: the index is then rebuilt at startup.
INDEX_VERSION = 1
INDEXED_KINDS = ("article", "cause", "checklist", "self-check", "glossary")
# Shorter words have too many similar words to correct them.
MIN_VOCABULARY_LENGTH = 3
# Editions in memory at one time during a rebuild.
BATCH_SIZE = 200

Progress = Callable[[int, int], None]


def get_backend() -> SearchBackend:
    """The index for the database in use."""
    return PostgresqlBackend() if connection.vendor == "postgresql" else SqliteBackend()


def is_up_to_date() -> bool:
    """Whether the index has every edition, in the current `INDEX_VERSION`."""
    indexed = IndexEntry.objects.filter(edition=OuterRef("pk"), version=INDEX_VERSION)
    missing = Edition.objects.filter(~Exists(indexed), document__kind__in=INDEXED_KINDS)
    return get_backend().exists() and not missing.exists()


def rebuild(progress: Progress = lambda done, total: None) -> int:
    """Rebuild the whole index and return the number of editions in it.

    Searches use the old index until it is done. `progress` gets the numbers done and in total.
    """
    editions = Edition.objects.filter(document__kind__in=INDEXED_KINDS).select_related("document")
    with transaction.atomic():
        IndexEntry.objects.all().delete()
        VocabularyWord.objects.all().delete()
        get_backend().create()
        total, done = editions.count(), 0
        rows = editions.order_by("pk").iterator(chunk_size=BATCH_SIZE)
        while batch := list(islice(rows, BATCH_SIZE)):
            index_editions(*batch)
            done += len(batch)
            progress(done, total)
        return done


def index_editions(*editions: Edition) -> None:
    """Add frozen editions to the index."""
    entries = [entry for edition in editions for entry in _build_entries(edition)]
    texts = {edition.pk: edition.search_text for edition in editions}
    IndexEntry.objects.bulk_create(entries)
    rows: list[EntryStems] = []
    vocabulary: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        text = entry.text or texts[entry.edition_id]
        columns = (entry.name, "\n".join(entry.also), entry.summary, text)
        fields = [_tokenize(column, entry.language) for column in columns]
        rows.append(_entry_stems(entry.pk, fields))
        vocabulary[entry.language].update(word.normalized for field in fields for word in field)
    get_backend().add_entries(rows)
    for language, words in vocabulary.items():
        _update_vocabulary(language, words)


def _tokenize(text: str, language: str) -> list[Token]:
    """The words of a text as it reads without a number of the clinic, which may change later."""
    with markdown.emergency_number_from(lambda: ""):
        return list(tokenize(markdown.fill_placeholders(text), language))


def _build_entries(edition: Edition) -> Iterator[IndexEntry]:
    document = edition.document
    if document.kind not in INDEXED_KINDS:
        return
    common = {
        "edition": edition,
        "document_id": document.pk,
        "kind": document.kind,
        "language": document.language,
        "version": INDEX_VERSION,
    }
    content = edition.content if document.kind == "glossary" else None
    if not isinstance(content, GlossaryContent):
        also = list(edition.synonyms)
        yield IndexEntry(**common, name=edition.heading, also=also, summary=edition.abstract)
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


def _entry_stems(pk: int, fields: list[list[Token]]) -> EntryStems:
    """The stems of an entry. `fields`: the tokens of its name, other names, summary and text."""
    name, also, summary = (" ".join(word.stem for word in field) for field in fields[:3])
    body = dict.fromkeys(word.stem for field in fields for word in field)
    return EntryStems(pk, name, also, summary, " ".join(body))


def _update_vocabulary(language: str, words: set[str]) -> None:
    """Add new words to those that similar spellings are looked up in."""
    wanted = {
        word for word in words if len(word) >= MIN_VOCABULARY_LENGTH and word.isalpha()
    } - STOP_WORDS
    known = VocabularyWord.objects.filter(language=language, word__in=wanted).values_list(
        "word", flat=True
    )
    new = sorted(wanted - set(known))
    added = VocabularyWord.objects.bulk_create(
        VocabularyWord(language=language, word=word) for word in new
    )
    get_backend().add_vocabulary([(row.pk, row.word) for row in added])
