"""Whether a printed paper still says what readers see: told by the publication log alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cached_property
from typing import Self

from django.urls import reverse

from education.handouts.codes import HandoutCode
from education.handouts.log_replay import LogPosition, LogReplay, position_of
from education.handouts.print_options import InvalidOptions, PrintOptions
from education.handouts.printed_sections import PrintedSection, cause_slugs, printed_sections
from education.publishing.diff.fields import FieldChange, diff_content
from education.publishing.history import PageChange
from education.publishing.models import Edition, Publication

DEFAULT_OPTIONS = PrintOptions()


class UnknownHandout(LookupError):
    """A well-formed code of a paper that was never printed from this site."""


class Freshness(IntEnum):
    """What became of a printed page, the gravest last.

    WORDING: other words, and the advice is known to be the same; TEXT: other words, and no
    clinician has compared them yet.
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
class SectionDiff:
    """What reads differently in one part of a page."""

    title: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class PrintedPage:
    """A page that was live right after `printed_after`, then and now.

    `options`: what was chosen for the print; `instead`: where its readers may go, when it was
    withdrawn; `is_off`: the clinic offers none of its kind.
    """

    replay: LogReplay
    document: int
    printed_after: LogPosition
    options: PrintOptions = DEFAULT_OPTIONS
    replacement: Edition | None = None
    is_off: bool = False

    @property
    def printed_edition(self) -> Edition:
        """The edition on paper."""
        edition = self.replay.live_editions(self.document, self.printed_after)[self.document]
        return self.replay.load_editions([edition])[edition.pk]

    @property
    def live_edition(self) -> Edition | None:
        """The edition that readers see now, if they see any."""
        edition = (
            None if self.is_off else self.replay.live_editions(self.document).get(self.document)
        )
        return self.replay.load_editions([edition])[edition.pk] if edition else None

    @property
    def latest_publication(self) -> Publication | None:
        """The entry of the log that decides what readers see now."""
        return self.replay.live_publication(self.document)

    @property
    def reprint_url(self) -> str:
        """Where to print the page as it is now, with what was chosen for the old paper."""
        now = self.live_edition
        if now is None:
            return ""
        options = self.options.adapted_to(cause_slugs(self.printed_edition), cause_slugs(now))
        return print_url(now, options)

    @cached_property
    def freshness(self) -> Freshness:
        """What became of it. Advice counts whenever it changed in between, unless the paper says
        the same.
        """
        if self.live_edition is None:
            return Freshness.WITHDRAWN
        if any(
            self.replay.advice_changed_since(part, self.printed_after)
            for part in self.differing_documents
        ):
            return Freshness.ADVICE
        if not all(
            self.replay.has_same_advice(part, self.printed_after)
            for part in self.differing_documents
        ):
            return Freshness.TEXT
        return Freshness.WORDING if self._differing else Freshness.CURRENT

    @cached_property
    def publications_since(self) -> list[Publication]:
        """What was published since of the page and of those of its parts that differ,
        newest first.
        """
        parts = {self.document, *self.differing_documents}
        found = (
            entry
            for part in parts
            for entry in self.replay.publications_after(part, self.printed_after)
        )
        return sorted(found, key=position_of, reverse=True)

    @cached_property
    def change_notes(self) -> list[PageChange]:
        """What readers were told of these changes."""
        named = [entry for entry in self.publications_since[::-1] if entry.edition]
        names = {entry.document_id: entry.edition.heading for entry in named if entry.edition}
        return [
            PageChange(
                at=entry.at,
                part="" if entry.document_id == self.document else names.get(entry.document_id, ""),
                change=entry.change or "",
                note=entry.edition.note if entry.edition else entry.reason,
                withdrawn=entry.is_withdrawal,
            )
            for entry in self.publications_since
        ]

    @cached_property
    def differences(self) -> list[SectionDiff]:
        """What reads differently now, part by part, word by word."""
        return list(self._diff_sections())

    def _diff_sections(self) -> Iterator[SectionDiff]:
        for name in self._differing:
            old, new = self._before.get(name), self._after.get(name)
            changes = diff_content(
                old.content if old else None, new.content if new else None, for_readers=True
            )
            named = new or old
            if changes and named:
                yield SectionDiff(named.title, changes)

    @cached_property
    def _before(self) -> Mapping[str, PrintedSection]:
        return _sections(self.replay, self.document, self.printed_after)

    @cached_property
    def _after(self) -> Mapping[str, PrintedSection]:
        return _sections(self.replay, self.document, None)

    @cached_property
    def _differing(self) -> list[str]:
        if self.live_edition is None:
            return []
        names = {**self._after, **self._before}
        return [
            name for name in names if _differs(name, self._before.get(name), self._after.get(name))
        ]

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
class PrintedHandout:
    """Everything that one code names."""

    pages: tuple[PrintedPage, ...]

    @classmethod
    def from_code(
        cls, code: HandoutCode, at: datetime | None = None, *, self_checks: bool = True
    ) -> Self:
        """What became of the paper with this code. Raises UnknownHandout when none was printed
        under it.

        `self_checks`: whether the clinic offers any. Five queries at most.
        """
        try:
            options = PrintOptions.from_int(code.options)
        except InvalidOptions:
            raise UnknownHandout(code) from None
        replay = LogReplay.from_documents(code.documents, at)
        position = _position_from_code(code, replay)
        shown = [
            replay.live_editions(document, until)
            for document in code.documents
            for until in (position, None)
        ]
        replay.load_editions(edition for editions in shown for edition in editions.values())
        last = {document: replay.live_publication(document) for document in code.documents}
        ways = {
            document: entry.redirect_to_id
            for document, entry in last.items()
            if entry and entry.redirect_to_id
        }
        live = (
            Edition.objects.live(replay.at).for_listing().filter(document__in=ways.values())
            if ways
            else ()
        )
        instead = {edition.document_id: edition for edition in live}
        return cls(
            tuple(
                PrintedPage(
                    replay,
                    document,
                    position,
                    options=options,
                    replacement=instead.get(ways.get(document, 0)),
                    is_off=replay.kind(document) == "self-check" and not self_checks,
                )
                for document in code.documents
            )
        )

    @property
    def freshness(self) -> Freshness:
        """The gravest of its pages'."""
        return max(page.freshness for page in self.pages)

    @property
    def is_pack(self) -> bool:
        """Whether there is more than one page."""
        return len(self.pages) > 1


