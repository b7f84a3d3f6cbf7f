"""Word files made for tests: by python-docx, or as bare XML where it has no words for a thing."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx.document import Document as WordDocument

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": W,
        "r": OFFICE,
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    }.items()
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def saved(document: WordDocument) -> bytes:
    """The bytes of a document of python-docx."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def element(name: str, inner: str) -> str:
    """The XML of a part whose root is `w:name`."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {_NAMESPACES}>{inner}</w:{name}>'


def relations(*rows: tuple[str, str, str], outside: tuple[str, ...] = ()) -> str:
    """A part of relations: id, kind and target of each; those of ids in `outside` are external."""
    written = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}" '
        f'TargetMode="{"External" if name in outside else "Internal"}"/>'
        for name, kind, target in rows
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{written}</Relationships>"
    )


def package(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in parts.items():
            written.writestr(name, data)
    return file.getvalue()


def word_file(
    body: str,
    *,
    rows: tuple[tuple[str, str, str], ...] = (),
    outside: tuple[str, ...] = (),
    **parts: str | bytes,
) -> bytes:
    """A Word file with this body. `parts` by name: `styles`, `numbering`, `footnotes` and so on are
    XML inside their root; others, such as `media/a.png`, are taken as they are.
    """
    known = {
        "styles": "styles",
        "numbering": "numbering",
        "footnotes": "footnotes",
        "endnotes": "endnotes",
        "comments": "comments",
        "header": "hdr",
        "footer": "ftr",
    }
    named = [(f"part-{kind}", kind, f"{kind}.xml") for kind in known if kind in parts]
    files: dict[str, Any] = {
        f"word/{name}.xml" if name in known else f"word/{name}": element(known[name], str(data))
        if name in known
        else data
        for name, data in parts.items()
    }
    return package(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": relations(("main", "officeDocument", "word/document.xml")),
            "word/document.xml": element("document", f"<w:body>{body}</w:body>"),
            "word/_rels/document.xml.rels": relations(*named, *rows, outside=outside),
            **files,
        }
    )


def run(text: str, properties: str = "") -> str:
    """The XML of a run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inner: str, properties: str = "") -> str:
    """The XML of a paragraph of runs, or of plain words."""
    content = "".join(part if part.startswith("<") else run(part) for part in inner)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def bold(text: str) -> str:
    """The XML of a bold run."""
    return run(text, "<w:b/>")


def styled(style: str, *inner: str) -> str:
    """The XML of a paragraph with a style."""
    return paragraph(*inner, properties=f'<w:pStyle w:val="{style}"/>')


def listed(text: str, *, number: int = 1, level: int = 0) -> str:
    """The XML of an item of a list."""
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(text, properties=properties)


def cell(*inner: str, properties: str = "") -> str:
    """The XML of a cell of a table."""
    content = "".join(part if part.startswith("<") else paragraph(part) for part in inner)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows: str) -> str:
    """The XML of a table."""
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    """The XML of a row; words become cells."""
    content = "".join(part if part.startswith("<") else cell(part) for part in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{content}</w:tr>"


def style(name: str, label: str, inner: str = "", kind: str = "paragraph") -> str:
    """The XML of a style: its id, and its name."""
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{label}"/>{inner}</w:style>'


def numbering(*formats: str, extra: str = "") -> str:
    """The XML of lists 1, 2 … with these formats, such as "bullet" and "decimal"."""
    levels = [
        "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/></w:lvl>'
            for level in range(3)
        )
        for kind in formats
    ]
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{inner}</w:abstractNum>'
        for at, inner in enumerate(levels, start=1)
    )
    lists = "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{at}"/></w:num>'
        for at in range(1, len(formats) + 1)
    )
    return f"{abstract}{lists}{extra}"


def drawing(name: str, attribute: str = "embed", words: str = "") -> str:
    """The XML of a run with a picture."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="{words}"/><a:graphic>'
        f'<a:graphicData><pic:pic><pic:blipFill><a:blip r:{attribute}="{name}"/></pic:blipFill>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def text_box(*inner: str) -> str:
    """The XML of a run with a text box, as Word writes it: once anew, once for older programs."""
    content = f"<w:txbxContent>{''.join(inner)}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic>'
        f"<a:graphicData><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData>"
        "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
