"""A workflow form acts on what its page showed, or does nothing and says why (P1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.audit.models import Action, AuditLogEntry
from education.publishing import actions
from education.publishing.models import ChangeRequest, Document, Edition, Publication, Review
from education.publishing.workflow import reviews
from education.staff.accounts import roles
from tests import factories
from tests.factories import ADVICE, publish_documents
from tests.staff.conftest import create_user, log_in, shown_state_of, submit_form
from tests.staff.test_workflow import REVIEWED, SUBMITTED, at, in_a_year, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

CHANGED = "This was changed after you opened the page"
REVIEW = {**REVIEWED, "next_due": in_a_year().isoformat()}


@pytest.fixture
def spots(db: None) -> Any:
    return factories.make_small_site()


@pytest.fixture
def eve(db: None) -> Client:
    """Somebody with every role."""
    return log_in(create_user("eve", *roles.ROLES))


def submitted(*documents: Document) -> list[Edition]:
    return actions.submit(documents, note="We say when to wash.")


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Edition, Publication, Review, ChangeRequest))


def differing(answer: Any) -> str:
    text = text_of(answer)
    assert answer.status_code == 200 and CHANGED in text
    return text.split(CHANGED)[1].split("<form")[0]


def test_publish_after_new_submission_does_nothing(spots, eve):  # P1
    submitted(factories.article(summary="Wash each day."))
    shown = shown_state_of(eve.get(at(spots, "publish")))
    submitted(factories.article(summary="Never wash."))
    before = counts()
    told = differing(eve.post(at(spots, "publish"), {"shown": shown}))
    assert "edition 3 was made" in told and "Never" in told and "<ins>" in told and "<del>" in told
    assert counts() == before and Edition.objects.live().get(document=spots).number == 1


@pytest.mark.parametrize("page", ["publish", "submit"])
def test_form_after_another_save_does_nothing_and_keeps_input(page, spots, eve):  # P1
    factories.article(title="First words")
    shown = shown_state_of(eve.get(at(spots, page)))
    factories.article(title="Second words")
    before = counts()
    answer = eve.post(at(spots, page), {**SUBMITTED, "shown": shown})
    told = differing(answer)
    assert "the working copy was changed" in told and "Second" in told
    assert "We say when to wash." in text_of(answer).split("<form")[-1]
    assert counts() == before
    again = eve.post(at(spots, page), {**SUBMITTED, "shown": shown_state_of(answer)}, follow=True)
    assert CHANGED not in text_of(again) and counts() != before


@pytest.mark.parametrize("schedule", [False, True])
def test_publish_of_set_with_one_part_changed_does_nothing(schedule, spots, eve):  # P1
    oil = factories.cause(text="First words.")
    factories.article(title="New")
    shown = shown_state_of(eve.get(at(spots, "publish")))
    factories.cause(text="Second words.")
    moment = timezone.localtime() + timedelta(days=1)
    time = (
        {"at_0": f"{moment:%Y-%m-%d}", "at_1": f"{moment:%H:%M}", "_schedule": "1"}
        if schedule
        else {}
    )
    before = counts()
    typed = {**SUBMITTED, **time, "together": str(oil.pk), "shown": shown}
    told = differing(eve.post(at(spots, "publish"), typed))
    assert "Cause: Oil" in told and "Second" in told
    assert counts() == before


def test_part_added_meanwhile_is_named(spots, eve):  # P1
    factories.article(title="New")
    shown = shown_state_of(eve.get(at(spots, "publish")))
    factories.cause(text="New, too.")
    told = differing(eve.post(at(spots, "publish"), {**SUBMITTED, "shown": shown}))
    assert "Cause: Oil belongs to it now, too." in told


def test_new_edition_of_unchanged_copy_is_compared_in_words(spots, eve):  # P1
    submitted(factories.article(summary="Wash each day."))
    factories.article(summary="Never wash.")
    shown = shown_state_of(eve.get(at(spots, "publish")))
    submitted(factories.article(summary="Never wash."))
    told = differing(eve.post(at(spots, "publish"), {"which": "edition", "shown": shown}))
    assert "edition 3 was made" in told and "<del>" in told and "<ins>" in told and "Never" in told
    assert Edition.objects.live().get(document=spots).number == 1


def test_change_request_meanwhile_stops_publishing(spots, eve):  # P1
    (edition,) = submitted(factories.article(title="New"))
    shown = shown_state_of(eve.get(at(spots, "publish")))
    reviews.request_changes(edition, by=create_user("ada", roles.REVIEWER), comment="Not so.")
    assert "Not so." in differing(eve.post(at(spots, "publish"), {"shown": shown}))
    assert Edition.objects.live().get(document=spots).number == 1


def test_review_of_edition_no_longer_newest_is_not_recorded(spots, eve):  # P1
    submitted(factories.article(title="First"))
    shown = shown_state_of(eve.get(at(spots, "review")))
    submitted(factories.article(title="Second"))
    answer = eve.post(at(spots, "review"), {**REVIEW, "shown": shown})
    assert "edition 3 was made" in differing(answer) and not Review.objects.exists()
    assert not answer.context["form"]["read"].value()
    wish = {"shown": shown, "comment": "Say more.", "_request": "1"}
    assert (
        "Say more." in text_of(eve.post(at(spots, "review"), wish))
        and not ChangeRequest.objects.exists()
    )


def test_review_of_set_with_changed_part_is_not_recorded(spots, eve):  # P1
    page = eve.get(at(spots, "review"))
    parts = [
        str(edition.pk) for edition in reviews.unreviewed_parts(Edition.objects.get(document=spots))
    ]
    publish_documents(factories.cause(text="Anew."))
    answer = eve.post(
        at(spots, "review"), {**REVIEW, "together": parts, "shown": shown_state_of(page)}
    )
    assert "Cause: Oil" in differing(answer) and not Review.objects.exists()


def test_review_is_not_blocked_by_later_edits(spots, eve):
    submitted(factories.article(title="First"))
    shown = shown_state_of(eve.get(at(spots, "review")))
    factories.article(title="Half a thought")
    eve.post(at(spots, "review"), {**REVIEW, "shown": shown})
    assert Review.objects.get().edition.number == 2


def test_withdrawal_of_another_text_than_shown_does_nothing(spots, eve):  # P1
    shown = shown_state_of(eve.get(at(spots, "withdraw")))
    publish_documents(factories.article(title="Mended"))
    told = differing(eve.post(at(spots, "withdraw"), {"reason": "Wrong.", "shown": shown}))
    assert "readers see edition 2 now" in told
    assert Edition.objects.live().filter(document=spots).exists()


def test_cancellation_of_another_act_than_shown_does_nothing(spots, eve):  # P1
    moment = timezone.now() + timedelta(hours=1)
    first = actions.publish([factories.article(title="First")], at=moment, **ADVICE)
    shown = shown_state_of(eve.get(at(spots, "cancel")))
    actions.publish(
        [factories.article(title="Second"), factories.cause(text="New.")], at=moment, **ADVICE
    )
    told = differing(eve.post(at(spots, "cancel"), {"acts": [first[0].act], "shown": shown}))
    assert "what is scheduled was changed" in told and Publication.objects.upcoming().count() == 2


def test_restore_over_newer_edits_does_nothing(spots, eve):  # P1
    publish_documents(factories.article(title="Second"))
    shown = shown_state_of(eve.get(at(spots, "editions")))
    factories.article(title="Somebody's new words")
    answer = eve.post(at(spots, "restore"), {"number": "1", "shown": shown})
    assert "Somebody" in differing(answer)
    answer = eve.post(
        at(spots, "restore"), {"number": "1", "shown": shown_state_of(answer), "replace": "yes"}
    )
    assert answer.status_code == 302
    assert str(Document.objects.get(pk=spots.pk).working_copy()) == "About spots"


@pytest.mark.parametrize("token", ["", "forged", "e30:1:2"])
@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("publish", SUBMITTED),
        ("submit", SUBMITTED),
        ("review", REVIEW),
        ("review", {"comment": "No.", "_request": "1"}),
        ("withdraw", {"reason": "Wrong."}),
        ("restore", {"number": "1", "replace": "yes"}),
    ],
)
def test_form_without_shown_state_does_nothing(page, typed, token, spots, eve):  # P1
    factories.article(title="New")
    before = counts()
    answer = eve.post(at(spots, page), {**typed, "shown": token})
    assert "We cannot tell what this page showed you." in differing(answer)
    assert counts() == before and not AuditLogEntry.objects.filter(action=Action.RESTORED).exists()


def test_shown_state_of_another_document_does_not_count(spots, eve):  # P1
    oil = factories.cause(text="New.")
    factories.article(title="New")
    answer = eve.post(
        at(spots, "publish"), {**SUBMITTED, "shown": shown_state_of(eve.get(at(oil, "publish")))}
    )
    assert "We cannot tell" in differing(answer)


def test_invalid_form_still_tells_what_changed_meanwhile(spots, eve):  # P1
    factories.article(title="First words")
    shown = shown_state_of(eve.get(at(spots, "publish")))
    factories.article(title="Second words")
    assert "Second" in differing(eve.post(at(spots, "publish"), {"note": "", "shown": shown}))


def test_every_kind_of_document_can_be_compared_in_words(spots, eve):  # P1
    for document, again in (
        (factories.checklist(title="Once"), lambda: factories.checklist(title="Twice")),
        (factories.sources("once"), lambda: factories.sources("twice")),
        (factories.glossary(Once="A word."), lambda: factories.glossary(Twice="A word.")),
        (factories.self_check(title="Once"), lambda: factories.self_check(title="Twice")),
    ):
        shown = shown_state_of(eve.get(at(document, "submit")))
        again()
        assert "wice" in differing(eve.post(at(document, "submit"), {**SUBMITTED, "shown": shown}))


def test_publish_shows_scheduled_acts_and_cancels_them(spots, eve):  # P3
    publish_documents(factories.article(title="Scheduled"), at=timezone.now() + timedelta(hours=1))
    factories.article(title="Newer")
    page = text_of(eve.get(at(spots, "publish")))
    assert "It would take the place of what you publish now" in page
    assert "Article: Scheduled, edition 2" in page
    act = Publication.objects.upcoming().get().act
    submit_form(eve, at(spots, "publish"), {**SUBMITTED, "take_back": [act]})
    assert not Publication.objects.upcoming().exists()
    assert Edition.objects.live().get(document=spots).number == 3


def test_publish_keeps_scheduled_act_whose_box_is_unticked(spots, eve):  # P3
    publish_documents(factories.article(title="Scheduled"), at=timezone.now() + timedelta(hours=1))
    factories.article(title="Newer")
    submit_form(eve, at(spots, "publish"), SUBMITTED)
    assert Publication.objects.upcoming().get().edition.number == 2


def test_withdraw_shows_scheduled_acts_and_cancels_them(spots, eve, client):  # P2
    publish_documents(
        factories.article(title="Scheduled"),
        factories.cause(text="New."),
        at=timezone.now() + timedelta(hours=1),
    )
    page = text_of(eve.get(at(spots, "withdraw")))
    assert "This is scheduled, and is taken back with it" in page
    assert "Article: Scheduled, edition 2; Cause: Oil, edition 2" in page
    submit_form(eve, at(spots, "withdraw"), {"reason": "Wrong.", "_urgent": "1"})
    assert not Publication.objects.upcoming().exists()
    assert AuditLogEntry.objects.filter(action=Action.CANCELLED).count() == 2


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.PUBLISHER])
def test_urgent_withdrawal_is_one_press_even_with_four_eyes(role, spots, settings):
    settings.FOUR_EYES = True
    someone = create_user("one", roles.AUTHOR, role)
    Document.objects.get(pk=spots.pk).record_edit(someone)
    publish_documents(factories.article(title="Mine"))
    browser = log_in(someone)
    page = browser.get(at(spots, "withdraw"))
    typed = {"reason": page.context["form"]["reason"].value(), "_urgent": "1"}
    browser.post(at(spots, "withdraw"), {**typed, "shown": shown_state_of(page)})
    assert not Edition.objects.live().filter(document=spots).exists()
    entry = AuditLogEntry.objects.get(action=Action.WITHDRAWN)
    assert entry.details.startswith("Urgent.") and entry.user == someone


def test_author_alone_cannot_withdraw(spots):
    assert log_in(create_user("arthur", roles.AUTHOR)).get(at(spots, "withdraw")).status_code == 403


def test_dashboard_lists_every_scheduled_act(spots, eve):  # P3
    now = timezone.now()
    actions.publish(
        [factories.article(title="One"), factories.cause(text="One.")],
        at=now + timedelta(1),
        **ADVICE,
    )
    actions.publish([factories.article(title="Two")], at=now + timedelta(2), **ADVICE)
    actions.withdraw(spots, reason="Old.", at=now + timedelta(3))
    page = text_of(eve.get("/admin/"))
    section = page.split('id="dashboard-scheduled"')[1].split("</section>")[0]
    assert section.count("<li>") == 3
    assert "Article: One, edition 2; Cause: Oil, edition 2" in section
    assert "Article: Two, edition 3" in section and "withdraw Article" in section
