"""The editorial workflow: written, submitted, reviewed, published, reviewed again in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from education.audit.models import Action, AuditLogEntry
from education.publishing import actions
from education.publishing.composition import compose, get_live_edition_or_404
from education.publishing.content import ActionRefused, DocumentKey
from education.publishing.models import ChangeRequest, Document, Edition, Publication, Review
from education.publishing.workflow import reviews
from education.publishing.workflow.states import (
    WorkflowState,
    annotate_state,
    first_review_due,
    get_document_state,
)
from education.staff.accounts import roles
from tests import factories
from tests.public_pages.all_urls import CONDITION, HANDOUT
from tests.staff.conftest import create_user, form_fields, log_in, submit_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SUBMITTED = {"note": "We say when to wash."}
REVIEWED = {"shown_as": "Dr. Ada Park, dermatologist", "read": "on", "_review": "1"}


@pytest.fixture
def spots(db: None) -> Any:
    return factories.make_small_site()


@pytest.fixture
def author() -> Client:
    return log_in(create_user("arthur", roles.AUTHOR))


@pytest.fixture
def reviewer() -> Client:
    return log_in(create_user("ada", roles.REVIEWER))


@pytest.fixture
def publisher() -> Client:
    return log_in(create_user("paula", roles.PUBLISHER))


def at(document: Any, page: str) -> str:
    options = document.document_type.model_class()._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[document.pk])


def state(document: Any) -> WorkflowState:
    return get_document_state(annotate_state(Document.objects.all()).get(pk=document.pk)).state


def written(client: Client, document: Any, **typed: str) -> None:
    form = form_fields(client.get(at(document, "change")))
    answer = client.post(at(document, "change"), {**form, **typed, "_continue": "1"}, follow=True)
    assert "Saved." in answer.content.decode()


def text_of(answer: Any) -> str:
    return answer.content.decode()


def in_a_year() -> date:
    return reviews.one_year_later(timezone.localdate())


def reviewed(client: Client, document: Any, **typed: Any) -> Any:
    page = client.get(at(document, "review"))
    form = {**form_fields(page), **REVIEWED, **typed}
    # The page has two forms; a browser sends the one whose button is pressed.
    form |= {"next_due": typed.get("next_due", in_a_year().isoformat())}
    form.pop("comment", None)
    return submit_form(client, at(document, "review"), form, follow=True)


def test_text_goes_from_author_to_reviewer_to_publisher(spots, author, reviewer, publisher, client):
    written(author, spots, summary="Spots are common. Wash each day.")
    assert state(spots) == WorkflowState.CHANGED
    page = submit_form(author, at(spots, "submit"), SUBMITTED, follow=True)
    assert "Submitted." in text_of(page) and state(spots) == WorkflowState.SUBMITTED
    assert "Wash each day." not in text_of(client.get(CONDITION))

    assert "submitted: review it" in text_of(reviewer.get("/admin/"))
    assert "Your review is recorded." in text_of(reviewed(reviewer, spots))
    assert state(spots) == WorkflowState.REVIEWED
    review = Review.objects.get()
    assert (review.edition.number, review.by.username) == (2, "ada")
    assert (review.on, review.next_due) == (timezone.localdate(), in_a_year())

    assert "reviewed: publish it" in text_of(publisher.get("/admin/"))
    page = publisher.get(at(spots, "publish"))
    assert "Edition 2 waits" in text_of(page) and 'name="note"' not in text_of(page)
    submit_form(publisher, at(spots, "publish"), {})
    assert state(spots) == WorkflowState.LIVE
    assert "Wash each day." in text_of(client.get(CONDITION))
    assert Edition.objects.filter(document=spots).count() == 2
    assert "Waits for you" in text_of(publisher.get("/admin/"))
    assert "publish it" not in text_of(publisher.get("/admin/"))


def test_author_submits_again_after_requested_changes(spots, author, reviewer):
    written(author, spots, title="Spots and more")
    submit_form(author, at(spots, "submit"), SUBMITTED)
    wish = {"comment": "Say what “more” is.", "_request": "1"}
    assert "The writers see now" in text_of(
        submit_form(reviewer, at(spots, "review"), wish, follow=True)
    )
    assert state(spots) == WorkflowState.CHANGES_REQUESTED
    assert "a reviewer asks for changes" in text_of(author.get("/admin/"))
    assert "Say what “more” is." in text_of(author.get(at(spots, "change")))
    written(author, spots, title="Spots and lumps")
    assert state(spots) == WorkflowState.CHANGES_REQUESTED
    submit_form(author, at(spots, "submit"), SUBMITTED)
    assert state(spots) == WorkflowState.SUBMITTED
    reviewed(reviewer, spots)
    assert state(spots) == WorkflowState.REVIEWED


def test_edition_reviewed_after_a_refusal_counts_as_reviewed(spots, author, reviewer):
    written(author, spots, title="Spots and more")
    submit_form(author, at(spots, "submit"), SUBMITTED)
    submit_form(reviewer, at(spots, "review"), {"comment": "No.", "_request": "1"})
    reviewed(reviewer, spots)
    assert state(spots) == WorkflowState.REVIEWED


def test_submitted_edition_is_unchanged_by_later_edits(spots, author, publisher, client):
    written(author, spots, title="Submitted title")
    submit_form(author, at(spots, "submit"), SUBMITTED)
    written(author, spots, title="Half a thought")
    page = text_of(publisher.get(at(spots, "publish")))
    assert "Edition 2, as it was submitted" in page and "The working copy as it is now" in page
    submit_form(publisher, at(spots, "publish"), {"which": "edition"})
    assert "Submitted title" in text_of(client.get(CONDITION))
    assert state(spots) == WorkflowState.CHANGED
    page = submit_form(publisher, at(spots, "publish"), {"note": ""})
    assert "Write what changed, in words for readers." in text_of(page)
    submit_form(publisher, at(spots, "publish"), {"note": "A better title."})
    assert "Half a thought" in text_of(client.get(CONDITION))


def test_publishing_working_copy_instead_asks_what_changed(spots, author, publisher, client):
    written(author, spots, title="Submitted title")
    submit_form(author, at(spots, "submit"), SUBMITTED)
    written(author, spots, title="Later title")
    assert "Write what changed" in text_of(
        submit_form(publisher, at(spots, "publish"), {"which": "working"})
    )
    submit_form(publisher, at(spots, "publish"), {"which": "working", **SUBMITTED})
    assert "Later title" in text_of(client.get(CONDITION))


def test_unchanged_text_is_not_submitted_again(spots, author):
    assert "Nothing has changed" in text_of(submit_form(author, at(spots, "submit"), SUBMITTED))
    written(author, spots, title="Other")
    submit_form(author, at(spots, "submit"), SUBMITTED)
    assert "which is waiting" in text_of(submit_form(author, at(spots, "submit"), SUBMITTED))
    assert Edition.objects.filter(document=spots).count() == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"shown_as": " "}, "Write your name and title"),
        ({"shown_as": "x" * 121}, "at most 120"),
        ({"read": ""}, "Read it first"),
        ({"next_due": "2020-01-01"}, "Choose a day after today."),
        ({"next_due": "2099-01-01"}, "within the next 5 years"),
        ({"next_due": "soon"}, "Enter a valid date"),
    ],
)
def test_invalid_review_is_not_recorded(typed, sentence, spots, reviewer):
    form = {**REVIEWED, "next_due": in_a_year().isoformat(), **typed}
    answer = submit_form(reviewer, at(spots, "review"), form)
    assert not Review.objects.exists()
    assert sentence in text_of(answer)


def test_edition_no_longer_live_cannot_be_reviewed(spots, reviewer):
    first = Edition.objects.get(document=spots)
    factories.publish_documents(factories.article(title="Newer"))
    with pytest.raises(ActionRefused, match="there is a newer one"):
        reviews.record_review([first], by=create_user("adam", roles.REVIEWER), shown_as="A")
    assert "Edition 2" in text_of(reviewer.get(at(spots, "review") + "?edition=1"))
    assert not Review.objects.exists()


def test_review_of_a_page_may_include_its_parts(spots, reviewer, client):
    parts = [
        str(edition.pk) for edition in reviews.unreviewed_parts(Edition.objects.get(document=spots))
    ]
    assert len(parts) == 3
    assert "ot yet reviewed" in text_of(client.get(CONDITION))
    reviewed(reviewer, spots, together=parts)
    for page in (CONDITION, HANDOUT):
        assert "Reviewed by Dr. Ada Park, dermatologist" in text_of(client.get(page))
    assert "these parts of the page" not in text_of(reviewer.get(at(spots, "review")))
    assert form_fields(reviewer.get(at(spots, "review")))["shown_as"] == REVIEWED["shown_as"]


def test_edit_of_advice_ends_review_and_wording_does_not(spots, reviewer, client):
    parts = [
        str(edition.pk) for edition in reviews.unreviewed_parts(Edition.objects.get(document=spots))
    ]
    reviewed(reviewer, spots, together=parts)
    factories.publish_documents(factories.article(title="All about spots"), **factories.WORDING)
    factories.check_wording(spots)
    assert "Reviewed by Dr. Ada Park" in text_of(client.get(CONDITION))
    factories.publish_documents(factories.article(do=["Wash 2 times."]), **factories.ADVICE)
    assert "ot yet reviewed" in text_of(client.get(CONDITION))


@pytest.mark.parametrize("verb", ["update", "delete"])
@pytest.mark.parametrize("model", [Review, ChangeRequest, AuditLogEntry])
def test_database_refuses_changes_to_reviews_and_audit_log(model, verb, spots):
    ada = create_user("ada", roles.REVIEWER)
    edition = Edition.objects.get(document=spots)
    reviews.request_changes(edition, by=ada, comment="More.")
    reviews.record_review([edition], by=ada, shown_as="Dr. Ada Park")
    table = connection.ops.quote_name(model._meta.db_table)
    statements = {"update": f"UPDATE {table} SET id = id", "delete": f"DELETE FROM {table}"}
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute(statements[verb])
    row = model.objects.first()
    if model is Review:
        with pytest.raises(TypeError):
            row.save()
    if model is not ChangeRequest:
        with pytest.raises(TypeError):
            row.delete()


def test_review_date_moves_only_with_a_review(spots, author, reviewer, publisher, tmp_path):
    reviewed(reviewer, spots)
    before = list(Review.objects.values())
    due = annotate_state(Document.objects.all()).get(pk=spots.pk)
    sent = {
        "next_due": "2031-01-01",
        "on": "2031-01-01",
        "shown_as": "Me",
        "review_due": "2031-01-01",
    }
    written(author, spots, title="Changed", **sent)
    for client in (author, publisher):
        for page in ("submit", "publish", "withdraw", "restore", "cancel"):
            submit_form(
                client, at(spots, page), {**SUBMITTED, **sent, "number": "1", "reason": "Old."}
            )
        client.post(
            "/admin/articles/article/",
            {**sent, "action": "delete_selected", "_selected_action": spots.pk},
        )
    factories.publish_documents(factories.article(title="By a command"), **factories.WORDING)
    assert list(Review.objects.values()) == before
    assert get_document_state(due).review_due == in_a_year()


@pytest.mark.parametrize("on", [True, False])
def test_four_eyes_forbid_deciding_on_own_text(on, spots, settings):
    settings.FOUR_EYES = on
    everything = log_in(create_user("eve", roles.AUTHOR, roles.REVIEWER, roles.PUBLISHER))
    written(everything, spots, title="My own words")
    submit_form(everything, at(spots, "submit"), SUBMITTED)
    review = text_of(reviewed(everything, spots))
    publication = text_of(submit_form(everything, at(spots, "publish"), {}, follow=True))
    assert ("Somebody else must look at it" in review) == on
    assert ("Somebody else must look at it" in publication) == on
    assert Review.objects.exists() != on
    assert Edition.objects.live().get(document=spots).number == (1 if on else 2)
    if on:
        assert "Nothing waits for you." in text_of(everything.get("/admin/"))
        other = log_in(create_user("otto", roles.PUBLISHER))
        submit_form(other, at(spots, "publish"), {})
        assert Edition.objects.live().get(document=spots).number == 2


def test_four_eyes_apply_to_working_copy_and_restored_text(spots, settings):
    settings.FOUR_EYES = True
    everything = log_in(create_user("eve", roles.AUTHOR, roles.PUBLISHER))
    written(everything, spots, title="My own words")
    assert "Somebody else" in text_of(submit_form(everything, at(spots, "publish"), SUBMITTED))
    log_in(create_user("otto", roles.AUTHOR)).get(at(spots, "change"))
    factories.publish_documents(factories.article(title="By somebody else"))
    submit_form(everything, at(spots, "restore"), {"number": "1"})
    assert "Somebody else" in text_of(submit_form(everything, at(spots, "publish"), SUBMITTED))


def tomorrow() -> datetime:
    return timezone.localtime() + timedelta(days=1)


def later(**typed: str) -> dict[str, str]:
    moment = tomorrow()
    return {"at_0": f"{moment:%Y-%m-%d}", "at_1": f"{moment:%H:%M}", "_schedule": "1", **typed}


def test_set_is_scheduled_for_one_instant_and_cancelled(spots, publisher):
    article, oil = factories.article(title="New"), factories.cause(text="New, too.")
    page = submit_form(
        publisher, at(article, "publish"), {**SUBMITTED, **later(together=str(oil.pk))}, follow=True
    )
    assert "Scheduled." in text_of(page)
    entries = list(Publication.objects.upcoming())
    assert {entry.document_id for entry in entries} == {article.pk, oil.pk}
    assert len({entry.at for entry in entries}) == 1
    assert state(article) == state(oil) == WorkflowState.SCHEDULED
    assert "Scheduled" in text_of(publisher.get("/admin/"))
    page = publisher.get(at(article, "cancel"))
    assert text_of(page).count('name="acts"') == 1
    assert "Tick what should not happen." in text_of(
        submit_form(publisher, at(article, "cancel"), {})
    )
    submit_form(publisher, at(article, "cancel"), {"acts": [entries[0].act]})
    assert not Publication.objects.upcoming().exists()
    assert state(article) == WorkflowState.SUBMITTED
    assert "Nothing is scheduled." in text_of(publisher.get(at(article, "cancel")))


def test_new_sign_and_its_question_go_live_together(spots, publisher):
    factories.publish_documents(factories.self_check())
    signs = [*factories.SIGNS, {**factories.SIGNS[2], "key": "fever", "text": "You have a fever"}]
    questions = [dict(question) for question in factories.QUESTIONS]
    questions[2] = {
        **questions[2],
        "choices": [
            questions[2]["choices"][0],
            {"key": "hot", "sign": "fever"},
            *questions[2]["choices"][1:],
        ],
    }
    checklist = factories.checklist(signs=signs)
    refused = text_of(submit_form(publisher, at(checklist, "publish"), SUBMITTED))
    assert "Nothing was changed" in refused
    check = factories.self_check(questions=questions)
    form = {**SUBMITTED, **later(together=str(check.pk))}
    assert "Scheduled." in text_of(
        submit_form(publisher, at(checklist, "publish"), form, follow=True)
    )
    entries = Publication.objects.upcoming()
    assert {entry.document.kind for entry in entries} == {"checklist", "self-check"}
    assert len({entry.at for entry in entries}) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"at_0": "", "at_1": ""}, "Give the day and the time."),
        ({"at_1": ""}, "Write the time as"),
        ({"at_0": "soon"}, "Write the day as"),
        ({"at_1": "25:99"}, "Write the time as"),
        ({"at_0": "2001-01-01"}, "This time has passed."),
    ],
)
def test_invalid_or_past_time_schedules_nothing(typed, sentence, spots, publisher):
    article = factories.article(title="New")
    page = submit_form(publisher, at(article, "publish"), {**SUBMITTED, **later(), **typed})
    assert sentence in text_of(page) and not Publication.objects.upcoming().exists()


def test_time_with_publish_now_asks_which_is_meant(spots, publisher):
    form = {**SUBMITTED, **later()}
    del form["_schedule"]
    page = submit_form(publisher, at(factories.article(title="New"), "publish"), form)
    assert "You gave a time." in text_of(page)
    assert Edition.objects.live().get(document=spots).number == 1


def test_scheduled_withdrawal_can_be_cancelled(spots, publisher):
    page = factories.article("lumps")
    factories.publish_documents(page)
    actions.withdraw(page, reason="Old.", at=tomorrow())
    answer = publisher.get(at(page, "cancel"))
    assert "withdraw Article: About lumps" in text_of(answer)
    submit_form(publisher, at(page, "cancel"), {"acts": [Publication.objects.upcoming().get().act]})
    assert not Publication.objects.upcoming().exists()


def test_restoring_names_user_and_edition_and_is_not_live(spots, publisher, client):
    factories.publish_documents(factories.article(title="Second title"))
    submit_form(publisher, at(spots, "restore"), {"number": "1"})
    document = Document.objects.get(pk=spots.pk)
    assert (str(document.working_copy()), document.edited_by.username) == ("About spots", "paula")
    assert "Second title" in text_of(client.get(CONDITION))
    entry = AuditLogEntry.objects.get(action=Action.RESTORED)
    assert (entry.user.username, entry.to_edition, entry.subject) == (
        "paula",
        1,
        "Article: About spots",
    )


def test_list_shows_and_filters_states_and_reviews(spots, author, publisher, reviewer):
    overdue = factories.publish_documents(factories.article("overdue"))[0]
    ada = create_user("adam", roles.REVIEWER)
    today = timezone.localdate()
    Review(
        edition=overdue,
        by=ada,
        shown_as="A",
        on=today - timedelta(500),
        next_due=today - timedelta(100),
    ).save()
    soon = factories.publish_documents(factories.article("soon"))[0]
    Review(
        edition=soon,
        by=ada,
        shown_as="A",
        on=today - timedelta(300),
        next_due=today + timedelta(30),
    ).save()
    draft = factories.article("draft")
    written(author, spots, title="Changed since")
    waiting = factories.article("waiting")
    submit_form(author, at(waiting, "submit"), SUBMITTED)

    def shown(query: str) -> set[str]:
        page = publisher.get(f"/admin/articles/article/?{query}")
        return {row.slug for row in page.context["cl"].result_list}

    assert shown("") == {"spots", "overdue", "soon", "draft", "waiting"}
    assert shown("state=draft") == {draft.slug}
    assert shown("state=changed") == {"spots"}
    assert shown("state=overdue") == {"overdue"}
    assert shown("state=live") == {"soon"}
    assert shown("state=submitted") == {"waiting"}
    assert shown("state=nonsense") == shown("")
    assert shown("review=never") == {"spots"}
    assert shown("review=overdue") == {"overdue"}
    assert shown("review=soon") == {"soon"}
    page = text_of(publisher.get("/admin/articles/article/"))
    for words in (
        "Live, review overdue",
        "overdue since",
        "due ",
        "none yet; first by",
        "edition 1",
    ):
        assert words in page, words


def test_state_and_date_agree_with_readers_page(spots):
    """The list finds the review that holds in one query; the page of readers does so in its own
    way.
    """
    ada = create_user("ada", roles.REVIEWER)
    oil = Document.objects.get(kind="cause").working_copy()
    steps = [
        lambda: reviews.record_review(
            [Edition.objects.live().get(document=oil)],
            by=ada,
            shown_as="A",
            next_due=date.today() + timedelta(90),
        ),
        lambda: factories.publish_documents(
            factories.cause(text="The skin makes oil."), **factories.WORDING
        ),
        lambda: factories.check_wording(oil),
        lambda: factories.publish_documents(
            factories.cause(text="Rinse 2 times."), **factories.ADVICE
        ),
        lambda: factories.publish_documents(
            factories.cause(text="Do rinse 2 times."), **factories.WORDING
        ),
        lambda: reviews.record_review(
            [Edition.objects.live().get(document=oil)],
            by=ada,
            shown_as="B",
            next_due=date.today() + timedelta(50),
        ),
        lambda: actions.withdraw(Document.objects.get(kind="article"), reason="Old."),
        lambda: factories.publish_documents(
            factories.cause(text="Please do rinse 2 times."), **factories.WORDING
        ),
        lambda: factories.check_wording(oil),
    ]
    seen = []
    for step in steps:
        step()
        state = get_document_state(annotate_state(Document.objects.all()).get(pk=oil.pk))
        standing = compose(get_live_edition_or_404(DocumentKey("cause", "oil"), "en")).review_status
        assert state.review_due == (standing.next_due if standing else None)
        assert state.is_unchecked == bool(standing and standing.being_checked)
        seen.append("-" if standing is None else "checked" if standing.being_checked else "stands")
    assert seen == [
        "stands",
        "checked",
        "stands",
        "-",
        "-",
        "stands",
        "stands",
        "checked",
        "stands",
    ]


def test_first_reviews_of_loaded_content_are_spread(db):
    causes = [factories.cause(f"cause-{number}") for number in range(60)]
    factories.publish_documents(*causes)
    days = [first_review_due(one) for one in annotate_state(Document.objects.filter(kind="cause"))]
    today = timezone.localdate()
    assert all(timedelta(30) <= day - today < timedelta(90) for day in days)
    assert max(days.count(day) for day in days) <= 5
    assert days == [
        first_review_due(one) for one in annotate_state(Document.objects.filter(kind="cause"))
    ]


def test_dashboard_query_count_is_bounded(spots, publisher, django_assert_max_num_queries):
    factories.publish_documents(*[factories.cause(f"cause-{number}") for number in range(40)])
    with django_assert_max_num_queries(22):
        page = text_of(publisher.get("/admin/"))
    assert "All 45: Never reviewed by a clinician" in page


def test_refusal_is_logged(spots, publisher):
    submit_form(publisher, at(spots, "publish"), SUBMITTED)
    entry = AuditLogEntry.objects.get(action=Action.REFUSED)
    assert entry.user.username == "paula" and "Nothing has changed" in entry.details


def test_change_request_needs_comment_and_newest_edition(spots, reviewer):
    page = submit_form(reviewer, at(spots, "review"), {"comment": " ", "_request": "1"})
    assert "Write what should change." in text_of(page)
    first = Edition.objects.get(document=spots)
    factories.publish_documents(factories.article(title="Newer"))
    with pytest.raises(ActionRefused, match="newer edition"):
        reviews.request_changes(first, by=create_user("x", roles.REVIEWER), comment="No.")
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("page", "typed", "button"),
    [
        ("publish", {"note": "My careful note."}, ""),
        ("publish", {"note": "My careful note.", **later()}, "_schedule"),
        ("withdraw", {"reason": "My careful note."}, ""),
        ("submit", {"note": "My careful note."}, ""),
        ("review", {"comment": "My careful note.", "_request": "1"}, "_request"),
    ],
)
def test_recovered_draft_is_shown_in_workflow_form_only(page, typed, button, spots):
    factories.article(title="Changed")
    eve = create_user("eve", roles.AUTHOR, roles.REVIEWER, roles.PUBLISHER)
    before = (Edition.objects.count(), Publication.objects.count(), ChangeRequest.objects.count())
    browser = Client()
    sign_in = browser.post(at(spots, page), typed)
    assert "what you typed is kept" in text_of(sign_in)
    form = {**form_fields(sign_in), "username": "eve", "password": "a long pass phrase"}
    back = browser.post("/admin/login/", form, follow=True)
    assert back.request["PATH_INFO"] == at(spots, page)
    assert "My careful note." in text_of(back) and "It is not saved yet." in text_of(back)
    assert before == (
        Edition.objects.count(),
        Publication.objects.count(),
        ChangeRequest.objects.count(),
    )
    submit_form(browser, at(spots, page), typed)
    assert before != (
        Edition.objects.count(),
        Publication.objects.count(),
        ChangeRequest.objects.count(),
    )
    assert eve.is_active


def test_unreviewed_text_is_not_restored_as_reviewed(spots, publisher):
    ada = create_user("ada", roles.REVIEWER)
    factories.publish_documents(factories.article(summary="Wash 2 times."), **factories.ADVICE)
    reviews.record_review([Edition.objects.live().get(document=spots)], by=ada, shown_as="A")
    submit_form(publisher, at(spots, "restore"), {"number": "1"})
    submit_form(publisher, at(spots, "publish"), {"note": "The old text."})
    assert Edition.objects.live().get(document=spots).number == 3
    assert (
        get_document_state(annotate_state(Document.objects.all()).get(pk=spots.pk)).review_due
        is None
    )


def test_restored_text_keeps_its_review(spots, publisher):
    ada = create_user("ada", roles.REVIEWER)
    reviews.record_review([Edition.objects.get(document=spots)], by=ada, shown_as="A")
    factories.publish_documents(factories.article(summary="Said otherwise."), **factories.WORDING)
    submit_form(publisher, at(spots, "restore"), {"number": "1"})
    submit_form(publisher, at(spots, "publish"), {"note": "The old words."})
    assert get_document_state(annotate_state(Document.objects.all()).get(pk=spots.pk)).is_unchecked
    factories.check_wording(spots)
    assert not get_document_state(
        annotate_state(Document.objects.all()).get(pk=spots.pk)
    ).is_unchecked
    assert (
        get_document_state(annotate_state(Document.objects.all()).get(pk=spots.pk)).review_due
        == in_a_year()
    )


def test_added_do_line_is_change_of_advice(spots):
    (edition,) = factories.publish_documents(
        factories.article(do=["Wash with warm water.", "Rest."]), **factories.WORDING
    )
    assert edition.change == "advice"


def test_duplicate_slug_is_refused_and_draft_is_kept(spots, author):
    address = "/admin/articles/cause/add/"
    form = {
        **form_fields(author.get(address)),
        "name": "Oil again",
        "slug": "oil",
        "what_it_is": "My words.",
    }
    page = author.post(address, form)
    assert page.status_code == 200
    assert "Another one has this address already." in text_of(page) and "My words." in text_of(page)
    other = factories.cause("sweat")
    form = {**form_fields(author.get(at(other, "change"))), "slug": "oil"}
    assert "Another one has this address already." in text_of(
        author.post(at(other, "change"), form)
    )


def test_submitter_sees_the_state_of_the_text(spots, author):
    written(author, spots, title="Handed in")
    submit_form(author, at(spots, "submit"), SUBMITTED)
    page = text_of(author.get("/admin/"))
    assert "You submitted" in page and "Article: Handed in" in page


def test_new_cited_source_is_ticked_for_publishing(spots, author, publisher):
    factories.sources("study")
    written(author, spots, introduction="Most people get spots. [@study]")
    boxes = text_of(author.get(at(spots, "submit"))).split('name="together"')[1]
    assert "checked" in boxes.split(">")[0]
