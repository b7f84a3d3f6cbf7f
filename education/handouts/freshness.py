"""Whether a printed handout is still current, decided by the publication log alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cached_property
from typing import Self

from django.urls import reverse

from education.handouts.codes import HandoutCode
from education.handouts.log_replay import LogPosition, LogReplay, position_of
from education.handouts.print_options import EXTENTS, InvalidOptions, PrintOptions
from education.handouts.printed_sections import PrintedSection, cause_slugs, printed_sections
from education.publishing.diff.fields import FieldChange, diff_content
from education.publishing.history import PageChange
from education.publishing.models import Edition, Publication


class UnknownHandout(LookupError):
    """A well-formed code of a handout that was never printed from this site."""


class Freshness(IntEnum):
    """The state of a printed page, the most serious last.

    WORDING: the text changed and the advice is known to be the same; TEXT: the text changed and no
    clinician has compared it yet.
    """

    CURRENT = 0
    WORDING = 1
    TEXT = 2
    ADVICE = 3
    WITHDRAWN = 4

    @property
    def key(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class SectionDiff:
    """The changes of one section of a page."""

    title: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class PrintedPage:
    """A page that was live right after `printed_after`, compared with what is live now.

    `document`: its key; `options`: those of the handout, None for any; `replacement`: the page to
    read instead of a withdrawn one; `is_off`: the clinic does not offer its kind of document.
    """

    replay: LogReplay
    document: int
    printed_after: LogPosition
    options: PrintOptions | None = None
    replacement: Edition | None = None
    is_off: bool = False

    @property
    def printed_edition(self) -> Edition:
        edition = self.replay.live_editions(self.document, self.printed_after)[self.document]
        return self.replay.load_editions([edition])[edition.pk]

    @property
    def live_edition(self) -> Edition | None:
        edition = self.replay.live_editions(self.document).get(self.document)
        if edition is None or self.is_off:
            return None
        return self.replay.load_editions([edition])[edition.pk]

    @property
    def latest_publication(self) -> Publication | None:
        return self.replay.live_publication(self.document)

    @property
    def reprint_url(self) -> str:
        """The URL to print the live page with the options of the old handout; empty without one."""
        live = self.live_edition
        if live is None:
            return ""
        options = (self.options or PrintOptions()).adapted_to(
            cause_slugs(self.printed_edition), cause_slugs(live)
        )
        return print_url(live, options)

    @cached_property
    def freshness(self) -> Freshness:
        """Its state.

        Any change of advice since the print counts, unless the text is again that of the handout.
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
        """The later publications of the page and of its parts that differ, newest first."""
        parts = {self.document, *self.differing_documents}
        found = (
            entry
            for part in parts
            for entry in self.replay.publications_after(part, self.printed_after)
        )
        return sorted(found, key=position_of, reverse=True)

    @cached_property
    def change_notes(self) -> list[PageChange]:
        """The notes for readers on these publications."""
        oldest_first = reversed(self.publications_since)
        names = {
            entry.document_id: entry.edition.heading for entry in oldest_first if entry.edition
        }
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
        """The changes of text since it was printed, by section."""
        return list(self._diff_sections())

    def _diff_sections(self) -> Iterator[SectionDiff]:
        for name in self._differing:
            old, new = self._before.get(name), self._after.get(name)
            changes = diff_content(
                old.content if old else None, new.content if new else None, for_readers=True
            )
            section = new or old
            if changes and section:
                yield SectionDiff(section.title, changes)

    @cached_property
    def _before(self) -> Mapping[str, PrintedSection]:
        return self._sections(self.printed_after)

    @cached_property
    def _after(self) -> Mapping[str, PrintedSection]:
        return self._sections(None)

    def _sections(self, until: LogPosition | None) -> Mapping[str, PrintedSection]:
        shown = self.replay.live_editions(self.document, until)
        if not shown:
            return {}
        editions = self.replay.load_editions(shown.values())
        page = editions.pop(shown[self.document].pk)
        extents = (self.options.extent,) if self.options else EXTENTS
        return printed_sections(page, editions.values(), extents)

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
        """The documents of the sections that differ, then and now."""
        documents: set[int] = set()
        for name in self._differing:
            sides = [side[name].documents for side in (self._before, self._after) if name in side]
            documents.update(*sides)
            if len(set(sides)) > 1:
                # The page itself decides which document this section comes from.
                documents.add(self.document)
        return documents


@dataclass(frozen=True)
class PrintedHandout:
    """All pages of the handout with one code."""

    pages: tuple[PrintedPage, ...]

    @classmethod
    def from_code(
        cls, code: HandoutCode, at: datetime | None = None, *, self_checks: bool = True
    ) -> Self:
        """The handout with this code. Raises UnknownHandout if none was ever printed with it.

        `self_checks`: whether the clinic offers any. At most five queries.
        """
        try:
            options = PrintOptions.from_int(code.options)
        except InvalidOptions:
            raise UnknownHandout(code) from None
        replay = LogReplay.from_documents(code.documents, at)
        position = _position_from_code(code, replay)
        replay.load_editions(
            edition
            for document in code.documents
            for until in (position, None)
            for edition in replay.live_editions(document, until).values()
        )
        replacements = _replacements(code.documents, replay)
        return cls(
            tuple(
                PrintedPage(
                    replay,
                    document,
                    position,
                    options=options,
                    replacement=replacements.get(document),
                    is_off=replay.kind(document) == "self-check" and not self_checks,
                )
                for document in code.documents
            )
        )

    @property
    def freshness(self) -> Freshness:
        """The most serious state of its pages."""
        return max(page.freshness for page in self.pages)

    @property
    def is_pack(self) -> bool:
        return len(self.pages) > 1


def print_url(edition: Edition, options: PrintOptions) -> str:
    """The URL of the printable page of an edition, or of its page if it has none."""
    match edition.document.kind:
        case "article":
            page = reverse("handout", args=[edition.document.slug])
            return page + options.query_string(cause_slugs(edition))
        case "self-check":
            return reverse("self-check-printable", args=[edition.document.slug])
    return edition.get_absolute_url()


def _position_from_code(code: HandoutCode, replay: LogReplay) -> LogPosition:
    """The position of the entry that the code names.

    Raises UnknownHandout unless all documents were live then, and the entry is of one of them or of
    a part.
    """
    entry = replay.entry(code.publication)
    if entry is None:
        raise UnknownHandout(code)
    position = position_of(entry)
    shown = [replay.live_editions(document, position) for document in code.documents]
    if not all(shown) or not any(entry.document_id in editions for editions in shown):
        raise UnknownHandout(code)
    return position


def _replacements(documents: Sequence[int], replay: LogReplay) -> dict[int, Edition]:
    """The live pages to read instead of withdrawn documents, by the withdrawn document."""
    last = ((document, replay.live_publication(document)) for document in documents)
    targets = {
        document: entry.redirect_to_id for document, entry in last if entry and entry.redirect_to_id
    }
    if not targets:
        return {}
    live = Edition.objects.live(replay.at).for_listing().filter(document__in=targets.values())
    by_document = {edition.document_id: edition for edition in live}
    return {
        document: by_document[target]
        for document, target in targets.items()
        if target in by_document
    }


def _differs(name: str, before: PrintedSection | None, after: PrintedSection | None) -> bool:
    if name.startswith("cause ") and not (before and after):
        # An added or removed cause is a difference of the page; its name alone adds nothing.
        return False
    return (before.fingerprint if before else None) != (after.fingerprint if after else None)
