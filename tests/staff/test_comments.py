"""Comments on passages: where they stand, who answers, and who never sees them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from education.audit.models import Action, AuditLogEntry
from education.publishing import actions
from education.publishing.diff.passages import passages
from education.publishing.models import Comment, CommentStep, Edition
from education.publishing.workflow.comments import comment_on, open_threads, reply
from education.staff.accounts import roles
from tests import factories
from tests.public_pages.all_urls import CONDITION, HANDOUT
from tests.staff.conftest import create_user, form_fields, log_in, shown_state_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

WORDS = "Wash gently."


@pytest.fixture
def arthur(db: None) -> Any:
    return create_user("arthur", roles.AUTHOR)


@pytest.fixture
def ada(db: None) -> Any:
    return create_user("ada", roles.REVIEWER)


@pytest.fixture
def waiting(arthur: Any) -> Edition:
    """A changed article, submitted by Arthur."""
    factories.make_small_site()
    return actions.submit([factories.article(title="Spots anew")], note="New.", by=arthur)[0]


def at(edition: Edition, page: str) -> str:
    return f"/admin/articles/article/{edition.document_id}/{page}/"


def text_of(answer: Any) -> str:
    return answer.content.decode()


def comment(client: Client, edition: Edition, path: tuple[Any, ...], **typed: str) -> Any:
    found = [one.path for one in passages(edition.content)]
    form = {"passage": str(found.index(path)), "text": "How often?", **typed}
    return client.post(f"{at(edition, 'comments')}?edition={edition.number}", form, follow=True)


SELF_CARE = ("causes", 0, "self_care")


def test_comment_is_answered_and_done(waiting, arthur, ada):
    page = comment(log_in(ada), waiting, SELF_CARE, quote="Wash  gently")
    assert "Kept." in text_of(page) and "<blockquote>Wash gently</blockquote>" in text_of(page)
    (thread,) = open_threads(waiting.document)
    answer = {"thread": thread.first.pk, "text": "Once a day.", "_answer": "1"}
    page = log_in(arthur).post(at(waiting, "comments"), answer, follow=True)
    assert "Once a day." in text_of(page)
    log_in(ada).post(at(waiting, "comments"), {"thread": thread.first.pk, "_resolve": "1"})
    assert open_threads(waiting.document) == []
    log_in(ada).post(at(waiting, "comments"), {"thread": thread.first.pk, "_reopen": "1"})
    assert len(open_threads(waiting.document)) == 1
    assert [one.step for one in Comment.objects.order_by("pk")] == list(CommentStep)
    logged = AuditLogEntry.objects.filter(action=Action.COMMENTED).order_by("pk")
    assert [one.user.username for one in logged] == ["ada", "arthur", "ada", "ada"]
    assert logged[0].details == "“Wash gently”\nHow often?"


def test_open_comment_stands_beside_its_field_in_the_form(waiting, arthur, ada):
    comment(log_in(ada), waiting, SELF_CARE, quote="Wash gently")
    comment(log_in(ada), waiting, ("do", 0), text="Lukewarm?")
    page = text_of(log_in(arthur).get(at(waiting, "change")))
    beside = page.split('id="id_causes-0-self_care_helptext"')[1].split("</div>\n")[0]
    assert "How often?" in beside[:1500] and "“Wash gently”" in beside[:1500]
    assert "Lukewarm?" in page.split('id="id_do_helptext"')[1][:1500]
    assert "2 open comments" in page and 'href="' + at(waiting, "change") in page


def test_comment_follows_its_words_to_another_row(waiting, arthur, ada):
    comment(log_in(ada), waiting, SELF_CARE, quote="Wash gently.")
    factories.cause("sweat")
    before = factories.article(causes=("sweat", "oil"))
    before.causes.filter(cause__slug="sweat").update(self_care="Rest.")
    page = log_in(arthur).get(at(waiting, "change"))
    assert page.context["comments"][0].location[0].endswith("#id_causes-1-self_care")


def test_comment_on_words_that_are_gone_is_still_shown(waiting, arthur, ada):
    comment(log_in(ada), waiting, ("title",), quote="Spots anew")
    factories.article(title="Bumps")
    page = text_of(log_in(arthur).get(at(waiting, "change")))
    assert "words that are gone" in page and "How often?" in page
    actions.submit([factories.article(title="Bumps")], note="B.")
    page = text_of(log_in(ada).get(at(waiting, "comments")))
    assert "About words that do not stand here" in page and "about edition 2" in page


def test_request_for_changes_carries_open_comments(waiting, arthur, ada):
    client = log_in(ada)
    comment(client, waiting, SELF_CARE, quote="Wash gently")
    page = client.get(at(waiting, "review"))
    assert "How often?" in text_of(page)
    typed = {"shown": shown_state_of(page), "comment": "", "_request": "1"}
    answer = client.post(at(waiting, "review"), typed, follow=True)
    assert "The writers see now" in text_of(answer)
    wish = waiting.change_requests.get().comment
    assert "“Wash gently”: How often?" in wish and "Causes › Oil" in wish


def test_request_with_more_comments_than_fit_counts_the_rest(waiting, ada):
    for number in range(6):
        comment(log_in(ada), waiting, ("title",), text=f"{number} " + "x" * 600)
    page = log_in(ada).get(at(waiting, "review"))
    typed = {"shown": shown_state_of(page), "comment": "See.", "_request": "1"}
    log_in(ada).post(at(waiting, "review"), typed)
    wish = waiting.change_requests.get().comment
    assert len(wish) <= 2000 and wish.startswith("See.") and wish.endswith("3 more comments.")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"text": " "}, "Write something."),
        ({"quote": "Scrub hard", "text": "My words."}, "do not stand in this passage"),
    ],
)
def test_refused_comment_keeps_what_was_typed(typed, message, waiting, ada):
    page = comment(log_in(ada), waiting, SELF_CARE, **typed)
    assert message in text_of(page) and not Comment.objects.exists()
    assert f">{typed['text']}</textarea>" in text_of(page)


@pytest.mark.parametrize(
    "form",
    [{"passage": "999"}, {"thread": "9", "_answer": "1", "text": "x"}],
)
def test_forged_comment_is_not_found(form, waiting, ada):
    assert log_in(ada).post(at(waiting, "comments"), form).status_code == 404


def test_publisher_and_reader_cannot_comment(waiting, client):
    paula = log_in(create_user("paula", roles.PUBLISHER))
    assert paula.get(at(waiting, "comments")).status_code == 403
    assert client.get(at(waiting, "comments")).status_code == 302


def test_readers_never_see_comments(waiting, ada, client):
    comment(log_in(ada), waiting, SELF_CARE, text="Zebra.")
    actions.publish([], note="", editions=[waiting])
    preview = log_in(ada).get(f"/admin/publishing/edition/{waiting.pk}/preview/")
    for page in (client.get(CONDITION), client.get(HANDOUT), preview):
        assert page.status_code == 200 and "Zebra." not in text_of(page)


def test_database_refuses_to_change_or_delete_comments(waiting, ada):
    made = comment_on(waiting, by=ada, path=("title",), quote="", text="Hm.")
    for statement in ("UPDATE publishing_comment SET text = ''", "DELETE FROM publishing_comment"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)
    with pytest.raises(TypeError):
        made.delete()


def test_comment_text_is_escaped_everywhere(waiting, arthur, ada):
    comment(log_in(ada), waiting, SELF_CARE, text="<script>alert(1)</script>{x}")
    for page in ("change", "comments", "review"):
        client = log_in(ada if page == "review" else arthur)
        shown = text_of(client.get(at(waiting, page)))
        assert "<script>alert(1)" not in shown and "&lt;script&gt;alert(1)" in shown


def test_comment_can_be_closed_once(waiting, ada):
    comment_on(waiting, by=ada, path=("title",), quote="", text="Hm.")
    (thread,) = open_threads(waiting.document)
    reply(thread, step=CommentStep.RESOLVED, by=ada)
    page = log_in(ada).post(
        at(waiting, "comments"), {"thread": thread.first.pk, "_resolve": "1"}, follow=True
    )
    assert "This is done already." in text_of(page)
    assert "Mark as done" not in form_fields(page).values()
