"""Where documents and their rows are used: in working copies, and in what readers see.

One pass over the live editions and over the working copies that say something else. For one key it
reads only what holds that key; for a whole list it takes as long as reading all texts (two thousand
pages: six seconds), so only whoever asks for it waits for it.
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

# Keys of this form stand in stored texts letter by letter.
_PLAIN_KEY = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Referent:
    """What can be used: a document (kind, slug), a sign (checklist, key), a source
    (key), a word.
    """

    referent_type: Literal["document", "sign", "source", "word"]
    name: str
    scope: str = ""

    @classmethod
    def from_document_key(cls, key: DocumentKey) -> Referent:
        """A document as something that is used."""
        return cls("document", key.slug, scope=key.kind)


@dataclass(frozen=True)
class Reference:
    """A place where something is used: in which document and field, seen by whom, and where to edit
    it.
    """

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
        """Who sees this use, in words."""
        if not self.live:
            return _("Only in the working copy. Readers do not see it.")
        if self.in_working_copy:
            return _("Readers see it.")
        return _("Readers see it until the changed working copy is published.")


@dataclass(frozen=True)
class ReferableRow:
    """A row of a document that can be used: what it is called, its words, why not to rely on it."""

    referent: Referent
    label: str
    withdrawn: str = ""
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowReferences:
    """A row of a document, and each place where it is used."""

    row: ReferableRow
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class DocumentReferences:
    """The places where a document is used, and those of its rows, what was withdrawn first."""

    own: tuple[Reference, ...]
    rows: tuple[RowReferences, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything uses it."""
        return bool(self.own) or any(row.references for row in self.rows)


@dataclass
class _Location:
    """A place in one document, while it is not known yet who sees it."""

    version: _Version
    in_working_copy: bool = False
    live: bool = False


@dataclass(frozen=True)
class _Version:
    """What a document says, in its working copy, to readers, or alike in both."""

    document: Document
    content: Content
    in_working_copy: bool
    live: bool


@dataclass
class _Scan:
    """What is looked for, and the spots where it was found, by document and path."""

    referents: Mapping[Referent, re.Pattern[str] | None]
    locations: dict[Referent, dict[tuple[int, Path], _Location]] = field(default_factory=dict)

    def scan(self, version: _Version) -> None:
        """Note each place of `copy` where something wanted is used."""
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
                words = markdown.plain_text(text.text, inline=text.inline)
                yield from (
                    (referent, text.path) for referent, pattern in patterns if pattern.search(words)
                )


def find_document_references(document: Document) -> DocumentReferences:
    """Where `document` and its rows are used by others."""
    rows = list(referable_rows(document, document.working_copy().draft_content()))
    own = Referent.from_document_key(document.key)
    found = find_references([*rows, ReferableRow(own, "")], document)
    in_order = sorted(rows, key=lambda row: not row.withdrawn)
    return DocumentReferences(
        found[own], tuple(RowReferences(row, found[row.referent]) for row in in_order)
    )


def referable_rows(document: Document, content: Content) -> Iterator[ReferableRow]:
    """The rows of a document that others can use."""
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
    """Where documents of the same language, other than `document` itself, use each of
    its `rows`.
    """
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
    """What finds one of `words` as a whole word, in whatever case."""
    forms = "|".join(re.escape(word) for word in terms if word)
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE) if forms else None


def _versions(language: str, rows: Sequence[ReferableRow]) -> Iterator[_Version]:
    """Everything that documents of one language say, each text once."""
    live = Edition.objects.live().filter(document__language=language).select_related("document")
    # An edition remembers the revision of the working copy that it froze.
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
    """Only the editions that hold the one key that is looked for, where there is one."""
    keys = {row.referent.name for row in rows if row.referent.referent_type != "word"}
    if len(rows) > 1 or not keys or not all(_PLAIN_KEY.fullmatch(key) for key in keys):
        return editions
    return rows_containing(editions, ["data"], keys.pop())


def _outgoing_references(content: Content, language: str) -> Iterator[tuple[Referent, Path]]:
    """Everything that `content` points at, and where, glossary words aside."""
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
        # The edition that readers see may have its questions in another order than the working
        # copy.
        field_label = _("question {key}").format(key=content.questions[int(path[1])].key)
    return Reference(
        document,
        content.heading or document.slug,
        field_label,
        url,
        location.in_working_copy,
        location.live,
    )
