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
from education.publishing.files.drafts import Drafts, reference_mistakes
from education.publishing.files.mistakes import ContentMistakes, FileMistake
from education.publishing.files.report import LoadReport, publish_command
from education.publishing.files.run import (
    Address,
    Progress,
    ReadFile,
    Run,
    read_run,
    silent,
    spelling_mistakes,
)
from education.publishing.models import Document, Edition, Publication
from education.publishing.workflow.audit_log import log_document_action


class Verdict(Enum):
    """What a load does with one file."""

    NEW = auto()
    SAME = auto()
    UPDATE = auto()
    NOTE = auto()
    TAKE = auto()
    CONFLICT = auto()


def load(path: Path, *, take_files: bool = False, progress: Progress = silent) -> LoadReport:
    """Take the content files that `path` names into the site, and publish those that are new to it.

    Raises ContentMistakes, with nothing changed, when anything is wrong with any of them. `take_files` lets a
    file overwrite what staff have edited since it was last loaded.
    """
    run = read_run(path, progress)
    with transaction.atomic():
        return _Load(run, take_files, progress).carry_out()


def check(path: Path, *, progress: Progress = silent) -> LoadReport:
    """Find out what `load` would do, and whether the files are in the canonical form; changes nothing.

    Raises ContentMistakes.
    """
    run = read_run(path, progress)
    run.mistakes += [mistake for read in run.readable() for mistake in spelling_mistakes(read)]
    with transaction.atomic():
        try:
            return _Load(run, False, progress).carry_out()
        finally:
            transaction.set_rollback(True)


@dataclass
class _Load:
    """One load, inside its transaction."""

    run: Run
    take_files: bool
    progress: Progress
    report: LoadReport = field(default_factory=LoadReport)
    documents: dict[Address, Document] = field(default_factory=dict)

    def carry_out(self) -> LoadReport:
        """Do everything; raises ContentMistakes with all there are."""
        self.documents = self._stored()
        verdicts = {read.address: self._verdict(read) for read in self.run.readable()}
        mistakes = [*self.run.mistakes, *self._conflicts(verdicts)]
        if mistakes or any(verdict is not Verdict.SAME for verdict in verdicts.values()):
            drafts = Drafts(self.run)
            mistakes += [found for read in self.run.readable() for found in reference_mistakes(read, drafts)]
        if mistakes:
            raise ContentMistakes(mistakes)
        new = [read for read in self.run.readable() if verdicts[read.address] is Verdict.NEW]
        writing = [read for read in self.run.readable() if verdicts[read.address] is not Verdict.SAME]
        for done, read in enumerate(writing, start=1):
            self.progress(_("Writing"), done, len(writing))
            self._write(read, verdicts[read.address])
        self.report.unchanged = len(verdicts) - len(writing)
        for _language, group in groupby(sorted(new, key=_language_of), key=_language_of):
            self._publish(list(group))
        return self.report

    def _stored(self) -> dict[Address, Document]:
        keys = {key for key, _language in self.run.files}
        languages = {language for _key, language in self.run.files}
        found = (
            document
            for language in sorted(languages)
            for document in Document.objects.by_keys(keys, language).select_for_update().order_by("pk")
        )
        return {(document.key, document.language): document for document in found}

    def _verdict(self, read: ReadFile) -> Verdict:
        document = self.documents.get(read.address)
        if document is None:
            return Verdict.NEW
        if document.imported_hash == read.sha:
            return Verdict.SAME
        edited = document.working_copy().content_hash()
        if edited == read.sha:
            return Verdict.NOTE
        if edited == document.imported_hash:
            return Verdict.UPDATE
        if self.take_files:
            return Verdict.TAKE
        # An export of a page that staff are at work on is older than their work, not against it.
        is_live = Edition.objects.live().filter(document=document, sha256=read.sha).exists()
        return Verdict.SAME if is_live else Verdict.CONFLICT

    def _conflicts(self, verdicts: dict[Address, Verdict]) -> Iterator[FileMistake]:
        for read in self.run.readable():
            if verdicts[read.address] is Verdict.CONFLICT:
                message = _(
                    "Staff have edited the {document} since this file was last loaded. "
                    "Export it and merge the two, or let the file overwrite their work with --take-files."
                )
                yield FileMistake(read.file.shown, 1, message.format(document=_named(read)))

    def _write(self, read: ReadFile, verdict: Verdict) -> None:
        if verdict is Verdict.NOTE:
            Document.objects.filter(pk=self.documents[read.address].pk).update(imported_hash=read.sha)
            self.report.noted += 1
            return
        if verdict is Verdict.NEW:
            copy = read.file.kind.model(language=read.file.language, slug=read.file.slug)
        else:
            copy = self.documents[read.address].working_copy()
            names = self.report.taken if verdict is Verdict.TAKE else self.report.updated
            names.append((read.file.shown, read.address))
        copy.imported_hash = read.sha
        copy.load_content(read.valid)
        log_document_action(Action.LOADED, document=copy, details=read.file.shown)
        self.documents[read.address] = copy

    def _publish(self, new: Sequence[ReadFile]) -> None:
        """Publish the new documents of one language as one set, unless others must be published with them."""
        language = new[0].file.language
        documents = [self.documents[read.address] for read in new]
        refused = self._try(documents, language)
        if not refused:
            self.report.published += [read.address for read in new]
            return
        others = _behind_their_working_copy(documents)
        if others:
            with transaction.atomic():
                refused = self._try([*others, *documents], language)
                transaction.set_rollback(True)
        if refused:
            raise ContentMistakes(self._as_mistakes(refused, new))
        self.report.waiting += [read.address for read in new]
        self.report.commands.append(publish_command([(d.key, language) for d in (*others, *documents)]))

    def _try(self, documents: Sequence[Document], language: str) -> tuple[Problem, ...]:
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

    def _as_mistakes(self, problems: Sequence[Problem], new: Sequence[ReadFile]) -> Iterator[FileMistake]:
        by_key = {
            read.file.key: read for read in self.run.readable() if read.file.language == new[0].file.language
        }
        for problem in problems:
            read = by_key.get(problem.key)
            yield read.mistake(problem.path, problem.message) if read else new[0].mistake((), str(problem))


def _language_of(read: ReadFile) -> str:
    return read.file.language


def _named(read: ReadFile) -> str:
    key, language = read.address
    tongue = "" if language == settings.LANGUAGE_CODE else f" ({language})"
    return f"{read.file.kind.label} “{key.slug}”{tongue}"


def _behind_their_working_copy(documents: Sequence[Document]) -> list[Document]:
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
        for used in Document.objects.by_keys(set(content.dependencies()) - seen, language).order_by("pk"):
            seen.add(used.key)
            latest = Publication.objects.latest_for(used.key, language)
            edition = latest.edition if latest else None
            if latest and not edition:
                continue
            if edition is None or edition.sha256 != used.working_copy().content_hash():
                found.append(used)
                waiting.append(used)
    return found
