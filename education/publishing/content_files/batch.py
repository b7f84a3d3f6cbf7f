"""All files of one run, read and checked each for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from django.utils.translation import gettext as _

from education.publishing.content import Content, DocumentKey, sha256
from education.publishing.content_files.discovery import (
    ContentFile,
    display_path,
    find_content_files,
)
from education.publishing.content_files.errors import NO_LINE, FileError
from education.publishing.content_files.reader import ParsedFile, read_content
from education.publishing.content_files.writer import write_content

LocalizedKey = tuple[DocumentKey, str]
"""Which document, in which language."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done, and of how many."""


def no_progress(doing: str, done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class LoadedFile:
    """A file that was read: its bytes, the lines of its values, and its content if nothing is
    wrong.
    """

    file: ContentFile
    data: bytes
    content: Content | None
    parsed: ParsedFile

    @property
    def localized_key(self) -> LocalizedKey:
        """The document that it says."""
        return self.file.key, self.file.language

    @property
    def valid_content(self) -> Content:
        """Its content; raises ValueError for a file with mistakes."""
        if self.content is None:
            raise ValueError(self.file.display_path)
        return self.content

    @property
    def content_hash(self) -> str:
        """The hash of its content."""
        return sha256(self.valid_content.to_data())

    def error(self, path: tuple[str | int, ...], message: str) -> FileError:
        """`message` about the value at `path`, with its line."""
        name = self.parsed.source_map.name(path)
        line = self.parsed.source_map.line(path, message)
        return FileError(self.file.display_path, line, f"{name}: {message}" if name else message)


@dataclass
class FileBatch:
    """The files of one run, by the documents they say, and every mistake found so far."""

    files: dict[LocalizedKey, LoadedFile] = field(default_factory=dict)
    errors: list[FileError] = field(default_factory=list)

    def readable(self) -> Iterator[LoadedFile]:
        """The files in which nothing is wrong, those that others build on first."""
        return (read for read in self.files.values() if read.content is not None)


def read_batch(path: Path, progress: Progress = no_progress) -> FileBatch:
    """Read every content file that `path` names."""
    files, errors = find_content_files(path)
    batch = FileBatch(errors=errors)
    if not files and not errors:
        batch.errors.append(
            FileError(display_path(path), NO_LINE, _("There are no content files here."))
        )
    for done, file in enumerate(files, start=1):
        progress(_("Reading"), done, len(files))
        try:
            data = file.read()
        except OSError as error:
            batch.errors.append(
                FileError(
                    file.display_path,
                    1,
                    _("This cannot be read ({reason}).").format(reason=error.strerror),
                )
            )
            continue
        content, parsed, found = read_content(
            data,
            file.slug,
            file.document_type.file_layout,
            file.document_type.content,
            file.display_path,
        )
        batch.errors += found
        read = LoadedFile(file, data, content, parsed)
        batch.files[read.localized_key] = read
    return batch


def canonical_bytes(read: LoadedFile) -> bytes:
    """The one spelling of what a file says."""
    return write_content(read.valid_content, read.file.document_type.file_layout)


def format_errors(read: LoadedFile) -> Iterator[FileError]:
    """Where a file departs from its one spelling: comments, which would be lost, and a line that
    differs.
    """
    for line in read.parsed.comments:
        yield FileError(
            read.file.display_path,
            line,
            _("The site keeps no comments. Say it in a text, or delete it."),
        )
    right = canonical_bytes(read)
    if right == read.data:
        return
    written, wanted = read.data.split(b"\n"), right.split(b"\n")
    pairs = enumerate(zip_longest(written, wanted), start=1)
    line, then = next((line, then) for line, (now, then) in pairs if now != then)
    if then:
        message = _(
            "This is not in the canonical form, which has “{wanted}” here; --fix rewrites the file."
        )
    else:
        message = _(
            "This is not in the canonical form: empty lines or line ends differ; --fix mends them."
        )
    yield FileError(
        read.file.display_path,
        min(line, len(written) - (len(written) > 1 and not written[-1])),
        message.format(wanted=_shorten((then or b"").decode("utf-8"))),
    )


def _shorten(line: str) -> str:
    return line if len(line) <= 60 else line[:60] + "…"
