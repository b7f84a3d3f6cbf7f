"""Writing snippets and choosing them by title."""

from __future__ import annotations

import pytest
from django.urls import reverse

from education.articles.models import Article, Snippet
from education.publishing import actions
from education.publishing.content import ActionRefused
from education.publishing.models import Document, Edition
from education.staff.cross_references.finder import find_document_references
from tests import factories
from tests.factories import publish_documents
from tests.staff.conftest import create_user, form_fields, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def address_of(row, page):
    return reverse(f"admin:articles_{row._meta.model_name}_{page}", args=[row.pk])


def saved(client, row, **typed):
    """The form of a document after it was saved with what was typed."""
    address = address_of(row, "change")
    data = {**form_fields(client.get(address)), **typed, "_continue": "1"}
    return client.post(address, data, follow=True).content.decode()


@pytest.fixture
def spots(db) -> Article:
    """The small site, and two snippets that readers see nowhere yet."""
    page = factories.make_small_site()
    factories.snippet(), factories.snippet("tell-them", "Tell them about your pills.")
    return page


def test_snippet_form_has_a_live_preview(editor):
    factories.sources()
    add = reverse("admin:articles_snippet_add")
    form = editor.get(add)
    assert "data-markdownx-urls-path" in form.content.decode()
    typed = {"title": "If it bursts", "slug": "if-it-bursts", "text": "Cover it.", "_continue": "1"}
    page = editor.post(add, {**form_fields(form), **typed}, follow=True).content.decode()
    assert "Saved. Readers do not see this until it is published." in page
    assert Snippet.objects.get().content().heading == "If it bursts"
    assert 'value="Save and preview"' in page and 'name="_submit"' in page


def test_snippet_is_chosen_by_title_ordered_and_removed(client, editor, spots):
    first, second = Snippet.objects.get(slug="if-it-bursts"), Snippet.objects.get(slug="tell-them")
    form = editor.get(address_of(spots, "change")).content.decode()
    assert f'<option value="{first.pk}">If it bursts</option>' in form
    rows = {
        "snippets-TOTAL_FORMS": "2",
        "snippets-0-snippet": second.pk,
        "snippets-1-snippet": first.pk,
    }
    saved(editor, spots, **rows)
    assert spots.to_values()["snippets"] == ["tell-them", "if-it-bursts"]
    saved(editor, spots, **{"snippets-0-order": "2"})
    assert spots.to_values()["snippets"] == ["if-it-bursts", "tell-them"]
    saved(editor, spots, **{"snippets-0-DELETE": "on"})
    assert spots.to_values()["snippets"] == ["tell-them"]


def test_snippet_chosen_twice_is_named_with_its_row(editor, spots):
    first = Snippet.objects.get(slug="if-it-bursts")
    rows = {
        "snippets-TOTAL_FORMS": "2",
        "snippets-0-snippet": first.pk,
        "snippets-1-snippet": first.pk,
    }
    page = saved(editor, spots, **rows)
    assert "#snippets-1" in page and "Snippet 2</a>: This stands in the list already." in page


def test_snippet_can_be_previewed_and_reviewed_before_it_is_live(spots):
    snippet = Snippet.objects.get(slug="if-it-bursts")
    edition = factories.actions.freeze(snippet, **factories.ADVICE)
    reviewer = log_in(create_user("rita", "Clinical reviewer"))
    for address in (
        address_of(snippet, "preview"),
        reverse("admin:publishing_edition_preview", args=[edition.pk]),
    ):
        page = reviewer.get(address).content.decode()
        assert (
            "A piece that several pages share" in page
            and "Cover it." in page
            and "The leaflet" in page
        )
    assert (
        "Read it as readers will see it"
        in reviewer.get(address_of(snippet, "review")).content.decode()
    )


def test_article_preview_shows_snippet_that_is_not_live(editor, spots):
    factories.article(snippets=["tell-them"])
    assert (
        "Tell them about your pills." in editor.get(address_of(spots, "preview")).content.decode()
    )


def test_new_snippet_is_offered_and_goes_live_with_its_article(editor, spots):
    factories.article(snippets=["tell-them"])
    page = editor.get(address_of(spots, "publish")).content.decode()
    snippet = Snippet.objects.get(slug="tell-them")
    assert f'value="{snippet.pk}"' in page and "Snippet: Tell them" in page
    # What goes along is not missing; what does not is.
    assert "needs the snippet" not in editor.get(address_of(spots, "change")).content.decode()
    with pytest.raises(ActionRefused, match="needs the snippet"):
        actions.publish([spots], note="Another piece.")


def test_used_snippet_lists_its_pages_and_is_not_deleted(editor, spots):
    article = factories.article(snippets=["if-it-bursts"])
    snippet = Document.objects.get(kind="snippet", slug="if-it-bursts")
    (use,) = find_document_references(snippet).own
    assert (use.document.slug, use.field_label, use.live) == ("spots", "Snippet 1", False)
    page = editor.get(address_of(Snippet.objects.get(pk=snippet.pk), "delete")).content.decode()
    assert "This cannot be deleted yet" in page
    publish_documents(snippet, article)
    (use,) = find_document_references(snippet).own
    assert use.live and use.in_working_copy


def test_dashboard_names_snippet_never_reviewed(editor, spots):
    publish_documents(Snippet.objects.get(slug="if-it-bursts"))
    form = editor.get(
        address_of(Snippet.objects.get(slug="if-it-bursts"), "change")
    ).content.decode()
    assert "View on site" not in form and "Where it is used" in form
    page = editor.get("/admin/").content.decode()
    assert "Snippet: If it bursts" in page
    assert Edition.objects.live().filter(document__kind="snippet").count() == 1
    assert reverse("admin:articles_snippet_changelist") in page


def test_writing_help_reads_a_snippet(editor):
    text = "Commence ambulation subsequent to consultation. Take 200 mg of ibuprofen."
    snippet = factories.snippet(text=text)
    page = editor.get(address_of(snippet, "change")).content.decode()
    assert "200 mg" in page and "Help with plain language" in page
    assert "to mend" in page
