"""Exports the live editions as content files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from education.publishing.content_files.batch import Progress, no_progress
from education.publishing.content_files.discovery import (
    display_path,
    find_content_files,
    relative_path,
)
from education.publishing.content_files.writer import write_content
from education.publishing.models import Edition
from education.web.atomic_write import atomic_write


class ExportError(Exception):
    """The folder cannot be written to; the message says why in one sentence."""


@dataclass(frozen=True)
class ExportResult:
    """The files written, and other content files in the folder, of documents that are not live."""

    written: list[Path]
    others: list[Path]


def export_content(
    folder: Path, *, force: bool = False, progress: Progress = no_progress
) -> ExportResult:
    """Write the live edition of every document into `folder`, by language.

    `force`: accept a folder that is not empty; only the files of live documents are replaced.
    Raises ExportError.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()) and not force:
            message = _(
                "The folder {folder} is not empty. Choose another, or replace its files with --force."
            )
            raise ExportError(message.format(folder=display_path(folder)))
        written = list(_write_all(folder, progress))
    except OSError as error:
        message = _("The folder {folder} cannot be written to ({reason}).")
        reason = error.strerror or error
        raise ExportError(message.format(folder=display_path(folder), reason=reason)) from error
    found, _errors = find_content_files(folder) if written else ([], [])
    own = {path.absolute() for path in written}
    return ExportResult(written, [file.path for file in found if file.path.absolute() not in own])


def _write_all(folder: Path, progress: Progress) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    live = Edition.objects.live().select_related("document").defer("search_text")
    total = live.count()
    ordered = live.order_by("document__language", "document__kind", "document__slug")
    for done, edition in enumerate(ordered.iterator(chunk_size=100), start=1):
        document = edition.document
        layout = document.document_type.file_layout
        path = folder / document.language / relative_path(layout, document.slug)
        atomic_write(path, write_content(edition.content, layout))
        progress(_("Writing"), done, total)
        yield path
