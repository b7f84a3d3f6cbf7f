"""Where documents and their rows are used: in working copies and live editions.

One pass over the live editions and the working copies that differ from them. A search for one key
reads only texts with that key; for a whole list it reads all texts (2,000 pages: six seconds), so
it runs only on request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from education import markdown
from education.articles.content import ArticleContent
from education.checklists.content import ChecklistContent
from education.publishing.checks.internal_links import linked_documents
from education.publishing.content import Content, DocumentKey, Path, Problem, markdown_texts
from education.publishing.models import Document, Edition
from education.references.content import GlossaryContent, SourceListContent
from education.selfcheck.content import SelfCheckContent
from education.staff.cross_references.images import rows_containing
from education.staff.workflow.problem_links import locate_field

# Keys of this form are not escaped in stored JSON.
_PLAIN_KEY = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Referent:
    """What can be referred to: a document (kind, slug), sign (checklist, key), source or term."""

    referent_type: Literal["document", "sign", "source", "word"]
    name: str
    scope: str = ""

    @classmethod
    def from_document_key(cls, key: DocumentKey) -> Referent:
        return cls("document", key.slug, scope=key.kind)


@dataclass(frozen=True)
class Reference:
    """A reference: in which document and field, who sees it, and where it is edited."""

    document: Document
    heading: str
    field_label: str
    url: str
    in_working_copy: bool
    live: bool

    def __str__(self) -> str:
        return f"{self.document.document_type.label} “{self.heading}”, {self.field_label}"

    @property
    def visibility_message(self) -> str:
        if not self.live:
            return _("Only in the working copy. Readers do not see it.")
        if self.in_working_copy:
            return _("Readers see it.")
        return _("Readers see it until the changed working copy is published.")


@dataclass(frozen=True)
class ReferableRow:
    """A row that can be referred to; `withdrawn`: why it should no longer be relied on."""

    referent: Referent
    label: str
    withdrawn: str = ""
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowReferences:
    """A row with the references to it."""

    row: ReferableRow
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class DocumentReferences:
    """The references to a document and to its rows, withdrawn rows first."""

    own: tuple[Reference, ...]
    rows: tuple[RowReferences, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.own) or any(row.references for row in self.rows)


@dataclass
class _Location:
    """A path in one document, with who sees it."""

    version: _Version
    in_working_copy: bool = False
    live: bool = False


@dataclass(frozen=True)
class _Version:
    """The content of a document in its working copy, its live edition, or both."""

    document: Document
    content: Content
    in_working_copy: bool
    live: bool


@dataclass
class _Scan:
    """The wanted referents, and where they were found, by document and path."""

    referents: Mapping[Referent, re.Pattern[str] | None]
    locations: dict[Referent, dict[tuple[int, Path], _Location]] = field(default_factory=dict)

    def scan(self, version: _Version) -> None:
        """Record each path of `version` with a wanted referent."""
        for referent, path in (
            *_outgoing_references(version.content, version.document.language),
            *self._term_references(version.content),
        ):
            if referent in self.referents:
                found = self.locations.setdefault(referent, {})
                location = found.setdefault((version.document.pk, path), _Location(version))
                location.in_working_copy |= version.in_working_copy
                location.live |= version.live

    def _term_references(self, content: Content) -> Iterator[tuple[Referent, Path]]:
        patterns = [(referent, pattern) for referent, pattern in self.referents.items() if pattern]
        if not patterns:
            return
        for text in markdown_texts(content):
            with suppress(markdown.MarkdownLimitError):
                plain_text = markdown.plain_text(text.text, inline=text.inline)
                yield from (
                    (referent, text.path)
                    for referent, pattern in patterns
                    if pattern.search(plain_text)
                )


def find_document_references(document: Document) -> DocumentReferences:
    """The references in other documents to `document` and its rows."""
    rows = list(referable_rows(document, document.working_copy().draft_content()))
    own = Referent.from_document_key(document.key)
    found = find_references([*rows, ReferableRow(own, "")], document)
    in_order = sorted(rows, key=lambda row: not row.withdrawn)
    return DocumentReferences(
        found[own], tuple(RowReferences(row, found[row.referent]) for row in in_order)
    )


def referable_rows(document: Document, content: Content) -> Iterator[ReferableRow]:
    if isinstance(content, ChecklistContent):
        for sign in content.signs:
            yield ReferableRow(
                Referent("sign", sign.key, scope=document.slug), f"{sign.key}: {sign.text}"
            )
    if isinstance(content, SourceListContent):
        for source in content.sources:
            yield ReferableRow(
                Referent("source", source.key), f"{source.key}: {source.title}", source.withdrawn
            )
    if isinstance(content, GlossaryContent):
        for term in content.terms:
            yield ReferableRow(
                Referent("word", term.word), term.word, terms=(term.word, *term.also)
            )


def find_references(
    rows: Sequence[ReferableRow], document: Document
) -> dict[Referent, tuple[Reference, ...]]:
    """The references to `rows` in other documents of the same language."""
    search = _Scan({row.referent: _term_pattern(row.terms) for row in rows})
    for version in _versions(document.language, rows):
        if version.document.pk != document.pk:
            search.scan(version)
    return {
        row.referent: tuple(
            _build_reference(path, location)
            for (_pk, path), location in sorted(
                search.locations.get(row.referent, {}).items(), key=_sort_key
            )
        )
        for row in rows
    }


def _sort_key(found: tuple[tuple[int, Path], _Location]) -> tuple[str, ...]:
    (_pk, path), location = found
    steps = (str(step).zfill(4) if isinstance(step, int) else step for step in path)
    return location.version.document.kind, location.version.document.slug, *steps


def _term_pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    """Matches any of `terms` as a whole word, ignoring case."""
    forms = "|".join(re.escape(word) for word in terms if word)
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE) if forms else None


def _versions(language: str, rows: Sequence[ReferableRow]) -> Iterator[_Version]:
    """The content of every document of a language, each text once."""
    live = Edition.objects.live().filter(document__language=language).select_related("document")
    # `lock_version` of an edition is that of the working copy that it froze.
    same = set(
        live.filter(lock_version=F("document__lock_version")).values_list("document", flat=True)
    )
    for edition in _prefiltered(live.defer("search_text"), rows):
        yield _Version(edition.document, edition.content, edition.document_id in same, live=True)
    for document in Document.objects.filter(language=language).exclude(pk__in=same):
        yield _Version(
            document, document.working_copy().draft_content(), in_working_copy=True, live=False
        )


def _prefiltered(editions: QuerySet[Edition], rows: Sequence[ReferableRow]) -> QuerySet[Edition]:
    """Only the editions that contain the wanted key, if there is just one."""
    keys = {row.referent.name for row in rows if row.referent.referent_type != "word"}
    if len(rows) > 1 or not keys or not all(_PLAIN_KEY.fullmatch(key) for key in keys):
        return editions
    return rows_containing(editions, ["data"], keys.pop())


def _outgoing_references(content: Content, language: str) -> Iterator[tuple[Referent, Path]]:
    """Everything that `content` refers to, with its path, except glossary terms."""
    for path, key, of_language in linked_documents(content):
        if of_language == language:
            yield Referent.from_document_key(key), path
    for text in markdown_texts(content):
        with suppress(markdown.MarkdownLimitError):
            yield from (
                (Referent("source", key), text.path) for key in markdown.cited_keys(text.text)
            )
    if isinstance(content, ArticleContent):
        yield from _article_references(content)
    elif isinstance(content, SelfCheckContent):
        yield from _self_check_references(content)
    elif isinstance(content, ChecklistContent):
        yield from ((Referent("source", key), path) for path, key in content.sign_citations())


def _article_references(content: ArticleContent) -> Iterator[tuple[Referent, Path]]:
    yield Referent("document", content.checklist, scope="checklist"), ("checklist",)
    for index, tag in enumerate(content.causes):
        if tag.cause:
            yield Referent("document", tag.cause, scope="cause"), ("causes", index, "cause")
    for index, key in enumerate(content.snippets):
        yield Referent("document", key, scope="snippet"), ("snippets", index)
    yield from ((Referent("source", key), ("adapted_from",)) for key in content.adapted_from)


def _self_check_references(content: SelfCheckContent) -> Iterator[tuple[Referent, Path]]:
    yield Referent("document", content.checklist, scope="checklist"), ("checklist",)
    for index, question in enumerate(content.questions):
        for number, choice in enumerate(question.choices):
            if choice.sign:
                yield (
                    Referent("sign", choice.sign, scope=content.checklist),
                    ("questions", index, "choices", number),
                )
    for index, outcome in enumerate(content.outcomes):
        yield from (
            (Referent.from_document_key(key), ("outcomes", index, "read"))
            for key in outcome.pages()
        )


def _build_reference(path: Path, location: _Location) -> Reference:
    document, content = location.version.document, location.version.content
    url, field_label = locate_field(Problem(document.key, path, ""), document)
    if isinstance(content, SelfCheckContent) and path[0] == "questions":
        # In the live edition the questions may be in another order than in the working copy.
        field_label = _("question {number}").format(number=int(path[1]) + 1)
    return Reference(
        document,
        content.heading or document.slug,
        field_label,
        url,
        location.in_working_copy,
        location.live,
    )
