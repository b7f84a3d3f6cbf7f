"""Decides for which later editions of a document a review is valid.

An edition with the same text inherits a review with its original date. One with checked text
inherits it once a clinician has compared the wording and found the same advice. A change of advice
ends all earlier reviews.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from education.publishing.models import Change, Edition, Review, WithheldName, WordingCheck
from education.web.prepared_query import PreparedQuery

R = TypeVar("R")


def annotate_reach(reviews: QuerySet[Any]) -> QuerySet[Any]:
    """Add `is_ended` and `is_unchecked` to `reviews`, for the edition number in annotation `upto`.

    `is_ended`: there is a change of advice in between; `is_unchecked`: there is a change of wording
    in between that nobody has compared yet. A review is valid if it is neither.
    """
    between = Edition.objects.filter(
        document=OuterRef("edition__document"),
        number__gt=OuterRef("edition__number"),
        number__lte=OuterRef("upto"),
    )
    # A check covers editions from the one it compares with, for which the review must be valid.
    check = WordingCheck.objects.filter(
        edition__document=OuterRef("document"),
        edition__number__gte=OuterRef("number"),
        edition__number__lte=OuterRef(OuterRef("upto")),
        compared_with__number__lt=OuterRef("number"),
        compared_with__number__gte=OuterRef(OuterRef("edition__number")),
    )
    found: QuerySet[Any] = reviews.annotate(
        is_ended=Exists(between.filter(change=Change.ADVICE)),
        is_unchecked=Exists(between.filter(~Exists(check), change=Change.CHECKED_TEXT)),
    )
    return found


def get_reviews(editions: Iterable[Edition]) -> tuple[dict[int, Review], dict[int, Review]]:
    """The review of each edition by its id: the valid ones, and those that need a wording check.

    An edition is in the second only if it has no valid review. `shown_as` is what readers see: no
    name of somebody who left, if the clinic decided so. One query.
    """
    rows = _reviews_for({edition.pk for edition in editions})
    found = list(rows.only("shown_as", "on", "next_due", "confirmed"))
    for review in found:
        review.shown_as = _shown_name(review.shown_as, is_withheld=review.is_withheld)
    return _by_validity((review.held_for, review.is_unchecked, review) for review in found)


class ReviewDates(NamedTuple):
    """What a page shows of a review."""

    shown_as: str
    on: date
    next_due: date


def get_review_dates(
    editions: Iterable[Edition],
) -> tuple[dict[int, ReviewDates], dict[int, ReviewDates]]:
    """The same as `get_reviews`, for pages that readers wait for."""
    edition_ids = tuple({edition.pk for edition in editions})
    return _by_validity(
        (held_for, is_unchecked, ReviewDates(_shown_name(name, is_withheld=is_withheld), *dates))
        for held_for, is_unchecked, is_withheld, name, *dates in _REVIEW_DATES.rows(
            edition_ids=edition_ids
        )
    )


def _reviews_for(edition_ids: Iterable[Any]) -> QuerySet[Any]:
    """The reviews that reach these editions, each with `held_for`, the id of one; oldest first."""
    reviews = Review.objects.annotate(
        held_for=F("edition__document__editions"), upto=F("edition__document__editions__number")
    ).filter(held_for__in=edition_ids, edition__number__lte=F("upto"))
    withheld = WithheldName.objects.filter(user=OuterRef("by"))
    found = annotate_reach(reviews).filter(is_ended=False).order_by("on", "pk")
    shown: QuerySet[Any] = found.annotate(is_withheld=Exists(withheld))
    return shown


def _shown_name(name: str, *, is_withheld: bool) -> str:
    return _("a former member of staff") if is_withheld else name


_REVIEW_DATES = PreparedQuery(
    lambda edition_ids: _reviews_for(edition_ids).values_list(
        "held_for", "is_unchecked", "is_withheld", *ReviewDates._fields
    )
)


def _by_validity(reviews: Iterable[tuple[int, bool, R]]) -> tuple[dict[int, R], dict[int, R]]:
    valid: dict[int, R] = {}
    unchecked: dict[int, R] = {}
    for held_for, is_unchecked, review in reviews:
        (unchecked if is_unchecked else valid)[held_for] = review
    return valid, {pk: review for pk, review in unchecked.items() if pk not in valid}


def effective_reviews(editions: Iterable[Edition]) -> dict[int, Review]:
    """The valid review of each edition, by its id; one query."""
    return get_reviews(editions)[0]


def group_by_advice(rows: Iterable[tuple[int, str, int | None]]) -> dict[int, int]:
    """Group the editions of one document by advice: number to a value equal for equal advice.

    `rows`, sorted: number and kind of change of every edition, and the number of an edition that a
    check compared it with, if any.
    """
    same: dict[int, int] = {}

    def find_root(number: int) -> int:
        while same[number] != number:
            number = same[number]
        return number

    previous = None
    for number, change, compared_with in rows:
        if number not in same:
            same[number] = number if previous is None or change != Change.SAME_TEXT else previous
        if compared_with is not None:
            same[find_root(number)] = find_root(compared_with)
        previous = number
    return {number: find_root(number) for number in same}
