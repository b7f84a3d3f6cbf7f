"""The program that sets PDFs, apart from the site: it reads data on its input and writes PDFs on
its output.

It knows neither Django nor the database, opens no connection, and reads no file but the templates,
uploaded pictures, and fonts from locked packages. The site can end it at any moment. Run it as
`python -m education.handouts.paper.typesetter ROOT`; below ROOT are "templates" and "media".
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

import fontpkg_atkinson_hyperlegible
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import fontpkg_noto_sans_devanagari
import typst

from education.web.child_process import limit_resources

MEMORY = 1024 * 1024 * 1024
# The compiler keeps what it has set. Above this, in bytes, the program ends; the site starts
# another.
RESIDENT = 160 * 1024 * 1024
FONT_PACKAGES = (
    fontpkg_atkinson_hyperlegible,
    fontpkg_noto_sans,
    fontpkg_noto_sans_arabic,
    fontpkg_noto_sans_devanagari,
)
_NO_FONT = re.compile(r'the text [`"]+(.+?)[`"]+ could not be displayed')


def main() -> None:
    """Serve one order after another until the input ends, or the memory grows too much."""
    root = Path(sys.argv[1])
    limit_resources(MEMORY)
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Nothing that a library may print gets between the answers.
    os.dup2(2, 1)
    compiler = typst.Compiler(
        root / "templates" / "handout.typ",
        root=root,
        font_paths=typst.Fonts(
            include_system_fonts=False,
            font_paths=[Path(package.__path__[0], "files") for package in FONT_PACKAGES],
        ),
        # No package is ever looked up.
        package_path=root / "no-packages",
        package_cache_path=root / "no-packages",
    )
    _answer(answers, {"ready": True})
    while line := orders.readline():
        order = json.loads(line)
        reply, pdf = _served(compiler, order, orders.read(order["length"]).decode())
        is_last = _resident() > RESIDENT
        _answer(answers, {**reply, "last": is_last}, pdf)
        if is_last:
            return


def _served(compiler: Any, order: dict[str, Any], data: str) -> tuple[dict[str, Any], bytes]:
    """What to say about an order, and the PDF."""
    try:
        pdf, warnings = _set_sheets(compiler, data, order["timestamp"])
    except typst.TypstError as error:
        missing = _NO_FONT.findall(error.diagnostic)
        return {"why": "letter" if missing else "broken", "letters": missing[:1]}, b""
    except MemoryError:
        return {"why": "memory"}, b""
    if warnings:
        return {"why": "broken"}, b""
    pages = _report(compiler, "<pages>")[0]["pages"]
    if pages > order["pages"]:
        return {"why": "pages"}, b""
    return {"pages": pages, "is_over": bool(_long_sheets(compiler))}, pdf


def _set(compiler: Any, data: str, timestamp: int) -> tuple[bytes, list[Any]]:
    """The PDF and its warnings; raises TypstError and MemoryError."""
    pdf, warnings = compiler.compile_with_warnings(
        sys_inputs={"d": data}, format="pdf", pdf_standards=["ua-1"], timestamp=timestamp
    )
    return pdf, warnings


def _set_sheets(compiler: Any, data: str, timestamp: int) -> tuple[bytes, list[Any]]:
    """The same, each sheet that is too long with less of its drawings, or with all where that
    does not help.
    """
    pdf, warnings = _set(compiler, data, timestamp)
    if warnings or not (over := _long_sheets(compiler)):
        return pdf, warnings
    handout = json.loads(data)
    sheets = [handout["parts"][number] for number in over]
    fullest = {number: handout["parts"][number]["pictures"] for number in over}
    while any(len(sheet["pictures"]) > 1 for sheet in sheets):
        for sheet in sheets:
            sheet["pictures"] = sheet["pictures"][1:] or sheet["pictures"]
        pdf, warnings = _set(compiler, json.dumps(handout), timestamp)
        over = _long_sheets(compiler)
        sheets = [handout["parts"][number] for number in over]
    if over:
        for number in over:
            handout["parts"][number]["pictures"] = fullest[number]
        pdf, warnings = _set(compiler, json.dumps(handout), timestamp)
    return pdf, warnings


def _long_sheets(compiler: Any) -> list[int]:
    """The parts that should be one sheet and need more than its two pages."""
    return [sheet["part"] for sheet in _report(compiler, "<fit>") if sheet["pages"] > 2]


def _report(compiler: Any, label: str) -> list[dict[str, Any]]:
    """What the template says of itself: see `<fit>` and `<pages>` in handout.typ."""
    return list(json.loads(compiler.query(label, field="value")))


def _resident() -> int:
    """The memory of this program, in bytes."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def _answer(answers: BinaryIO, reply: dict[str, Any], pdf: bytes = b"") -> None:
    answers.write(json.dumps({**reply, "length": len(pdf)}).encode() + b"\n" + pdf)
    answers.flush()


if __name__ == "__main__":
    main()
