"""Reading a PDF as a patient, a screen reader and a camera do."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import html5lib
import pypdfium2
import zxingcpp
from django.conf import settings
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

FOOT = 30
"""Points at the bottom of a page that hold its furniture: the title and the page number."""


def normalize_text(text: str) -> str:
    """The words of a text: no ligatures, no capitals that only style made, no blanks at which a
    line ends.
    """
    words = re.sub("[\\s\u200b]+", "", unicodedata.normalize("NFKC", text))
    return words.replace("\x02", "-").casefold()


def extract_text(pdf: bytes) -> str:
    """The text of all pages as it can be copied, without what stands at the foot of each."""
    return "\n".join(extract_pages(pdf))


def extract_pages(pdf: bytes) -> list[str]:
    """The same page by page."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        width, height = page.get_size()
        found.append(
            page.get_textpage().get_text_bounded(left=0, bottom=FOOT, right=width, top=height)
        )
    return found


def extract_tagged_text_by_page(pdf: bytes) -> list[tuple[int, str, str]]:
    """The tagged text in its logical order: the page of each piece, the path of tags over it, its
    text.
    """
    reader = PdfReader(io.BytesIO(pdf))
    pieces = [_marked(page) for page in reader.pages]
    numbers = {page.indirect_reference.idnum: place for place, page in enumerate(reader.pages)}
    found: list[tuple[int, str, str]] = []

    def walk(node: Any, path: str, page: int) -> None:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, int):
            found.append((page, path, pieces[page].get(node, "")))
        elif isinstance(node, ArrayObject):
            for kid in node:
                walk(kid, path, page)
        elif isinstance(node, DictionaryObject):
            if "/Pg" in node:
                page = numbers[node.raw_get("/Pg").idnum]
            if "/MCID" in node:
                walk(int(node["/MCID"]), path, page)
            if "/K" in node:
                walk(node["/K"], f"{path}{node.get('/S', '')}", page)

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"], "", 0)
    return found


def extract_tagged_text(pdf: bytes) -> list[tuple[str, str]]:
    """The same without the pages."""
    return [(path, text) for _page, path, text in extract_tagged_text_by_page(pdf)]


def _marked(page: Any) -> dict[int, str]:
    """The text of each piece of marked content on a page, by its number."""
    found: dict[int, str] = {}
    open_marks: list[int | None] = []

    def before(operator: Any, operands: Any, *_matrices: Any) -> None:
        if operator in {b"BDC", b"BMC"}:
            properties = operands[1] if len(operands) > 1 else {}
            number = properties.get("/MCID") if isinstance(properties, DictionaryObject) else None
            open_marks.append(number)
        elif operator == b"EMC":
            open_marks.pop()

    def text(shown: str, *_rest: Any) -> None:
        mark = next((mark for mark in reversed(open_marks) if mark is not None), None)
        if mark is not None:
            found[mark] = found.get(mark, "") + shown

    page.extract_text(visitor_operand_before=before, visitor_text=text)
    return found


def last_pieces(pdf: bytes) -> list[tuple[str, str]]:
    """What is said or shown last on each page, in logical order, under its tags; the margin has
    none.
    """
    shown = (
        (page, path, text)
        for page, path, text in extract_tagged_text_by_page(pdf)
        if text.strip() or "/Figure" in path
    )
    return list({page: (path, text) for page, path, text in shown}.values())


def depth_of_first_page(pdf: bytes) -> float:
    """How far down the ink on the first page reaches, its foot aside: 0 at the top, 1 at the
    bottom.
    """
    page = pypdfium2.PdfDocument(pdf)[0]
    _width, height = page.get_size()
    rows = (page.render(grayscale=True).to_numpy() < 128).any(axis=1)
    above_foot = rows[: round(len(rows) * (1 - FOOT / height))]
    return float(above_foot.nonzero()[0].max() / len(rows))


def tags(pdf: bytes) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Every element of structure in logical order: its tag, itself, and the tags above it."""
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]

    def walk(node: Any, above: tuple[str, ...]) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
        node = node.get_object()
        kids = node.get("/K", [])
        tag = str(node.get("/S", ""))
        if tag:
            yield tag, node, above
        for kid in kids if isinstance(kids, ArrayObject) else [kids]:
            if isinstance(
                kid.get_object() if isinstance(kid, IndirectObject) else kid, DictionaryObject
            ):
                yield from walk(kid, (*above, tag))

    yield from walk(root, ())


def fonts(pdf: bytes) -> list[Any]:
    """The fonts of all pages."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for name, font in page["/Resources"].get("/Font", {}).items():
            found[name] = font.get_object()
    return list(found.values())


def sizes(pdf: bytes) -> dict[float, int]:
    """How many letters are set in each size, in points, the foot of the pages and raised marks
    aside.
    """
    found: dict[float, int] = {}

    def text(shown: str, matrix: Any, text_matrix: Any, _font: Any, size: float) -> None:
        if shown.strip() and text_matrix[5] * matrix[3] + matrix[5] > FOOT:
            real = round(abs(size * text_matrix[3] * matrix[3]), 1)
            found[real] = found.get(real, 0) + len(shown.strip())

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=text)
    return found


def codes(pdf: bytes) -> list[str]:
    """What a camera reads in the rendered pages."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=2, grayscale=True).to_numpy()
        found += [code.text for code in zxingcpp.read_barcodes(picture)]
    return found


def sections(pieces: Iterable[tuple[bool, str]]) -> list[tuple[str, str]]:
    """Pieces of text, each with whether it stands in a heading, as headings with what
    follows each.
    """
    found: list[list[str]] = [["", ""]]
    was_title = False
    for is_title, text in pieces:
        if is_title and not was_title and text.strip():
            found.append(["", ""])
        if text.strip():
            found[-1][0 if is_title else 1] += text
            was_title = is_title
    return [(_compared(title), _compared(text)) for title, text in found]


def _compared(text: str) -> str:
    """Without the marks of lists, which a browser draws and a PDF writes."""
    return re.sub("[•◦▪✔✘]", "", normalize_text(text))


def printed(html: str) -> list[tuple[bool, str]]:
    """The pieces of text of the handout on its page, less what is for a screen alone."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    (handout,) = [e for e in document.iter("div") if "handout" in e.get("class", "").split()]

    def walk(element: Any, is_title: bool) -> Iterator[tuple[bool, str]]:
        # An "i" is the word that a source mark has for those who hear the page.
        names = set(element.get("class", "").split())
        if (
            element.tag == "i"
            or element.tag.endswith("svg")
            or {"visually-hidden", "screen"} & names
        ):
            return
        is_title = is_title or re.fullmatch("h[1-6]", element.tag) is not None
        yield is_title, element.text or ""
        for child in element:
            yield from walk(child, is_title)
            yield is_title, child.tail or ""

    return list(walk(handout, False))


def labels_of_drawings() -> set[str]:
    """The words inside our drawings: part of a picture, and yet copied out of a PDF
    with its text.
    """
    files = (settings.BASE_DIR / "static" / "pictures").glob("*.svg")
    labels = (label for file in files for label in re.findall(r">([^<>]+)</t", file.read_text()))
    return set(normalize_text("".join(labels)))


def printed_text(html: str) -> str:
    """The same as one text."""
    return "".join(text for _is_title, text in printed(html))
