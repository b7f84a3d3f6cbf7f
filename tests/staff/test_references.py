"""References to documents and rows; nothing in use is deleted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from education.publishing import actions
from education.publishing.models import Document
from education.references.models import Term
from education.staff.cross_references.finder import find_document_references
from tests import factories
from tests.factories import WORDING, publish_documents
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def spots(db):
    """The small site, with a self-check; the sources have one that nothing cites, and one by that
    name.
    """
    page = factories.make_small_site()
    publish_documents(factories.self_check())
    publish_documents(factories.sources("spare", "spare-two"), **WORDING)
    return page


def page_of(document, name):
    options = document.document_type.model_class()._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=[document.pk])


def the(kind, slug=None):
    found = Document.objects.filter(kind=kind)
    return found.get(slug=slug) if slug else found.get()


def save(client, document, **changes):
    """Send the form of a document; what the page says then."""
    address = page_of(document, "change")
    data = {**form_fields(client.get(address)), "_continue": "1", **changes}
    return client.post(address, data, follow=True)


def own(kind, slug=None):
    """Who uses a document: kind, place, and who sees it."""
    return [
        (use.document.kind, use.field_label, use.in_working_copy, use.live)
        for use in find_document_references(the(kind, slug)).own
    ]


def rows(kind, slug=None):
    """Who uses each row of a document, by the name of the row."""
    return {
        entry.row.referent.name: [
            (use.document.kind, use.field_label, use.in_working_copy, use.live)
            for use in entry.references
        ]
        for entry in find_document_references(the(kind, slug)).rows
    }


def test_cause_is_referenced_by_articles_outcomes_and_links(spots):
    factories.article("more", summary="See [oil](/causes/oil/). Wash gently.")
    outcomes = [{**outcome, "read": ["cause/oil"]} for outcome in factories.OUTCOMES[:1]]
    factories.self_check("another", outcomes=[*outcomes, *factories.OUTCOMES[1:]])
    factories.cause("oil", text="See [oil](/causes/oil/).")
    assert own("cause") == [
        ("article", "Cause 1, Cause", True, False),
        ("article", "Summary", True, False),
        ("article", "Cause 1, Cause", True, True),
        ("self-check", "Result 1, Pages to read", True, False),
    ]


def test_checklist_is_referenced_by_articles_and_self_checks(spots):
    assert own("checklist") == [
        ("article", "Checklist", True, True),
        ("self-check", "Checklist", True, True),
    ]


def test_sign_is_referenced_by_questions_that_ask_it(spots):
    factories.checklist("other")
    assert rows("checklist", "skin") == {
        "breathing": [("self-check", "question 1", True, True)],
        "spreading": [("self-check", "question 2", True, True)],
        "growing": [("self-check", "question 3", True, True)],
    }
    assert not find_document_references(the("checklist", "other"))


def test_source_is_referenced_by_citations_and_adaptations(spots):
    factories.article("more", introduction="So it is. [@spare]", adapted_from=["spare"])
    factories.checklist(safety_net="Get help [@leaflet] [@spare].")
    assert rows("sources") == {
        "leaflet": [
            ("checklist", "What would change the plan", True, False),
            ("checklist", "Warning sign 1, Sources", True, True),
            ("checklist", "Warning sign 2, Sources", True, True),
            ("checklist", "Warning sign 3, Sources", True, True),
        ],
        "spare": [
            ("article", "Adapted from", True, False),
            ("article", "Introduction", True, False),
            ("checklist", "What would change the plan", True, False),
        ],
        "spare-two": [],
    }


def test_word_is_referenced_by_whole_words_in_any_form(spots):
    glossary = factories.glossary(pore="A hole.", spot="A mark.", zit="A spot, too.", öl="Oil.")
    Term.objects.filter(word="pore").update(also=["pores", "tiny hole"])
    glossary.record_edit()
    factories.cause(
        "oil", text="PORES and porelike things. [Spotty](/conditions/spots/) Öl.\n\n- Zits: zit_s"
    )
    found = rows("glossary")
    assert found["pore"] == [("cause", "What it is", True, False)]
    assert found["öl"] == [("cause", "What it is", True, False)]
    assert found["zit"] == []
    assert ("article", "Summary", True, True) not in found["spot"]


def test_reference_names_working_copy_and_live_edition(spots):
    factories.cause("sweat")
    factories.article(causes=("sweat",))
    assert own("cause", "oil") == [("article", "Cause 1, Cause", False, True)]
    assert own("cause", "sweat") == [("article", "Cause 1, Cause", True, False)]


def test_withdrawn_page_references_only_from_working_copy(spots):
    factories.cause("sweat")
    page = factories.article("more", causes=("sweat",))
    publish_documents(the("cause", "sweat"), page)
    actions.withdraw(page, reason="Old.")
    assert own("cause", "sweat") == [("article", "Cause 1, Cause", True, False)]


def test_page_lists_references_with_links_to_their_forms(editor, spots):
    page = editor.get(page_of(the("cause"), "references")).content.decode()
    assert f'href="{page_of(spots, "change")}#id_causes-0-cause"' in page
    assert "article “About spots”, Cause 1, Cause" in page
    signs = editor.get(page_of(the("checklist"), "references")).content.decode()
    assert "self-check “Check your spots”, question 2" in signs
    assert "/change/#questions-1-choices" in signs
    for kind in ("sources", "glossary", "article", "self-check"):
        assert editor.get(page_of(the(kind), "references")).status_code == 200


def test_withdrawn_source_comes_first_with_every_citation(editor, spots):
    factories.article("more", introduction="So. [@spare]")
    sources = factories.sources("spare")
    sources.sources.filter(key="spare").update(withdrawn="It was retracted.")
    page = editor.get(page_of(sources, "references")).content.decode()
    assert page.index("spare: The spare") < page.index("leaflet: The leaflet")
    assert "It was retracted." in page and "Introduction" in page


def test_user_without_view_permission_sees_no_references(staff, spots):
    stranger = staff("sam", "articles.view_cause")
    assert stranger.get(page_of(the("cause"), "references")).status_code == 200
    assert stranger.get(page_of(the("checklist"), "references")).status_code == 403
    assert stranger.post(page_of(the("cause"), "references")).status_code == 405


def test_sign_in_use_cannot_be_deleted_and_draft_is_kept(editor, spots):
    checklist = the("checklist")
    before = checklist.working_copy().to_values()
    page = save(
        editor,
        checklist,
        **{"signs-1-DELETE": "on", "signs-2-text": "A lump grew", "title": "Typed"},
    ).content.decode()
    assert "The sign “spreading” is asked by the self-check “Check your spots”, question 2." in page
    assert "A lump grew" in page and 'value="Typed"' in page
    assert checklist.working_copy().to_values() == before
    assert the("checklist").lock_version == checklist.lock_version


def test_sign_in_use_keeps_its_key(editor, spots):
    checklist = the("checklist")
    page = save(editor, checklist, **{"signs-1-key": "spreads"}).content.decode()
    assert "The sign “spreading” is asked by" in page and 'value="spreads"' in page
    assert [sign["key"] for sign in checklist.working_copy().to_values()["signs"]][1] == "spreading"


def test_sign_may_move_to_another_row_with_its_key(editor, spots):
    checklist = the("checklist")
    swapped = {"signs-1-key": "growing", "signs-2-key": "spreading"}
    assert b"Saved." in save(editor, checklist, **swapped).content


def test_unused_sign_can_be_deleted_and_renamed(editor, spots):
    other = factories.checklist("other")
    assert (
        b"Saved." in save(editor, other, **{"signs-0-DELETE": "on", "signs-1-key": "wider"}).content
    )
    assert [sign["key"] for sign in other.working_copy().to_values()["signs"]] == [
        "wider",
        "growing",
    ]


def test_sign_can_be_deleted_after_its_self_check_drops_it(editor, spots):
    factories.checklist("other")
    check = factories.self_check("draft")
    for self_check in (check, the("self-check", "skin-check").working_copy()):
        for question in self_check.questions.all():
            question.choices.filter(sign="spreading").update(sign="")
        self_check.record_edit()
    page = save(editor, the("checklist", "skin"), **{"signs-1-DELETE": "on"}).content.decode()
    assert "It is taken out there already. Publish that first: readers still see it." in page
    actions.withdraw(the("self-check", "skin-check"), reason="Old.")
    assert b"Saved." in save(editor, the("checklist", "skin"), **{"signs-1-DELETE": "on"}).content


def test_cited_source_cannot_be_deleted_or_renamed(editor, spots):
    sources = the("sources")
    for change in ({"sources-0-DELETE": "on"}, {"sources-0-key": "booklet"}):
        page = save(editor, sources, **change).content.decode()
        assert (
            "The source “leaflet” is named by the checklist “When to see a doctor”, Warning sign 1"
            in page
        )
    assert sources.working_copy().to_values()["sources"][0]["key"] == "leaflet"
    assert b"Saved." in save(editor, sources, **{"sources-1-DELETE": "on"}).content


def test_word_in_use_cannot_be_deleted_but_reworded(editor, spots):
    publish_documents(factories.cause("oil", text="It blocks a pore."), **WORDING)
    glossary = the("glossary")
    page = save(editor, glossary, **{"terms-0-DELETE": "on"}).content.decode()
    assert "The word “Pore” stands in the cause “Oil”, What it is." in page
    assert b"Saved." in save(editor, glossary, **{"terms-0-word": "Skin pore"}).content


def test_referenced_draft_cannot_be_deleted_and_page_says_where(editor, spots):
    cause, page = factories.cause("sweat"), factories.article("more", causes=("sweat",))
    for send in (editor.get, lambda address: editor.post(address, {"post": "yes"})):
        shown = send(page_of(cause, "delete")).content.decode()
        assert "Nothing was deleted" in shown
        assert f'href="{page_of(page, "change")}#id_causes-0-cause"' in shown
    assert Document.objects.filter(pk=cause.pk).exists()
    assert editor.post(page_of(page, "delete"), {"post": "yes"}).status_code == 302
    assert editor.post(page_of(cause, "delete"), {"post": "yes"}).status_code == 302
    assert not Document.objects.filter(pk=cause.pk).exists()


def test_draft_referenced_by_a_link_cannot_be_deleted(editor, spots):
    draft = factories.article("more")
    factories.cause("oil", text="See [more](/conditions/more/).")
    assert (
        b"cause \xe2\x80\x9cOil\xe2\x80\x9d, What it is"
        in editor.get(page_of(draft, "delete")).content
    )


def test_user_who_may_not_delete_sees_no_references(staff, spots):
    draft = factories.checklist("other")
    stranger = staff("sam", "checklists.view_checklist")
    assert stranger.get(page_of(draft, "delete")).status_code == 403


def test_query_count_is_independent_of_live_pages(spots, django_assert_max_num_queries):
    checklist = the("checklist")
    find_document_references(checklist)
    publish_documents(*(factories.article(f"page-{number}") for number in range(8)))
    with django_assert_max_num_queries(25):
        assert len(find_document_references(checklist).own) == 10
