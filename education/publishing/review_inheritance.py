"""How far a review reaches: which later editions of its document it stands for.

Same text inherits a review with its original date. Checked text does so once a clinician has read
the difference and found the advice the same. A change of advice ends all reviews before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from education.publishing.models import Change, Edition, Review, WordingCheck


def annotate_reach(reviews: QuerySet[Any]) -> QuerySet[Any]:
    """`reviews` with how far they reach the edition whose number stands in their annotation `upto`.

    `is_ended`: a change of advice lies between; `is_unchecked`: words have changed in between, and
    nobody has compared them yet. A review that is neither stands.
    """
    between = Edition.objects.filter(
        document=OuterRef("edition__document"),
        number__gt=OuterRef("edition__number"),
        number__lte=OuterRef("upto"),
    )
    # A check reaches from the edition that it compares with, which the review has to reach itself.
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
    """The review of each edition, by id: first those that stand, then those that wait for a check
    of wording.

    An edition has a review among the second only while it has none among the first. One query.
    """
    asked = {edition.pk for edition in editions}
    reviews = Review.objects.annotate(
        held_for=F("edition__document__editions"), upto=F("edition__document__editions__number")
    ).filter(held_for__in=asked, edition__number__lte=F("upto"))
    found = annotate_reach(reviews).filter(is_ended=False).order_by("on", "pk")
    standing: dict[int, Review] = {}
    unchecked: dict[int, Review] = {}
    for review in found.only("shown_as", "on", "next_due", "confirmed"):
        (unchecked if review.is_unchecked else standing)[review.held_for] = review
    return standing, {pk: review for pk, review in unchecked.items() if pk not in standing}


def effective_reviews(editions: Iterable[Edition]) -> dict[int, Review]:
    """The review that stands for each edition, by id; one query."""
    return get_reviews(editions)[0]


def group_by_advice(rows: Iterable[tuple[int, str, int | None]]) -> dict[int, int]:
    """Which editions of one document are known to give the same advice: those with an equal value.

    `rows`, sorted: number and kind of change of every edition, with the number of one that a check
    compared it with, if any.
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
