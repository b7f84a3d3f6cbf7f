"""Finds sentences of other live texts that a change may have made wrong.

A sentence is related if it states the same old quantity and shares two words with the changed one,
or shows a warning sign whose text changed. A person decides whether it still fits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Q

from education import markdown
from education.plain_language.parsing.segmentation import split_sentences
from education.plain_language.quantities import Quantity, find_quantities, unit_forms
from education.plain_language.stems import tokenize
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import Content, ContentPart, Path, SharedRow, markdown_texts
from education.publishing.diff.fields import content_field, row_label
from education.publishing.models import Document, Edition, EditionDependency

MAX_EDITIONS, MAX_STATEMENTS = 300, 50
MIN_SHARED_WORDS = 2
# Shorter words, such as "and" or "it", occur in every sentence.
MIN_WORD_LENGTH = 4
Amount = tuple[Fraction | None, str]


@dataclass(frozen=True)
class ContentChange:
    """The live content of a document (None if there is none) and the content to publish."""

    document: Document
    before: Content | None
    after: Content


@dataclass(frozen=True)
class RelatedStatement:
    """A sentence that may be outdated, and what it shares with a change.

    `heading` is the name of the document after the change; `path` leads to the field, `labels` are
    its steps in words.
    """

    document: Document
    heading: str
    path: Path
    labels: tuple[str, ...]
    sentence: str
    shared: str


def find_related_statements(
    changes: Sequence[ContentChange], site: SiteSnapshot
) -> tuple[RelatedStatement, ...]:
    """The sentences that share a sign or a quantity with one of `changes`.

    Searches the unchanged sentences of the documents that change, and the live texts on `site` in
    the same language: at most `MAX_EDITIONS` editions, for at most `MAX_STATEMENTS` statements. One
    query, or none if nothing can be shared.
    """
    facts = [fact for change in changes for fact in _removed_facts(change)]
    rows = dict(row for change in changes for row in _changed_rows(change))
    if not facts and not rows:
        return ()
    contents = [(change.document, change.after) for change in changes]
    contents += [
        (edition.document, edition.content) for edition in _candidates(changes, facts, rows, site)
    ]
    fresh = {(change.document.pk, text) for change in changes for text in _new_sentences(change)}
    found: dict[RelatedStatement, None] = {}
    for document, content in contents:
        for statement in _statements(content, document.language):
            shared = _find_shared(statement, facts, rows)
            if shared and (document.pk, statement.text) not in fresh:
                text = statement.text or shared
                related = RelatedStatement(
                    document, content.heading, statement.path, statement.labels, text, shared
                )
                found[related] = None
    return tuple(found)[:MAX_STATEMENTS]


@dataclass(frozen=True)
class _Statement:
    """A sentence of a content; `field` is its path with row identities instead of positions."""

    text: str
    path: Path
    labels: tuple[str, ...]
    field: tuple[str, ...]
    language: str
    row: SharedRow | None = None

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return find_quantities(self.text, self.language)

    @cached_property
    def amounts(self) -> frozenset[Amount]:
        return frozenset(
            quantity.amount for quantity in self.quantities if quantity.value is not None
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words, without quantities and their units."""
        positions = {
            position for each in self.quantities for position in range(each.start, each.end)
        }
        return frozenset(
            word.stem
            for word in tokenize(self.text, self.language)
            if word.start not in positions and len(word.normalized) >= MIN_WORD_LENGTH
        )


@dataclass(frozen=True)
class _Fact:
    """A quantity that a sentence no longer states."""

    statement: _Statement
    amount: Amount
    text: str