def print_url(edition: Edition, options: PrintOptions) -> str:
    """Where readers print a document like this, or read it where nothing is laid out for paper."""
    match edition.document.kind:
        case "article":
            page = reverse("handout", args=[edition.document.slug])
            return page + options.query_string(cause_slugs(edition))
        case "self-check":
            return reverse("self-check-printable", args=[edition.document.slug])
    return edition.get_absolute_url()


def _position_from_code(code: HandoutCode, replay: LogReplay) -> LogPosition:
    """After which entry the paper was printed: an entry of a page, or of a part of one that was
    live then.
    """
    entry = replay.entry(code.publication)
    if entry is None:
        raise UnknownHandout(code)
    position = position_of(entry)
    shown = [replay.live_editions(document, position) for document in code.documents]
    if not all(shown) or not any(entry.document_id in editions for editions in shown):
        raise UnknownHandout(code)
    return position


def _sections(
    replay: LogReplay, document: int, until: LogPosition | None
) -> Mapping[str, PrintedSection]:
    shown = replay.live_editions(document, until)
    if not shown:
        return {}
    read = replay.load_editions(shown.values())
    page = read[shown[document].pk]
    return printed_sections(page, (edition for edition in read.values() if edition is not page))


def _differs(name: str, before: PrintedSection | None, after: PrintedSection | None) -> bool:
    if name.startswith("cause ") and not (before and after):
        # That a cause came or went stands in the page; its name alone adds nothing.
        return False
    return (before.fingerprint if before else None) != (after.fingerprint if after else None)
