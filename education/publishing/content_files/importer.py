"""Loads content files: all of a run or none, and never over what staff have edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from education.audit.models import Action
from education.publishing import actions
from education.publishing.content import ActionRefused, DocumentKey, Problem
from education.publishing.content_files.batch import (
    FileBatch,
    LoadedFile,
    LocalizedKey,
    Progress,
    no_progress,
    read_batch,
)
from education.publishing.content_files.batch_snapshot import BatchSnapshot, reference_errors
from education.publishing.content_files.errors import ContentFileErrors, FileError
from education.publishing.content_files.import_report import ImportReport, publish_command
from education.publishing.models import Document, Edition, Publication, working_copy_model
from education.publishing.workflow.audit_log import log_document_action


class ImportAction(Enum):
    """What a load does with one file."""

    NEW = auto()
    SAME = auto()
    UPDATE = auto()
    ACKNOWLEDGE = auto()
    OVERWRITE = auto()
    CONFLICT = auto()


def import_files(
    path: Path, *, overwrite: bool = False, progress: Progress = no_progress
) -> ImportReport:
    """Load the content files below `path`, and publish the documents that the site does not have.

    Raises ContentFileErrors, with nothing changed, when anything is wrong with any of them.
    `overwrite`: a file replaces what staff have edited since it was last loaded.
    """
    batch = read_batch(path, progress)
    with transaction.atomic():
        return _Import(batch, overwrite, progress).execute()


def check_files(path: Path, *, progress: Progress = no_progress) -> ImportReport:
    """What a load would do, with errors also where a file is not canonical; changes nothing.

    Raises ContentFileErrors.
    """
    batch = read_batch(path, progress)
    batch.errors += [error for read in batch.files.values() for error in read.format_errors()]
    with transaction.atomic():
        try:
            return _Import(batch, False, progress).execute()
        finally:
            transaction.set_rollback(True)


@dataclass
class _Import:
    """One load, inside its transaction."""

    batch: FileBatch
    overwrite: bool
    progress: Progress
    report: ImportReport = field(default_factory=ImportReport)
    documents: dict[LocalizedKey, Document] = field(default_factory=dict)

    def execute(self) -> ImportReport:
        """Load all files; raises ContentFileErrors with all errors."""
        self._get_documents()
        planned = [(read, self._get_action(read)) for read in self.batch.files.values()]
        changing = [(read, do) for read, do in planned if do is not ImportAction.SAME]
        errors = list(self.batch.errors)
        errors += [_conflict(read) for read, do in planned if do is ImportAction.CONFLICT]
        if errors or changing:
            snapshot = BatchSnapshot(self.batch)
            for read, _do in planned:
                errors += reference_errors(read, snapshot)
        if errors:
            raise ContentFileErrors(errors)
        self.report.unchanged = len(planned) - len(changing)
        for done, (read, do) in enumerate(changing, start=1):
            self.progress(_("Writing"), done, len(changing))
            self._write(read, do)
        new = [read for read, do in planned if do is ImportAction.NEW]
        for language, group in groupby(sorted(new, key=_get_language), key=_get_language):
            self._publish(list(group), language)
        return self.report

    def _get_documents(self) -> None:
        """Find and lock the documents of the files."""
        keys = {key for key, _language in self.batch.files}
        for language in sorted({language for _key, language in self.batch.files}):
            found = Document.objects.by_keys(keys, language).select_for_update().order_by("pk")
            self.documents |= {(document.key, language): document for document in found}

    def _get_action(self, read: LoadedFile) -> ImportAction:
        document = self.documents.get(read.key)
        if document is None:
            return ImportAction.NEW
        if document.imported_hash == read.content_hash:
            return ImportAction.SAME
        edited = document.working_copy().content_hash()
        if edited == read.content_hash:
            return ImportAction.ACKNOWLEDGE
        if edited == document.imported_hash:
            return ImportAction.UPDATE
        if self.overwrite:
            return ImportAction.OVERWRITE
        # An export of a page that staff are editing is older than their work: no conflict.
        is_live = (
            Edition.objects.live().filter(document=document, sha256=read.content_hash).exists()
        )
        return ImportAction.SAME if is_live else ImportAction.CONFLICT

    def _write(self, read: LoadedFile, action: ImportAction) -> None:
        if action is ImportAction.ACKNOWLEDGE:
            document = Document.objects.filter(pk=self.documents[read.key].pk)
            document.update(imported_hash=read.content_hash)
            self.report.acknowledged += 1
            return
        if action is ImportAction.NEW:
            copy = working_copy_model(read.file.document_type.name)(
                language=read.file.language, slug=read.file.slug
            )
        else:
            copy = self.documents[read.key].working_copy()
            is_overwritten = action is ImportAction.OVERWRITE
            updated = self.report.overwritten if is_overwritten else self.report.updated
            updated.append((read.file.display_path, read.key))
        copy.imported_hash = read.content_hash
        copy.load_content(read.content)
        log_document_action(Action.LOADED, document=copy, details=read.file.display_path)
        self.documents[read.key] = copy

    def _publish(self, new: Sequence[LoadedFile], language: str) -> None:
        """Publish the new documents of one language as one set.

        They stay working copies if they can only be published together with other documents.
        """
        documents = [self.documents[read.key] for read in new]
        problems = self._try_publish(documents, language)
        if not problems:
            self.report.published += [read.key for read in new]
            return
        others = _unpublished_dependencies(documents, language)
        if others:
            with transaction.atomic():
                problems = self._try_publish([*others, *documents], language)
                transaction.set_rollback(True)
        if problems:
            raise ContentFileErrors(self._to_error(problem, new[0]) for problem in problems)
        self.report.pending += [read.key for read in new]
        self.report.commands.append(
            publish_command([(document.key, language) for document in (*others, *documents)])
        )

    def _try_publish(self, documents: Sequence[Document], language: str) -> Sequence[Problem]:
        """Publish a set; the problems, if it was refused."""
        with translation.override(language):
            note = _("First published.")
        try:
            actions.publish(
                documents,
                note=note,
                progress=lambda done, total: self.progress(_("Publishing"), done, total),
            )
        except ActionRefused as refusal:
            return refusal.problems
        return ()

    def _to_error(self, problem: Problem, first: LoadedFile) -> FileError:
        read = self.batch.files.get((problem.key, first.file.language))
        if read:
            return read.error(problem.path, problem.message)
        return first.error((), str(problem))


def _get_language(read: LoadedFile) -> str:
    return read.file.language


def _conflict(read: LoadedFile) -> FileError:
    (_kind, slug), language = read.key
    suffix = "" if language == settings.LANGUAGE_CODE else f" ({language})"
    message = _(
        "Staff have edited the {document} since this file was last loaded. "
        "Export it and merge the two, or let the file overwrite their work with --overwrite."
    ).format(document=f"{read.file.document_type.label} “{slug}”{suffix}")
    return FileError(read.file.display_path, 1, message)


def _unpublished_dependencies(documents: Sequence[Document], language: str) -> list[Document]:
    """What `documents` depend on, at any depth, and is live in another version or not at all.

    Without documents that were withdrawn: only a person publishes these again.
    """
    seen: set[DocumentKey] = {document.key for document in documents}
    found: list[Document] = []
    queue = list(documents)
    while queue:
        try:
            content = queue.pop().working_copy().content()
        except ActionRefused:
            continue
        keys = set(content.dependencies()) - seen
        for used in Document.objects.by_keys(keys, language).order_by("pk"):
            seen.add(used.key)
            latest = Publication.objects.latest_for(used.key, language)
            edition = latest.edition if latest else None
            is_withdrawn = latest is not None and edition is None
            if not is_withdrawn and (
                edition is None or edition.sha256 != used.working_copy().content_hash()
            ):
                found.append(used)
                queue.append(used)
    return found
