"""All files of one run, read and checked each for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from django.utils.translation import gettext as _

from education.publishing.content import Content, DocumentKey, sha256
from education.publishing.files.folders import ContentFile, find, shown_path
from education.publishing.files.mistakes import WHOLE, FileMistake
from education.publishing.files.reading import Reading, read_content
from education.publishing.files.writing import write_content

Address = tuple[DocumentKey, str]
"""Which document, in which language."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done, and of how many."""


def silent(doing: str, done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class ReadFile:
    """A file that was read: its bytes, the lines of its values, and its content if nothing is wrong."""

    file: ContentFile
    data: bytes
    content: Content | None
    reading: Reading

    @property
    def address(self) -> Address:
        """The document that it says."""
        return self.file.key, self.file.language

    @property
    def valid(self) -> Content:
        """Its content; raises ValueError for a file with mistakes."""
        if self.content is None:
            raise ValueError(self.file.shown)
        return self.content

    @property
    def sha(self) -> str:
        """The hash of its content."""
        return sha256(self.valid.to_data())

    def mistake(self, path: tuple[str | int, ...], message: str) -> FileMistake:
        """`message` about the value at `path`, with its line."""
        name = self.reading.positions.name(path)
        line = self.reading.positions.line(path, message)
        return FileMistake(self.file.shown, line, f"{name}: {message}" if name else message)


@dataclass
class Run:
    """The files of one run, by the documents they say, and every mistake found so far."""

    files: dict[Address, ReadFile] = field(default_factory=dict)
    mistakes: list[FileMistake] = field(default_factory=list)

    def readable(self) -> Iterator[ReadFile]:
        """The files in which nothing is wrong, those that others build on first."""
        return (read for read in self.files.values() if read.content is not None)


def read_run(path: Path, progress: Progress = silent) -> Run:
    """Read every content file that `path` names."""
    files, mistakes = find(path)
    run = Run(mistakes=mistakes)
    if not files and not mistakes:
        run.mistakes.append(FileMistake(shown_path(path), WHOLE, _("There are no content files here.")))
    for done, file in enumerate(files, start=1):
        progress(_("Reading"), done, len(files))
        try:
            data = file.read()
        except OSError as error:
            run.mistakes.append(
                FileMistake(file.shown, 1, _("This cannot be read ({reason}).").format(reason=error.strerror))
            )
            continue
        content, reading, found = read_content(
            data, file.slug, file.kind.file_layout, file.kind.content, file.shown
        )
        run.mistakes += found
        read = ReadFile(file, data, content, reading)
        run.files[read.address] = read
    return run


def canonical(read: ReadFile) -> bytes:
    """The one spelling of what a file says."""
    return write_content(read.valid, read.file.kind.file_layout)


def spelling_mistakes(read: ReadFile) -> Iterator[FileMistake]:
    """Where a file departs from its one spelling: comments, which would be lost, and a line that differs."""
    for line in read.reading.comments:
        yield FileMistake(
            read.file.shown,
            line,
            _("The site keeps no comments. Say it in a text, or delete it."),
        )
    right = canonical(read)
    if right == read.data:
        return
    written, wanted = read.data.split(b"\n"), right.split(b"\n")
    pairs = enumerate(zip_longest(written, wanted), start=1)
    line, then = next((line, then) for line, (now, then) in pairs if now != then)
    if then:
        message = _("This is not in the canonical form, which has “{wanted}” here; --fix rewrites the file.")
    else:
        message = _("This is not in the canonical form: empty lines or line ends differ; --fix mends them.")
    yield FileMistake(
        read.file.shown,
        min(line, len(written) - (len(written) > 1 and not written[-1])),
        message.format(wanted=_shortened((then or b"").decode("utf-8"))),
    )


def _shortened(line: str) -> str:
    return line if len(line) <= 60 else line[:60] + "…"
