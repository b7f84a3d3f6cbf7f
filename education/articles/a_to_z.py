"""The A to Z of conditions and of causes: every title and synonym under its letter.

A short list is one page. A long one shows the letters, and each letter has pages of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
from education.publishing.models import EditionName
from education.web.a_to_z_page import OTHER, AZPage, Letter, sort_letters
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
        names = self._names().order_by("letter", "sort_key", "is_synonym", "edition")
        rows = list(_entry_values(names[: MAX_ON_ONE_PAGE + 1]))
        if len(rows) > MAX_ON_ONE_PAGE:
            return AZPage(self.letters())
        letters = [row["letter"] for row in rows]
        return AZPage.whole_list(zip(letters, self._entries(rows), strict=True))

    def letters(self) -> tuple[Letter, ...]:
        """The letters that have live names, without their entries.

        The database steps from one letter to the next in the index, so it reads few of the names.
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
            found = sort_letters(letter for (letter,) in cursor.fetchall())
        url_for = url_template(reverse(f"{URL_NAMES[self.kind]}-letter", args=[OTHER]), OTHER)
        return tuple(Letter(letter, url=url_for(quote(letter))) for letter in found)

    def page(self, letter: str, number: int) -> AZPage:
        """One part of a letter, counted from 1; raises Http404 when there is no such part."""
        in_order = ("sort_key", "edition")
        # One query for what is live gives both the number of parts and the names on this one.
        names = self._names().filter(letter=letter).order_by(*in_order)
        keys = list(names.values_list("pk", flat=True))
        pages = Paginator(keys, LETTER_PAGE_SIZE, allow_empty_first_page=False)
        try:
            page = pages.page(number)
        except InvalidPage as error:
            raise Http404(f"{letter} {number}") from error
        shown = EditionName.objects.filter(pk__in=list(page)).order_by(*in_order)
        current = Letter(letter, self._entries(_entry_values(shown)))
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

    def _names(self) -> QuerySet[EditionName]:
        return EditionName.objects.live().filter(kind=self.kind, language=self.language)

    def _entries(self, rows: Iterable[dict[str, Any]]) -> tuple[AZEntry, ...]:
        url_for = document_types.get(self.kind).url_template()
        return tuple(
            AZEntry(
                row["name"],
                url_for(row["document__slug"]),
                see_also_text(row["title"]) if row["title"] else "",
            )
            for row in rows
        )


def _entry_values(names: QuerySet[EditionName]) -> QuerySet[EditionName, Any]:
    """The values of `names` that entries are made of.

    The title is read from the names: in a row of an edition it is stored behind long texts.
    """
    title = EditionName.objects.filter(edition=OuterRef("edition"), is_synonym=False).values(
        "name"
    )[:1]
    return names.values("letter", "name", "is_synonym", "document__slug").annotate(
        title=Case(When(is_synonym=True, then=Subquery(title)), default=Value(""))
    )
