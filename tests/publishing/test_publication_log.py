"""Editions, publications, withdrawals and what is live when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Document, Edition, EditionDependency, Publication, Review
from tests import factories
from tests.factories import ADVICE, WORDING, publish_documents

pytestmark = pytest.mark.django_db


def live_text(slug: str = "oil", at: datetime | None = None) -> str | None:
    edition = Edition.objects.live(at).filter(document__slug=slug).first()
    return edition.data["what_it_is"] if edition else None


def in_hours(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def test_working_copy_is_not_live_until_published():
    page = factories.cause(text="One.")
    assert live_text() is None
    publish_documents(page)
    assert live_text() == "One."
    factories.cause(text="Another.")
    assert live_text() == "One."
    publish_documents(page, **WORDING)
    assert live_text() == "Another."


def test_scheduled_edition_is_live_from_its_moment_on():
    page = factories.cause(text="One.")
    publish_documents(page)
    before = timezone.now()
    factories.cause(text="Another.")
    tomorrow = in_hours(24)
    publish_documents(page, at=tomorrow)
    assert live_text() == "One."
    assert live_text(at=tomorrow - timedelta(microseconds=1)) == "One."
    assert live_text(at=tomorrow) == "Another."
    assert live_text(at=before - timedelta(days=1)) is None


def test_withdrawing_shows_no_older_edition():
    page = factories.cause(text="One.")
    publish_documents(page)
    factories.cause(text="Another.")
    publish_documents(page, **WORDING)
    actions.withdraw(page, reason="It was wrong.")
    assert live_text() is None
    assert live_text(at=in_hours(10_000)) is None


def test_withdrawn_document_can_be_published_again():
    page = factories.cause(text="One.")
    publish_documents(page)
    actions.withdraw(page, reason="It was wrong.")
    publish_documents(page, **WORDING)
    assert live_text() == "One."


def test_scheduled_withdrawal_takes_effect_at_its_moment():
    page = factories.cause()
    publish_documents(page)
    moment = in_hours(1)
    actions.withdraw(page, reason="Old.", at=moment)
    assert live_text() is not None
    assert live_text(at=moment) is None


def test_set_is_published_whole_or_not_at_all():
    good, bad = factories.cause("oil"), factories.cause("sweat")
    bad.what_it_is = ""
    bad.save()
    with pytest.raises(ActionRefused) as refusal:
        publish_documents(good, bad)
    assert [problem.path for problem in refusal.value.problems] == [("what_it_is",)]
    assert not Edition.objects.exists() and not Publication.objects.exists()


def test_refused_set_names_every_problem_at_once():
    first, second = factories.cause("oil"), factories.cause("sweat")
    for page in (first, second):
        page.what_it_is = page.name = ""
        page.save()
    with pytest.raises(ActionRefused) as refusal:
        publish_documents(first, second)
    assert {(problem.key.slug, problem.path) for problem in refusal.value.problems} == {
        (slug, (field,)) for slug in ("oil", "sweat") for field in ("name", "what_it_is")
    }


def test_article_goes_live_only_with_all_its_parts():
    factories.sources(), factories.checklist(), factories.cause()
    with pytest.raises(ActionRefused, match="cause “oil”, which readers do not see"):
        publish_documents(factories.article())
    assert not Publication.objects.exists()


def test_article_may_be_scheduled_after_its_parts():
    parts = [factories.sources(), factories.checklist(), factories.cause()]
    publish_documents(*parts, at=in_hours(2))
    page = factories.article()
    with pytest.raises(ActionRefused):
        publish_documents(page, at=in_hours(1))
    publish_documents(page, at=in_hours(3))


def test_withdrawing_a_part_of_a_live_page_is_refused():
    factories.make_small_site()
    for kind in ("cause", "checklist", "sources"):
        with pytest.raises(ActionRefused, match="article spots"):
            actions.withdraw(Document.objects.get(kind=kind), reason="Gone.")
    assert not Publication.objects.filter(edition=None).exists()


def test_withdrawing_a_part_cancels_a_scheduled_page_with_it():  # P2
    publish_documents(factories.sources(), factories.checklist(), factories.cause())
    publish_documents(factories.article(), at=in_hours(2))
    actions.withdraw(Document.objects.get(kind="cause"), reason="Gone.", at=in_hours(1))
    assert [entry.is_withdrawal for entry in Publication.objects.upcoming()] == [True]


def test_scheduled_withdrawal_of_a_part_in_use_is_refused():
    publish_documents(factories.sources(), factories.checklist(), factories.cause())
    publish_documents(factories.article(), at=in_hours(1))
    with pytest.raises(ActionRefused):
        actions.withdraw(Document.objects.get(kind="cause"), reason="Gone.", at=in_hours(2))


def test_cancelling_a_publication_that_has_begun_is_refused():
    page = factories.cause()
    publish_documents(page)
    factories.cause(text="Another.")
    publish_documents(page, at=in_hours(1))
    begun, to_come = Publication.objects.order_by("at")
    with pytest.raises(ActionRefused):
        actions.cancel(begun)
    actions.cancel(to_come)
    assert live_text(at=in_hours(2)) == "Skin makes oil."


def test_cancelling_a_part_that_a_later_page_needs_is_refused():
    publish_documents(factories.sources(), factories.checklist())
    part = factories.cause()
    publish_documents(part, at=in_hours(1))
    publish_documents(factories.article(), at=in_hours(2))
    with pytest.raises(ActionRefused):
        actions.cancel(Publication.objects.get(document=part))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"note": " "}, "Write what changed"),
        ({"note": "x" * 501}, "too long"),
        ({"at": timezone.now() - timedelta(seconds=1)}, "has passed"),
    ],
)
def test_publication_without_a_note_or_valid_time_is_refused(how, words):
    with pytest.raises(ActionRefused, match=words):
        publish_documents(factories.cause(), **how)
    assert not Publication.objects.exists()


def test_publishing_unchanged_content_is_refused():
    page = factories.cause()
    publish_documents(page)
    with pytest.raises(ActionRefused, match="Nothing has changed"):
        publish_documents(page, **WORDING)


def test_withdrawal_without_reason_or_live_edition_is_refused():
    page = factories.cause()
    with pytest.raises(ActionRefused, match="nothing to withdraw"):
        actions.withdraw(page, reason="Gone.")
    publish_documents(page)
    with pytest.raises(ActionRefused, match="Write why"):
        actions.withdraw(page, reason=" ")
    with pytest.raises(ActionRefused, match="not live then"):
        actions.withdraw(page, reason="Gone.", redirect_to=factories.cause("sweat"))


def test_unknown_citation_is_refused_with_its_field():
    publish_documents(factories.sources())
    with pytest.raises(ActionRefused, match="what_it_is: There is no source “rumor”"):
        publish_documents(factories.cause(text="Oil is good [@rumor]."))


def test_removing_a_cited_source_is_refused():
    factories.make_small_site()
    listed = factories.sources("other")
    publish_documents(listed)
    listed.sources.get(key="leaflet").delete()
    with pytest.raises(ActionRefused, match="no source “leaflet”"):
        publish_documents(listed)


def test_restoring_an_edition_changes_the_working_copy_only():
    page = factories.cause(text="One.")
    (first,) = publish_documents(page)
    factories.cause(text="Another.")
    publish_documents(page, **WORDING)
    page = Document.objects.get(slug="oil").working_copy()
    revision = page.lock_version
    page.load_content(first.content)
    assert Document.objects.get(slug="oil").lock_version == revision + 1
    assert live_text() == "Another."
    publish_documents(page, **WORDING)
    assert live_text() == "One."
    assert list(Edition.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_restoring_every_kind_gives_the_same_content():
    factories.make_small_site()
    for edition in Edition.objects.select_related("document"):
        working = edition.document.working_copy()
        working.load_content(edition.content)
        assert working.content() == edition.content
        assert working.content_hash() == edition.sha256


def test_edition_stores_its_dependencies():
    page = factories.make_small_site()
    edition = Edition.objects.get(document=page)
    used = edition.dependencies.values_list("kind", "slug")
    assert set(used) == {("cause", "oil"), ("checklist", "skin"), ("sources", "sources")}


TABLES = ["publishing_edition", "publishing_editiondependency", "publishing_publication"]


STATEMENTS = ["UPDATE {} SET document_id = document_id", "DELETE FROM {}"]
if connection.vendor == "postgresql":
    STATEMENTS.append("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {} CASCADE")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_database_refuses_to_change_or_delete_history(table, statement):
    factories.make_small_site()
    with (
        pytest.raises(DatabaseError, match="never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0]


def test_database_lets_only_future_publications_be_deleted():
    page = factories.cause()
    publish_documents(page, at=in_hours(1))
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        Publication.objects.update(at=timezone.now())
    Publication.objects.filter(document=page).delete()
    assert not Publication.objects.exists()


def test_database_refuses_an_edition_of_another_document():
    (edition,) = publish_documents(factories.cause("oil"))
    other = factories.cause("sweat")
    with pytest.raises(DatabaseError, match="own document"), transaction.atomic():
        Publication.objects.create(act=9, document=other, edition=edition, at=timezone.now())


def test_database_refuses_a_withdrawal_without_a_reason():
    with pytest.raises(DatabaseError, match="publication_shows_or_withdraws"), transaction.atomic():
        Publication.objects.create(act=9, document=factories.cause(), at=timezone.now())


def test_model_refuses_to_change_or_delete_an_edition():
    (edition,) = publish_documents(factories.cause())
    with pytest.raises(TypeError):
        edition.save()
    with pytest.raises(TypeError):
        edition.delete()


def test_rows_that_an_edition_references_cannot_be_deleted(django_user_model):
    user = django_user_model.objects.create_user("ada")
    page = factories.cause()
    actions.publish([page], by=user, **ADVICE)
    for thing in (user, Document.objects.get(pk=page.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            thing.delete()
    assert EditionDependency.objects.count() == 0 and Review.objects.count() == 0
