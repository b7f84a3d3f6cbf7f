"""Staff edit, preview, publish, withdraw and restore; readers see only published text."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from education.articles.models import Article
from education.publishing import document_types
from education.publishing.models import Document, Edition, Publication
from education.publishing.workflow.states import annotate_state, get_document_state
from tests import factories
from tests.factories import WORDING, publish_documents
from tests.public_pages.all_urls import CONDITION, read_all
from tests.staff.conftest import form_fields, submit_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def spots(db):
    return factories.make_small_site()


def page_of(document, name):
    options = document.document_type.model_class()._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=[document.pk])


def save(client, document, **changes):
    address = page_of(document, "change")
    return client.post(
        address, {**form_fields(client.get(address)), "_continue": "1", **changes}, follow=True
    )


@pytest.mark.parametrize("kind", ["sources", "glossary", "checklist", "cause", "article"])
def test_saving_an_unchanged_form_changes_nothing(kind, editor, spots):
    document = Document.objects.get(kind=kind)
    before = document.working_copy().to_values()
    answer = save(editor, document)
    assert answer.status_code == 200 and b"Saved." in answer.content
    after = Document.objects.get(kind=kind)
    assert after.working_copy().to_values() == before
    assert after.lock_version == document.lock_version
    assert get_document_state(annotate_state(Document.objects.all()).get(kind=kind)).state == "live"


def test_saved_text_is_not_visible_until_published(client, editor, spots):
    before = read_all(client)
    save(editor, spots, title="All about zebra spots")
    assert read_all(client) == before
    assert (
        get_document_state(annotate_state(Document.objects.all()).get(pk=spots.pk)).state
        == "changed"
    )
    publish = page_of(spots, "publish")
    answer = submit_form(editor, publish, {"note": "A better title."}, follow=True)
    assert b"Published. Readers see it now." in answer.content
    assert b"All about zebra spots" in client.get(CONDITION).content
    edition = Edition.objects.filter(document=spots).latest("number")
    assert (edition.change, edition.note, edition.frozen_by.username) == (
        "checked-text",
        "A better title.",
        "edith",
    )
    assert Publication.objects.latest("pk").by == edition.frozen_by


def test_typed_text_is_never_refused_or_lost(editor, spots):
    odd = {
        "title": "x" * 500,
        "summary": "# too\n" * 300,
        "do_not": "Squeeze it.\nDo not scratch.",
        "also_called": "",
    }
    answer = save(editor, spots, **odd)
    assert b"Saved." in answer.content
    article = Article.objects.get(pk=spots.pk)
    assert article.title == odd["title"]
    assert article.summary.replace("\r\n", "\n").strip() == odd["summary"].strip()
    assert article.do_not == ["Squeeze it.", "Do not scratch."]


def test_publication_problems_link_to_their_fields(editor, spots):
    page = save(
        editor, spots, title="", do_not="Squeeze it.", **{"causes-0-looks": ""}
    ).content.decode()
    address = page_of(spots, "change")
    for field in ("id_title", "id_do_not", "id_causes-0-looks"):
        assert f'href="{address}#{field}"' in page
        assert f'id="{field}"' in page
    assert "3 things to mend" in page
    answer = submit_form(editor, page_of(spots, "publish"), {"note": "New."})
    assert b"Nothing was changed. Mend this first" in answer.content
    assert f'href="{address}#id_causes-0-looks"' in answer.content.decode()
    assert Edition.objects.filter(document=spots).count() == 1


def test_publishing_requires_a_note(editor, spots):
    save(editor, spots, title="Another title")
    answer = submit_form(editor, page_of(spots, "publish"), {})
    assert b"Write what changed, in words for readers." in answer.content
    assert Edition.objects.filter(document=spots).count() == 1


def test_changed_parts_are_offered_and_go_live_together(client, editor, spots):
    cause = Document.objects.get(kind="cause")
    save(editor, cause, what_it_is="Skin makes zebra oil.")
    save(editor, spots, title="Zebra spots")
    page = editor.get(page_of(spots, "publish")).content.decode()
    assert f'value="{cause.pk}"' in page
    submit_form(editor, page_of(spots, "publish"), {"note": "New.", "together": [cause.pk]})
    assert b"Zebra spots" in client.get(CONDITION).content
    assert b"zebra oil" in client.get("/causes/oil/").content


def test_preview_looks_like_the_site_and_is_for_staff_only(client, editor, spots):
    save(editor, spots, introduction="Zebras **get** spots [@leaflet].")
    preview = page_of(spots, "preview")
    page = editor.get(preview).content.decode()
    assert "Zebras <strong>get</strong> spots" in page
    assert "Preview" in page and page_of(spots, "change") in page
    publish_documents(spots, **WORDING)
    live = client.get(CONDITION).content.decode()
    start, end = "<h1", "</h1>"
    assert page[page.index(start) : page.index(end)] == live[live.index(start) : live.index(end)]
    assert "Preview" not in live
    client.logout()
    assert client.get(preview).status_code == 302


@pytest.mark.parametrize("kind", ["cause", "article", "checklist", "self-check"])
def test_new_document_can_be_saved_and_previewed(kind, editor):
    model = document_types.get(kind).model_class()
    options = model._meta
    add = reverse(f"admin:{options.app_label}_{options.model_name}_add")
    empty = form_fields(editor.get(add))
    answer = editor.post(add, {**empty, "slug": "new-page", "_preview": "1"}, follow=True)
    assert answer.status_code == 200, answer.content[:500]
    assert (
        get_document_state(annotate_state(Document.objects.all()).get(slug="new-page")).state
        == "draft"
    )
    assert answer.redirect_chain[-1][0].endswith("/preview/")


def test_withdrawal_needs_a_reason_shown_to_readers(client, editor, spots):
    withdraw = page_of(spots, "withdraw")
    assert b"Write why, in words for readers." in submit_form(editor, withdraw, {}).content
    submit_form(editor, withdraw, {"reason": "The advice was old."}, follow=True)
    answer = client.get(CONDITION)
    assert answer.status_code == 410 and b"The advice was old." in answer.content


def test_withdrawal_of_a_needed_part_is_refused_with_the_page(editor, spots):
    cause = Document.objects.get(kind="cause")
    answer = submit_form(editor, page_of(cause, "withdraw"), {"reason": "Old."})
    assert b"Nothing was changed" in answer.content
    assert page_of(spots, "change") in answer.content.decode()


def test_page_and_parts_it_needs_are_withdrawn_in_one_step(client, editor, spots):
    publish_documents(factories.self_check())
    cause = Document.objects.get(kind="cause")
    page = editor.get(page_of(cause, "withdraw")).content.decode()
    both = re.findall(r'name="together" value="([0-9]+)"', page)
    assert "These cannot be shown without it" in page and len(both) == 2
    submit_form(editor, page_of(cause, "withdraw"), {"reason": "It is wrong.", "together": both})
    for address in ("/causes/oil/", CONDITION, "/self-check/skin-check/"):
        answer = client.get(address)
        assert answer.status_code == 410 and b"It is wrong." in answer.content


def test_withdrawal_of_unneeded_page_offers_no_others(editor, spots):
    assert b"together" not in editor.get(page_of(spots, "withdraw")).content


def test_text_in_no_edition_is_replaced_only_after_confirmation(editor, spots):
    save(editor, spots, title="Not published yet")
    page = submit_form(editor, page_of(spots, "restore"), {"number": "1"}).content.decode()
    assert "The working copy has words that no edition keeps" in page
    assert Article.objects.get(pk=spots.pk).title == "Not published yet"
    answer = submit_form(editor, page_of(spots, "restore"), {"number": "1", "replace": "yes"})
    assert answer.status_code == 302
    assert Article.objects.get(pk=spots.pk).title == "About spots"


def test_restored_edition_is_visible_only_once_published(client, editor, spots):
    save(editor, spots, title="A worse title")
    submit_form(editor, page_of(spots, "publish"), {"note": "New title."})
    listed = editor.get(page_of(spots, "editions")).content.decode()
    assert "Restore edition 1 into the working copy" in listed and "New title." in listed
    submit_form(editor, page_of(spots, "restore"), {"number": "1"})
    assert b"A worse title" in client.get(CONDITION).content
    submit_form(editor, page_of(spots, "publish"), {"note": "Back."})
    assert b"About spots" in client.get(CONDITION).content


@pytest.mark.parametrize("number", ["", "0", "99", "x", "-1"])
def test_restore_of_unknown_edition_is_a_404(number, editor, spots):
    assert submit_form(editor, page_of(spots, "restore"), {"number": number}).status_code == 404


def test_slug_cannot_change_after_publication(editor, spots):
    save(editor, spots, slug="elsewhere")
    assert Document.objects.get(pk=spots.pk).slug == "spots"


def test_published_document_cannot_be_deleted(editor, spots):
    assert editor.post(page_of(spots, "delete"), {"post": "yes"}).status_code == 403
    draft = factories.article("draft")
    assert editor.post(page_of(draft, "delete"), {"post": "yes"}).status_code == 302
    assert not Document.objects.filter(slug="draft").exists()


def test_list_shows_the_state_of_each_document(editor, spots):
    factories.article("draft")
    page = editor.get(reverse("admin:articles_article_changelist")).content.decode()
    assert "Live" in page and "Not published yet" in page


def test_list_query_count_is_independent_of_documents(editor, spots, django_assert_max_num_queries):
    for number in range(12):
        factories.article(f"draft-{number}")
    with django_assert_max_num_queries(10):
        editor.get(reverse("admin:articles_article_changelist"))


def test_sources_and_glossary_are_each_added_once(editor, spots):
    assert editor.get(reverse("admin:references_sourcelist_add")).status_code == 403
    assert editor.get(reverse("admin:references_glossary_add")).status_code == 403


def test_changes_for_readers_are_shown_before_publication(editor, spots):
    factories.cause("sweat")
    row = {
        "causes-TOTAL_FORMS": "2",
        "causes-1-article": spots.pk,
        "causes-1-cause": Document.objects.get(slug="sweat").pk,
        **{f"causes-1-{name}": "Words." for name in ("what_happens", "looks", "self_care")},
    }
    save(editor, spots, **row)
    cause = Document.objects.get(slug="sweat")
    for page in ("submit", "publish"):
        shown = editor.get(page_of(spots, page)).content.decode()
        assert "What this changes for readers: the advice" in shown and 'name="change"' not in shown
        assert (
            "<strong>Advice:</strong> Causes" in shown
            and "Against edition 1, which readers see" in shown
        )
    submit_form(
        editor,
        page_of(spots, "publish"),
        {"note": "New.", "together": [cause.pk], "change": "same-text"},
    )
    assert Edition.objects.filter(document=spots).latest("number").change == "advice"


def test_facets_are_chosen_by_plain_labels(client, editor, spots):
    page = editor.get(page_of(spots, "change")).content.decode()
    assert "Where on the body" in page and 'value="back" id="id_areas_5" checked' in page.replace(
        "\n", " "
    )
    answer = save(editor, spots, areas=["back", "face"], looks_like=[])
    assert b"Saved." in answer.content
    article = Article.objects.get(pk=spots.pk)
    assert article.areas == ["back", "face"] and article.looks_like == []
    assert b"/conditions/spots/" not in client.get("/browse/area/face/").content
    submit_form(editor, page_of(spots, "publish"), {"note": "Found by place, too."})
    assert b"/conditions/spots/" in client.get("/browse/area/face/").content
    assert b"There is no page here yet" in client.get("/browse/look/small-bumps/").content
