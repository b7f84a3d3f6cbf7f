"""Staff read feedback by page and edition; a publisher deletes personal answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from education.audit.models import Action, AuditLogEntry
from education.feedback.models import FeedbackAnswer
from education.publishing.models import Edition
from education.staff.accounts import roles
from tests import factories
from tests.staff.conftest import create_user, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LIST = "/admin/feedback/feedbackanswer/"


@pytest.fixture
def answers(db: None) -> dict[str, FeedbackAnswer]:
    """Two editions of one page and one of another, answered."""
    factories.make_small_site()
    factories.publish_documents(factories.article("lumps"))
    factories.publish_documents(
        factories.article(introduction="Many people get spots."), **factories.WORDING
    )
    first, second = Edition.objects.filter(document__slug="spots").order_by("number")
    other = Edition.objects.get(document__slug="lumps")

    def answer(edition: Edition, useful: bool, line: str = "", days: int = 0) -> FeedbackAnswer:
        day = timezone.localdate() - timedelta(days)
        return FeedbackAnswer.objects.create(edition=edition, useful=useful, comment=line, day=day)

    answer(first, True)
    answer(other, True, "Helpful zebra.")
    answer(other, False, "Forgotten zebra.", days=365)
    answer(first, False, days=100)
    return {"no": answer(second, False, "I am <b>Zoe</b> =1+1.")}


def text(client: Any, query: str = "") -> str:
    answer = client.get(LIST + query, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", [roles.AUTHOR, roles.REVIEWER, roles.PUBLISHER])
def test_every_role_reads_feedback_as_text(role, answers):
    page = text(log_in(create_user("sue", role)))
    assert "I am &lt;b&gt;Zoe&lt;/b&gt;" in page and "Helpful zebra." in page
    assert "Forgotten zebra." not in page


def test_feedback_is_counted_and_filtered_by_page_and_edition(answers):
    client = log_in(create_user("sue", roles.AUTHOR))
    document = answers["no"].edition.document_id
    assert rows(client) == {
        ("About lumps", 1, 1, 0),
        ("About spots", 1, 1, 1),
        ("About spots", 2, 0, 1),
    }
    assert rows(client, f"?document={document}") == {
        ("About spots", 1, 1, 1),
        ("About spots", 2, 0, 1),
    }
    assert rows(client, f"?document={document}&number=2") == {("About spots", 2, 0, 1)}
    assert rows(client, "?words=yes") == {("About lumps", 1, 1, 0), ("About spots", 2, 0, 1)}
    for odd in (
        f"?document={'9' * 30}",
        "?document=x&number=x",
        f"?number={'9' * 30}",
        "?useful__exact=x",
    ):
        assert text(client, odd)


def rows(client: Any, query: str = "") -> set[tuple[Any, ...]]:
    counts = client.get(LIST + query).context["counts"]
    return {
        (row["edition__heading"], row["edition__number"], row["yes"], row["no"]) for row in counts
    }


def test_dashboard_shows_recent_pages_that_were_not_useful(answers):
    page = log_in(create_user("sue", roles.REVIEWER)).get("/admin/").content.decode()
    assert "Readers say: not useful" in page
    section = page.split('id="dashboard-not-useful"')[1].split("</section>")[0]
    assert f"{LIST}?document={answers['no'].edition.document_id}" in section
    assert "1 no, 1 yes" in section and "lumps" not in section


def test_answer_has_no_button_without_a_target(answers):
    page = (
        log_in(create_user("sue", roles.AUTHOR))
        .get(f"{LIST}{answers['no'].pk}/change/")
        .content.decode()
    )
    assert "I am &lt;b&gt;Zoe" in page and "history" not in page and "Delete" not in page


def test_user_without_role_sees_no_feedback(answers):
    page = log_in(create_user("sue")).get("/admin/").content.decode()
    assert "dashboard-not-useful" not in page


def test_answer_deleted_by_publisher_leaves_no_words_in_log(answers):
    client, pk = log_in(create_user("pat", roles.PUBLISHER)), answers["no"].pk
    assert client.get(f"{LIST}{pk}/delete/").status_code == 200
    client.post(f"{LIST}{pk}/delete/", {"post": "yes"})
    assert not FeedbackAnswer.objects.filter(pk=pk).exists()
    sent = {
        "action": "delete_selected",
        "_selected_action": [FeedbackAnswer.objects.get(comment__startswith="Help").pk],
    }
    client.post(LIST, {**sent, "post": "yes"})
    assert FeedbackAnswer.objects.unexpired().count() == 2
    entries = AuditLogEntry.objects.filter(action=Action.DELETED, user__username="pat")
    assert entries.count() == 2
    assert "Zoe" not in str(list(entries.values())) and "zebra" not in str(list(entries.values()))
    assert "spots" in entries.first().subject


@pytest.mark.parametrize("role", [roles.AUTHOR, roles.REVIEWER])
def test_answer_is_deleted_by_publishers_only(role, answers):
    client, pk = log_in(create_user("sue", role)), answers["no"].pk
    assert client.post(f"{LIST}{pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    client.post(f"{LIST}{pk}/change/", {"comment": "Other."})
    assert FeedbackAnswer.objects.get(pk=pk).comment.startswith("I am")
