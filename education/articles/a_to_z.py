"""The A to Z of conditions and of causes: every title and synonym under its letter.

A short list is one page. A long one shows the letters, and each letter has pages of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing import document_types
from education.publishing.models import EditionName
from education.web.a_to_z_page import OTHER, AZPage, Letter, sort_letters
from education.web.prepared_query import PreparedQuery, Row
from education.web.url_template import url_template

MAX_ON_ONE_PAGE = 100
LETTER_PAGE_SIZE = 100
URL_NAMES = {"article": "conditions", "cause": "causes"}


class AZEntry(NamedTuple):
    """A name, the URL of its page, and for a synonym the text that names that page."""

    name: str
    url: str
    see_also: str = ""


def see_also_text(page: str) -> str:
    """The text after a synonym of the page with this name."""
    return _("(see “%(page)s”)") % {"page": page}


@dataclass(frozen=True)
class AZIndex:
    """The live names of one kind of page ("article" or "cause") in one language."""

    kind: str
    language: str
    at: datetime = field(default_factory=timezone.now)

    @property
    def url(self) -> str:
        return reverse(URL_NAMES[self.kind])

    @property
    def title(self) -> str:
        return _("Causes A to Z") if self.kind == "cause" else _("Conditions A to Z")

    @property
    def introduction(self) -> str:
        """The first sentences of the page that shows the list."""
        if self.kind == "cause":
            return _(
                "Read what a cause is, and which pages tell you more. "
                "Only a doctor can say which cause you have."
            )
        return _("Find your condition by its name, or by another name that people use for it.")

    def page_title(self, page: AZPage) -> str:
        """The heading of a page of the list."""
        if page.current is None:
            return self.title
        title = f"{self.title}: {page.current.name}"
        if not page.part_urls:
            return title
        part = _("part %(number)s of %(count)s")
        return f"{title} ({part % {'number': page.number, 'count': len(page.part_urls)}})"

    def first_page(self) -> AZPage:
        """Every name under its letter, or only the letters when these are too many names."""
        rows = _first_names(MAX_ON_ONE_PAGE + 1).rows(**self._values)
        if len(rows) > MAX_ON_ONE_PAGE:
            return AZPage(self.letters())
        letters = [letter for letter, *_entry in rows]
        return AZPage.whole_list(zip(letters, self._entries(rows), strict=True))

    def letters(self) -> tuple[Letter, ...]:
        """The letters that have live names, without their entries.

        The database steps from one letter to the next in the index, so it reads few of the names.
        """
        found = sort_letters(letter for (letter,) in _LETTERS.rows(**self._values))
        url_for = url_template(reverse(f"{URL_NAMES[self.kind]}-letter", args=[OTHER]), OTHER)
        return tuple(Letter(letter, url=url_for(quote(letter))) for letter in found)

    def page(self, letter: str, number: int) -> AZPage:
        """One part of a letter, counted from 1; raises Http404 when there is no such part."""
        # One query for what is live gives both the number of parts and the names on this one.
        keys = [key for (key,) in _NAMES_OF_LETTER.rows(letter=letter, **self._values)]
        pages = Paginator(keys, LETTER_PAGE_SIZE, allow_empty_first_page=False)
        try:
            page = pages.page(number)
        except InvalidPage as error:
            raise Http404(f"{letter} {number}") from error
        # Filled up with the last one, so that it is one query whatever their number.
        shown = [*page, *[page[-1]] * (LETTER_PAGE_SIZE - len(page))]
        current = Letter(letter, self._entries(_ENTRIES.rows(keys=tuple(shown))))
        part_urls = self._part_urls(letter, pages.num_pages)
        return AZPage(self.letters(), (current,), current, number, part_urls)

    def _part_urls(self, letter: str, count: int) -> tuple[str, ...]:
        if count == 1:
            return ()
        name = f"{URL_NAMES[self.kind]}-letter"
        url_for = url_template(reverse(name, args=[letter, count]), str(count))
        return (
            reverse(name, args=[letter]),
            *(url_for(str(part)) for part in range(2, count + 1)),
        )

    @property
    def _values(self) -> dict[str, Any]:
        return {"at": self.at, "kind": self.kind, "language": self.language}

    def _entries(self, rows: Iterable[Row]) -> tuple[AZEntry, ...]:
        url_for = document_types.get(self.kind).url_template()
        return tuple(
            AZEntry(name, url_for(slug), see_also_text(title) if title else "")
            for _letter, name, slug, title in rows
        )


def _entry_values(names: QuerySet[EditionName]) -> QuerySet[EditionName, Any]:
    """The values of `names` that entries are made of: letter, name, slug, title.

    The title is read from the names: in a row of an edition it is stored behind long texts.
    """
    title = EditionName.objects.filter(edition=OuterRef("edition"), is_synonym=False).values(
        "name"
    )[:1]
    return names.annotate(
        title=Case(When(is_synonym=True, then=Subquery(title)), default=Value(""))
    ).values_list("letter", "name", "document__slug", "title")


def _live_names(at: Any, kind: Any, language: Any) -> QuerySet[EditionName]:
    return EditionName.objects.live(at).filter(kind=kind, language=language)


_IN_ORDER = ("sort_key", "edition")


@cache
def _first_names(most: int) -> PreparedQuery:
    in_order = ("letter", "sort_key", "is_synonym", "edition")
    return PreparedQuery(
        lambda **values: _entry_values(_live_names(**values).order_by(*in_order)[:most])
    )


_LETTERS = PreparedQuery(
    lambda **values: (
        _live_names(**values)
        .filter(letter__gt=RawSQL("found.letter", ()))
        .order_by("letter")
        .values_list("letter")[:1]
    ),
    around="WITH RECURSIVE found(letter) AS (SELECT CAST('' AS text) UNION ALL "
    "SELECT CAST((%(query)s) AS text) FROM found WHERE letter IS NOT NULL) "
    "SELECT letter FROM found WHERE letter <> ''",
)
_NAMES_OF_LETTER = PreparedQuery(
    lambda letter, **values: (
        _live_names(**values).filter(letter=letter).order_by(*_IN_ORDER).values_list("pk")
    )
)
_ENTRIES = PreparedQuery(
    lambda keys: _entry_values(EditionName.objects.filter(pk__in=keys).order_by(*_IN_ORDER))
)
