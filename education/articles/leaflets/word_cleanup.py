"""The pass before mammoth: a Word file written anew in the few elements that mammoth reads rightly.

mammoth loses the words of simple fields, shows hidden words, cannot see the signs of symbol fonts,
begins every list at 1, and knows no heading or bold that comes from a style. All of that is settled
here, so that it meets paragraphs, runs, tables and lists only. A picture, a link and the number of
a list item pass through it as bookmarks and anchors: `PICTURE`, `LINK`, `NUMBER`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from education.articles.leaflets.blocks import Note
from education.articles.leaflets.word_file import (
    MAX_CELLS,
    MAX_PICTURES,
    R,
    Refused,
    W,
    WordFile,
)
from education.articles.leaflets.word_styles import (
    MAX_LEVEL,
    Lists,
    Styles,
    first_value,
    is_on,
    value,
)
from education.articles.leaflets.word_words import (
    DROPPED,
    SPACES,
    M,
    WordWords,
    is_deleted_row,
    is_hexadecimal,
    is_prompt,
)

PICTURE, LINK, NUMBER = "picture-", "link-", "number-"

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_V = "{urn:schemas-microsoft-com:vml}"


def _named(*names: str) -> set[str]:
    return {W + name for name in names}


_UNWRAPPED = _named(
    "fldSimple", "ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "dir", "bdo"
)
_KEPT_IN_RUN = _named("fldChar", "instrText", "footnoteReference", "endnoteReference")
_DRAWN = _named("drawing", "pict", "object")
_WITHOUT_WORDS = _named(
    "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "tblPrEx", "sdtPr", "sdtEndPr",
    "smartTagPr", "customXmlPr", "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd",
    "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "footnoteRef",
    "endnoteRef", "separator", "continuationSeparator", "lastRenderedPageBreak", "softHyphen",
    "delText", "delInstrText", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
    "moveToRangeEnd", "pgNum", "fldData", "customXmlInsRangeStart", "customXmlInsRangeEnd",
    "customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart",
    "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
)  # fmt: skip
_WORDS_BEFORE = 8


class CleanedWord:
    """A Word file for mammoth (`package`), and what does not go through it."""

    def __init__(self, file: WordFile):
        self._file = file
        self._styles = Styles(_first_part(file, "styles"))
        self._lists = Lists(_first_part(file, "numbering"), self._styles)
        self._words = WordWords(file, self._styles)
        self.passages, self.notes = self._words.passages, self._words.notes
        self.links: list[str] = []
        # The bytes and alternative text of each.
        self.pictures: list[tuple[bytes, str]] = []
        self._cells = 0
        self._before = ""
        self._lifted: list[Element] = []
        self._writers: dict[str, Callable[[Element], list[Element]]] = {
            **dict.fromkeys(_named("body", "footnote", "endnote"), self._container),
            f"{W}p": self._paragraph,
            f"{W}tbl": self._table,
            f"{W}tr": self._row,
            f"{W}tc": self._cell,
        }
        parts = {"word/document.xml": self._cleaned_part(file.document, file.main, "body")}
        for kind, place in (("footnotes", "note"), ("endnotes", "note")):
            for name in file.parts(kind)[:1]:
                root = _without_separators(file.xml(name))
                parts[f"word/{kind}.xml"] = self._cleaned_part(root, name, place)
        self._words.read_other_parts()
        self.package = _package({**parts, "word/numbering.xml": _numbering()})

    def _cleaned_part(self, root: Element, name: str, place: str) -> Element:
        self._relations = self._file.relations_by_id(name)
        self._words.prepare(root, place)
        return self._copied(root, self._rebuilt_all(root, None))

    def _rebuilt_all(self, element: Element, paragraph: Element | None) -> list[Element]:
        return [new for child in element for new in self._rebuilt(child, paragraph)]

    def _rebuilt(self, element: Element, paragraph: Element | None) -> list[Element]:
        tag = element.tag
        if tag == f"{W}r":
            return self._run(element, paragraph)
        if tag == f"{W}hyperlink":
            return [self._link(element, paragraph)]
        if tag in _UNWRAPPED:
            return [] if is_prompt(element) else self._rebuilt_all(element, paragraph)
        if tag in self._writers:
            return self._writers[tag](element)
        if tag not in DROPPED and tag not in _WITHOUT_WORDS:
            self._note_unknown(tag)
        return []

    def _container(self, element: Element) -> list[Element]:
        return [self._copied(element, self._rebuilt_all(element, None))]

    @staticmethod
    def _copied(element: Element, children: Iterable[Element]) -> Element:
        new = Element(element.tag, element.attrib)
        new.extend(children)
        return new

    def _note_unknown(self, tag: str) -> None:
        equation = tag in {f"{M}oMath", f"{M}oMathPara"}
        why = "equation" if equation else "embedded" if tag == f"{W}altChunk" else "unknown"
        self.notes.append(Note(why, tag.rpartition("}")[2], self._before))

    def _paragraph(self, element: Element) -> list[Element]:
        properties = element.find(f"{W}pPr")
        if self._styles.is_contents(properties):
            return []
        new = Element(f"{W}p")
        described = SubElement(new, f"{W}pPr")
        level = self._styles.heading_level(properties)
        item = self._lists.item(properties)
        if level:
            SubElement(described, f"{W}pStyle", {f"{W}val": f"Heading{min(level, 6)}"})
        elif item:
            listed = SubElement(described, f"{W}numPr")
            SubElement(listed, f"{W}ilvl", {f"{W}val": str(item[0])})
            SubElement(listed, f"{W}numId", {f"{W}val": "2" if item[1] else "1"})
            if item[1]:
                _add_bookmark(new, f"{NUMBER}{item[1]}")
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            SubElement(SubElement(described, f"{W}rPr"), f"{W}del")
        outside, self._lifted = self._lifted, []
        new.extend(_joined_runs(self._rebuilt_all(element, properties)))
        lifted, self._lifted = self._lifted, outside
        shown = "".join(one.text or "" for one in new.iter(f"{W}t")).split()
        self._before = " ".join((self._before.split() + shown)[-_WORDS_BEFORE:])
        return [new, *lifted]

    def _run(self, element: Element, paragraph: Element | None) -> list[Element]:
        if self._words.unshown(element, paragraph):
            return []
        properties = self._styles.run_properties(element, paragraph)
        new = Element(f"{W}r")
        described = SubElement(new, f"{W}rPr")
        for name in ("b", "i"):
            if is_on(properties, name):
                SubElement(described, W + name)
        if raised := first_value(properties, "vertAlign"):
            SubElement(described, f"{W}vertAlign", {f"{W}val": raised})
        bookmarks: list[Element] = []
        for child in element:
            tag = child.tag
            if tag == f"{W}t" or tag in _KEPT_IN_RUN or tag == f"{W}noBreakHyphen":
                new.append(child)
            elif tag in SPACES:
                is_break = tag in {f"{W}br", f"{W}cr"} and child.get(f"{W}type") in {
                    None,
                    "textWrapping",
                }
                SubElement(new, f"{W}br" if is_break else f"{W}tab")
            elif tag in _DRAWN:
                self._drawn(child, bookmarks)
            elif tag not in _WITHOUT_WORDS:
                self._note_unknown(tag)
        return [new, *bookmarks]

    def _drawn(self, element: Element, bookmarks: list[Element]) -> None:
        """Pictures become bookmarks; what stands in text boxes goes below the paragraph."""
        boxes = list(element.iter(f"{W}txbxContent"))
        for box in boxes:
            self._lifted += self._rebuilt_all(box, None)
        pictures = [*element.iter(f"{_A}blip"), *element.iter(f"{_V}imagedata")]
        alternative_text = _alternative_text(element)
        for picture in pictures:
            name = picture.get(f"{R}embed") or picture.get(f"{R}id") or ""
            relation = self._relations.get(name)
            if relation is None or relation.is_external:
                self.notes.append(Note("linked-picture", alternative_text, self._before))
            else:
                bookmarks += self._picture(relation.target, alternative_text)
        if element.tag == f"{W}object":
            self.notes.append(Note("embedded", "", self._before))
        elif not boxes and not pictures:
            self.notes.append(Note("drawing", alternative_text, self._before))

    def _picture(self, name: str, alternative_text: str) -> list[Element]:
        data = self._file.picture(name)
        if not data or len(self.pictures) >= MAX_PICTURES:
            why = "too-many-pictures" if data else "missing-picture"
            self.notes.append(Note(why, alternative_text, self._before))
            return []
        self.pictures.append((data, alternative_text))
        holder = Element(f"{W}p")
        _add_bookmark(holder, f"{PICTURE}{len(self.pictures) - 1}")
        return list(holder)

    def _link(self, element: Element, paragraph: Element | None) -> Element:
        relation = self._relations.get(element.get(f"{R}id", ""))
        new = Element(f"{W}hyperlink")
        # A link inside the file leads nowhere in an article; its words stay.
        if relation is not None and relation.is_external:
            new.set(f"{W}anchor", f"{LINK}{len(self.links)}")
            self.links.append(relation.target)
        new.extend(self._rebuilt_all(element, paragraph))
        return new

    def _table(self, element: Element) -> list[Element]:
        rows = list(element.iter(f"{W}tr"))
        self._cells += sum(1 for row in rows for _cell in row.iter(f"{W}tc"))
        if self._cells > MAX_CELLS:
            raise Refused("large-table")
        new = self._copied(element, self._rebuilt_all(element, None))
        first = new.find(f"{W}tr/{W}trPr")
        if first is not None and not len(first) and self._is_head(element, rows[0]):
            SubElement(first, f"{W}tblHeader")
        return [new]

    def _is_head(self, table: Element, row: Element) -> bool:
        """Whether a first row that does not say so is a head: by its own style, or all bold."""
        paragraphs = [one for one in row.iter(f"{W}p") if one.find(f".//{W}t") is not None]
        described = [one.find(f"{W}pPr") for one in paragraphs]
        if not paragraphs or self._has_head_by_style(table):
            return bool(paragraphs)
        return all(self._styles.is_table_head(one) for one in described) or all(
            is_on(self._styles.run_properties(run, properties), "b")
            for paragraph, properties in zip(paragraphs, described, strict=True)
            for run in paragraph.iter(f"{W}r")
            if run.find(f"{W}t") is not None
        )

    def _has_head_by_style(self, table: Element) -> bool:
        properties = table.find(f"{W}tblPr")
        look = properties.find(f"{W}tblLook") if properties is not None else None
        if look is None:
            return False
        bits = look.get(f"{W}val", "0")
        is_asked = look.get(f"{W}firstRow") in {"1", "true"} or (
            is_hexadecimal(bits) and bool(int(bits, 16) & 0x20)
        )
        return is_asked and any(
            part.get(f"{W}type") == "firstRow"
            for style in self._styles.chain(value(properties, "tblStyle"))
            for part in style.iter(f"{W}tblStylePr")
        )

    def _row(self, element: Element) -> list[Element]:
        if is_deleted_row(element):
            return []
        new = Element(f"{W}tr")
        described, properties = SubElement(new, f"{W}trPr"), element.find(f"{W}trPr")
        if properties is not None and is_on([properties], "tblHeader"):
            SubElement(described, f"{W}tblHeader")
        new.extend(_empty_cells(value(properties, "gridBefore")))
        new.extend(self._rebuilt_all(element, None))
        new.extend(_empty_cells(value(properties, "gridAfter")))
        return [new]

    def _cell(self, element: Element) -> list[Element]:
        new = Element(f"{W}tc")
        described, properties = SubElement(new, f"{W}tcPr"), element.find(f"{W}tcPr")
        span = value(properties, "gridSpan")
        if span and span.isdecimal():
            width = min(max(1, int(span)), MAX_CELLS)
            SubElement(described, f"{W}gridSpan", {f"{W}val": str(width)})
        if (merged := value(properties, "vMerge")) is not None:
            SubElement(described, f"{W}vMerge", {f"{W}val": merged or "continue"})
        new.extend(self._rebuilt_all(element, None))
        return [new]


def _first_part(file: WordFile, kind: str) -> Element | None:
    return next((file.xml(name) for name in file.parts(kind)), None)


def _without_separators(root: Element) -> Element:
    """Notes without the lines that separate them from the text."""
    for note in list(root):
        if note.get(f"{W}type", "normal") != "normal":
            root.remove(note)
    return root


def _joined_runs(elements: Iterable[Element]) -> list[Element]:
    """Elements with neighboring runs of words that look alike as one: Word cuts them small."""
    joined: list[Element] = []
    before: str | None = None
    for element in elements:
        looks = _looks(element)
        if looks is not None and looks == before:
            joined[-1].extend(element[1:])
        else:
            joined.append(element)
        before = looks
    return joined


def _looks(element: Element) -> str | None:
    """The properties of a cleaned run with nothing but words in it; None for anything else."""
    if element.tag != f"{W}r" or any(child.tag != f"{W}t" for child in element[1:]):
        return None
    return " ".join(f"{one.tag} {one.get(f'{W}val')}" for one in element[0])


def _add_bookmark(element: Element, name: str) -> None:
    SubElement(element, f"{W}bookmarkStart", {f"{W}id": "0", f"{W}name": name})


def _alternative_text(element: Element) -> str:
    for described in element.iter(f"{_WP}docPr"):
        return " ".join((described.get("descr") or "").split())
    for shape in element.iter(f"{_V}shape"):
        return " ".join(shape.get("alt", "").split())
    return ""


def _empty_cells(count: str | None) -> list[Element]:
    cells = []
    for _cell in range(min(int(count), 20) if count and count.isdecimal() else 0):
        cell = Element(f"{W}tc")
        SubElement(cell, f"{W}p")
        cells.append(cell)
    return cells


def _numbering() -> Element:
    """List 1 with bullets, list 2 with numbers."""
    root = Element(f"{W}numbering")
    for number, kind in (("1", "bullet"), ("2", "decimal")):
        abstract = SubElement(root, f"{W}abstractNum", {f"{W}abstractNumId": number})
        for level in range(MAX_LEVEL + 1):
            described = SubElement(abstract, f"{W}lvl", {f"{W}ilvl": str(level)})
            SubElement(described, f"{W}numFmt", {f"{W}val": kind})
    for number in ("1", "2"):
        listed = SubElement(root, f"{W}num", {f"{W}numId": number})
        SubElement(listed, f"{W}abstractNumId", {f"{W}val": number})
    return root


def _package(parts: dict[str, Element]) -> io.BytesIO:
    """A file that mammoth finds its way in without relations."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as written:
        for name, root in parts.items():
            written.writestr(name, ElementTree.tostring(root, encoding="utf-8"))
    package.seek(0)
    return package
