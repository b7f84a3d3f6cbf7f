"""Whether a printed paper still says what readers see: told by the publication log alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cached_property
from typing import Self

from django.urls import reverse

from education.handouts.codes import Code
from education.handouts.log import Log, Place, place_of
from education.handouts.on_paper import Section, causes_of, sections
from education.handouts.options import Options, OptionsError
from education.publishing.diff.fields import FieldChange, diff_content
from education.publishing.history import PageChange
from education.publishing.models import Edition, Publication

EVERYTHING = Options()


class UnknownPaper(LookupError):
    """A well-formed code of a paper that was never printed from this site."""


class Verdict(IntEnum):
    """What became of a printed page, the gravest last.

    WORDING: other words, and the advice is known to be the same; TEXT: other words, and no clinician has
    compared them yet.
    """

    CURRENT = 0
    WORDING = 1
    TEXT = 2
    ADVICE = 3
    WITHDRAWN = 4

    @property
    def key(self) -> str:
        """Its name, for templates."""
        return self.name.lower()


@dataclass(frozen=True)
class Difference:
    """What reads differently in one part of a page."""

    title: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class PrintedPage:
    """A page that was live right after `printed_after`, then and now.

    `options`: what was chosen for the print; `instead`: where its readers may go, when it was withdrawn;
    `is_off`: the clinic offers none of its kind.
    """

    log: Log
    document: int
    printed_after: Place
    options: Options = EVERYTHING
    instead: Edition | None = None
    is_off: bool = False

    @property
    def was(self) -> Edition:
        """The edition on paper."""
        edition = self.log.shown(self.document, self.printed_after)[self.document]
        return self.log.read([edition])[edition.pk]

    @property
    def now(self) -> Edition | None:
        """The edition that readers see now, if they see any."""
        edition = None if self.is_off else self.log.shown(self.document).get(self.document)
        return self.log.read([edition])[edition.pk] if edition else None

    @property
    def publication(self) -> Publication | None:
        """The entry of the log that decides what readers see now."""
        return self.log.live(self.document)

    @property
    def new_print(self) -> str:
        """Where to print the page as it is now, with what was chosen for the old paper."""
        now = self.now
        if now is None:
            return ""
        options = self.options.carried_over(causes_of(self.was), causes_of(now))
        return address_of_print(now, options)

    @cached_property
    def verdict(self) -> Verdict:
        """What became of it. Advice counts whenever it changed in between, unless the paper says the same."""
        if self.now is None:
            return Verdict.WITHDRAWN
        if any(self.log.advice_since(part, self.printed_after) for part in self.differing_documents):
            return Verdict.ADVICE
        if not all(self.log.same_advice(part, self.printed_after) for part in self.differing_documents):
            return Verdict.TEXT
        return Verdict.WORDING if self._differing else Verdict.CURRENT

    @cached_property
    def entries(self) -> list[Publication]:
        """What was published since of the page and of those of its parts that differ, newest first."""
        parts = {self.document, *self.differing_documents}
        found = (entry for part in parts for entry in self.log.after(part, self.printed_after))
        return sorted(found, key=place_of, reverse=True)

    @cached_property
    def notes(self) -> list[PageChange]:
        """What readers were told of these changes."""
        named = [entry for entry in self.entries[::-1] if entry.edition]
        names = {entry.document_id: entry.edition.heading for entry in named if entry.edition}
        return [
            PageChange(
                at=entry.at,
                part="" if entry.document_id == self.document else names.get(entry.document_id, ""),
                change=vars(entry)["change"] or "",
                note=entry.edition.note if entry.edition else entry.reason,
                withdrawn=entry.is_withdrawal,
            )
            for entry in self.entries
        ]

    @cached_property
    def differences(self) -> list[Difference]:
        """What reads differently now, part by part, word by word."""
        return list(self._compared())

    def _compared(self) -> Iterator[Difference]:
        for name in self._differing:
            old, new = self._before.get(name), self._after.get(name)
            changes = diff_content(
                old.content if old else None, new.content if new else None, for_readers=True
            )
            named = new or old
            if changes and named:
                yield Difference(named.title, changes)

    @cached_property
    def _before(self) -> Mapping[str, Section]:
        return _sections(self.log, self.document, self.printed_after)

    @cached_property
    def _after(self) -> Mapping[str, Section]:
        return _sections(self.log, self.document, None)

    @cached_property
    def _differing(self) -> list[str]:
        if self.now is None:
            return []
        names = {**self._after, **self._before}
        return [name for name in names if _differs(name, self._before.get(name), self._after.get(name))]

    @cached_property
    def differing_documents(self) -> set[int]:
        """Those that the parts which differ are made of, then and now."""
        found: set[int] = set()
        for name in self._differing:
            sides = [side[name].documents for side in (self._before, self._after) if name in side]
            found.update(*sides)
            if len(set(sides)) > 1:
                # The page itself says which document that part of it is.
                found.add(self.document)
        return found


@dataclass(frozen=True)
class Paper:
    """Everything that one code names."""

    pages: tuple[PrintedPage, ...]

    @classmethod
    def of(cls, code: Code, at: datetime | None = None, *, self_checks: bool = True) -> Self:
        """What became of the paper with this code. Raises UnknownPaper when none was printed under it.

        `self_checks`: whether the clinic offers any. Five queries at most.
        """
        try:
            options = Options.from_number(code.options)
        except OptionsError:
            raise UnknownPaper(code) from None
        log = Log.of(code.documents, at)
        place = _place_named_by(code, log)
        shown = [log.shown(document, upto) for document in code.documents for upto in (place, None)]
        log.read(edition for editions in shown for edition in editions.values())
        last = {document: log.live(document) for document in code.documents}
        ways = {document: entry.send_to_id for document, entry in last.items() if entry and entry.send_to_id}
        live = Edition.objects.live(log.at).for_listing().filter(document__in=ways.values()) if ways else ()
        instead = {edition.document_id: edition for edition in live}
        return cls(
            tuple(
                PrintedPage(
                    log,
                    document,
                    place,
                    options=options,
                    instead=instead.get(ways.get(document, 0)),
                    is_off=log.kind(document) == "self-check" and not self_checks,
                )
                for document in code.documents
            )
        )

    @property
    def verdict(self) -> Verdict:
        """The gravest of its pages'."""
        return max(page.verdict for page in self.pages)

    @property
    def is_pack(self) -> bool:
        """Whether there is more than one page."""
        return len(self.pages) > 1


