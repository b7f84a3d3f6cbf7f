"""Checks the references of files against the site as if all files were published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing import document_types
from education.publishing.checks import publication_checks
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import ActionRefused, DocumentKey, Path
from education.publishing.content_files.batch import FileBatch, LoadedFile
from education.publishing.content_files.discovery import relative_path
from education.publishing.content_files.errors import FileError, suggest
from education.publishing.models import Document, Edition


class BatchSnapshot(SiteSnapshot):
    """Each document as its file of the run describes it, or else its working copy."""

    def __init__(self, batch: FileBatch):
        super().__init__(timezone.now())
        self.batch = batch
        self._slugs: dict[tuple[str, str], set[str]] = {}

    def load_editions(self, keys: set[DocumentKey], language: str) -> Iterator[Edition]:
        """Each document that is valid, as an unsaved edition."""
        elsewhere = set()
        for key in keys:
            if read := self.batch.files.get((key, language)):
                yield _unsaved_edition(read)
            elif (key, language) not in self.batch.invalid:
                elsewhere.add(key)
        for document in Document.objects.by_keys(elsewhere, language):
            try:
                yield Edition.unsaved(document, document.working_copy().content())
            except ActionRefused:
                yield from super().load_editions({document.key}, language)

    def slugs(self, kind: str, language: str) -> set[str]:
        """The documents of one type, valid or not."""
        if (kind, language) not in self._slugs:
            stored = Document.objects.filter(kind=kind, language=language)
            in_files = {
                key.slug
                for key, file_language in (*self.batch.files, *self.batch.invalid)
                if (key.kind, file_language) == (kind, language)
            }
            self._slugs[kind, language] = {*stored.values_list("slug", flat=True), *in_files}
        return self._slugs[kind, language]


def reference_errors(read: LoadedFile, snapshot: BatchSnapshot) -> Iterator[FileError]:
    """References of a file to missing documents, and what the publication checks find in it."""
    language = read.file.language
    has_invalid = False
    for used in read.content.dependencies():
        if used.slug not in snapshot.slugs(used.kind, language):
            path = _find_path(used, read.parsed.values)
            yield read.error(path, _no_such_document(used, snapshot, language))
        elif snapshot.live_edition(used, language) is None:
            has_invalid = True
    if has_invalid:
        # The other document has errors of its own, which the checks would only repeat.
        return
    for problem in publication_checks.run_checks(
        _unsaved_edition(read), snapshot, exclude=publication_checks.check_dependencies_live
    ):
        yield read.error(problem.path, problem.message)


def missing_document_message(key: DocumentKey, slugs: Iterable[str], advice: str = "") -> str:
    """That there is no such document among `slugs`, with the one likely meant or `advice`."""
    label = document_types.get(key.kind).label
    message = _("There is no {kind} “{slug}”.").format(kind=label, slug=key.slug)
    return f"{message} {suggest(key.slug, slugs, advice)}".rstrip()


def _no_such_document(key: DocumentKey, snapshot: BatchSnapshot, language: str) -> str:
    if key.kind not in document_types.names():
        return _("There is no kind of document “{kind}”.").format(kind=key.kind)
    file = f"{language}/{relative_path(document_types.get(key.kind).file_layout, key.slug)}"
    advice = _("Correct the name, or write the file {file}.").format(file=file)
    return missing_document_message(key, snapshot.slugs(key.kind, language), advice)


def _unsaved_edition(read: LoadedFile) -> Edition:
    kind, slug = read.file.key
    return Edition.unsaved(
        Document(kind=kind, language=read.file.language, slug=slug), read.content
    )


def _find_path(key: DocumentKey, value: Any, path: Path = ()) -> Path:
    """Where raw values name a document; () when the content needs it without naming it.

    A value names it by its slug in a field of its type (`checklist: skin`) or in a list of them
    (`snippets:`), or with its type (`article/spots`).
    """
    is_of_kind = path[-1:] == (key.kind,) or path[-2:-1] == (f"{key.kind}s",)
    if value == f"{key.kind}/{key.slug}" or (value == key.slug and is_of_kind):
        return path
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    found = (_find_path(key, entry, (*path, step)) for step, entry in inner)
    return next(filter(None, found), ())
