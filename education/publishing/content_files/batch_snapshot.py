"""The site as if all files were published: what their references are checked against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing import document_types
from education.publishing.checks import publication_checks
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import ActionRefused, Content, DocumentKey, Path
from education.publishing.content_files.batch import FileBatch, LoadedFile
from education.publishing.content_files.discovery import relative_path
from education.publishing.content_files.errors import FileError, closest_match
from education.publishing.models import Document, Edition


class BatchSnapshot(SiteSnapshot):
    """Each document as a file of the run says it, or else as its working copy does."""

    def __init__(self, batch: FileBatch):
        super().__init__(timezone.now())
        self.batch = batch
        self._slugs: dict[tuple[str, str], set[str]] = {}

    def live_edition(self, key: DocumentKey, language: str) -> Edition | None:
        """What the document says; None when it cannot be read, or does not exist."""
        if (key, language) not in self._live:
            content = self._content(key, language)
            self._live[key, language] = (
                _unsaved_edition(key, language, content) if content else None
            )
        return self._live[key, language]

    def exists(self, key: DocumentKey, language: str) -> bool:
        """Whether there is such a document, in whatever state."""
        return key.slug in self.slugs(key.kind, language)

    def slugs(self, kind: str, language: str) -> set[str]:
        """The documents of one kind that there are."""
        if (kind, language) not in self._slugs:
            stored = Document.objects.filter(kind=kind, language=language).values_list(
                "slug", flat=True
            )
            written = {
                key.slug
                for key, tongue in self.batch.files
                if (key.kind, tongue) == (kind, language)
            }
            self._slugs[kind, language] = {*stored, *written}
        return self._slugs[kind, language]

    def _content(self, key: DocumentKey, language: str) -> Content | None:
        if read := self.batch.files.get((key, language)):
            return read.content
        document = Document.objects.filter(kind=key.kind, language=language, slug=key.slug).first()
        if document is None:
            return None
        try:
            return document.working_copy().content()
        except ActionRefused:
            edition = (
                Edition.objects.live().filter(document=document).select_related("document").first()
            )
            return edition.content if edition else None


def reference_errors(read: LoadedFile, snapshot: BatchSnapshot) -> Iterator[FileError]:
    """What a file refers to that there is not, and what else the rules of publication say of it."""
    key, language = read.localized_key
    has_unread = False
    for used in read.valid_content.dependencies():
        if not snapshot.exists(used, language):
            yield read.error(
                _find_path(used, read.parsed.values), _no_such_document(used, snapshot, language)
            )
        elif snapshot.live_edition(used, language) is None:
            has_unread = True
    if has_unread:
        # It has mistakes of its own, and whatever is looked for in it would only repeat them.
        return
    edition = _unsaved_edition(key, language, read.valid_content)
    for problem in publication_checks.run_checks(
        edition, snapshot, exclude=publication_checks.check_dependencies_live
    ):
        yield read.error(problem.path, problem.message)


def _unsaved_edition(key: DocumentKey, language: str, content: Content) -> Edition:
    return Edition.unsaved(Document(kind=key.kind, language=language, slug=key.slug), content)


def _find_path(key: DocumentKey, value: Any, path: Path = ()) -> Path:
    """Where in raw values a document is named; () when it is needed without being named.

    It is named by its slug in a field of its kind (`checklist: skin`) or in a list of them
    (`snippets:`), or with its kind (`article/spots`).
    """
    is_of_kind = path[-1:] == (key.kind,) or path[-2:-1] == (f"{key.kind}s",)
    if value == f"{key.kind}/{key.slug}" or (value == key.slug and is_of_kind):
        return path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return next(
        (found for step, entry in inner if (found := _find_path(key, entry, (*path, step)))), ()
    )


def _no_such_document(key: DocumentKey, snapshot: BatchSnapshot, language: str) -> str:
    if key.kind not in document_types.names():
        return _("There is no kind of document “{kind}”.").format(kind=key.kind)
    kind = document_types.get(key.kind)
    closest = closest_match(key.slug, snapshot.slugs(key.kind, language))
    if closest:
        return _("There is no {kind} “{slug}”. Did you mean “{near}”?").format(
            kind=kind.label, slug=key.slug, near=closest
        )
    return _("There is no {kind} “{slug}”. Correct the name, or write the file {file}.").format(
        kind=kind.label,
        slug=key.slug,
        file=f"{language}/{relative_path(kind.file_layout, key.slug)}",
    )
