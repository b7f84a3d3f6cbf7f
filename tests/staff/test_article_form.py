"""An article is written on one page; what it needs is made where it is needed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from education.articles.models import Article, Cause
from education.checklists.models import Checklist
from education.publishing.models import Document
from education.publishing.workflow.states import annotate_state, get_document_state
from education.references.models import Source, Term
from tests import factories
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ADD = "/admin/articles/article/add/"
NEW_PAGE = {
    "title": "Ingrown toenail",
    "summary": "A nail grows into the skin.",
    "introduction": "It is common.",
    "do": "Wash your feet.",
    "do_not": "Do not cut the corners.",
    "signs-TOTAL_FORMS": "2",
    "signs-0-urgency": "urgent",
    "signs-0-text": "Pus comes out",
    "signs-0-shown_first": "on",
    "signs-1-urgency": "emergency",
    "signs-1-text": "You are confused",
    "causes-TOTAL_FORMS": "2",
    "causes-0-name": "Tight shoes",
    "causes-0-what_happens": "They press.",
    "causes-0-looks": "Sore.",
    "causes-0-self_care": "Wear wide shoes.",
    "causes-1-name": "Cut too short",
    "causes-1-make_page": "on",
    "causes-1-what_happens": "The corner grows under the cuticle.",
    "causes-1-looks": "A short nail.",
    "causes-1-self_care": "Cut straight.",
    "causes-1-page_what_it_is": "Cutting a nail round.",
    "sources-TOTAL_FORMS": "1",
    "sources-0-title": "Foot leaflet",
    "sources-0-publisher": "A clinic",
    "sources-0-adapted_here": "on",
    "terms-TOTAL_FORMS": "1",
    "terms-0-word": "Cuticle",
    "terms-0-meaning": "The skin at the nail.",
}


@pytest.fixture
def spots(db: None) -> Article:
    site = factories.make_small_site()
    factories.glossary()
    return site


def add(editor, **changes):
    data = {**form_fields(editor.get(ADD)), **NEW_PAGE, "_continue": "1", **changes}
    return editor.post(ADD, data, follow=True)


def opened_form(editor, address, *rows):
    """The fields of a form in which these rows were opened, without scripts."""
    fields = form_fields(editor.get(address))
    for row in rows:
        fields = form_fields(editor.post(address, {**fields, "_open": row}))
    return fields


def change(editor, document, *rows, **changes):
    address = reverse(f"admin:articles_{document._meta.model_name}_change", args=[document.pk])
    data = {**opened_form(editor, address, *rows), **changes, "_continue": "1"}
    return editor.post(address, data, follow=True).content.decode()


def state_of(kind, slug):
    document = annotate_state(Document.objects.filter(kind=kind)).get(slug=slug)
    return get_document_state(document).state


def test_new_page_with_all_its_parts_is_one_save(editor, spots):
    assert "Saved." in add(editor).content.decode()
    article = Article.objects.get(slug="ingrown-toenail")
    values = article.to_values()
    assert [row["cause"] or row["name"] for row in values["causes"]] == [
        "Tight shoes",
        "cut-too-short",
    ]
    assert Cause.objects.get(slug="cut-too-short").what_it_is == "Cutting a nail round."
    assert article.checklist is not None
    signs = article.checklist.to_values()["signs"]
    assert [(one["key"], one["urgency"]) for one in signs] == [
        ("you-are-confused", "emergency"),
        ("pus-comes-out", "urgent"),
    ]
    assert values["key_signs"] == ["pus-comes-out"]
    assert values["adapted_from"] == ["foot-leaflet"]
    assert signs[0]["sources"] == ["foot-leaflet"]
    assert Source.objects.get(key="foot-leaflet").adapted
    assert Term.objects.get(word="Cuticle").meaning == "The skin at the nail."
    article.content(), article.checklist.content()


def test_new_page_and_its_parts_are_submitted_as_one(editor, spots):
    article = Article.objects.get(pk=add(editor).redirect_chain[-1][0].split("/")[-3])
    page = editor.get(reverse("admin:articles_article_submit", args=[article.pk]))
    offered = {document.kind for document in page.context["form"].fields["together"].queryset}
    assert offered == {"checklist", "cause", "sources", "glossary"}
    assert len(page.context["form"].initial["together"]) == 4


def test_part_changed_alone_leaves_the_article_live(editor, spots):
    page = change(editor, spots, **{"signs-0-text": "It is hard to breathe"})
    assert "Saved." in page
    assert (state_of("article", "spots"), state_of("checklist", "skin")) == ("live", "changed")
    page = change(editor, spots, **{"causes-0-page_what_it_is": "Skin makes an oil."})
    assert (state_of("article", "spots"), state_of("cause", "oil")) == ("live", "changed")
    change(editor, spots, **{"signs-1-shown_first": "on"})
    assert state_of("article", "spots") == "changed"


def test_shared_part_is_refused_until_it_is_unlocked(editor, spots):
    factories.article("bumps")
    typed = {
        "signs-0-text": "It is hard to breathe",
        "causes-0-page_what_it_is": "Skin makes an oil.",
        "none_apply": "Wait a week.",
    }
    page = change(editor, spots, **typed)
    assert page.count("Also on 1 other page. Tick “Change it on all of them”") == 3
    assert "It is hard to breathe" in page
    assert (state_of("checklist", "skin"), state_of("cause", "oil")) == ("live", "live")
    unlock = {"unlock_checklist": "on", "causes-0-unlock_page": "on"}
    assert "Saved." in change(editor, spots, **typed, **unlock)
    assert (state_of("checklist", "skin"), state_of("cause", "oil")) == ("changed", "changed")
    assert Checklist.objects.get().none_apply == "Wait a week."


def test_unlocked_part_that_did_not_change_stays_as_it_is(editor, spots):
    factories.article("bumps")
    change(editor, spots, unlock_checklist="on", **{"causes-0-unlock_page": "on"})
    kinds = ("article", "checklist", "cause")
    slugs = ("spots", "skin", "oil")
    assert [state_of(*one) for one in zip(kinds, slugs, strict=True)] == ["live"] * 3


def test_problem_of_a_new_part_stands_on_the_article_page(editor, spots):
    page = add(editor, **{"causes-1-page_what_it_is": ""}).content.decode()
    assert "to mend before this can be published" in page
    assert "Cause: Cut too short" in page


def test_new_signs_for_a_shared_checklist_need_its_unlocking(editor, spots):
    chosen = {
        "checklist": Checklist.objects.get().pk,
        "none_apply": "Watch the spot for two weeks.",
    }
    chosen["safety_net"] = "If it gets worse, get help."
    page = add(editor, **chosen).content.decode()
    assert "Also on 1 other page." in page
    assert not Article.objects.filter(slug="ingrown-toenail").exists()
    assert "Saved." in add(editor, unlock_checklist="on", **chosen).content.decode()
    assert Checklist.objects.get().signs.count() == 5


def test_chosen_cause_with_a_page_is_used_as_it_is(editor, spots):
    oil = Cause.objects.get(slug="oil")
    row = {"causes-1-name": "", "causes-1-cause": oil.pk, "causes-1-make_page": ""}
    page = add(editor, **row).content.decode()
    assert "This cause has a page already. Save first" in page
    assert "Saved." in add(editor, **row, **{"causes-1-page_what_it_is": ""}).content.decode()
    assert Cause.objects.get(slug="oil").what_it_is == oil.what_it_is


def test_source_that_is_no_longer_offered_stays_with_its_sign(editor, spots):
    Source.objects.update(withdrawn="Out of date.")
    assert "Saved." in change(editor, spots)
    assert state_of("checklist", "skin") == "live"
    assert "Saved." in change(editor, spots, "signs-0", **{"signs-0-text": "It is hard to breathe"})
    assert Checklist.objects.get().to_values()["signs"][0]["sources"] == ["leaflet"]


def test_new_sign_joins_the_signs_of_its_topic(editor, spots):
    typed = {
        "signs-0-topic": "Breathing",
        "signs-TOTAL_FORMS": "5",
        "signs-3-urgency": "emergency",
        "signs-3-text": "You are confused",
        "signs-3-sources": "leaflet",
        "signs-4-sources": "leaflet",
        "signs-4-urgency": "emergency",
        "signs-4-text": "Your lips are blue",
        "signs-4-on_darker_skin": "Look inside the lips.",
        "signs-4-topic": "Breathing",
    }
    assert "Saved." in change(editor, spots, "signs-0", **typed)
    signs = Checklist.objects.get().to_values()["signs"]
    assert [one["key"] for one in signs[:3]] == [
        "you-are-confused",
        "breathing",
        "your-lips-are-blue",
    ]
    Checklist.objects.get().content()


def test_form_of_many_signs_asks_for_sources_once(editor, spots, django_assert_max_num_queries):
    address = reverse("admin:articles_article_change", args=[spots.pk])
    editor.get(address)
    rows = [
        {"key": f"sign-{n}", "urgency": "routine", "text": "Sore", "sources": []} for n in range(30)
    ]
    with CaptureQueriesContext(connection) as few:
        editor.get(address)
    checklist = Checklist.objects.get()
    checklist.save_content(
        {**checklist.to_values(), "signs": [*checklist.to_values()["signs"], *rows]}
    )
    with django_assert_max_num_queries(len(few) + 3):
        editor.get(address)
