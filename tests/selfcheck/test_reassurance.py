"""Finding P11: urgent texts say to wait only after a reviewer has confirmed the sentence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from education.checklists.content import ChecklistContent
from education.publishing import actions, document_types
from education.publishing.checks import publication_checks
from education.publishing.checks.reassurance import find_reassurances
from education.publishing.content import ActionRefused
from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.importer import check_files, import_files
from education.publishing.content_files.reader import read_values
from education.publishing.models import Document, Edition, Review
from education.publishing.workflow.pending import publication_problems
from education.publishing.workflow.reviews import record_review
from education.publishing.workflow.wording_checks import record_wording_check
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.models import SelfCheck
from tests import factories
from tests.factories import ADVICE, OUTCOMES, SIGNS, WORDING, publish_documents
from tests.publishing.content_files.sample_folder import SELF_CHECK, good_folder

pytestmark = pytest.mark.django_db

# The words of fault P11.
WAIT = "You can wait until next week. It is nothing."
SENTENCES = ["You can wait until next week.", "It is nothing."]
CONTENT = Path(settings.BASE_DIR) / "content" / "en"


def with_outcome(key: str, **changes: str) -> SelfCheck:
    outcomes = [{**one, **changes} if one["key"] == key else one for one in OUTCOMES]
    return factories.self_check(outcomes=outcomes)


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def site(db: None) -> SelfCheck:
    """The small site with a live self-check."""
    factories.make_small_site()
    self_check = factories.self_check()
    publish_documents(self_check)
    return self_check


def confirmed_review(edition: Edition, by: User) -> Review:
    return record_review([edition], by=by, shown_as="Dr. Ada Park", confirms=edition)[0]


def refused(*documents: Document, **how: Any) -> list[str]:
    with pytest.raises(ActionRefused) as caught:
        actions.publish(documents, **{**ADVICE, **how})
    return [problem.message for problem in caught.value.problems]


def test_check_content_refuses_phrases_to_wait(tmp_path):
    shown = SELF_CHECK.replace("do_now: Call the emergency number.", f"do_now: {WAIT}")
    folder = good_folder(tmp_path, self_checks__skin=shown)
    for action in (check_files, import_files):
        with pytest.raises(ContentFileErrors) as caught:
            action(folder)
        told = [str(mistake) for mistake in caught.value.errors]
        line = shown.split("\n").index(f"  do_now: {WAIT}") + 1
        for sentence in SENTENCES:
            assert any(
                f"skin.yaml:{line}:" in one and f"“{sentence}” may tell" in one for one in told
            ), told
    assert not Document.objects.exists()


@pytest.mark.parametrize("urgency", ["call", "today"])
@pytest.mark.parametrize("field", ["title", "do_now", "when", "safety_net"])
def test_publication_refuses_reassurance_in_urgent_texts(site, urgency, field):
    changed = with_outcome(urgency, **{field: WAIT})
    found = [problem.message for problem in publication_problems(changed)]
    for told in (found, refused(changed)):
        assert [f"“{sentence}”" in one for sentence, one in zip(SENTENCES, told, strict=True)] == [
            True
        ] * 2
    assert Edition.objects.live().get(document__kind="self-check").number == 1


def test_milder_outcome_may_say_to_wait(site):
    publish_documents(with_outcome("home", when="You can wait two weeks."))


@pytest.mark.parametrize(
    "changes",
    [
        {"signs": [{**SIGNS[0], "text": f"You find it hard to breathe. {WAIT}"}, *SIGNS[1:]]},
        {"signs": [SIGNS[0], {**SIGNS[1], "on_darker_skin": WAIT}, SIGNS[2]]},
        {"safety_net": WAIT},
    ],
    ids=["emergency", "urgent", "safety-net"],
)
def test_urgent_checklist_text_with_reassurance_is_refused(site, changes):
    assert len(refused(factories.checklist(**changes))) >= 2


def test_milder_checklist_text_may_say_to_wait(site):
    publish_documents(factories.checklist(none_apply="You can wait two weeks, and watch it."))


def test_review_without_the_confirmation_is_refused(site, ada):
    (edition,) = actions.submit([with_outcome("call", do_now=WAIT)], **ADVICE)
    with pytest.raises(ActionRefused, match="may tell people in danger to wait"):
        record_review([edition], by=ada, shown_as="Dr. Ada Park")
    assert not Review.objects.exists()


def test_confirmed_reassurance_is_published(site, ada):
    (edition,) = actions.submit([with_outcome("call", do_now=WAIT)], **ADVICE)
    with pytest.raises(ActionRefused, match="It is nothing"):
        actions.publish_editions([edition])
    review = confirmed_review(edition, ada)
    assert review.confirmed == [f"emergency: {sentence}" for sentence in SENTENCES]
    actions.publish_editions([edition])
    assert Edition.objects.live().get(document=site) == edition


def test_confirmation_holds_for_the_same_text(site, ada):
    published_with(site, ada, title='Call "now"')
    publish_documents(with_outcome("call", do_now=WAIT, title="Call “now”"))


def test_confirmation_holds_for_checked_wording(site, ada):
    published_with(site, ada)
    changed = with_outcome("call", do_now=f"Ask a friend to sit with you. {WAIT}")
    assert len(refused(changed)) == 2
    (edition,) = actions.submit([changed], **WORDING)
    before = Edition.objects.live().get(document=site)
    record_wording_check(edition, compared_with=before, by=ada, shown_as="Dr. Ada Park")
    actions.publish_editions([edition])


def test_confirmation_ends_with_its_review(site, ada):
    published_with(site, ada)
    # "Now" makes it another advice, to be reviewed anew.
    assert len(refused(with_outcome("call", do_now=f"Call now. {WAIT}"))) == 2
    (edition,) = actions.submit([with_outcome("call", do_now=f"{WAIT} This is common.")], **WORDING)
    before = Edition.objects.live().get(document=site)
    record_wording_check(edition, compared_with=before, by=ada, shown_as="Dr. Ada Park")
    with pytest.raises(ActionRefused, match="This is common") as caught:
        actions.publish_editions([edition])
    assert len(caught.value.problems) == 1


def test_confirmation_as_urgent_is_none_for_an_emergency(site, ada):
    (edition,) = actions.submit([with_outcome("today", do_now=WAIT)], **ADVICE)
    confirmed_review(edition, ada)
    actions.publish_editions([edition])
    assert len(refused(with_outcome("call", do_now=WAIT), **WORDING)) == 2


def published_with(site: SelfCheck, ada: User, **changes: str) -> None:
    (edition,) = actions.submit([with_outcome("call", do_now=WAIT, **changes)], **ADVICE)
    confirmed_review(edition, ada)
    actions.publish_editions([edition])


def test_live_reassurance_blocks_no_other_document(site, monkeypatch):
    monkeypatch.setattr(publication_checks, "reassurance_problems", lambda edition: iter(()))
    publish_documents(with_outcome("call", do_now=WAIT))
    monkeypatch.undo()
    publish_documents(factories.checklist(introduction="Tick what is true."), **WORDING)


def test_confirmation_is_never_changed(site, ada):
    (edition,) = actions.submit([with_outcome("call", do_now=WAIT)], **ADVICE)
    review = confirmed_review(edition, ada)
    review.confirmed = []
    with pytest.raises(TypeError):
        review.save()
    assert review.next_due > timezone.localdate() + timedelta(days=300)


@pytest.mark.parametrize(
    "path", sorted(CONTENT.glob("*s/*.yaml")), ids=lambda path: path.parent.name
)
def test_shipped_texts_need_no_confirmation(path):
    kind = document_types.get(
        {"checklists": "checklist", "self-checks": "self-check"}[path.parent.name]
    )
    shown = kind.content.model_validate(
        read_values(path.read_bytes(), kind.file_layout, kind.content).values
    )
    assert isinstance(shown, (ChecklistContent, SelfCheckContent)) and list(shown.urgent_texts())
    document = Document(kind=kind.name, slug=path.stem, language="en")
    assert [one.sentence for one in find_reassurances(Edition.unsaved(document, shown))] == []
