"""P6: when a fact changes, every other text that states it is shown."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from education.publishing.changes.related_statements import (
    ContentChange,
    RelatedStatement,
    find_related_statements,
)
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.models import Document, Edition
from tests import factories
from tests.browser.live_site import load as load_shipped

pytestmark = pytest.mark.django_db

# Written down first: where a fact of the shipped texts stands, what becomes of it, and what else
# says it.
SHIPPED = {
    "lump-grows-or-stays": (
        ("checklist", "back-skin"),
        ("after 2 weeks", "after 1 week"),
        [
            ("checklist", "none_apply", "still there after 2 weeks"),
            ("article", "causes", "slowly grows, changes, hurts, or is still there after 2 weeks"),
            ("self-check", "outcomes", "Book an appointment if it is still there after 2 weeks"),
            ("self-check", "questions", "still there after 1 week"),
        ],
        ["A boil is no better", "of self-care"],
    ),
    "folliculitis-not-better": (
        ("checklist", "back-skin"),
        ("1 to 2 weeks", "3 weeks"),
        [
            ("article", "causes", "no better after 1 to 2 weeks of self-care"),
            ("self-check", "questions", "no better after 3 weeks"),
        ],
        ["still there after 2 weeks"],
    ),
    "spot-does-not-heal": (
        ("checklist", "back-skin"),
        ("after 4 weeks", "after 6 weeks"),
        [
            ("cause", "what_it_is", "does not heal in 4 weeks"),
            ("self-check", "questions", "has not healed after 6 weeks"),
        ],
        ["6 weeks of pharmacy treatment"],
    ),
    "means 38": (
        ("glossary", "glossary"),
        ("38 °C", "39 °C"),
        [("checklist", "signs", "Fever means 38 °C")],
        [],
    ),
    "Antibiotics for an infection": (
        ("checklist", "back-skin"),
        ("2 to 3 days", "a week"),
        [("self-check", "outcomes", "should start to help in 2 to 3 days")],
        ["2 weeks"],
    ),
}


@pytest.fixture
def shipped() -> None:
    load_shipped()


def change(kind: str, slug: str, near: str, old: str, new: str) -> ContentChange:
    """The document with `old` replaced by `new` in the one row or text that says `near`."""
    edition = Edition.objects.live().get(document__kind=kind, document__slug=slug)

    def changed(value):
        if isinstance(value, dict):
            own = json.dumps(
                [each for each in value.values() if isinstance(each, str)], ensure_ascii=False
            )
            is_near = near in own
            return {
                key: each.replace(old, new) if is_near and isinstance(each, str) else changed(each)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [changed(each) for each in value]
        return value

    # Only the one text of the document that states the fact changes.
    values = edition.content.to_data()
    own = {
        key: text.replace(old, new)
        for key, text in values.items()
        if isinstance(text, str) and near in text
    }
    rows = {key: changed(value) for key, value in values.items() if isinstance(value, list)}
    after = type(edition.content).model_validate({**values, **rows, **own})
    assert after != edition.content
    return ContentChange(edition.document, edition.content, after)


def related(*changes: ContentChange) -> tuple[RelatedStatement, ...]:
    return find_related_statements(changes, SiteSnapshot(timezone.now()))


@pytest.mark.parametrize("near", SHIPPED)
def test_related_statements_of_shipped_texts_are_found(shipped, near):  # P6
    document, (old, new), expected, others = SHIPPED[near]
    found = related(change(*document, near, old, new))
    for kind, field, words in expected:
        assert [
            each
            for each in found
            if each.document.kind == kind and each.path[0] == field and words in each.sentence
        ], words
    for words in others:
        assert not [each for each in found if words in each.sentence], words
    assert len(found) <= len(expected) + 4


@pytest.fixture
def site() -> None:
    factories.make_small_site()
    signs = [
        {
            "key": "stays",
            "urgency": "routine",
            "text": "A lump is still there after 2 weeks",
            "sources": ["leaflet"],
        }
    ]
    lasting = "A lump that is still there after two weeks needs a doctor. Wash it for 2 weeks."
    documents = [factories.checklist(signs=signs), factories.cause("lump", text=lasting)]
    factories.publish_documents(*documents, note="More.")


def checklist_change(old: str, new: str) -> ContentChange:
    edition = Edition.objects.live().get(document__kind="checklist")
    values = json.loads(json.dumps(edition.content.to_data(), ensure_ascii=False).replace(old, new))
    return ContentChange(
        edition.document, edition.content, type(edition.content).model_validate(values)
    )


def test_related_statement_shares_the_figure_and_two_words(site):
    (found,) = related(checklist_change("after 2 weeks", "after 1 week"))
    assert found.sentence == "A lump that is still there after two weeks needs a doctor."
    assert found.document.key == ("cause", "lump")
    assert found.path == ("what_it_is",)
    assert found.labels == ("What it is",)
    assert found.shared == "2 weeks"


def test_change_without_removed_facts_has_no_related_statements(site):
    assert related(checklist_change("A lump is still", "A bump is still")) == ()
    assert related(checklist_change("after 2 weeks", "after two weeks")) == ()
    assert related(checklist_change("When to see", "How to see")) == ()


def test_first_edition_has_no_related_statements(site):
    written = checklist_change("after 2 weeks", "after 1 week")
    assert related(ContentChange(written.document, None, written.after)) == ()


def test_removed_sentence_removes_its_facts(site):
    cause = Edition.objects.live().get(document__slug="lump")
    shorter = cause.content.model_copy(update={"what_it_is": "Wash it for 2 weeks."})
    found = related(ContentChange(cause.document, cause.content, shorter))
    assert [each.sentence for each in found] == []
    other = cause.content.model_copy(update={"what_it_is": "Wash it."})
    found = related(ContentChange(cause.document, cause.content, other))
    assert [each.sentence for each in found] == ["A lump is still there after 2 weeks"]


def test_related_statements_use_new_texts_of_changed_documents(site):
    first = checklist_change("after 2 weeks", "after 1 week")
    cause = Edition.objects.live().get(document__slug="lump")
    mended = cause.content.model_copy(
        update={"what_it_is": "A lump that is still there after a week needs a doctor."}
    )
    assert related(first, ContentChange(cause.document, cause.content, mended)) == ()


def test_related_statements_are_live_and_of_one_language(site):
    written = checklist_change("after 2 weeks", "after 1 week")
    factories.cause("draft", text="A lump that is still there after two weeks.")
    Document.objects.filter(slug="lump").update(language="de")
    assert related(written) == ()
    Document.objects.filter(slug="lump").update(language="en")
    past = SiteSnapshot(timezone.now() - timedelta(days=1))
    assert find_related_statements([written], past) == ()


def test_finding_related_statements_takes_one_query(site, django_assert_num_queries):
    written = checklist_change("after 2 weeks", "after 1 week")
    with django_assert_num_queries(1):
        related(written)
    with django_assert_num_queries(0):
        related(without_removed_facts(written))


def without_removed_facts(written: ContentChange) -> ContentChange:
    """A change that removes no fact."""
    after = written.before.model_copy(update={"title": "Another title"})
    return ContentChange(written.document, written.before, after)
