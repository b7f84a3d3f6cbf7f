"""Finds content files and the document that each of them describes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from education.publishing import document_types
from education.publishing.content import DocumentKey
from education.publishing.content_files.errors import NO_LINE, FileError, quote_list, suggest
from education.publishing.content_files.reader import MAX_BYTES
from education.publishing.document_types import DocumentType
from education.publishing.file_layout import Layout, MarkdownLayout, YamlLayout
from education.publishing.models import Document

IGNORED = "README.md"


@dataclass(frozen=True)
class ContentFile:
    """A file and the document that it describes."""

    path: Path
    display_path: str
    document_type: DocumentType
    language: str
    slug: str

    @property
    def key(self) -> DocumentKey:
        """The document, within its language."""
        return DocumentKey(self.document_type.name, self.slug)

    def read(self) -> bytes:
        """Its bytes, little more than the most that a file may have; raises OSError."""
        with self.path.open("rb") as file:
            return file.read(MAX_BYTES + 8)


def relative_path(layout: Layout, slug: str) -> str:
    """The path of a document's file in the folder of its language."""
    return str(Path(layout.folder, f"{slug}{extension(layout)}"))


def extension(layout: Layout) -> str:
    """The extension of the files with this layout."""
    return ".md" if isinstance(layout, MarkdownLayout) else ".yaml"


def display_path(path: Path) -> str:
    """A path as messages name it: relative to the current folder if it is below it."""
    absolute = path.absolute()
    with suppress(ValueError, OSError):
        absolute = absolute.relative_to(Path.cwd())
    return os.fsencode(absolute).decode("utf-8", "replace")


def find_content_files(path: Path) -> tuple[list[ContentFile], list[FileError]]:
    """The content files below `path`: a content folder, a folder in it, or one file.

    Sorted by type, those that others depend on first.
    """
    finder = _FileFinder(path.absolute())
    finder.visit_given()
    order = document_types.names()
    finder.files.sort(key=lambda file: (order.index(file.document_type.name), file.display_path))
    return finder.files, [*finder.errors, *_duplicates(finder.seen)]


class _FileFinder:
    """Walks a path; `parts` are the names below the content folder: language, folder, file."""

    def __init__(self, given: Path):
        self.given = given
        self.languages = sorted(code for code, _name in settings.LANGUAGES)
        types = [document_types.get(name) for name in document_types.names()]
        layouts = [(kind.file_layout, kind) for kind in types]
        self.by_folder = {layout.folder: kind for layout, kind in layouts if layout.folder}
        self.by_name = {
            relative_path(layout, layout.slug): kind
            for layout, kind in layouts
            if isinstance(layout, YamlLayout) and layout.slug
        }
        self.files: list[ContentFile] = []
        self.errors: list[FileError] = []
        self.seen: list[Path] = []

    def visit_given(self) -> None:
        """Visit the given path, whose place is known by the name of a language near its end."""
        is_folder = self.given.is_dir()
        parts: Sequence[str] = ()
        for size in (3, 2, 1):
            end = self.given.parts[-size:]
            is_place = (size == 1 and is_folder) or (size == 2 and not is_folder)
            if end[0] in self.languages and (is_place or (end[1:2] and end[1] in self.by_folder)):
                parts = end
        self._visit(self.given, parts)

    def _visit(self, path: Path, parts: Sequence[str]) -> None:
        line = NO_LINE if path == self.given else 1
        root = path.parents[1] if len(parts) == 3 else path.parent
        if parts and not (path == self.given and len(parts) == 1) and _escapes_root(path, root):
            message = _("This link leads out of the folder. Put the file itself here.")
            self._add_error(path, message, 1)
            return
        try:
            mode = path.stat().st_mode
            if not stat.S_ISDIR(mode) or len(parts) == 3:
                self._visit_file(path, parts, stat.S_ISREG(mode))
                return
            line = NO_LINE
            children = [child for child in sorted(path.iterdir()) if child.name[0] != "."]
        except OSError as error:
            message = _("This cannot be read ({reason}). Check the path and who may read it.")
            self._add_error(path, message.format(reason=error.strerror or error), line)
            return
        if problem := self._folder_problem(parts):
            self._add_error(path, problem)
            return
        for child in children:
            self._visit(child, (*parts, child.name))
        if not (parts or self.errors or {child.name for child in children} & {*self.languages}):
            self._add_error(path, self._no_language())

    def _visit_file(self, path: Path, parts: Sequence[str], is_regular: bool) -> None:
        kind, line = None, 1
        if len(parts) > 1:
            self.seen.append(path)
        if len(parts) == 1 and path.name == IGNORED:
            return
        if not parts:
            problem, line = self._no_language(), NO_LINE
        elif len(parts) == 1:
            problem = _("This file does not belong here. Put it into the folder of a language.")
        elif not is_regular:
            problem = _("This is not a file that can be read. Take it out of the folder.")
        elif len(parts) == 2:
            kind = self.by_name.get(path.name)
            problem = "" if kind else self._misplaced(path)
        else:
            kind = self.by_folder[parts[1]]
            problem = _name_problem(path, extension(kind.file_layout))
        if problem or not kind:
            self._add_error(path, problem, line)
        else:
            self.files.append(ContentFile(path, display_path(path), kind, parts[0], path.stem))

    def _folder_problem(self, parts: Sequence[str]) -> str:
        if len(parts) == 1 and parts[0] not in self.languages:
            return _(
                "“{name}” is no language of this site. The languages are {known} (LANGUAGES in the settings)."
            ).format(name=parts[0], known=quote_list(self.languages))
        if len(parts) != 2 or parts[1] in self.by_folder:
            return ""
        message = _("There is no folder “{name}” of content.").format(name=parts[1])
        return f"{message} {suggest(parts[1], self.by_folder, _('The folders are {known}.'))}"

    def _misplaced(self, path: Path) -> str:
        folders = quote_list(sorted(self.by_folder))
        advice = _("Put it into one of the folders {folders}.").format(folders=folders)
        return f"{_('This file does not belong here.')} {suggest(path.name, self.by_name, advice)}"

    def _no_language(self) -> str:
        message = _("There is no folder of a language here. Name one for its language: {known}.")
        return message.format(known=quote_list(self.languages))

    def _add_error(self, path: Path, message: str, line: int = NO_LINE) -> None:
        self.errors.append(FileError(display_path(path), line, message))


def _name_problem(path: Path, right: str) -> str:
    """Why the name of a file cannot be a slug with the extension `right`; empty when it can."""
    field = Document._meta.get_field("slug")
    pattern = next(check for check in field.validators if hasattr(check, "regex"))
    message = ""
    if path.suffix != right:
        message = _("The name of a file here ends in {right}. Name it “{name}”.")
    elif len(path.stem) > (field.max_length or 0):
        message = _("The name of this file is too long. Use at most {longest} characters.")
    elif not pattern.regex.search(path.stem):
        message = _(
            "The name of this file becomes an address. "
            "Use only small letters, digits and single hyphens, such as “hair-bumps”."
        )
    return message.format(right=right, name=path.stem + right, longest=field.max_length)


def _duplicates(paths: Sequence[Path]) -> Iterator[FileError]:
    """Files of one folder whose names differ only in case or extension."""
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
