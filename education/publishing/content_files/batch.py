"""The files of one run, each parsed and validated by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from django.utils.translation import gettext as _

from education.publishing.content import Content, DocumentKey, sha256
from education.publishing.content import Path as FieldPath
from education.publishing.content_files.discovery import (
    ContentFile,
    display_path,
    find_content_files,
)
from education.publishing.content_files.errors import NO_LINE, FileError
from education.publishing.content_files.parsed_file import ParsedFile
from education.publishing.content_files.reader import read_content
from education.publishing.content_files.writer import write_content

LocalizedKey = tuple[DocumentKey, str]
"""A document and its language."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and of how many."""


def no_progress(doing: str, done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class LoadedFile:
    """A valid file: its bytes, its content and the lines of its values."""

    file: ContentFile
    data: bytes
    content: Content
    parsed: ParsedFile

    @property
    def key(self) -> LocalizedKey:
        """The document that it describes."""
        return self.file.key, self.file.language

    @property
    def content_hash(self) -> str:
        """The hash of its content."""
        return sha256(self.content.to_data())

    @property
    def canonical_bytes(self) -> bytes:
        """Its content in canonical form."""
        return write_content(self.content, self.file.document_type.file_layout)

    def error(self, path: FieldPath, message: str) -> FileError:
        """`message` about the value at `path`, with its line."""
        return FileError(self.file.display_path, *self.parsed.locate(path, message))

    def format_errors(self) -> Iterator[FileError]:
        """Comments, which would be lost, and the first line that is not canonical."""
        for line in self.parsed.comments:
            message = _("The site keeps no comments. Say it in a text, or delete it.")
            yield FileError(self.file.display_path, line, message)
        canonical = self.canonical_bytes
        if canonical == self.data:
            return
        written, wanted = self.data.split(b"\n"), canonical.split(b"\n")
        pairs = enumerate(zip_longest(written, wanted), start=1)
        line, expected = next((n, then or b"") for n, (now, then) in pairs if now != then)
        message = (
            _(
                "This is not in the canonical form, which has “{wanted}” here; --fix rewrites the file."
            )
            if expected
            else _(
                "This is not in the canonical form: empty lines or line ends differ; --fix mends them."
            )
        )
        text = expected.decode("utf-8")
        yield FileError(
            self.file.display_path,
            min(line, len(written) - (len(written) > 1 and not written[-1])),
            message.format(wanted=text if len(text) <= 60 else text[:60] + "…"),
        )


@dataclass
class FileBatch:
    """The valid files of one run, the documents of invalid ones, and all errors."""

    files: dict[LocalizedKey, LoadedFile] = field(default_factory=dict)
    invalid: set[LocalizedKey] = field(default_factory=set)
    errors: list[FileError] = field(default_factory=list)


def read_batch(path: Path, progress: Progress = no_progress) -> FileBatch:
    """Read every content file below `path`, those that others depend on first."""
    files, errors = find_content_files(path)
    batch = FileBatch(errors=errors)
    if not files and not errors:
        message = _("There are no content files here.")
        batch.errors.append(FileError(display_path(path), NO_LINE, message))
    for done, file in enumerate(files, start=1):
        progress(_("Reading"), done, len(files))
        try:
            data = file.read()
        except OSError as error:
            message = _("This cannot be read ({reason}).").format(reason=error.strerror)
            batch.errors.append(FileError(file.display_path, 1, message))
            continue
        kind = file.document_type
        content, parsed, found = read_content(
            data, file.slug, kind.file_layout, kind.content, file.display_path
        )
        batch.errors += found
        if content is None:
            batch.invalid.add((file.key, file.language))
        else:
            read = LoadedFile(file, data, content, parsed)
            batch.files[read.key] = read
    return batch
