"""The A to Z: every name a reader may know a page by, under its letter.

A short list is one page. A long one shows the letters, and each letter has pages of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote

from django.core.paginator import InvalidPage, Paginator
from django.db import connection
from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from education.publishing import document_types
from education.publishing.edition_names import OTHER
from education.publishing.models import EditionName

MAX_ON_ONE_PAGE = 100
LETTER_PAGE_SIZE = 100
PLACEHOLDER_SLUG = "any-slug"
LETTER_URL_NAMES = {"article": "conditions-letter", "cause": "causes-letter"}


class AZEntry(NamedTuple):
    """A name, the address it leads to, and for a synonym what stands behind it."""

    name: str
    url: str
    see_also: str = ""


def see_also_text(page: str) -> str:
    """What stands behind a synonym: the name of the page it leads to."""
    return _("(see “%(page)s”)") % {"page": page}


@dataclass(frozen=True)
class Letter:
    """A letter, as it stands in an address, and the names under it, or the address of
    their page.
    """

    letter: str
    entries: tuple[AZEntry, ...] = ()
    url: str = ""

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
    """One page of a letter: the names on it, and the addresses of all its pages, if there are
    others.
    """

    letter: Letter
    number: int
    entries: tuple[AZEntry, ...]
    part_urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class AZIndex:
    """The A to Z of one kind of page in one language, as it is live."""

    kind: str
    language: str

    def single_page(self) -> list[Letter] | None:
        """Every name under its letter; None when these are too many for one page."""
        names = self._names().order_by("letter", "sort_key", "is_synonym", "edition")
        found = _entry_values(names[: MAX_ON_ONE_PAGE + 1])
        if len(found) > MAX_ON_ONE_PAGE:
            return None
        grouped = groupby(found, key=lambda row: row["letter"])
        return _sorted_letters(Letter(letter, self._entries(rows)) for letter, rows in grouped)

    def letters(self) -> list[Letter]:
        """The letters that something live stands under, without the names.

        The database goes from each letter to the next in the index, so it looks at few of the
        names.
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
        url_for = _url_template(reverse(LETTER_URL_NAMES[self.kind], args=[OTHER]), OTHER)
        return _sorted_letters(Letter(letter, url=url_for(quote(letter))) for letter in found)

    def page(self, letter: str, number: int) -> LetterPage:
        """One page of a letter; raises Http404 for none."""
        in_order = ("sort_key", "edition")
        # What is live is asked once, for the number of parts and for the names of each part alike.
        names = self._names().filter(letter=letter).order_by(*in_order)
        keys = list(names.values_list("pk", flat=True))
        pages = Paginator(keys, LETTER_PAGE_SIZE, allow_empty_first_page=False)
        try:
            page = pages.page(number)
        except InvalidPage as error:
            raise Http404(f"{letter} {number}") from error
        shown = EditionName.objects.filter(pk__in=list(page)).order_by(*in_order)
        entries = self._entries(_entry_values(shown))
        return LetterPage(Letter(letter), number, entries, self._part_urls(letter, pages.num_pages))

    def _part_urls(self, letter: str, number: int) -> tuple[str, ...]:
        if number == 1:
            return ()
        name = LETTER_URL_NAMES[self.kind]
        url_for = _url_template(reverse(name, args=[letter, number]), str(number))
        return (
            reverse(name, args=[letter]),
            *(url_for(str(part)) for part in range(2, number + 1)),
        )

    def _names(self) -> QuerySet[EditionName]:
        return EditionName.objects.live().filter(kind=self.kind, language=self.language)

    def _entries(self, rows: Iterable[dict[str, Any]]) -> tuple[AZEntry, ...]:
        # Asked once: looking up the address of each takes longer than all else. A slug needs no
        # quoting.
        url_for = _url_template(
            document_types.get(self.kind).get_url(PLACEHOLDER_SLUG), PLACEHOLDER_SLUG
        )
        return tuple(
            AZEntry(
                row["name"],
                url_for(row["document__slug"]),
                see_also_text(row["title"]) if row["title"] else "",
            )
            for row in rows
        )


def _url_template(url: str, placeholder: str) -> Callable[[str], str]:
    """What makes an address with another word for its last `placeholder`: Django would take long
    for each.
    """
    before, after = url.rsplit(placeholder, 1)
    return lambda value: f"{before}{value}{after}"


def _entry_values(names: QuerySet[EditionName]) -> QuerySet[EditionName, Any]:
    """What entries are made of. The title comes from the names: in an edition it lies behind long
    texts.
    """
    title = EditionName.objects.filter(edition=OuterRef("edition"), is_synonym=False).values(
        "name"
    )[:1]
    return names.values("letter", "name", "is_synonym", "document__slug").annotate(
        title=Case(When(is_synonym=True, then=Subquery(title)), default=Value(""))
    )


def _sorted_letters(letters: Iterable[Letter]) -> list[Letter]:
    """Letters before signs."""
    return sorted(letters, key=lambda letter: (letter.is_other, letter.letter))