def address_of_print(edition: Edition, options: Options) -> str:
    """Where readers print a document like this, or read it where nothing is laid out for paper."""
    match edition.document.kind:
        case "article":
            page = reverse("handout", args=[edition.document.slug])
            return page + options.query(causes_of(edition))
        case "self-check":
            return reverse("self-check-printable", args=[edition.document.slug])
    return edition.get_absolute_url()


def _place_named_by(code: Code, log: Log) -> Place:
    """After which entry the paper was printed: an entry of a page, or of a part of one that was live then."""
    entry = log.entry(code.publication)
    if entry is None:
        raise UnknownPaper(code)
    place = place_of(entry)
    shown = [log.shown(document, place) for document in code.documents]
    if not all(shown) or not any(entry.document_id in editions for editions in shown):
        raise UnknownPaper(code)
    return place


def _sections(log: Log, document: int, upto: Place | None) -> Mapping[str, Section]:
    shown = log.shown(document, upto)
    if not shown:
        return {}
    read = log.read(shown.values())
    page = read[shown[document].pk]
    return sections(page, (edition for edition in read.values() if edition is not page))


def _differs(name: str, before: Section | None, after: Section | None) -> bool:
    if name.startswith("cause ") and not (before and after):
        # That a cause came or went stands in the page; its name alone adds nothing.
        return False
    return (before.printed if before else None) != (after.printed if after else None)
