"""A clinical review belongs to an edition; a page is as reviewed as its weakest part."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from education.publishing import actions
from education.publishing.composition import compose, get_live_edition_or_404
from education.publishing.content import ActionRefused, DocumentKey
from education.publishing.models import Change, Edition, Publication, Review, WordingCheck
from education.publishing.review_inheritance import effective_reviews
from education.publishing.workflow.wording_checks import record_wording_check
from tests import factories
from tests.factories import WORDING, check_wording, publish_documents
from tests.public_pages.all_urls import CONDITION, HANDOUT

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def review(edition, on=TODAY, months=12, shown_as="Dr. Ada Park, dermatologist"):
    by = ada()
    return Review.objects.create(
        edition=edition, by=by, shown_as=shown_as, on=on, next_due=on + timedelta(days=30 * months)
    )


def ada():
    return User.objects.get_or_create(username="ada")[0]


def review_everything(**how):
    for edition in Edition.objects.live():
        review(edition, **how)


def current_review():
    return compose(get_live_edition_or_404(DocumentKey("article", "spots"), "en")).review_status


def test_page_is_reviewed_only_if_each_part_is(client):
    factories.make_small_site()
    assert current_review() is None
    for edition in Edition.objects.live().exclude(document__kind="cause"):
        review(edition)
    assert current_review() is None
    assert b"ot yet reviewed by a clinician" in client.get(CONDITION).content
    review(Edition.objects.live().get(document__kind="cause"))
    assert current_review().shown_as == ("Dr. Ada Park, dermatologist",)
    for address in (CONDITION, HANDOUT):
        page = client.get(address).content
        assert b"Dr. Ada Park, dermatologist" in page and b"ot yet reviewed" not in page


def test_page_shows_its_oldest_review_and_earliest_due_date():
    factories.make_small_site()
    for edition in Edition.objects.live().exclude(document__kind="cause"):
        review(edition)
    review(Edition.objects.live().get(document__kind="cause"), on=date(2020, 1, 1), months=2)
    found = current_review()
    assert found.on == date(2020, 1, 1)
    assert found.next_due == date(2020, 3, 1)
    assert found.overdue


def test_overdue_page_says_so_and_shows_its_warning_signs(client):
    factories.make_small_site()
    review_everything(on=TODAY - timedelta(days=800))
    page = client.get(CONDITION).content.decode()
    assert "overdue" in page.casefold()
    assert "You find it hard to breathe" in page


def test_same_text_keeps_the_review_with_its_date():
    factories.make_small_site()
    review_everything(on=date(2026, 1, 2))
    publish_documents(factories.article(introduction="Most people  get spots."), **WORDING)
    publish_documents(factories.article(introduction="Most people get spots.[@leaflet]"), **WORDING)
    found = current_review()
    assert found.on == date(2026, 1, 2) and not found.being_checked


def test_changed_wording_is_being_checked_until_compared(client):
    page = factories.make_small_site()
    review_everything(on=date(2026, 1, 2))
    publish_documents(factories.article(introduction="Many people get spots."), **WORDING)
    assert current_review().being_checked
    for address in (CONDITION, HANDOUT):
        shown = client.get(address).content.decode()
        assert "Wording being checked" in shown and "Reviewed by" not in shown
    assert b"lastReviewed" not in client.get(CONDITION).content
    check_wording(page)
    found = current_review()
    assert found.on == date(2026, 1, 2) and not found.being_checked
    for address in (CONDITION, HANDOUT):
        shown = client.get(address).content.decode()
        assert "being checked" not in shown and "Reviewed by Dr. Ada Park" in shown
    assert b"lastReviewed" in client.get(CONDITION).content


def test_change_of_advice_ends_the_review():
    page = factories.make_small_site()
    review_everything(on=date(2026, 1, 2))
    publish_documents(factories.article(do=["Wash 2 times."]), note="New.")
    assert current_review() is None
    publish_documents(factories.article(do=["Wash it 2 times."]), **WORDING)
    assert current_review() is None
    review(Edition.objects.live().get(document=page), on=date(2026, 2, 3))
    assert current_review().on == date(2026, 1, 2)


def test_wording_check_is_limited_to_its_compared_edition():
    page = factories.cause()
    (first,) = publish_documents(page)
    (second,) = publish_documents(factories.cause(text="The skin makes oil."), **WORDING)
    waiting = actions.freeze(factories.cause(text="Our skin makes oil."), **WORDING)
    record_wording_check(waiting, compared_with=first, by=ada(), shown_as="Ada")
    held = review(second)
    assert effective_reviews([second, waiting]) == {second.pk: held}
    # So it is asked for again, against what was reviewed.
    record_wording_check(waiting, compared_with=second, by=ada(), shown_as="Ada")
    assert effective_reviews([waiting]) == {waiting.pk: held}


def test_small_steps_are_compared_with_the_reviewed_edition():
    publish_documents(factories.sources())
    page = factories.cause(text="Skin makes oil on the back.")
    (first,) = publish_documents(page)
    review(first)
    (second,) = publish_documents(
        factories.cause(text="The skin makes oil on the back."), **WORDING
    )
    check_wording(page)
    (third,) = publish_documents(
        factories.cause(text="The skin makes oil on the back [@leaflet]."), **WORDING
    )
    assert (second.change, third.change) == (Change.CHECKED_TEXT, Change.SAME_TEXT)
    assert set(effective_reviews([first, second, third])) == {first.pk, second.pk, third.pk}


def test_restored_text_is_compared_with_the_one_it_replaces():
    page = factories.cause()
    (first,) = publish_documents(page)
    held = review(first)
    publish_documents(factories.cause(text="The skin makes oil."), **WORDING)
    (again,) = publish_documents(factories.cause(), note="As it was.")
    assert effective_reviews([again]) == {}
    check_wording(page)
    assert effective_reviews([again]) == {again.pk: held}


def test_restored_advice_needs_a_new_review():
    page = factories.cause(text="Wash before you sleep.")
    (first,) = publish_documents(page)
    review(first)
    publish_documents(factories.cause(text="Wash after you sleep."), note="After.")
    (again,) = publish_documents(factories.cause(text="Wash before you sleep."), note="Before.")
    assert again.change == Change.ADVICE and effective_reviews([again]) == {}


def test_wording_check_is_never_changed_or_deleted():
    page = factories.cause()
    publish_documents(page)
    publish_documents(factories.cause(text="The skin makes oil."), **WORDING)
    found = check_wording(page)
    with pytest.raises(TypeError):
        found.save()
    with pytest.raises(TypeError):
        found.delete()
    for statement in (
        "UPDATE publishing_wordingcheck SET shown_as = 'x'",
        "DELETE FROM publishing_wordingcheck",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@override_settings(FOUR_EYES=True)
def test_wording_check_by_the_author_is_refused():
    page = factories.cause()
    publish_documents(page)
    page.load_content(
        page.CONTENT.validate_values("oil", {"name": "Oil", "what_it_is": "The skin makes oil."}),
        ada(),
    )
    (second,) = publish_documents(page, **WORDING)
    before = page.editions.get(number=1)
    with pytest.raises(ActionRefused, match="Somebody else"):
        record_wording_check(second, compared_with=before, by=ada(), shown_as="Ada")


def test_wording_check_of_another_comparison_is_refused():
    page = factories.cause()
    (first,) = publish_documents(page)
    (second,) = publish_documents(factories.cause(text="The skin makes oil."), **WORDING)
    (third,) = publish_documents(factories.cause(text="Our skin makes oil."), **WORDING)
    for edition, other in ((second, first), (third, second)):
        with pytest.raises(ActionRefused, match="changed since you opened"):
            record_wording_check(edition, compared_with=other, by=ada(), shown_as="Ada")
    assert not WordingCheck.objects.exists()


def test_review_is_not_valid_for_earlier_editions():
    page = factories.cause()
    (first,) = publish_documents(page)
    (second,) = publish_documents(factories.cause(text="Other."), **WORDING)
    held = review(second)
    assert effective_reviews([first]) == {}
    assert effective_reviews([second]) == {second.pk: held}


def test_latest_of_two_reviews_is_valid():
    (edition,) = publish_documents(factories.cause())
    review(edition, on=date(2026, 5, 1), shown_as="Later")
    review(edition, on=date(2026, 1, 1), shown_as="Earlier")
    assert effective_reviews([edition])[edition.pk].shown_as == "Later"


def test_database_refuses_a_review_due_before_its_date():
    (edition,) = publish_documents(factories.cause())
    with pytest.raises(DatabaseError, match="review_is_due"), transaction.atomic():
        review(edition, months=0)


@pytest.mark.parametrize(
    "changed",
    [
        lambda: factories.checklist(
            signs=[*factories.SIGNS[:2], {**factories.SIGNS[2], "urgency": "self-care"}]
        ),
        lambda: factories.article(causes=("oil", "sweat")),
        lambda: factories.self_check(
            outcomes=[
                {**factories.OUTCOMES[0]},
                *factories.OUTCOMES[1:3],
                factories.OUTCOMES[3] | {"urgency": "routine"},
            ]
        ),
        lambda: factories.self_check(
            questions=[*factories.QUESTIONS[:3], factories.QUESTIONS[3] | {"several": True}]
        ),
    ],
    ids=["a milder level", "a cause more", "another end", "another question"],
)
def test_changed_level_sign_cause_or_route_is_advice(changed):
    factories.make_small_site()
    publish_documents(factories.cause("sweat"), factories.self_check())
    (edition,) = publish_documents(changed(), **WORDING)
    assert edition.change == Change.ADVICE


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
def test_changed_number_is_advice(before, after):
    factories.make_small_site()
    publish_documents(factories.article(summary=f"Spots are common. {before}"), note="New advice.")
    (edition,) = publish_documents(
        factories.article(summary=f"Spots are common. {after}"), **WORDING
    )
    assert edition.change == Change.ADVICE


def test_unchanged_number_is_no_change_of_advice():
    factories.make_small_site()
    publish_documents(factories.article(summary="Spots are common. Wait two weeks."), note="New.")
    (edition,) = publish_documents(
        factories.article(summary="Spots are quite common. Wait 2 weeks."), **WORDING
    )
    assert edition.change == Change.CHECKED_TEXT


def test_replacement_is_recorded_for_an_edition_in_between():
    page = factories.cause(text="Wash before you sleep.")
    publish_documents(page)
    moment = timezone.now() + timedelta(days=1)
    publish_documents(factories.cause(text="Wash after you sleep."), at=moment, note="After.")
    (later,) = actions.publish(
        [factories.cause(text="Clean it before you sleep.")], cancel_acts=(), **WORDING
    )
    changes = dict(Publication.objects.annotate_change().values_list("edition__number", "change"))
    # The third took the place of the first, and the second will take that of the third.
    assert changes == {1: Change.ADVICE, 3: Change.CHECKED_TEXT, 2: Change.ADVICE}
    # As an edition, the third takes back what the second says: that needs a review.
    assert later.edition.change == Change.ADVICE


def test_replacement_is_recorded_again_after_a_cancellation():
    page = factories.cause(text="Wash before you sleep.")
    publish_documents(page)
    at = [timezone.now() + timedelta(days=day) for day in (1, 2)]
    (second,) = actions.publish(
        [factories.cause(text="Wash after you sleep.")], at=at[0], note="After."
    )
    publish_documents(factories.cause(text="Clean it before you sleep."), at=at[1], note="Before.")
    of_third = (
        Publication.objects.annotate_change()
        .filter(edition__number=3)
        .values_list("change", flat=True)
    )
    assert list(of_third.all()) == [Change.ADVICE]
    actions.cancel(second)
    assert list(of_third.all()) == [Change.CHECKED_TEXT]
