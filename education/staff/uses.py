"""Where documents and their rows are used: in working copies, and in what readers see.

One pass over the live editions and over the working copies that say something else. For one key it reads
only what holds that key; for a whole list it takes as long as reading all texts (two thousand pages: six
seconds), so only whoever asks for it waits for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

from django.contrib import admin
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
from education.staff.mentions import containing

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin

# Keys of this form stand in stored texts letter by letter.
_PLAIN_KEY = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Used:
    """What can be used: a document (kind, slug), a sign (checklist, key), a source (key), a word."""

    sort: Literal["document", "sign", "source", "word"]
    name: str
    of: str = ""

    @classmethod
    def document(cls, key: DocumentKey) -> Used:
        """A document as something that is used."""
        return cls("document", key.slug, of=key.kind)


@dataclass(frozen=True)
class Use:
    """A place where something is used: in which document and field, seen by whom, and where to edit it."""

    document: Document
    heading: str
    place: str
    address: str
    in_working_copy: bool
    live: bool

    def __str__(self) -> str:
        return f"{self.document.document_type.label} “{self.heading}”, {self.place}"

    @property
    def seen_by(self) -> str:
        """Who sees this use, in words."""
        if not self.live:
            return _("Only in the working copy. Readers do not see it.")
        if self.in_working_copy:
            return _("Readers see it.")
        return _("Readers see it until the changed working copy is published.")


@dataclass(frozen=True)
class Row:
    """A row of a document that can be used: what it is called, its words, why not to rely on it."""

    used: Used
    label: str
    withdrawn: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowUses:
    """A row of a document, and each place where it is used."""

    row: Row
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class DocumentUses:
    """The places where a document is used, and those of its rows, what was withdrawn first."""

    own: tuple[Use, ...]
    rows: tuple[RowUses, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything uses it."""
        return bool(self.own) or any(row.uses for row in self.rows)


@dataclass
class _Spot:
    """A place in one document, while it is not known yet who sees it."""

    copy: _Copy
    in_working_copy: bool = False
    live: bool = False


@dataclass(frozen=True)
class _Copy:
    """What a document says, in its working copy, to readers, or alike in both."""

    document: Document
    content: Content
    in_working_copy: bool
    live: bool


@dataclass
class _Search:
    """What is looked for, and the spots where it was found, by document and path."""

    wanted: Mapping[Used, re.Pattern[str] | None]
    spots: dict[Used, dict[tuple[int, Path], _Spot]] = field(default_factory=dict)

    def read(self, copy: _Copy) -> None:
        """Note each place of `copy` where something wanted is used."""
        for used, path in (*_points(copy.content, copy.document.language), *self._words(copy.content)):
            if used in self.wanted:
                found = self.spots.setdefault(used, {})
                spot = found.setdefault((copy.document.pk, path), _Spot(copy))
                spot.in_working_copy |= copy.in_working_copy
                spot.live |= copy.live

    def _words(self, content: Content) -> Iterator[tuple[Used, Path]]:
        patterns = [(used, pattern) for used, pattern in self.wanted.items() if pattern]
        if not patterns:
            return
        for text in markdown_texts(content):
            with suppress(markdown.MarkdownLimitError):
                words = markdown.plain_text(text.text, inline=text.inline)
                yield from ((used, text.path) for used, pattern in patterns if pattern.search(words))


def uses_of(document: Document) -> DocumentUses:
    """Where `document` and its rows are used by others."""
    rows = list(rows_of(document, document.working_copy().draft_content()))
    own = Used.document(document.key)
    found = find([*rows, Row(own, "")], document)
    in_order = sorted(rows, key=lambda row: not row.withdrawn)
    return DocumentUses(found[own], tuple(RowUses(row, found[row.used]) for row in in_order))


def rows_of(document: Document, content: Content) -> Iterator[Row]:
    """The rows of a document that others can use."""
    if isinstance(content, ChecklistContent):
        for sign in content.signs:
            yield Row(Used("sign", sign.key, of=document.slug), f"{sign.key}: {sign.text}")
    if isinstance(content, SourceListContent):
        for source in content.sources:
            yield Row(Used("source", source.key), f"{source.key}: {source.title}", source.withdrawn)
    if isinstance(content, GlossaryContent):
        for term in content.terms:
            yield Row(Used("word", term.word), term.word, words=(term.word, *term.also))


