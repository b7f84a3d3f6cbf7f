"""Runs the program that reads leaflets, and says in words why one is not read."""

from __future__ import annotations

import html
import json
import re

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from education.articles.leaflets.blocks import Leaflet, from_json
from education.web import child_process
from education.web.slots import LEAFLETS, NoFreeSlot

MAX_FILE = 20 * 1024 * 1024
MAX_PASTED = 400_000
PROGRAM = "education.articles.leaflets.reader"
SECONDS = 20

WHY: dict[str, str | Promise] = {
    "empty": _("This file is empty. Choose another one."),
    "file-size": _("This file is larger than 20 MB. Make its pictures smaller in Word first."),
    "pasted-size": _("This is too long for one page. Paste one leaflet at a time."),
    "old-word": _(
        "This is an older Word file, or one with a password. Open it in Word, and save it as "
        "“Word document (.docx)” without a password."
    ),
    "pdf": _("This is a PDF. Open it, copy its words, and paste them below."),
    "other-type": _("This is not a Word file. Save it as “Word document (.docx)” first."),
    "macros": _(
        "This file has macros, which are small programs. Save it in Word as “Word document "
        "(.docx)”, which has none."
    ),
    "entities": _(
        "This file refers to something outside it, in a way that Word does not write. It is not "
        "opened. Open it in Word, and save it anew."
    ),
    "too-large": _("This file unpacks to far more than a leaflet. It is not opened."),
    "too-long": _("This file has more words than one page can hold. Split it first."),
    "long-line": _("This has a paragraph that is far too long. Break it with empty lines."),
    "large-table": _("This file has tables of more than 2,000 cells. Take them out first."),
    "damaged": _("This file cannot be read: it is damaged. Open it in Word, and save it anew."),
    "time": _("Reading this file takes too long. Make it shorter, and its tables smaller."),
    "busy": _("Another file is being read just now. Wait a minute, then try again."),
}

PLACES: dict[str, str | Promise] = {
    "body": _("In the text"),
    "note": _("In a footnote"),
    "header": _("At the top of its pages"),
    "footer": _("At the foot of its pages"),
    "comment": _("In a comment"),
    "hidden": _("Hidden in the file"),
    "struck": _("Struck through in the file"),
    "deleted": _("Deleted in the file"),
    "contents": _("In its table of contents"),
    "prompt": _("In a field that nobody filled in"),
    "equation": _("In a formula"),
    "drawing": _("In a chart or diagram"),
}

NOTES: dict[str, str | Promise] = {
    "sign": _("A sign of a font has no letter here ({detail}). It is shown as “\ufffd”."),
    "equation": _("A formula was left out."),
    "embedded": _("Another file that stands in this one was left out."),
    "unknown": _("Something that this site does not know was left out ({detail})."),
    "linked-picture": _("A picture that is not in the file itself was left out. {detail}"),
    "missing-picture": _("A picture that is missing in the file, or too large, was left out."),
    "too-many-pictures": _("There are more than 30 pictures. This one was left out. {detail}"),
    "refused-picture": _("A picture was left out. {detail}"),
    "outside-picture": _("A picture of the web page was left out. {detail}"),
    "drawing": _("A drawing or a chart was left out. {detail}"),
    "table-head": _("The first row of a table was taken for its heads. Check it."),
    "large-table": _("A table of more than 2,000 cells was taken apart."),
    "link": _("A link that leads to a file or into the file was taken out: {detail}"),
}

_MARKUP = re.compile(
    r"<(p|div|h[1-6]|ul|ol|li|table|span|article|section|body|html|!doctype)\b", re.I
)


class UnreadableLeaflet(Exception):
    """A leaflet that is not read; `str(error)` is one or two plain sentences for staff."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return str(WHY[self.why])


def read_word_file(data: bytes) -> Leaflet:
    """The leaflet in a .docx file; raises UnreadableLeaflet."""
    check_size(len(data))
    return _read("word", data)


def check_size(size: int) -> None:
    """Raise UnreadableLeaflet for a file of `size` bytes, before it is read."""
    if not size:
        raise UnreadableLeaflet("empty")
    if size > MAX_FILE:
        raise UnreadableLeaflet("file-size")


def read_pasted_text(text: str) -> Leaflet:
    """The leaflet in a pasted text, which may be the HTML of a page; raises UnreadableLeaflet."""
    if len(text) > MAX_PASTED:
        raise UnreadableLeaflet("pasted-size")
    return _read("html", (text if _MARKUP.search(text) else _paragraphs(text)).encode())


def _paragraphs(text: str) -> str:
    """A text without markup as HTML: each line by itself, and with # before it a heading.

    A line that begins with a small letter goes on with the one before it.
    """
    written: list[str] = []
    for line in text.replace("\r", "\n").split("\n"):
        words = line.strip()
        if words[:1].islower() and written and written[-1].startswith("<p>"):
            written[-1] = f"{written[-1].removesuffix('</p>')} {html.escape(words)}</p>"
        elif heading := re.fullmatch(r"(#{1,6}) +(.*)", words):
            tag = f"h{len(heading[1])}"
            written.append(f"<{tag}>{html.escape(heading[2])}</{tag}>")
        else:
            # An empty one separates what stands before and after it.
            written.append(f"<p>{html.escape(words)}</p>" if words else "")
    return "\n".join(written)


def _read(kind: str, data: bytes) -> Leaflet:
    try:
        with LEAFLETS.take():
            answer, is_late = _answer(kind, data)
    except NoFreeSlot as error:
        raise UnreadableLeaflet("busy") from error
    described, _newline, pictures = answer.partition(b"\n")
    if not described:
        # It met its limits of memory, or was ended.
        raise UnreadableLeaflet("time" if is_late else "too-large")
    reply = json.loads(described)
    if "why" in reply:
        raise UnreadableLeaflet(reply["why"])
    read: list[bytes] = []
    for length in reply.pop("pictures"):
        read.append(pictures[:length])
        pictures = pictures[length:]
    return Leaflet(
        **{name: from_json(value) for name, value in reply.items()}, pictures=tuple(read)
    )


def _answer(kind: str, data: bytes) -> tuple[bytes, bool]:
    """What the reading program says, and whether it was ended because it took too long."""
    process = child_process.start(PROGRAM, kind, folder=settings.BASE_DIR)
    with child_process.ended_after(process, SECONDS) as late:
        try:
            answer, _nothing = process.communicate(data)
        except BrokenPipeError:
            answer = b""
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    return answer, late.is_set()
