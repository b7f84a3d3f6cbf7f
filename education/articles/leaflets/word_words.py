"""Every word of a Word file, with the place where a reader would look for it.

This is what the draft is compared with, so it is read before anything is taken out.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from mammoth.docx.dingbats import dingbats

from education.articles.leaflets.blocks import Note, Passage
from education.articles.leaflets.word_file import MAX_CHARS, Refused, W, WordFile
from education.articles.leaflets.word_styles import Styles, first_value, is_on

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SPACES = {W + name for name in ("tab", "br", "cr", "ptab")}
DROPPED = {W + name for name in ("del", "moveFrom")}
# The range in which fonts of signs keep their letters.
_PRIVATE = (0xF000, 0xF0FF)


class WordWords:
    """The words of a Word file; signs of symbol fonts become the letters that they are."""

    def __init__(self, file: WordFile, styles: Styles):
        self._file = file
        self._styles = styles
        self.passages: list[Passage] = []
        self.notes: list[Note] = []
        self._chars = 0

    def prepare(self, root: Element, place: str) -> None:
        """Choose between alternatives, write signs as letters, and note all words."""
        _choose_alternatives(root)
        self._write_signs(root, None)
        outside_paragraphs: dict[str, list[str]] = {}
        self._note_words(root, place, outside_paragraphs, None)
        for where, texts in outside_paragraphs.items():
            self._add_passage(where, " ".join(texts))

    def read_other_parts(self) -> None:
        """The words of what is no part of the text."""
        for kind, place in (("header", "header"), ("footer", "footer"), ("comments", "comment")):
            for name in self._file.parts(kind):
                self.prepare(self._file.xml(name), place)
        for name in self._file.names(r"word/(charts/chart|diagrams/data)\d*\.xml"):
            texts = (one.text or "" for one in self._file.xml(name).iter() if _is_drawn_text(one))
            self._add_passage("drawing", " ".join(texts))

    def _write_signs(self, element: Element, paragraph: Element | None) -> None:
        """Write what fonts such as Symbol and Wingdings show as the letters that it is."""
        for child in element:
            if child.tag == f"{W}p":
                self._write_signs(child, child.find(f"{W}pPr"))
            elif child.tag == f"{W}r":
                self._write_signs_of_run(child, paragraph)
                self._write_signs(child, paragraph)
            else:
                self._write_signs(child, paragraph)

    def _write_signs_of_run(self, run: Element, paragraph: Element | None) -> None:
        properties = self._styles.run_properties(run, paragraph)
        font = first_value(properties, "rFonts", "ascii") or first_value(
            properties, "rFonts", "hAnsi"
        )
        for child in run:
            if child.tag == f"{W}sym":
                code = child.get(f"{W}char", "")
                sign = int(code, 16) if len(code) <= 6 and is_hexadecimal(code) else 0
                font_of_sign = child.get(f"{W}font", "")
                child.tag, child.attrib = f"{W}t", {}
                child.text = self._letter(font_of_sign, sign)
            elif child.tag in {f"{W}t", f"{W}delText"} and child.text:
                child.text = "".join(
                    self._letter(font, ord(sign)) if _is_private(ord(sign)) else sign
                    for sign in child.text
                )

    def _letter(self, font: str, code: int) -> str:
        found = dingbats.get((font, code - _PRIVATE[0] if _is_private(code) else code))
        if found is None:
            self.notes.append(Note("sign", f"{font} {code & 0xFF}"))
            return "\N{REPLACEMENT CHARACTER}"
        return chr(found)

    def _note_words(
        self, element: Element, place: str, found: dict[str, list[str]], paragraph: Element | None
    ) -> None:
        """Note the words of an element, each under the place where a reader would look for them."""
        for child in element:
            if child.tag == f"{W}p":
                properties = child.find(f"{W}pPr")
                own: dict[str, list[str]] = {}
                at = len(self.passages)
                is_contents = place == "body" and self._styles.is_contents(properties)
                self._note_words(child, "contents" if is_contents else place, own, properties)
                inner, self.passages[at:] = self.passages[at:], []
                for where, words in own.items():
                    self._add_passage(where, "".join(words))
                self.passages += inner
            elif child.tag in {f"{W}t", f"{W}delText", f"{M}t"}:
                found.setdefault(place, []).append(child.text or "")
            elif child.tag in SPACES:
                found.setdefault(place, []).append(" ")
            elif child.tag == f"{W}noBreakHyphen":
                found.setdefault(place, []).append("-")
            else:
                self._note_words(child, self._place_of(child, place, paragraph), found, paragraph)

    def _place_of(self, element: Element, place: str, paragraph: Element | None) -> str:
        if element.tag in DROPPED or is_deleted_row(element):
            return "deleted"
        if element.tag == f"{M}oMath":
            return "equation"
        if element.tag == f"{W}sdt" and is_prompt(element):
            return "prompt"
        if element.tag == f"{W}r":
            return self.unshown(element, paragraph) or place
        return place

    def unshown(self, run: Element, paragraph: Element | None) -> str:
        """Why the words of a run are not part of the text; empty for those that are."""
        properties = self._styles.run_properties(run, paragraph)
        if is_on(properties, "vanish"):
            return "hidden"
        return "struck" if is_on(properties, "strike") or is_on(properties, "dstrike") else ""

    def _add_passage(self, place: str, text: str) -> None:
        text = " ".join(text.split())
        self._chars += len(text)
        if self._chars > MAX_CHARS:
            raise Refused("too-long")
        if text:
            self.passages.append(Passage(place, text))


def _choose_alternatives(element: Element) -> None:
    """Put in place of each alternative its first choice, or what stands for older programs."""
    for at in reversed(range(len(element))):
        child = element[at]
        if child.tag == f"{_MC}AlternateContent":
            chosen = child.find(f"{_MC}Choice")
            if chosen is None or not len(chosen):
                chosen = child.find(f"{_MC}Fallback")
            element[at : at + 1] = list(chosen) if chosen is not None else []
    for child in element:
        _choose_alternatives(child)


def is_prompt(element: Element) -> bool:
    """Whether a field for the writer still shows its own prompt, such as “Click here”."""
    return element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def is_deleted_row(element: Element) -> bool:
    return element.tag == f"{W}tr" and element.find(f"{W}trPr/{W}del") is not None


def _is_drawn_text(element: Element) -> bool:
    return element.tag in {f"{_A}t", f"{_C}v"}


def _is_private(code: int) -> bool:
    return _PRIVATE[0] <= code <= _PRIVATE[1]


def is_hexadecimal(text: str) -> bool:
    return bool(text) and set(text) <= set("0123456789abcdefABCDEF")
