"""A handout as the data of `templates/paper/handout.typ`."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from education import markdown
from education.clinic.models import Clinic
from education.handouts.handout import Handout, HandoutPart
from education.handouts.paper.parts import (
    ArticleWriter,
    ChecklistWriter,
    Data,
    SheetWriter,
    find_picture,
    sources_blocks,
)
from education.handouts.paper.self_check import SelfCheckWriter
from education.handouts.paper.wording import clinic_numbers, credit_runs, review_runs

_WRITERS = {"checklist": ChecklistWriter, "self-check": SelfCheckWriter}
DEFAULT_REGION = "US"


# Longer words may break after any letter: they could be longer than a line, and run off the paper.
_LONG_WORD = re.compile(r"[^\s\u200b]{32,}")
_NOT_LAID_OUT = {"svg", "qr", "alt", "to", "address", "file", "picture", "kind", "key"}


@sensitive_variables("note")
def paper_data(handout: Handout, clinic: Clinic, note: str = "") -> Data:
    """Everything that is printed; equal data gives an equal PDF."""
    data: Data = _breakable(_data(handout, clinic, note))
    return data


def _breakable(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _breakable(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_breakable(inner, name) for inner in value]
    if isinstance(value, str) and name not in _NOT_LAID_OUT:
        return _LONG_WORD.sub(lambda word: "\u200b".join(word[0]), value)
    return value


@sensitive_variables("note")
def _data(handout: Handout, clinic: Clinic, note: str) -> Data:
    language, _hyphen, region = (get_language() or settings.LANGUAGE_CODE).partition("-")
    with markdown.emergency_number_from(lambda: clinic.emergency_number):
        return {
            "size": handout.size,
            "paper": handout.paper,
            "two_sided": handout.options.both_sides,
            "lang": language,
            "region": region.upper() or DEFAULT_REGION,
            "dir": "rtl" if get_language_bidi() else "ltr",
            "title": f"{handout.title} – {clinic.name}",
            "code": handout.code,
            "words": {"page": _("Page {page} of {pages}"), "over": _("More on the back")},
            "clinic": _clinic(clinic),
            "parts": _parts(handout, clinic, note),
        }


def letters_data(text: str) -> Data:
    """A paper with nothing but these words, to see whether there are letters for them."""
    front = [{"kind": "title", "text": text, "state": [], "lead": []}]
    return {
        "size": "normal",
        "paper": "a4",
        "two_sided": False,
        "lang": "en",
        "region": DEFAULT_REGION,
        "dir": "ltr",
        "title": "-",
        "code": "-",
        "words": {"page": "", "over": ""},
        "clinic": {"name": "-", "address": "", "numbers": [], "logo": None},
        "parts": [{"form": "pages", "title": "-", "front": front, "back": []}],
    }


def _clinic(clinic: Clinic) -> Data:
    logo = None
    if clinic.logo and find_picture(clinic.logo):
        ratio = clinic.logo_width / max(1, clinic.logo_height)
        alt = _("Logo of %(name)s") % {"name": clinic.name}
        logo = {"file": clinic.logo, "alt": alt, "ratio": ratio}
    return {
        "name": clinic.name,
        "address": clinic.address_line,
        "numbers": clinic_numbers(clinic),
        "logo": logo,
    }


def _parts(handout: Handout, clinic: Clinic, note: str) -> list[Data]:
    parts: list[Data] = []
    for position, part in enumerate(handout.parts):
        writer = _WRITERS.get(part.kind) or (SheetWriter if part.is_sheet else ArticleWriter)
        data = writer(part, handout, clinic).write()
        # The note stands on the first page of all, or before the list of what is in the pack.
        own_note = _note(handout, note if position == 0 and not handout.has_contents_list else "")
        data["imprint"] = _imprint(handout, part)
        if data["form"] == "sheet":
            data["note"] = own_note
        elif own_note["text"]:
            data["front"].insert(1, own_note)
        parts.append(data)
    last = parts[-1]
    for data in parts:
        if data["form"] == "pages":
            end = "back" if data["back"] else "front"
            if data is last:
                data[end] += _lines(handout) + sources_blocks(handout)
            data[end].append(data["imprint"])
    if handout.has_contents_list:
        parts.insert(0, _cover(handout, note))
    return parts


def _cover(handout: Handout, note: str) -> Data:
    title = _("What is in this pack")
    titles = [part.composition.edition.heading for part in handout.parts]
    contents = {"kind": "contents", "title": title, "items": titles}
    front = [contents, *([_note(handout, note)] if note else [])]
    return {"form": "pages", "title": title, "front": front, "back": []}


def _note(handout: Handout, note: str) -> Data:
    if handout.is_reviewed:
        added = _("Added at printing, not part of the reviewed text.")
    else:
        added = _("Added at printing, not part of the text of this site.")
    return {"kind": "note", "title": _("For you"), "text": note, "added": added}


def _lines(handout: Handout) -> list[Data]:
    if not handout.has_lines:
        return []
    return [{"kind": "lines", "title": _("Notes and questions for your next visit")}]


def printed_on(handout: Handout) -> str:
    """The sentence with the day of printing."""
    return _("Printed on %(date)s.") % {"date": date_format(handout.at, _("F j, Y"))}


def _imprint(handout: Handout, part: HandoutPart) -> Data:
    code = handout.qr_code
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.side} {code.side}">'
        f'<path d="{code.path}"/></svg>'
    )
    return {
        "kind": "imprint",
        "title": _("Is this paper still right?"),
        "qr": svg,
        "alt": _("QR code of the address %(address)s") % {"address": handout.freshness_url},
        "how": part.how_to_check,
        "address": handout.freshness_url,
        "code": "" if part.is_sheet else _("Code: %(code)s") % {"code": handout.code},
        "credits": [] if part.is_sheet else credit_runs(part.credits),
        "state": [] if part.is_sheet else [*review_runs(part.composition), " "],
        "printed": printed_on(handout),
        "disclaimer": "" if part.is_sheet else handout.disclaimer,
    }
