"""What readers see is corrected beside a draft with other changes, which keeps them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from education.articles.models import Article
from education.audit.models import Action, AuditLogEntry
from education.publishing import actions
from education.publishing.diff.merge import merge_values
from education.publishing.models import Change, Document, Edition, Recall
from education.publishing.review_inheritance import get_reviews
from education.publishing.workflow import reviews
from education.publishing.workflow.comments import open_threads
from education.publishing.workflow.schedule import scheduled_acts
from education.publishing.workflow.states import annotate_state, get_document_state
from education.staff.accounts import roles
from tests import factories
from tests.staff.conftest import create_user, form_fields, log_in, shown_state_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

INTRODUCTION = "Most people get spots. They go away. Wait a week."


@pytest.fixture
def nora(db: None) -> Any:
    return create_user("nora", roles.AUTHOR, roles.PUBLISHER)


@pytest.fixture
def spots(db: None) -> Article:
    """A live page, with a draft that says more."""
    factories.make_small_site()
    article = factories.article(introduction=INTRODUCTION)
    factories.publish_documents(article)
    return factories.article(
        introduction=f"{INTRODUCTION} Rest well.", do=["Wash with warm water.", "Sleep."]
    )


def at(document: Any, page: str) -> str:
    return f"/admin/articles/{document.kind}/{document.pk}/{page}/"


def live(document: Any) -> Any:
    return Edition.objects.live().select_related("document").get(document=document.pk)


def state(document: Any) -> str:
    return get_document_state(annotate_state(Document.objects.all()).get(pk=document.pk)).state


def correct(client: Any, document: Any, **typed: str) -> Any:
    page = client.get(at(document, "correct"))
    return client.post(
        at(document, "correct"), {**form_fields(page), **typed, "shown": shown_state_of(page)}
    )


def test_correction_is_live_after_three_pages_and_one_field(spots, nora):
    client = log_in(nora)
    assert at(spots, "correct") in client.get(at(spots, "change")).content.decode()
    answer = correct(client, spots, introduction=INTRODUCTION.replace("a week", "two weeks"))
    assert answer["Location"] == at(spots, "publish")
    page = client.get(answer["Location"])
    client.post(answer["Location"], {**form_fields(page), "shown": shown_state_of(page)})
    content = live(spots).content
    assert content.introduction.endswith("Wait two weeks.")
    assert content.do == ("Wash with warm water.",)
    draft = Article.objects.get(pk=spots.pk).to_values()
    assert draft["introduction"] == f"{content.introduction} Rest well."
    assert draft["do"] == ["Wash with warm water.", "Sleep."]
    assert state(spots) == "changed"


def test_correction_of_a_row_keeps_the_rows_of_open_forms(spots, nora):
    rows = list(spots.causes.values_list("pk", flat=True))
    correct(log_in(nora), spots, **{"causes-0-looks": "Small and pale."})
    row = Article.objects.get(pk=spots.pk).causes.get()
    assert (row.pk, row.looks) == (rows[0], "Small and pale.")


def test_submitted_draft_is_taken_back_and_its_author_told(spots, nora):
    arthur = create_user("arthur", roles.AUTHOR)
    spots.record_edit(arthur)
    [waiting] = actions.submit([spots], note="More.", by=arthur)
    client = log_in(nora)
    assert "More." in client.get(at(spots, "correct")).content.decode()
    correct(client, spots, introduction=INTRODUCTION.replace("a week", "two weeks"))
    assert Recall.objects.get(edition=waiting).by == nora
    assert "submit it again" in log_in(arthur).get("/admin/").content.decode()
    newest = spots.editions.latest("number")
    assert (newest.edited_by, newest.frozen_by) == (nora, nora)
    # Four eyes: the changes of the draft are Arthur's.
    assert Document.objects.get(pk=spots.pk).edited_by == arthur
    entry = AuditLogEntry.objects.filter(action=Action.SUBMITTED).latest("pk")
    assert (entry.from_edition, entry.to_edition) == (live(spots).number, newest.number)
    assert "Correction of edition 2." in entry.details


def test_scheduled_draft_is_named_and_taken_back_on_publishing(spots, nora):
    tomorrow = timezone.now() + timedelta(days=1)
    factories.publish_documents(spots, at=tomorrow)
    client = log_in(nora)
    assert "This is scheduled" in client.get(at(spots, "correct")).content.decode()
    correct(client, spots, introduction=INTRODUCTION.replace("a week", "two weeks"))
    page = client.get(at(spots, "publish"))
    ticked = page.context["form"].fields["take_back"].initial
    typed = {**form_fields(page), "take_back": ticked, "shown": shown_state_of(page)}
    client.post(at(spots, "publish"), typed)
    assert "two weeks" in live(spots).content.introduction
    assert scheduled_acts() == []
    assert "Sleep." in Article.objects.get(pk=spots.pk).do


def test_sentence_changed_on_both_sides_gets_a_comment(spots, nora):
    mine = INTRODUCTION.replace("a week", "a month")
    factories.article(introduction=mine)
    client = log_in(nora)
    answer = correct(client, spots, introduction=INTRODUCTION.replace("a week", "two weeks"))
    assert Article.objects.get(pk=spots.pk).introduction == mine
    [thread] = open_threads(spots)
    assert thread.path == ("introduction",) and "Wait two weeks." in thread.first.text
    assert "other words at “Introduction”" in client.get(answer["Location"]).content.decode()
    assert "Wait two weeks." in client.get(at(spots, "change")).content.decode()


def test_correction_that_breaks_a_rule_changes_nothing(spots, nora):
    client = log_in(nora)
    answer = correct(client, spots, do="Do not wash.", introduction="[Gone](/conditions/gone/)")
    page = answer.content.decode()
    assert answer.status_code == 200 and "This says what not to do." in page
    answer = correct(client, spots, introduction="[Gone](/conditions/gone/)")
    assert "introduction" in answer.context["form"].errors
    assert "[Gone]" in answer.content.decode()
    assert "Correct something first" in correct(client, spots).content.decode()
    assert spots.editions.count() == 2


def test_only_the_live_page_goes_out_with_a_correction(spots, nora):
    row = {"cause": "new", "what_happens": "It grows.", "looks": "Red.", "self_care": "Rest."}
    factories.cause("new")
    spots.save_content(
        {
            **spots.to_values(),
            "causes": [
                *spots.to_values()["causes"],
                {**dict.fromkeys(spots.to_values()["causes"][0], ""), **row},
            ],
        }
    )
    spots.record_edit()
    client = log_in(nora)
    correct(client, spots, introduction=INTRODUCTION.replace("a week", "two weeks"))
    page = client.get(at(spots, "publish"))
    assert page.context["form"].initial["together"] == []


def test_wording_corrected_beside_a_saved_draft_keeps_the_review(spots, nora):
    factories.publish_documents(factories.article(introduction="Most peopel get spots."))
    factories.article(introduction="Most peopel get spots. Rest well.")
    ada = create_user("ada", roles.REVIEWER)
    reviews.record_review([live(spots)], by=ada, shown_as="Ada")
    correct(log_in(nora), spots, introduction="Most people get spots.")
    newest = spots.editions.latest("number")
    assert newest.change == Change.CHECKED_TEXT
    # It holds again once somebody has compared the words.
    assert get_reviews([newest])[1][newest.pk].shown_as == "Ada"


def test_edition_published_meanwhile_is_shown_first(spots, nora):
    client = log_in(nora)
    page = client.get(at(spots, "correct"))
    factories.publish_documents(spots)
    typed = {**form_fields(page), "introduction": "New.", "shown": shown_state_of(page)}
    answer = client.post(at(spots, "correct"), typed).content.decode()
    assert "readers see edition 3 now" in answer and "New." in answer
    assert spots.editions.count() == 3


def test_page_that_is_not_live_has_nothing_to_correct(spots, nora):
    actions.withdraw(spots, reason="Wrong.")
    page = log_in(nora).get(at(spots, "correct"), follow=True)
    assert page.request["PATH_INFO"] == at(spots, "change")
    text = page.content.decode()
    assert "there is nothing to correct" in text and at(spots, "correct") not in text


def test_draft_can_be_restored_from_a_correction(spots, nora):
    correct(log_in(nora), spots, introduction="Wait two weeks.")
    actions.restore(spots.editions.latest("number"), nora)
    assert Article.objects.get(pk=spots.pk).introduction == "Wait two weeks."


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ("One. Two! Three.", "One. Two. Three. Four.", None),
        ("One! Two. Three.", "One. Two. Three. Four.", "One! Two. Three. Four."),
        ("One. Two. Three!", "One. Two.", None),
        ("Two. Three.", "One. Two. Three?", "Two. Three?"),
        ("One. Two. Three!", "One. Two. Three!", "One. Two. Three!"),
    ],
)
def test_texts_merge_sentence_by_sentence(ours, theirs, merged):
    expected = merged or {"One. Two! Three.": "One. Two! Three. Four."}.get(ours)
    assert merge_values("One. Two. Three.", ours, theirs) == expected
