"""Search finds only live pages, at every moment, and reveals nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from education.clinic.models import Clinic
from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Document, Edition
from education.search import indexing
from education.search.indexing import INDEXED_KINDS
from education.search.search import SearchResults, run_search
from tests import factories
from tests.factories import ADVICE, WORDING, publish_documents

pytestmark = pytest.mark.django_db


def addresses(found: SearchResults) -> list[str]:
    return [hit.url for group in found.groups for hit in group.hits]


def text(found: SearchResults) -> str:
    return "\n".join(
        [
            hit.name + "".join(p.text for p in hit.snippet)
            for group in found.groups
            for hit in group.hits
        ]
        + [*found.suggestions, *(instead for _typed, instead in found.corrected)]
    )


@pytest.fixture
def spots(db):
    return factories.make_small_site()


def test_draft_is_not_found(spots):
    factories.article("lumps", title="About zebras")
    assert not addresses(run_search("zebras", "en"))


def test_pending_edition_is_not_found(spots):
    actions.submit([factories.article("lumps", title="About zebras")], **ADVICE)
    assert not addresses(run_search("zebras", "en"))


def test_pending_newer_edition_does_not_replace_the_live_one(spots):
    actions.submit([factories.article("spots", title="About zebras")], **ADVICE)
    assert not addresses(run_search("zebras", "en"))
    assert "/conditions/spots/" in addresses(run_search("about spots", "en"))


def test_text_of_an_earlier_edition_is_not_found(spots):
    publish_documents(factories.article("spots", title="About zebras"), **WORDING)
    publish_documents(factories.article("spots", title="About okapis"), **WORDING)
    assert not addresses(run_search("zebras", "en"))
    assert addresses(run_search("okapis", "en")) == ["/conditions/spots/"]


def test_withdrawn_page_is_not_found(spots):
    actions.withdraw(spots, reason="Out of date.")
    assert "/conditions/spots/" not in addresses(run_search("spots", "en"))


def test_scheduled_page_is_found_from_its_second_on(spots):
    moment = timezone.now() + timedelta(days=3)
    publish_documents(factories.article("lumps", title="About zebras"), at=moment)
    before = moment - timedelta(microseconds=1)
    assert not addresses(run_search("zebras", "en", before))
    assert addresses(run_search("zebras", "en", moment)) == ["/conditions/lumps/"]


def test_scheduled_withdrawal_takes_effect_on_its_second(spots):
    moment = timezone.now() + timedelta(days=3)
    actions.withdraw(spots, reason="Out of date.", at=moment)
    assert "/conditions/spots/" in addresses(
        run_search("spots", "en", moment - timedelta(microseconds=1))
    )
    assert "/conditions/spots/" not in addresses(run_search("spots", "en", moment))


def test_similar_words_come_from_live_text_only(spots):
    factories.article("lumps", title="About hippopotamus skin")
    actions.submit([Document.objects.get(slug="lumps").working_copy()], **ADVICE)
    found = run_search("hippopotamos", "en")
    assert not addresses(found) and not found.suggestions and not found.corrected
    publish_documents(factories.article("lumps", title="About a hippopotamus"), **ADVICE)
    assert run_search("hippopotamos", "en").corrected == (("hippopotamos", "hippopotamus"),)


def test_similar_word_is_spelled_as_on_the_live_page(spots):
    actions.submit([factories.article("spots", title="About swellings")], **ADVICE)
    publish_documents(factories.cause("lumps", text="A swelling of the skin."))
    assert "swellings" not in text(run_search("swelings", "en"))
    assert "swelling" in text(run_search("swelings", "en"))


def test_other_languages_are_not_found(spots):
    assert not addresses(run_search("spots", "es"))


def test_self_check_is_found_only_while_enabled(client, spots):
    check = factories.self_check(title="Check your zebras")
    publish_documents(check)
    assert addresses(run_search("zebras", "en")) == ["/self-check/skin-check/"]
    assert not addresses(run_search("zebras", "en", excluded_kinds=("self-check",)))


def test_search_page_omits_disabled_self_checks(client, spots):
    publish_documents(factories.self_check(title="Check your zebras"))
    assert b"/self-check/skin-check/" in client.get("/search/?q=zebras").content
    Clinic(pk=1, self_checks_enabled=False).save()
    assert b"/self-check/skin-check/" not in client.get("/search/?q=zebras").content


steps = st.lists(
    st.tuples(
        st.sampled_from(["spots", "oil", "lumps"]),
        st.sampled_from(["publish", "withdraw", "submit"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=settings().max_examples // 3)
@given(steps=steps, day=st.integers(0, 7))
def test_search_agrees_with_the_publication_log(spots, steps, day):
    """Whatever happens to pages, at every moment just the live ones are found."""
    with transaction.atomic():
        start = timezone.now()
        for number, (slug, step) in enumerate(steps):
            make = factories.cause if slug == "oil" else factories.article
            extra = (
                {"text": f"Okapi {number}."} if slug == "oil" else {"summary": f"Okapi {number}."}
            )
            row = make(slug, **extra)
            at = start + timedelta(days=number + 1)
            try:
                if step == "publish":
                    publish_documents(row, at=at)
                elif step == "submit":
                    actions.submit([row], **ADVICE)
                else:
                    actions.withdraw(row, reason="Gone.", at=at)
            except ActionRefused:
                continue
        moment = start + timedelta(days=day, seconds=1)
        live = (
            Edition.objects.live(moment)
            .filter(document__kind__in=INDEXED_KINDS)
            .select_related("document")
        )
        expected = {each.get_absolute_url() for each in live if "Okapi" in each.abstract}
        assert set(addresses(run_search("okapi", "en", moment))) == expected
        transaction.set_rollback(True)


def test_rebuilt_index_finds_the_same(spots):
    publish_documents(factories.article("lumps"))
    before = [run_search(word, "en") for word in ("spots", "lumps", "pore", "oil", "spotts")]
    assert indexing.rebuild() == Edition.objects.filter(document__kind__in=INDEXED_KINDS).count()
    assert [
        run_search(word, "en") for word in ("spots", "lumps", "pore", "oil", "spotts")
    ] == before
