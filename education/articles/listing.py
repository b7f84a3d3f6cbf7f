"""The A to Z: every name a reader may know a page by, under its letter.

A short list is one page. A long one shows the letters, and each letter has pages of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple, Self
from urllib.parse import quote

from django.core.paginator import InvalidPage, Paginator
from django.db import connection
from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from education.publishing import kinds
from education.publishing.models import Edition, EditionFacet, EditionName
from education.publishing.names import OTHER, sort_key

MOST_ON_ONE_PAGE = 100
MOST_OF_A_LETTER = 100
MOST_CARDS = 50
ANY_SLUG = "any-slug"
ADDRESSES = {"article": "conditions-letter", "cause": "causes-letter"}


class Entry(NamedTuple):
    """A name, the address it leads to, and for a synonym what stands behind it."""

    name: str
    address: str
    see: str = ""


def see(page: str) -> str:
    """What stands behind a synonym: the name of the page it leads to."""
    return _("(see “%(page)s”)") % {"page": page}


@dataclass(frozen=True)
class Letter:
    """A letter, as it stands in an address, and the names under it, or the address of their page."""

    letter: str
    entries: tuple[Entry, ...] = ()
    address: str = ""

    @property
    def is_other(self) -> bool:
        """Whether it stands for whatever begins with no letter."""
        return self.letter == OTHER

    @property
    def name(self) -> str:
        """What readers see or hear of it."""
        return _("Other") if self.is_other else self.letter.upper()


@dataclass(frozen=True)
class LetterPage:
    """One page of a letter: the names on it, and the addresses of all its pages, if there are others."""

    letter: Letter
    number: int
    entries: tuple[Entry, ...]
    parts: tuple[str, ...] = ()


class LetterConverter:
    """One letter, or the word for everything else, as a part of an address."""

    regex = rf"[^/\W\d_]|{OTHER}"

    def to_python(self, value: str) -> str:
        """The letter."""
        return value

    def to_url(self, value: str) -> str:
        """The part of an address."""
        return value


class AboveOneConverter:
    """The number of a page that is not the first: the first has the address without a number."""

    regex = "[2-9]|[1-9][0-9]{1,4}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The part of an address."""
        return str(value)


@dataclass(frozen=True)
class Listing:
    """The A to Z of one kind of page in one language, as it is live."""

    kind: str
    language: str

    def whole(self) -> list[Letter] | None:
        """Every name under its letter; None when these are too many for one page."""
        names = self._names().order_by("letter", "sort_key", "is_synonym", "edition")
        found = _rows(names[: MOST_ON_ONE_PAGE + 1])
        if len(found) > MOST_ON_ONE_PAGE:
            return None
        grouped = groupby(found, key=lambda row: row["letter"])
        return _in_order(Letter(letter, self._entries(rows)) for letter, rows in grouped)

    def letters(self) -> list[Letter]:
        """The letters that something live stands under, without the names.

        The database goes from each letter to the next in the index, so it looks at few of the names.
        """
        after = self._names().filter(letter__gt=RawSQL("found.letter", ()))
        step, params = after.order_by("letter").values("letter")[:1].query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH RECURSIVE found(letter) AS (SELECT CAST('' AS text) UNION ALL "  # noqa: S608
                f"SELECT CAST(({step}) AS text) FROM found WHERE letter IS NOT NULL) "
                "SELECT letter FROM found WHERE letter <> ''",
                params,
            )
            found = [letter for (letter,) in cursor.fetchall()]
        address = _with_hole(reverse(ADDRESSES[self.kind], args=[OTHER]), OTHER)
        return _in_order(Letter(letter, address=address(quote(letter))) for letter in found)

    def page(self, letter: str, number: int) -> LetterPage:
        """One page of a letter; raises Http404 for none."""
        in_order = ("sort_key", "edition")
        # What is live is asked once, for the number of parts and for the names of each part alike.
        names = self._names().filter(letter=letter).order_by(*in_order)
        keys = list(names.values_list("pk", flat=True))
        pages = Paginator(keys, MOST_OF_A_LETTER, allow_empty_first_page=False)
        try:
            page = pages.page(number)
        except InvalidPage as error:
            raise Http404(f"{letter} {number}") from error
        shown = EditionName.objects.filter(pk__in=list(page)).order_by(*in_order)
        entries = self._entries(_rows(shown))
        return LetterPage(Letter(letter), number, entries, self._parts(letter, pages.num_pages))

    def _parts(self, letter: str, number: int) -> tuple[str, ...]:
        if number == 1:
            return ()
        name = ADDRESSES[self.kind]
        address = _with_hole(reverse(name, args=[letter, number]), str(number))
        return (reverse(name, args=[letter]), *(address(str(part)) for part in range(2, number + 1)))

    def _names(self) -> QuerySet[EditionName]:
        return EditionName.objects.live().filter(kind=self.kind, language=self.language)

    def _entries(self, rows: Iterable[dict[str, Any]]) -> tuple[Entry, ...]:
        # Asked once: looking up the address of each takes longer than all else. A slug needs no quoting.
        address = _with_hole(kinds.get(self.kind).address(ANY_SLUG), ANY_SLUG)
        return tuple(
            Entry(
                row["name"],
                address(row["document__slug"]),
                see(row["title"]) if row["title"] else "",
            )
            for row in rows
        )


@dataclass(frozen=True)
class Cards:
    """A part of a list of pages with summaries, and the addresses of the parts before and after it."""

    editions: tuple[Edition, ...]
    number: int
    before: str
    after: str

    @classmethod
    def of_facet(cls, facet: str, language: str, number: int, address: Callable[[int], str]) -> Self:
        """The live articles of a facet, the newest first; raises Http404 for a part after the last.

        `address`: the path of the part of a number. The newest first, because the database finds them by an
        index, however many there are.
        """
        live = Edition.objects.live().of_kind("article", language).filter(pk=OuterRef("edition"))
        found = EditionFacet.objects.filter(Exists(live), facet=facet).order_by("-edition")
        begin = (number - 1) * MOST_CARDS
        wanted = found.values("edition")[begin : begin + MOST_CARDS + 1]
        editions = list(Edition.objects.filter(pk__in=wanted).for_lists().order_by("-pk"))
        if number > 1 and not editions:
            raise Http404(f"{facet} {number}")
        return cls(
            editions=tuple(sorted(editions[:MOST_CARDS], key=lambda edition: sort_key(edition.heading))),
            number=number,
            before=address(number - 1) if number > 1 else "",
            after=address(number + 1) if len(editions) > MOST_CARDS else "",
        )


def _with_hole(address: str, filler: str) -> Callable[[str], str]:
    """What makes an address with another word for its last `filler`: Django would take long for each."""
    before, after = address.rsplit(filler, 1)
    return lambda value: f"{before}{value}{after}"


def _rows(names: QuerySet[EditionName]) -> QuerySet[EditionName, Any]:
    """What entries are made of. The title comes from the names: in an edition it lies behind long texts."""
    title = EditionName.objects.filter(edition=OuterRef("edition"), is_synonym=False).values("name")[:1]
    return names.values("letter", "name", "is_synonym", "document__slug").annotate(
        title=Case(When(is_synonym=True, then=Subquery(title)), default=Value(""))
    )


def _in_order(letters: Iterable[Letter]) -> list[Letter]:
    """Letters before signs."""
    return sorted(letters, key=lambda letter: (letter.is_other, letter.letter))