def _removed_facts(change: ContentChange) -> Iterator[_Fact]:
    """The quantities of removed sentences that the same field no longer states."""
    if change.before is None:
        return
    language = change.document.language
    before, after = (list(_statements(side, language)) for side in (change.before, change.after))
    texts_after = Counter((statement.field, statement.text) for statement in after)
    amounts_after = {
        (statement.field, amount) for statement in after for amount in statement.amounts
    }
    for statement in before:
        if texts_after[statement.field, statement.text]:
            continue
        for quantity in statement.quantities:
            if (
                quantity.value is not None
                and (statement.field, quantity.amount) not in amounts_after
            ):
                text = statement.text[quantity.start : quantity.end]
                yield _Fact(statement, quantity.amount, text)


def _new_sentences(change: ContentChange) -> Iterator[str]:
    """The sentences that the change adds, which its author has just read."""
    language = change.document.language
    known = (
        {statement.text for statement in _statements(change.before, language)}
        if change.before
        else set()
    )
    yield from (s.text for s in _statements(change.after, language) if s.text not in known)


def _changed_rows(change: ContentChange) -> Iterator[tuple[SharedRow, str]]:
    """The shared rows whose text or level changed, with their new text."""
    if change.before is None:
        return
    before, after = change.before.shared_rows(), change.after.shared_rows()
    for key, row in before.items():
        if after.get(key) != row:
            yield (change.document.key, key), after.get(key, row)[0]


def _find_shared(
    statement: _Statement, facts: Sequence[_Fact], rows: Mapping[SharedRow, str]
) -> str:
    """What a statement has in common with a change; empty for nothing."""
    if statement.row and statement.row in rows:
        return rows[statement.row]
    for fact in facts:
        if (
            fact.amount in statement.amounts
            and len(fact.statement.stems & statement.stems) >= MIN_SHARED_WORDS
        ):
            return fact.text
    return ""


def _candidates(
    changes: Sequence[ContentChange],
    facts: Sequence[_Fact],
    rows: Mapping[SharedRow, str],
    site: SiteSnapshot,
) -> Iterable[Edition]:
    """The live editions that may state one of `facts` or show one of `rows`."""
    language = changes[0].document.language
    documents = [change.document.pk for change in changes]
    matches = Q()
    for form in {form for fact in facts for form in _search_forms(fact, language)}:
        matches |= Q(search_text__icontains=form)
    if rows:
        matches |= Q(
            pk__in=EditionDependency.objects.filter(document__in=documents).values("edition")
        )
    live = Edition.objects.live(site.at).filter(matches, document__language=language)
    live = live.exclude(document__in=documents).select_related("document").defer("search_text")
    return live.order_by("document__kind", "document__slug")[:MAX_EDITIONS]


def _search_forms(fact: _Fact, language: str) -> Iterable[str]:
    """Strings of which at least one occurs in every text that states the quantity."""
    _value, unit = fact.amount
    return unit_forms(unit, language) or (fact.text,)


def _statements(content: Content, language: str) -> Iterator[_Statement]:
    """The sentences of a content, and the rows of others that it shows."""
    for path, row in content.shown_rows():
        labels, field = _locate(content, path)
        yield _Statement("", path, labels, field, language, row)
    for text in markdown_texts(content):
        labels, field = _locate(content, text.path)
        with suppress(markdown.MarkdownLimitError):
            for block in markdown.read_blocks(text.text, inline=text.inline):
                for start, end in split_sentences(block.text):
                    yield _Statement(block.text[start:end], text.path, labels, field, language)


def _get_label(part: ContentPart, name: str) -> str:
    return content_field(type(part), name).label


def _locate(content: Content, path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The steps of a path as labels, and as identities that do not depend on the order of rows."""
    labels: list[str] = []
    field: list[str] = []
    part: Any = content
    for step in path:
        if isinstance(step, int):
            part = part[step]
            is_row = isinstance(part, ContentPart)
            labels.append(row_label(part, step) if is_row else str(step + 1))
            field.append(part.identity or str(step) if is_row else "")
        else:
            labels.append(_get_label(part, step))
            field.append(step)
            part = getattr(part, step)
    return tuple(labels), tuple(field)
