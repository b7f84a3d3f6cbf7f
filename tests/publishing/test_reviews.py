"""A clinical review belongs to an edition; a page is as reviewed as its weakest part."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.utils import timezone

from education.publishing.composition import compose, effective_reviews, live_edition
from education.publishing.content import DocumentKey, Refused
from education.publishing.models import Edition, Review
from tests import builders
from tests.builders import WORDING, published
from tests.reading.faces import CONDITION, HANDOUT

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def review(edition, on=TODAY, months=12, shown_as="Dr. Ada Park, dermatologist"):
    by, _ = User.objects.get_or_create(username="ada")
    return Review.objects.create(
        edition=edition, by=by, shown_as=shown_as, on=on, next_due=on + timedelta(days=30 * months)
    )


def review_everything(**how):
    for edition in Edition.objects.live():
        review(edition, **how)


def standing():
    return compose(live_edition(DocumentKey("article", "spots"), "en")).standing


def test_a_page_is_reviewed_only_when_each_of_its_parts_is(client):
    builders.small_site()
    assert standing() is None
    for edition in Edition.objects.live().exclude(document__kind="cause"):
        review(edition)
    assert standing() is None
    assert b"ot yet reviewed by a clinician" in client.get(CONDITION).content
    review(Edition.objects.live().get(document__kind="cause"))
    assert standing().shown_as == ("Dr. Ada Park, dermatologist",)
    for address in (CONDITION, HANDOUT):
        page = client.get(address).content
        assert b"Dr. Ada Park, dermatologist" in page and b"ot yet reviewed" not in page


def test_the_date_of_a_page_is_that_of_its_oldest_review_and_its_earliest_due_date():
    builders.small_site()
    for edition in Edition.objects.live().exclude(document__kind="cause"):
        review(edition)
    review(Edition.objects.live().get(document__kind="cause"), on=date(2020, 1, 1), months=2)
    found = standing()
    assert found.on == date(2020, 1, 1)
    assert found.next_due == date(2020, 3, 1)
    assert found.overdue


def test_an_overdue_page_says_so_and_still_shows_its_warning_signs(client):
    builders.small_site()
    review_everything(on=TODAY - timedelta(days=800))
    page = client.get(CONDITION).content.decode()
    assert "overdue" in page.casefold()
    assert "You find it hard to breathe" in page


def test_a_change_of_wording_keeps_the_review_with_its_date_and_a_change_of_advice_ends_it():
    page = builders.small_site()
    review_everything(on=date(2026, 1, 2))
    published(builders.article(title="Said better"), **WORDING)
    assert standing().on == date(2026, 1, 2)
    published(builders.article(title="Said even better"), **WORDING)
    assert standing().on == date(2026, 1, 2)
    published(builders.article(title="Other advice"), change="advice", note="New.")
    assert standing() is None
    published(builders.article(title="Other advice, said better"), **WORDING)
    assert standing() is None
    review(Edition.objects.live().get(document=page), on=date(2026, 2, 3))
    assert standing().on == date(2026, 1, 2)


def test_a_later_review_does_not_reach_back_to_an_earlier_edition():
    page = builders.cause()
    (first,) = published(page)
    (second,) = published(builders.cause(text="Other."), **WORDING)
    held = review(second)
    assert effective_reviews([first]) == {}
    assert effective_reviews([second]) == {second.pk: held}


def test_the_latest_of_two_reviews_holds():
    (edition,) = published(builders.cause())
    review(edition, on=date(2026, 5, 1), shown_as="Later")
    review(edition, on=date(2026, 1, 1), shown_as="Earlier")
    assert effective_reviews([edition])[edition.pk].shown_as == "Later"


def test_a_review_that_is_due_before_it_was_made_is_refused_by_the_database():
    (edition,) = published(builders.cause())
    with pytest.raises(DatabaseError, match="review_is_due"), transaction.atomic():
        review(edition, months=0)


@pytest.mark.parametrize(
    "changed",
    [
        lambda: builders.checklist(
            signs=[*builders.SIGNS[:2], {**builders.SIGNS[2], "urgency": "self-care"}]
        ),
        lambda: builders.article(causes=("oil", "sweat")),
        lambda: builders.self_check(
            outcomes=[
                {**builders.OUTCOMES[0]},
                *builders.OUTCOMES[1:3],
                builders.OUTCOMES[3] | {"urgency": "routine"},
            ]
        ),
        lambda: builders.self_check(
            questions=[*builders.QUESTIONS[:3], builders.QUESTIONS[3] | {"several": True}]
        ),
    ],
    ids=["a milder level", "a cause more", "another end", "another question"],
)
def test_a_change_of_advice_cannot_be_called_one_of_wording(changed):
    builders.small_site()
    published(builders.cause("sweat"), builders.self_check())
    document = changed()
    with pytest.raises(Refused, match="more than words"):
        published(document, **WORDING)
    published(document, change="advice", note="New advice.")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Wait two weeks.", "Wait four weeks."),
        ("Wait 2 days.", "Wait 12 days."),
        ("A fever is 38 °C.", "A fever is 38.5 °C."),
        ("Wash twice a day.", "Wash every day."),
        ("Wait.", "Wait three days."),
    ],
)
def test_a_change_of_a_number_cannot_be_called_one_of_wording(before, after):
    builders.small_site()
    published(builders.article(summary=f"Spots are common. {before}"), change="advice", note="New advice.")
    changed = builders.article(summary=f"Spots are common. {after}")
    with pytest.raises(Refused, match="changes a number"):
        published(changed, **WORDING)
    published(changed, change="advice", note="New advice.")


def test_a_number_that_stays_is_no_change_of_advice():
    builders.small_site()
    published(builders.article(summary="Spots are common. Wait two weeks."), change="advice", note="New.")
    published(builders.article(summary="Many people get spots. First wait two weeks."), **WORDING)
