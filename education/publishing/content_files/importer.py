"""Content files into the site: all of a run or nothing, and never over what staff have edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    format_errors,
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
    """Take the content files that `path` names into the site, and publish those that are new to it.

    Raises ContentFileErrors, with nothing changed, when anything is wrong with any of them.
    `overwrite` lets a file overwrite what staff have edited since it was last loaded.
    """
    batch = read_batch(path, progress)
    with transaction.atomic():
        return _Import(batch, overwrite, progress).execute()


def check_files(path: Path, *, progress: Progress = no_progress) -> ImportReport:
    """Find out what `load` would do, and whether the files are in the canonical form; changes
    nothing.

    Raises ContentFileErrors.
    """
    batch = read_batch(path, progress)
    batch.errors += [error for read in batch.readable() for error in format_errors(read)]
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
        """Do everything; raises ContentFileErrors with all there are."""
        self.documents = self._get_documents()
        planned = {read.localized_key: self._get_action(read) for read in self.batch.readable()}
        errors = [*self.batch.errors, *self._conflicts(planned)]
        if errors or any(action is not ImportAction.SAME for action in planned.values()):
            snapshot = BatchSnapshot(self.batch)
            errors += [
                found
                for read in self.batch.readable()
                for found in reference_errors(read, snapshot)
            ]
        if errors:
            raise ContentFileErrors(errors)
        new = [
            read
            for read in self.batch.readable()
            if planned[read.localized_key] is ImportAction.NEW
        ]
        writing = [
            read
            for read in self.batch.readable()
            if planned[read.localized_key] is not ImportAction.SAME
        ]
        for done, read in enumerate(writing, start=1):
            self.progress(_("Writing"), done, len(writing))
            self._write(read, planned[read.localized_key])
        self.report.unchanged = len(planned) - len(writing)
        for _language, group in groupby(sorted(new, key=_get_language), key=_get_language):
            self._publish(list(group))
        return self.report

    def _get_documents(self) -> dict[LocalizedKey, Document]:
        keys = {key for key, _language in self.batch.files}
        languages = {language for _key, language in self.batch.files}
        found = (
            document
            for language in sorted(languages)
            for document in Document.objects.by_keys(keys, language)
            .select_for_update()
            .order_by("pk")
        )
        return {(document.key, document.language): document for document in found}

    def _get_action(self, read: LoadedFile) -> ImportAction:
        document = self.documents.get(read.localized_key)
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
        # An export of a page that staff are at work on is older than their work, not against it.
        is_live = (
            Edition.objects.live().filter(document=document, sha256=read.content_hash).exists()
        )
        return ImportAction.SAME if is_live else ImportAction.CONFLICT

    def _conflicts(self, planned: dict[LocalizedKey, ImportAction]) -> Iterator[FileError]:
        for read in self.batch.readable():
            if planned[read.localized_key] is ImportAction.CONFLICT:
                message = _(
                    "Staff have edited the {document} since this file was last loaded. "
                    "Export it and merge the two, or let the file overwrite their work with --overwrite."
                )
                yield FileError(
                    read.file.display_path, 1, message.format(document=_display_name(read))
                )

    def _write(self, read: LoadedFile, action: ImportAction) -> None:
        if action is ImportAction.ACKNOWLEDGE:
            Document.objects.filter(pk=self.documents[read.localized_key].pk).update(
                imported_hash=read.content_hash
            )
            self.report.acknowledged += 1
            return
        if action is ImportAction.NEW:
            copy = working_copy_model(read.file.document_type.name)(
                language=read.file.language, slug=read.file.slug
            )
        else:
            copy = self.documents[read.localized_key].working_copy()
            updated = (
                self.report.overwritten if action is ImportAction.OVERWRITE else self.report.updated
            )
            updated.append((read.file.display_path, read.localized_key))
        copy.imported_hash = read.content_hash
        copy.load_content(read.valid_content)
        log_document_action(Action.LOADED, document=copy, details=read.file.display_path)
        self.documents[read.localized_key] = copy

    def _publish(self, new: Sequence[LoadedFile]) -> None:
        """Publish the new documents of one language as one set, unless others must be published
        with them.
        """
        language = new[0].file.language
        documents = [self.documents[read.localized_key] for read in new]
        refused = self._try_publish(documents, language)
        if not refused:
            self.report.published += [read.localized_key for read in new]
            return
        others = _unpublished_dependencies(documents)
        if others:
            with transaction.atomic():
                refused = self._try_publish([*others, *documents], language)
                transaction.set_rollback(True)
        if refused:
            raise ContentFileErrors(self._to_errors(refused, new))
        self.report.pending += [read.localized_key for read in new]
        self.report.commands.append(
            publish_command([(d.key, language) for d in (*others, *documents)])
        )

    def _try_publish(self, documents: Sequence[Document], language: str) -> tuple[Problem, ...]:
        """Publish a set; what was refused, or nothing."""
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

    def _to_errors(
        self, problems: Sequence[Problem], new: Sequence[LoadedFile]
    ) -> Iterator[FileError]:
        by_key = {
            read.file.key: read
            for read in self.batch.readable()
            if read.file.language == new[0].file.language
        }
        for problem in problems:
            read = by_key.get(problem.key)
            yield (
                read.error(problem.path, problem.message)
                if read
                else new[0].error((), str(problem))
            )


def _get_language(read: LoadedFile) -> str:
    return read.file.language


def _display_name(read: LoadedFile) -> str:
    key, language = read.localized_key
    tongue = "" if language == settings.LANGUAGE_CODE else f" ({language})"
    return f"{read.file.document_type.label} “{key.slug}”{tongue}"


def _unpublished_dependencies(documents: Sequence[Document]) -> list[Document]:
    """What `documents` use, at any depth, and readers do not see as its working copy is now.

    Not what was withdrawn: that comes back only when a person decides so.
    """
    language = documents[0].language
    seen: set[DocumentKey] = {document.key for document in documents}
    found: list[Document] = []
    waiting = list(documents)
    while waiting:
        try:
            content = waiting.pop().working_copy().content()
        except ActionRefused:
            continue
        for used in Document.objects.by_keys(set(content.dependencies()) - seen, language).order_by(
            "pk"
        ):
            seen.add(used.key)
            latest = Publication.objects.latest_for(used.key, language)
            edition = latest.edition if latest else None
            if latest and not edition:
                continue
            if edition is None or edition.sha256 != used.working_copy().content_hash():
                found.append(used)
                waiting.append(used)
    return found
