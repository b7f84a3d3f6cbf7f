"""Opens a Word file that nobody trusts: what is refused, and the parts that are read.

A .docx is a ZIP of XML files. Of these only the ones that hold words, and pictures, are unpacked,
each up to a limit, whatever the file declares; XML is parsed only when it has no document type,
which is where entities, local or from elsewhere, would be.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_XML = 8 * 1024 * 1024
MAX_PICTURE = 8 * 1024 * 1024
MAX_PICTURES = 30
MAX_PICTURE_BYTES = 60 * 1024 * 1024
MAX_ELEMENTS = 80_000
MAX_DEPTH = 120
MAX_CELLS = 2_000
MAX_CHARS = 200_000

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# The same elements under the names of ISO's strict form.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/drawingml/",
        b"http://schemas.openxmlformats.org/drawingml/2006/",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)
_BEGINNINGS = (
    (b"\xd0\xcf\x11\xe0", "old-word"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "other-type"),
)
_MACROS = re.compile(r"(^|/)vba(Project|Data)\.(bin|xml)$", re.IGNORECASE)


class Refused(Exception):
    """The file is not read; `why` is a key of `reading.WHY`."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Relation:
    """What a part refers to: the name of another part, or an address outside."""

    kind: str
    target: str
    is_external: bool


class WordFile:
    """The parts of a Word file, within limits; raises Refused from its constructor and methods."""

    def __init__(self, data: bytes):
        for beginning, why in _BEGINNINGS:
            if data.startswith(beginning):
                raise Refused(why)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Refused("damaged" if data.startswith(b"PK") else "other-type") from error
        self._left = {"elements": MAX_ELEMENTS, "pictures": MAX_PICTURE_BYTES}
        self._check_list()
        self.main, self.document = self._find_main()

    def _check_list(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES or sum(one.file_size for one in entries) > MAX_UNPACKED:
            raise Refused("too-large")
        if any(one.flag_bits & 1 for one in entries):
            raise Refused("old-word")
        if any(_MACROS.search(one.filename) for one in entries):
            raise Refused("macros")
        if not self.has("[Content_Types].xml"):
            raise Refused("other-type")
        for element in self.xml("[Content_Types].xml").iter():
            if "macroenabled" in element.get("ContentType", "").casefold():
                raise Refused("macros")

    def _find_main(self) -> tuple[str, Element]:
        named = [one.target for one in self.relations("") if one.kind == "officeDocument"]
        name = next(iter(named), "word/document.xml")
        if not self.has(name) or (root := self.xml(name)).tag != f"{W}document":
            raise Refused("other-type")
        return name, root

    def has(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def names(self, pattern: str) -> list[str]:
        """The names of the parts that match."""
        return sorted(name for name in self._zip.NameToInfo if re.fullmatch(pattern, name))

    def xml(self, name: str) -> Element:
        """The XML of a part, parsed anew at each call."""
        data = self._unpacked(name, MAX_XML)
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        self._check_xml(data)
        return ElementTree.fromstring(data)  # noqa: S314  it has no document type, see above

    def _check_xml(self, data: bytes) -> None:
        """Refuse a document type, and too many elements, before any are kept."""
        depth = 0

        def start(_name: str, _attributes: object) -> None:
            nonlocal depth
            depth += 1
            self._left["elements"] -= 1
            if depth > MAX_DEPTH or self._left["elements"] < 0:
                raise Refused("too-large")

        def end(_name: str) -> None:
            nonlocal depth
            depth -= 1

        def has_document_type(*_declared: object) -> None:
            raise Refused("entities")

        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartDoctypeDeclHandler = has_document_type
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Refused("damaged") from error

    def picture(self, name: str) -> bytes:
        """The bytes of a picture; empty if it is missing or too large."""
        if not self.has(name) or self._zip.NameToInfo[name].file_size > MAX_PICTURE:
            return b""
        data = self._unpacked(name, MAX_PICTURE)
        self._left["pictures"] -= len(data)
        if self._left["pictures"] < 0:
            raise Refused("too-large")
        return data

    def _unpacked(self, name: str, limit: int) -> bytes:
        """A part of at most `limit` bytes, whatever its declared size."""
        try:
            with self._zip.open(name) as part:
                data = part.read(limit + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            ValueError,
            NotImplementedError,
        ) as error:
            raise Refused("damaged") from error
        if len(data) > limit:
            raise Refused("too-large")
        return data

    def relations(self, part: str) -> list[Relation]:
        """What a part refers to; for "" the whole file."""
        return list(self.relations_by_id(part).values())

    def relations_by_id(self, part: str) -> dict[str, Relation]:
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(listed):
            return {}
        return dict(_relations(self.xml(listed), folder))

    @cached_property
    def main_relations(self) -> dict[str, Relation]:
        return self.relations_by_id(self.main)

    def parts(self, *kinds: str) -> list[str]:
        """The names of the parts of these kinds that the document refers to."""
        found = (
            one.target
            for one in self.main_relations.values()
            if one.kind in kinds and not one.is_external
        )
        return [name for name in dict.fromkeys(found) if self.has(name)]


def _relations(root: Element, folder: str) -> Iterator[tuple[str, Relation]]:
    for element in root.iter(RELATIONSHIP):
        is_external = element.get("TargetMode") == "External"
        target = element.get("Target", "")
        if not is_external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = element.get("Type", "").rpartition("/")[2]
        yield element.get("Id", ""), Relation(kind, target, is_external)
