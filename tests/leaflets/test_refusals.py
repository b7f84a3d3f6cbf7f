"""Files that are refused in words, within bounds, without anything in them being opened."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from education.articles.leaflets import reading, word_file
from education.articles.leaflets.blocks import Paragraph
from education.articles.leaflets.reader import read_word
from education.articles.leaflets.reading import UnreadableLeaflet, read_pasted_text, read_word_file
from education.articles.leaflets.word_file import Refused
from education.web import slots
from tests.leaflets import word_files
from tests.leaflets.word_files import cell, element, package, paragraph, row, table
from tests.media import sample_images

PLAIN = word_files.word_file(paragraph("Rest."))
_ENTITY = '<!DOCTYPE w:document [<!ENTITY words "{}">]>'


def parts(data: bytes = PLAIN) -> dict[str, str | bytes]:
    """The parts of a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def with_part(name: str, data: str | bytes) -> bytes:
    """An ordinary file with another part, or one part replaced."""
    return package({**parts(), name: data})


def with_document_type(declared: str, encoding: str = "UTF-8") -> bytes:
    body = element("document", f"<w:body>{paragraph('&words;')}</w:body>")
    whole = body.replace("?><w:", f"?>{declared}<w:", 1).replace("UTF-8", encoding)
    return with_part("word/document.xml", whole.encode(encoding))


def with_declared_size(size: int) -> bytes:
    """An ordinary file whose list says that each of its parts has this size."""
    data = bytearray(PLAIN)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", data, at + 24, size)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def with_encryption() -> bytes:
    data = bytearray(PLAIN)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + offset] |= 1
    return bytes(data)


def deep(levels: int) -> bytes:
    return word_files.word_file(f"{'<w:sdt>' * levels}{paragraph('x')}{'</w:sdt>' * levels}")


def macro_type() -> str:
    types = str(parts()["[Content_Types].xml"], "utf-8")
    main = "openxmlformats-officedocument.wordprocessingml.document.main"
    return types.replace(f"vnd.{main}", "vnd.ms-word.document.macroEnabled.main")


REFUSED = {
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old-word"),
    "PDF": (b"%PDF-1.7\n", "pdf"),
    "RTF": (rb"{\rtf1 Rest.}", "other-type"),
    "picture": (sample_images.png(), "other-type"),
    "plain text": (b"Rest.", "other-type"),
    "other ZIP": (package({"mimetype": "application/epub+zip"}), "other-type"),
    "workbook": (
        package(
            {
                "[Content_Types].xml": parts()["[Content_Types].xml"],
                "_rels/.rels": word_files.relations(("a", "officeDocument", "xl/workbook.xml")),
                "xl/workbook.xml": "<workbook/>",
            }
        ),
        "other-type",
    ),
    "cut off": (PLAIN[:400], "damaged"),
    "broken XML": (with_part("word/document.xml", "<w:document><w:body>"), "damaged"),
    "encrypted": (with_encryption(), "old-word"),
    "macros": (with_part("word/vbaProject.bin", b"\x00"), "macros"),
    "macros by type": (with_part("[Content_Types].xml", macro_type()), "macros"),
    "entity": (with_document_type(_ENTITY.format("Rest.")), "entities"),
    "entity in UTF-16": (with_document_type(_ENTITY.format("Rest."), "UTF-16"), "entities"),
    "entity from a file": (
        with_document_type('<!DOCTYPE w:document [<!ENTITY words SYSTEM "file:///etc/hostname">]>'),
        "entities",
    ),
    "document type from outside": (
        with_document_type('<!DOCTYPE w:document SYSTEM "http://127.0.0.1:1/a.dtd">'),
        "entities",
    ),
    "entity in styles": (
        package(
            {
                **parts(word_files.word_file(paragraph("Rest."), styles="")),
                "word/styles.xml": _ENTITY.format("a") + "<w:styles/>",
            }
        ),
        "entities",
    ),
    "large when unpacked": (
        with_part("word/document.xml", " " * (word_file.MAX_XML + 1)),
        "too-large",
    ),
    "declared as large": (with_declared_size(2**31 - 1), "too-large"),
    "declared as small": (with_declared_size(10), "damaged"),
    "many parts": (package({str(at): "" for at in range(2001)}), "too-large"),
    "many elements": (word_files.word_file("<w:p/>" * 80_001), "too-large"),
    "deep": (deep(130), "too-large"),
    "many cells": (
        word_files.word_file(table(*[row(*["x"] * 3) for _row in range(667)])),
        "large-table",
    ),
    "many words": (word_files.word_file(paragraph("word " * 40_001)), "too-long"),
}


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED)
def test_hostile_file_is_refused_for_what_it_is(data: bytes, why: str):
    with pytest.raises(Refused) as refusal:
        read_word(data)
    assert refusal.value.why == why
    assert why in reading.WHY


def test_table_of_absurdly_wide_cells_is_taken_apart():
    wide = row(cell("x", properties='<w:gridSpan w:val="999999999"/>'), "y")
    leaflet = read_word(word_files.word_file(table(wide, wide)))
    assert leaflet.blocks == (Paragraph("x"), Paragraph("y")) * 2
    assert [note.why for note in leaflet.notes] == ["table-head", "large-table"]


@pytest.mark.parametrize("target", ["../../../etc/passwd", "/etc/passwd", "http://127.0.0.1:1/a"])
def test_main_part_outside_the_file_is_never_opened(target: str):
    rels = word_files.relations(("a", "officeDocument", target), outside=("a",))
    for written in (rels, rels.replace('TargetMode="External"', "")):
        with pytest.raises(Refused):
            read_word(with_part("_rels/.rels", written))


def test_file_of_wrong_size_is_refused_before_it_is_read():
    with pytest.raises(UnreadableLeaflet, match="empty"):
        read_word_file(b"")
    with pytest.raises(UnreadableLeaflet, match="20 MB"):
        reading.check_size(reading.MAX_FILE + 1)


@pytest.mark.long
def test_refusal_is_said_in_words():
    with pytest.raises(UnreadableLeaflet, match="has macros"):
        read_word_file(with_part("word/vbaProject.bin", b"\x00"))


@pytest.mark.long
@pytest.mark.parametrize("text", ["word " * 15_000, "[" * 1_500])
def test_line_beyond_the_limits_of_a_text_is_refused(text: str):
    with pytest.raises(UnreadableLeaflet, match="far too long"):
        read_pasted_text(text)


@pytest.mark.long
def test_program_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    with pytest.raises(UnreadableLeaflet, match="takes too long"):
        read_word_file(PLAIN)


@pytest.mark.long
def test_program_without_memory_refuses_the_file(monkeypatch):
    # Below what it needs to begin with: it cannot even say so.
    monkeypatch.setattr(reading, "PROGRAM", "tests.leaflets.reader_without_memory")
    with pytest.raises(UnreadableLeaflet, match="far more than a leaflet"):
        read_word_file(word_files.word_file("<w:p/>" * 20_000))


def test_second_file_is_refused_at_once():
    with slots.LEAFLETS.take(), pytest.raises(UnreadableLeaflet, match="just now"):
        read_word_file(PLAIN)


def test_pasted_text_beyond_a_page_is_refused():
    with pytest.raises(UnreadableLeaflet, match="too long"):
        read_pasted_text("word " * 100_000)