def find(rows: Sequence[Row], document: Document) -> dict[Used, tuple[Use, ...]]:
    """Where documents of the same language, other than `document` itself, use each of its `rows`."""
    search = _Search({row.used: _pattern(row.words) for row in rows})
    for copy in _copies(document.language, rows):
        if copy.document.pk != document.pk:
            search.read(copy)
    return {
        row.used: tuple(
            _use(path, spot)
            for (_pk, path), spot in sorted(search.spots.get(row.used, {}).items(), key=_rank)
        )
        for row in rows
    }


def _rank(found: tuple[tuple[int, Path], _Spot]) -> tuple[str, ...]:
    (_pk, path), spot = found
    steps = (str(step).zfill(4) if isinstance(step, int) else step for step in path)
    return spot.copy.document.kind, spot.copy.document.slug, *steps


def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """What finds one of `words` as a whole word, in whatever case."""
    forms = "|".join(re.escape(word) for word in words if word)
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE) if forms else None


def _copies(language: str, rows: Sequence[Row]) -> Iterator[_Copy]:
    """Everything that documents of one language say, each text once."""
    live = Edition.objects.live().filter(document__language=language).select_related("document")
    # An edition remembers the revision of the working copy that it froze.
    same = set(live.filter(lock_version=F("document__lock_version")).values_list("document", flat=True))
    for edition in _narrowed(live.defer("search_text"), rows):
        yield _Copy(edition.document, edition.content, edition.document_id in same, live=True)
    for document in Document.objects.filter(language=language).exclude(pk__in=same):
        yield _Copy(document, document.working_copy().draft_content(), in_working_copy=True, live=False)


def _narrowed(editions: QuerySet[Edition], rows: Sequence[Row]) -> QuerySet[Edition]:
    """Only the editions that hold the one key that is looked for, where there is one."""
    keys = {row.used.name for row in rows if row.used.sort != "word"}
    if len(rows) > 1 or not keys or not all(_PLAIN_KEY.fullmatch(key) for key in keys):
        return editions
    return containing(editions, ["data"], keys.pop())


def _points(content: Content, language: str) -> Iterator[tuple[Used, Path]]:
    """Everything that `content` points at, and where, glossary words aside."""
    for path, key, of_language in linked_documents(content):
        if of_language == language:
            yield Used.document(key), path
    for text in markdown_texts(content):
        with suppress(markdown.MarkdownLimitError):
            yield from ((Used("source", key), text.path) for key in markdown.cited_keys(text.text))
    if isinstance(content, ArticleContent):
        yield from _points_of_article(content)
    elif isinstance(content, SelfCheckContent):
        yield from _points_of_self_check(content)
    elif isinstance(content, ChecklistContent):
        yield from ((Used("source", key), path) for path, key in content.sign_citations())


def _points_of_article(content: ArticleContent) -> Iterator[tuple[Used, Path]]:
    yield Used("document", content.checklist, of="checklist"), ("checklist",)
    for index, tag in enumerate(content.causes):
        yield Used("document", tag.cause, of="cause"), ("causes", index, "cause")
    for index, key in enumerate(content.snippets):
        yield Used("document", key, of="snippet"), ("snippets", index)
    yield from ((Used("source", key), ("adapted_from",)) for key in content.adapted_from)


def _points_of_self_check(content: SelfCheckContent) -> Iterator[tuple[Used, Path]]:
    yield Used("document", content.checklist, of="checklist"), ("checklist",)
    for index, question in enumerate(content.questions):
        for number, choice in enumerate(question.choices):
            if choice.sign:
                yield Used("sign", choice.sign, of=content.checklist), ("questions", index, "choices", number)
    for index, outcome in enumerate(content.outcomes):
        yield from ((Used.document(key), ("outcomes", index, "read")) for key in outcome.pages())


def _use(path: Path, spot: _Spot) -> Use:
    document, content = spot.copy.document, spot.copy.content
    desk = cast("DocumentAdmin", admin.site.get_model_admin(document.document_type.model))
    address, place = desk.field_of(Problem(document.key, path, ""), document)
    if isinstance(content, SelfCheckContent) and path[0] == "questions":
        # The edition that readers see may have its questions in another order than the working copy.
        place = _("question {key}").format(key=content.questions[int(path[1])].key)
    return Use(document, content.heading or document.slug, place, address, spot.in_working_copy, spot.live)
