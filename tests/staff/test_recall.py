"""A submission is taken back by its author, and authors learn what became of theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from education.audit.models import Action, AuditLogEntry
from education.publishing import actions
from education.publishing.composition import compose_pending
from education.publishing.content import ActionRefused
from education.publishing.models import Document, Edition, Recall
from education.publishing.workflow import reviews
from education.publishing.workflow.states import WorkflowState, annotate_state, get_document_state
from education.staff.accounts import roles
from tests import factories
from tests.staff.conftest import create_user, form_fields, log_in, shown_state_of, submit_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def arthur(db: None) -> Any:
    return create_user("arthur", roles.AUTHOR)


@pytest.fixture
def ada(db: None) -> Any:
    return create_user("ada", roles.REVIEWER)


@pytest.fixture
def waiting(arthur: Any) -> Edition:
    """A new text of the cause `oil`, submitted by Arthur."""
    factories.make_small_site()
    return actions.submit([factories.cause(text="Skin makes wax.")], note="Wax.", by=arthur)[0]


def at(edition: Edition, page: str) -> str:
    return f"/admin/articles/cause/{edition.document_id}/{page}/"


def state(edition: Edition) -> WorkflowState:
    documents = annotate_state(Document.objects.all())
    return get_document_state(documents.get(pk=edition.document_id)).state


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_author_takes_a_submission_back_and_keeps_the_words(waiting, arthur):
    client = log_in(arthur)
    assert "Take back what was submitted" in text_of(client.get(at(waiting, "change")))
    page = submit_form(client, at(waiting, "recall"), {"reason": "Too early."}, follow=True)
    assert "Taken back." in text_of(page) and "Skin makes wax." in text_of(page)
    assert "Too early." in text_of(page)
    assert state(waiting) == WorkflowState.CHANGED
    assert Edition.objects.filter(pk=waiting.pk).exists()
    entry = AuditLogEntry.objects.get(action=Action.RECALLED)
    assert (entry.user, entry.to_edition, entry.details) == (arthur, waiting.number, "Too early.")


def test_corrected_submission_starts_with_the_first_note(waiting, arthur):
    client = log_in(arthur)
    page = submit_form(client, at(waiting, "recall"), {"_again": "1"}, follow=True)
    form = form_fields(page)
    assert page.request["PATH_INFO"] == at(waiting, "submit") and form["note"] == "Wax."
    submit_form(client, at(waiting, "submit"), {**form, "note": "Said rightly."})
    assert state(waiting) == WorkflowState.SUBMITTED
    newest = waiting.document.editions.latest("number")
    assert (newest.number, newest.note) == (waiting.number + 1, "Said rightly.")


def test_reviewer_sees_what_was_taken_back(waiting, arthur, ada):
    actions.recall(waiting, by=arthur, reason="Wrong page.")
    page = text_of(log_in(ada).get(at(waiting, "review")))
    assert "arthur took back edition 2" in page and "Wrong page." in page
    assert "Edition 1" in page and 'value="Record my review"' in page
    assert "arthur took back edition 2" in text_of(log_in(ada).get(at(waiting, "editions")))


def test_review_of_what_was_just_taken_back_is_refused(waiting, arthur, ada):
    client = log_in(ada)
    form = {**form_fields(client.get(at(waiting, "review"))), "shown_as": "Ada", "read": "on"}
    form.pop("comment")
    actions.recall(waiting, by=arthur)
    answer = client.post(at(waiting, "review"), {**form, "_review": "1"})
    assert "its author took back what was submitted." in text_of(answer)
    assert not waiting.reviews.exists()


@pytest.mark.parametrize("act", ["publish", "review", "request", "recall"])
def test_nothing_is_decided_about_what_was_taken_back(act, waiting, arthur, ada):
    actions.recall(waiting, by=arthur)
    edition = Edition.objects.get(pk=waiting.pk)
    with pytest.raises(ActionRefused, match="took this back"):
        {
            "publish": lambda: actions.publish([], note="", editions=[edition]),
            "review": lambda: reviews.record_review([edition], by=ada, shown_as="Ada"),
            "request": lambda: reviews.request_changes(edition, by=ada, comment="No."),
            "recall": lambda: actions.recall(edition, by=arthur),
        }[act]()


def test_what_is_decided_cannot_be_taken_back(waiting, arthur, ada):
    reviews.request_changes(waiting, by=ada, comment="No.")
    with pytest.raises(ActionRefused, match="asked for changes"):
        actions.recall(waiting, by=arthur)
    actions.publish([], note="", editions=[waiting], at=timezone.now() + timedelta(1))
    with pytest.raises(ActionRefused, match="does not wait any more"):
        actions.recall(waiting, by=arthur)


@pytest.mark.parametrize("role", [roles.AUTHOR, roles.REVIEWER, roles.PUBLISHER])
def test_others_cannot_take_a_submission_back(role, waiting):
    client = log_in(create_user("otto", role))
    assert client.get(at(waiting, "recall")).status_code == 403
    assert client.post(at(waiting, "recall"), {}).status_code == 403
    assert "Take back what" not in text_of(client.get(at(waiting, "change")))


def test_page_waiting_with_it_is_previewed_without_what_was_taken_back(waiting, arthur):
    (article,) = actions.submit([factories.article(title="Spots anew")], note="New.")
    assert "wax" in str(compose_pending(article).parts[waiting.key].content)
    actions.recall(waiting, by=arthur)
    assert "wax" not in str(compose_pending(article).parts[waiting.key].content)


def test_database_refuses_to_change_or_delete_a_recall(waiting, arthur):
    actions.recall(waiting, by=arthur)
    for change in (lambda: Recall.objects.update(reason="x"), Recall.objects.all()._raw_delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change() if change.__name__ == "<lambda>" else change("default")


def test_restoring_what_an_edition_keeps_warns_of_no_loss(waiting, ada):
    reviews.request_changes(waiting, by=ada, comment="Wax is wrong.")
    client = log_in(create_user("paula", roles.PUBLISHER))
    page = text_of(submit_form(client, at(waiting, "restore"), {"number": "2"}))
    assert "A reviewer sent this very text back" in page and "Wax is wrong." in page
    assert "words that no edition keeps" not in page


# What became of it.


def desk(client: Client) -> str:
    page = text_of(client.get("/admin/"))
    parts = page.split('id="dashboard-outcomes"')
    return parts[1].split("</section>")[0] if len(parts) > 1 else ""


def test_author_is_told_on_the_desk_until_it_is_read(waiting, arthur, ada):
    client = log_in(arthur)
    assert desk(client) == ""
    reviews.request_changes(waiting, by=ada, comment="Wax is wrong.")
    told = desk(client)
    assert "a reviewer asks for changes" in told and "Wax is wrong." in told and "ada" in told
    assert desk(log_in(ada)) == ""
    upto = client.get("/admin/outcomes/").context["outcomes"][0].pk
    client.post("/admin/outcomes/", {"upto": upto})
    assert desk(client) == ""
    assert "Wax is wrong." in text_of(client.get("/admin/outcomes/"))


def test_later_decision_is_new_after_the_first_was_read(waiting, arthur, ada):
    client = log_in(arthur)
    reviews.record_review([waiting], by=ada, shown_as="Ada")
    client.post("/admin/outcomes/", {"upto": "999999999"})
    actions.publish([], note="", editions=[waiting])
    assert "published: readers see it" in desk(client) and "reviewed" not in desk(client)


def test_own_decision_is_no_news(waiting, arthur):
    actions.publish([], note="", editions=[waiting], by=arthur)
    assert desk(log_in(arthur)) == ""


def test_author_gets_one_email_about_a_decision(
    waiting, arthur, ada, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.example"
    arthur.email = "arthur@clinic.example"
    arthur.save()
    client = log_in(ada)
    typed = {"comment": "Mr. Smith says wax is wrong.", "_request": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        submit_form(client, at(waiting, "review"), typed)
    (email,) = mail.outbox
    assert email.to == ["arthur@clinic.example"]
    assert "Cause: Oil: a reviewer asks for changes" in email.subject
    assert at(waiting, "change") in email.body and "Smith" not in email.body


def test_mail_server_that_is_away_stops_no_review(
    waiting, arthur, ada, settings, django_capture_on_commit_callbacks, monkeypatch
):
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OSError("away")

    settings.EMAIL_HOST = "mail.example"
    arthur.email = "arthur@clinic.example"
    arthur.save()
    monkeypatch.setattr("education.staff.outcomes.get_connection", fail)
    typed = {"comment": "No.", "_request": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        page = submit_form(log_in(ada), at(waiting, "review"), typed, follow=True)
    assert "The writers see now" in text_of(page)
    assert shown_state_of(page) == "" and mail.outbox == []


def test_nothing_is_sent_without_a_mail_server(
    waiting, arthur, ada, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = ""
    arthur.email = "arthur@clinic.example"
    arthur.save()
    with django_capture_on_commit_callbacks(execute=True):
        submit_form(log_in(ada), at(waiting, "review"), {"comment": "No.", "_request": "1"})
    assert mail.outbox == [] and waiting.change_requests.exists()
