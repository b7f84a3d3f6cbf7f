"""What readers see, as content files."""

from __future__ import annotations

import os
import tempfile
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


class ExportError(Exception):
    """The folder cannot be written into; says why in one sentence."""


@dataclass(frozen=True)
class ExportResult:
    """The files that were written, and those beside them that say what readers do not see."""

    written: list[Path]
    others: list[Path]


def export_content(
    folder: Path, *, force: bool = False, progress: Progress = no_progress
) -> ExportResult:
    """Write the live edition of every document into `folder`, by language.

    A folder that is not empty takes `force`: files of live documents are replaced, and no other
    file is touched. Raises ExportError.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()) and not force:
            raise ExportError(
                _(
                    "The folder {folder} is not empty. Choose another, or replace its files with --force."
                ).format(folder=display_path(folder))
            )
        written = list(_write_all(folder, progress))
    except OSError as error:
        raise ExportError(
            _("The folder {folder} cannot be written to ({reason}).").format(
                folder=display_path(folder), reason=error.strerror or error
            )
        ) from error
    found, _errors = find_content_files(folder) if written else ([], [])
    own = {path.absolute() for path in written}
    return ExportResult(written, [file.path for file in found if file.path.absolute() not in own])


def atomic_write(path: Path, data: bytes) -> None:
    """Replace the file at `path`: whoever reads it finds the old or the new, whole;
    raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """What new files may not allow; there is no way to ask but to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


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
