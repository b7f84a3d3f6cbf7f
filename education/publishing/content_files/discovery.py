"""Which files there are below a folder, and which document each of them says."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from education.publishing import document_types
from education.publishing.content import DocumentKey
from education.publishing.content_files.errors import NO_LINE, FileError, closest_match, quote_list
from education.publishing.content_files.reader import MAX_BYTES
from education.publishing.document_types import DocumentType
from education.publishing.file_layout import Layout, MarkdownLayout, YamlLayout
from education.publishing.models import Document

IGNORED = "README.md"


@dataclass(frozen=True)
class ContentFile:
    """A file and the document that it says."""

    path: Path
    display_path: str
    document_type: DocumentType
    language: str
    slug: str

    @property
    def key(self) -> DocumentKey:
        """Kind and slug."""
        return DocumentKey(self.document_type.name, self.slug)

    def read(self) -> bytes:
        """Its bytes, hardly more than a file may have; raises OSError."""
        with self.path.open("rb") as file:
            return file.read(MAX_BYTES + 8)


def relative_path(layout: Layout, slug: str) -> str:
    """Where the file of a document stands in the folder of its language."""
    name = f"{slug}{extension(layout)}"
    return f"{layout.folder}/{name}" if layout.folder else name


def extension(layout: Layout) -> str:
    """How the names of the files of a kind end."""
    return ".md" if isinstance(layout, MarkdownLayout) else ".yaml"


def display_path(path: Path) -> str:
    """A path as messages name it: from the current folder where it lies below it."""
    absolute = path.absolute()
    with suppress(ValueError, OSError):
        absolute = absolute.relative_to(Path.cwd())
    return os.fsencode(absolute).decode("utf-8", "replace")


def find_content_files(path: Path) -> tuple[list[ContentFile], list[FileError]]:
    """The content files that `path` names: a content folder, a folder in it, or one file.

    In the order of their kinds, those that others build on first.
    """
    search = _FileFinder(path)
    files = sorted(
        search.files(),
        key=lambda file: (document_types.names().index(file.document_type.name), file.display_path),
    )
    return files, [*search.errors, *_duplicates(search.seen)]


class _FileFinder:
    """One look at the files below a path."""

    def __init__(self, path: Path):
        self.given = path.absolute()
        self.languages = {code for code, _name in settings.LANGUAGES}
        self.folders = {kind.file_layout.folder for kind in _all_document_types()} - {""}
        self.errors: list[FileError] = []
        self.seen: list[Path] = []

    def files(self) -> Iterator[ContentFile]:
        """Every content file; what is none becomes a mistake."""
        try:
            is_folder = stat.S_ISDIR(self.given.stat().st_mode)
        except OSError as error:
            self._add_error(self.given, _cannot_read(error))
            return
        language = self._language_folder()
        if language and _escapes_root(self.given, language):
            self._add_error(self.given, _link_escapes_root(), 1)
        elif language is None and is_folder:
            yield from self._in_content_folder()
        elif language is None:
            self._add_error(self.given, _no_language(self.languages))
        elif not is_folder:
            yield from self._file(self.given, language)
        elif language == self.given:
            yield from self._in_language_folder(language)
        else:
            yield from self._in_kind_folder(self.given, language)

    def _language_folder(self) -> Path | None:
        """The folder of a language that the given path is or lies in, by its name."""
        closest = [self.given, self.given.parent]
        if self.given.parent.name in self.folders:
            closest.append(self.given.parent.parent)
        if self.given.is_dir() and self.given.name not in self.folders:
            closest.pop()
        return next(
            (folder for folder in closest if folder.name in self.languages and folder.is_dir()),
            None,
        )

    def _in_content_folder(self) -> Iterator[ContentFile]:
        found = False
        for path in self._inside(self.given, self.given):
            if path.is_dir() and path.name in self.languages:
                found = True
                yield from self._in_language_folder(path)
            elif path.is_dir():
                self._add_error(path, _no_such_language(path.name, self.languages))
            elif path.name != IGNORED:
                self._add_error(
                    path,
                    _("This file does not belong here. Put it into the folder of a language."),
                    1,
                )
        if not found and not self.errors:
            self._add_error(self.given, _no_language(self.languages))

    def _in_language_folder(self, language: Path) -> Iterator[ContentFile]:
        for path in self._inside(language, language):
            if not path.is_dir():
                yield from self._file(path, language)
            elif path.name in self.folders:
                yield from self._in_kind_folder(path, language)
            else:
                self._add_error(path, _no_such_folder(path.name, self.folders))

    def _in_kind_folder(self, folder: Path, language: Path) -> Iterator[ContentFile]:
        for path in self._inside(folder, language):
            yield from self._file(path, language)

    def _inside(self, folder: Path, root: Path) -> Iterator[Path]:
        """What lies in a folder, hidden files and links that lead out of `root` aside."""
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            self._add_error(folder, _cannot_read(error))
            return
        for path in paths:
            if path.name.startswith("."):
                continue
            if _escapes_root(path, root):
                self._add_error(path, _link_escapes_root(), 1)
            else:
                yield path

    def _file(self, path: Path, language: Path) -> Iterator[ContentFile]:
        self.seen.append(path)
        try:
            mode = path.stat().st_mode
        except OSError as error:
            self._add_error(path, _cannot_read(error), 1)
            return
        if not stat.S_ISREG(mode):
            self._add_error(
                path, _("This is not a file that can be read. Take it out of the folder."), 1
            )
            return
        folder = "" if path.parent == language else path.relative_to(language).parts[0]
        here = [kind for kind in _all_document_types() if kind.file_layout.folder == folder]
        kind, message = _document_type_or_problem(path, folder, here)
        if message:
            self._add_error(path, message, 1)
        if kind:
            yield ContentFile(path, display_path(path), kind, language.name, path.stem)

    def _add_error(self, path: Path, message: str, line: int = NO_LINE) -> None:
        self.errors.append(FileError(display_path(path), line, message))


def _document_type_or_problem(
    path: Path, folder: str, here: Sequence[DocumentType]
) -> tuple[DocumentType | None, str]:
    """The kind of document that a file in `folder` says, or what is wrong with its name."""
    single = {
        relative_path(k.file_layout, k.file_layout.slug): k
        for k in here
        if isinstance(k.file_layout, YamlLayout) and k.file_layout.slug
    }
    if single:
        if path.name in single:
            return single[path.name], ""
        return None, _not_in_language_folder(path, single)
    if not here:
        return None, _no_such_folder(
            folder, {kind.file_layout.folder for kind in _all_document_types()} - {""}
        )
    kind = here[0]
    right = extension(kind.file_layout)
    if path.suffix != right:
        return None, _("The name of a file here ends in {right}. Name it “{name}”.").format(
            right=right, name=path.stem + right
        )
    problem = slug_problem(path.stem)
    return (None, problem) if problem else (kind, "")


def slug_problem(slug: str) -> str:
    """What is wrong with the name of a file as an address, or nothing."""
    field = Document._meta.get_field("slug")
    longest = field.max_length or 0
    if len(slug) > longest:
        return _("The name of this file is too long. Use at most {longest} characters.").format(
            longest=longest
        )
    pattern = next(check for check in field.validators if hasattr(check, "regex"))
    if not pattern.regex.search(slug):
        return _(
            "The name of this file becomes an address. "
            "Use only small letters, digits and single hyphens, such as “hair-bumps”."
        )
    return ""


def _duplicates(paths: Sequence[Path]) -> Iterator[FileError]:
    """Files beside each other whose names differ in capitals or ending only: which of them is
    meant?
    """
    first: dict[Path, Path] = {}
    for path in paths:
        other = first.setdefault(path.parent / path.stem.casefold(), path)
        if other != path:
            message = _("“{other}” says the same document. Keep one of the two files.")
            yield FileError(display_path(path), 1, message.format(other=display_path(other)))


def _escapes_root(path: Path, root: Path) -> bool:
    if not path.is_symlink():
        return False
    try:
        return not path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return True


def _all_document_types() -> list[DocumentType]:
    return [document_types.get(name) for name in document_types.names()]


def _link_escapes_root() -> str:
    return _("This link leads out of the folder. Put the file itself here.")


def _cannot_read(error: OSError) -> str:
    return _("This cannot be read ({reason}). Check the path and who may read it.").format(
        reason=error.strerror or error
    )


def _no_language(languages: set[str]) -> str:
    return _("There is no folder of a language here. Name one for its language: {known}.").format(
        known=quote_list(sorted(languages))
    )


def _no_such_language(name: str, languages: set[str]) -> str:
    return _(
        "“{name}” is no language of this site. The languages are {known} (LANGUAGES in the settings)."
    ).format(name=name, known=quote_list(sorted(languages)))


def _no_such_folder(name: str, folders: set[str]) -> str:
    closest = closest_match(name, folders)
    if closest:
        return _("There is no folder “{name}” of content. Did you mean “{near}”?").format(
            name=name, near=closest
        )
    return _("There is no folder “{name}” of content. The folders are {known}.").format(
        name=name, known=quote_list(sorted(folders))
    )


def _not_in_language_folder(path: Path, single: Mapping[str, DocumentType]) -> str:
    closest = closest_match(path.name, single)
    if closest:
        return _("This file does not belong here. Did you mean “{near}”?").format(near=closest)
    folders = {kind.file_layout.folder for kind in _all_document_types()} - {""}
    return _("This file does not belong here. Put it into one of the folders {known}.").format(
        known=quote_list(sorted(folders))
    )
