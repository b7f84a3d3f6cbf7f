"""Pending editions are shown and checked together; earlier requests are shown (P7 to P10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Document, Edition, Review
from education.publishing.workflow import reviews
from education.staff.accounts import roles
from tests import factories
from tests.factories import ADVICE, publish_documents
from tests.staff.conftest import create_user, log_in, submit_form
from tests.staff.test_shown_state import submitted
from tests.staff.test_workflow import REVIEWED, SUBMITTED, at, in_a_year, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

REVIEW = {**REVIEWED, "next_due": in_a_year().isoformat()}


@pytest.fixture
def spots(db: None) -> Any:
    return factories.make_small_site()


@pytest.fixture
def eve(db: None) -> Client:
    """Somebody with every role."""
    return log_in(create_user("eve", *roles.ROLES))


def a_set() -> list[Document]:
    """An article with a new source, a new cause and a new word, written and not yet submitted."""
    return [
        factories.sources("study"),
        factories.glossary(Zit="A small spot."),
        factories.cause("sweat"),
        factories.article(
            causes=("oil", "sweat"),
            introduction="A zit is common [@study]. See [sweat](/causes/sweat/#top).",
        ),
    ]


def read_page(eve: Client, document: Document) -> Any:
    edition = Edition.objects.filter(document=document.pk).order_by("-number").first()
    assert edition
    return eve.get(f"/admin/publishing/edition/{edition.pk}/preview/")


def test_preview_shows_page_with_all_drafts_of_its_parts(spots, eve):  # P7
    a_set()
    page = text_of(eve.get(at(spots, "preview")))
    assert "source not found" not in page and "The study" in page and ">zit</button>" in page
    assert "Preview. Readers do not see this." in page and at(spots, "change") in page
    assert "List of sources: Sources, as it is written now" in page and "Cause: Sweat" in page
    sweat = Document.objects.get(slug="sweat")
    assert 'href="/causes/sweat/' not in page and f"{at(sweat, 'preview')}#top" in page
    assert eve.get(at(sweat, "preview")).status_code == 200
    glossary = Document.objects.get(kind="glossary")
    assert f'href="{at(glossary, "preview")}#zit"' in page


@pytest.mark.parametrize("how", ["submitted", "scheduled"])
def test_review_shows_page_with_pending_parts(how, spots, eve):  # P7
    documents = a_set()
    if how == "submitted":
        submitted(*documents)
    else:
        actions.publish(documents, at=timezone.now() + timedelta(hours=1), **ADVICE)
    page = text_of(read_page(eve, spots))
    assert "source not found" not in page and "The study" in page and ">zit</button>" in page
    assert f"{at(spots, 'review')}?edition=2" in page and "Back to the review" in page
    assert "This is edition 2" in page and "List of sources: Sources, edition 2" in page
    assert 'href="/causes/sweat/' not in page
    assert "as readers see it now" not in page


@pytest.mark.parametrize("how", ["together", "one by one", "scheduled"])
def test_set_of_which_nothing_is_live_is_shown_whole(how):  # P7, P8
    author = log_in(create_user("arthur", roles.AUTHOR))
    reviewer = log_in(create_user("ada", roles.REVIEWER))
    parts = [factories.sources("study"), factories.glossary(Zit="A small spot.")]
    parts += [factories.checklist(), factories.cause("sweat")]
    words = "A zit is common [@study]. See [sweat](/causes/sweat/#top)."
    bumps = factories.article("bumps", ("sweat",), introduction=words)
    seen = [author.get(at(bumps, "preview"))]
    if how == "together":
        submitted(*parts, bumps)
    elif how == "scheduled":
        actions.publish([*parts, bumps], at=timezone.now() + timedelta(hours=1), **ADVICE)
    else:
        for document in (*parts, bumps):
            submitted(document)
    seen += [author.get(at(bumps, "preview")), read_page(reviewer, bumps)]
    for page in map(text_of, seen):
        assert "source not found" not in page and "The study" in page and ">zit</button>" in page
        assert 'href="/causes/sweat/' not in page and "preview/#top" in page
    assert "Preview. Readers do not see this." in text_of(seen[0])
    assert "They do not see it yet." in text_of(seen[2]) and "Back to the review" in text_of(
        seen[2]
    )
    for document in (*parts, bumps):
        assert "to mend before this can be published" not in text_of(
            author.get(at(document, "change"))
        )
    assert "cannot be published as it is" not in text_of(reviewer.get(at(bumps, "review")))


def test_live_edition_is_shown_as_readers_see_it(spots, eve):  # P7
    submitted(factories.cause(text="Waits."))
    page = text_of(read_page(eve, spots))
    assert "This is edition 1, as readers see it now." in page and "Waits." not in page


def test_preview_is_unchanged_by_equal_drafts(spots, eve):
    Document.objects.get(kind="cause").record_edit()
    assert "along with the page" not in text_of(eve.get(at(spots, "preview")))


@pytest.mark.parametrize("stage", ["written", "submitted", "reviewed", "scheduled"])
def test_part_that_goes_along_is_not_reported_missing(stage, spots, eve):  # P8
    documents = a_set()
    if stage in {"submitted", "reviewed"}:
        editions = submitted(*documents)
        if stage == "reviewed":
            reviews.record_review(editions, by=create_user("ada", roles.REVIEWER), shown_as="A")
    elif stage == "scheduled":
        actions.publish(documents, at=timezone.now() + timedelta(hours=1), **ADVICE)
    for document in documents:
        page = text_of(eve.get(at(document, "change")))
        assert "to mend before this can be published" not in page, document


def test_missing_part_is_reported(spots, eve):  # P8
    factories.article(introduction="So it is [@nothing].")
    page = text_of(eve.get(at(spots, "change")))
    assert "One thing to mend" in page and "There is no source “nothing”" in page


def unsafe() -> list[dict[str, Any]]:
    """Questions of which the last leads from an urgent answer to care at home."""
    questions = [dict(question) for question in factories.QUESTIONS]
    routes = [{"at_least": "urgent", "outcome": "home"}, *questions[1]["routes"]]
    questions[1] = {**questions[1], "routes": routes}
    return questions


def test_unsafe_self_check_cannot_be_reviewed(spots, eve):  # P9
    check = factories.self_check()
    publish_documents(check)
    submitted(factories.self_check(questions=unsafe()))
    page = text_of(eve.get(at(check, "review")))
    assert "Edition 2 cannot be published as it is" in page and "milder" in page
    assert 'name="_review"' not in page and 'name="_request"' in page
    answer = submit_form(eve, at(check, "review"), {**REVIEW})
    assert "cannot be published" in text_of(answer) and not Review.objects.exists()
    with pytest.raises(ActionRefused, match="milder"):
        edition = Edition.objects.get(document=check.pk, number=2)
        reviews.record_review([edition], by=create_user("ada", roles.REVIEWER), shown_as="A")


def test_review_of_set_with_unpublishable_part_is_refused(spots, eve):  # P9
    publish_documents(factories.self_check())
    editions = submitted(factories.self_check(questions=unsafe()), factories.cause(text="Fine."))
    with pytest.raises(ActionRefused, match="milder"):
        reviews.record_review(editions, by=create_user("ada", roles.REVIEWER), shown_as="A")
    assert not Review.objects.exists()


def test_refusal_names_the_question_of_the_edition(spots, eve):  # P9
    check = factories.self_check()
    publish_documents(check)
    submitted(factories.self_check(questions=unsafe()))
    first = {**factories.QUESTIONS[0], "key": "0z", "text": "Is this new?"}
    factories.self_check(questions=[first, *unsafe()])
    for page in (
        eve.get(at(check, "review")),
        submit_form(eve, at(check, "publish"), {"which": "edition"}),
    ):
        place = f"/admin/selfcheck/selfcheck/{check.pk}/change/#questions-2"
        assert place in text_of(page)
        assert "Question 3 (in edition 2)" in text_of(page)


def test_part_that_breaks_a_live_page_cannot_be_reviewed(spots, eve):  # P9
    publish_documents(factories.self_check())
    signs = [*factories.SIGNS, {**factories.SIGNS[2], "key": "fever", "text": "You have a fever"}]
    checklist = factories.checklist(signs=signs)
    (edition,) = submitted(checklist)
    assert "fever" in text_of(eve.get(at(checklist, "review"))).split("cannot be published")[1]
    with pytest.raises(ActionRefused, match="never asked"):
        reviews.record_review([edition], by=create_user("ada", roles.REVIEWER), shown_as="A")


def sent_back(spots: Any) -> Edition:
    (edition,) = submitted(factories.article(title="Sent back"))
    reviews.request_changes(
        edition, by=create_user("ada", roles.REVIEWER), comment="Say who should come."
    )
    return edition


def test_restoring_text_that_was_sent_back_says_so(spots, eve):  # P10
    sent_back(spots)
    submitted(factories.article(title="Mended"))
    page = submit_form(eve, at(spots, "restore"), {"number": "2"})
    assert "A reviewer sent this very text back" in text_of(page)
    assert "Say who should come." in text_of(page)
    assert str(Document.objects.get(pk=spots.pk).working_copy()) == "Mended"
    submit_form(eve, at(spots, "restore"), {"number": "2", "replace": "yes"})
    assert str(Document.objects.get(pk=spots.pk).working_copy()) == "Sent back"
    for name in ("change", "submit"):
        assert "A reviewer sent this very text back" in text_of(eve.get(at(spots, name)))
    submitted(Document.objects.get(pk=spots.pk))
    for name in ("review", "publish"):
        assert "Say who should come." in text_of(eve.get(at(spots, name)))


def test_second_review_shows_first_request_and_changes_since(spots, eve):  # P10
    sent_back(spots)
    submitted(factories.article(title="Mended"))
    page = text_of(eve.get(at(spots, "review")))
    told = page.split("What was asked for before, and what changed since")[1].split("<form")[0]
    assert "Say who should come." in told and "Changed since edition 2" in told
    assert "<del>" in told and "Mended" in told
    submit_form(eve, at(spots, "review"), REVIEW)
    assert "What was asked for before" not in text_of(eve.get(at(spots, "review")))


def test_text_reviewed_after_refusal_is_restored_silently(spots, eve):  # P10
    edition = sent_back(spots)
    reviews.record_review([edition], by=create_user("otto", roles.REVIEWER), shown_as="A")
    submitted(factories.article(title="Mended"))
    assert submit_form(eve, at(spots, "restore"), {"number": "2"}).status_code == 302


def test_submitting_reports_only_requests_about_this_text(spots, eve):
    sent_back(spots)
    factories.article(title="Mended")
    assert "sent this very text back" not in text_of(eve.get(at(spots, "submit")))
    assert "Submitted." in text_of(submit_form(eve, at(spots, "submit"), SUBMITTED, follow=True))
