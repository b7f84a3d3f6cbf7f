"""A new article starts from a template: headings and rows, and nothing that is published."""

from __future__ import annotations

from typing import Any

import pytest

from education.articles.models import Article
from education.articles.new_pages.templates import TEMPLATES, PageTemplate
from education.checklists.models import Checklist
from education.markdown import validate_sections
from education.publishing.models import Document
from education.publishing.workflow.states import annotate_state, get_document_state
from tests import factories
from tests.staff.conftest import form_fields, submit_form

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ADD = "/admin/articles/article/add/"
PLAIN = {
    "title": "Cold sores",
    "summary": "Some people have them.",
    "do": "Wash your hands.",
    "do_not": "Do not share towels.",
}


@pytest.fixture(autouse=True)
def _site(db: None) -> None:
    factories.make_small_site()


def filled_in(page: Any, template: PageTemplate) -> dict[str, Any]:
    """The form of a template with plain words in every text that it asks for."""
    typed = {**form_fields(page), **PLAIN, "_continue": "1"}
    typed["introduction"] = "".join(f"# {one}\n\nSome words.\n\n" for one in template.headings)
    for index in range(len(template.signs)):
        typed[f"signs-{index}-text"] = f"You notice this: {index + 1}"
        typed[f"signs-{index}-sources"] = "leaflet"
    for index in range(template.cause_count):
        typed[f"causes-{index}-name"] = f"Reason {index + 1}"
        for name in ("what_happens", "looks", "self_care"):
            typed[f"causes-{index}-{name}"] = "Some words."
    return typed


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.key)
def test_template_filled_in_plainly_is_submitted(editor, template):
    address = f"{ADD}?template={template.key}"
    page = editor.post(address, filled_in(editor.get(address), template), follow=True)
    assert "Saved." in page.content.decode()
    article = Article.objects.get(slug="cold-sores")
    assert [one["urgency"] for one in article.checklist.to_values()["signs"]] == [*template.signs]
    assert article.causes.count() == template.cause_count
    assert not [one for one in page.context["problems"] if "heading" in one]
    submit = f"/admin/articles/article/{article.pk}/submit/"
    together = list(editor.get(submit).context["form"].initial["together"])
    submit_form(editor, submit, {"note": "New.", "together": together})
    state = get_document_state(annotate_state(Document.objects.all()).get(pk=article.pk)).state
    assert state == "submitted"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.key)
def test_what_is_left_empty_is_not_kept_and_headings_are_named(editor, template):
    address = f"{ADD}?template={template.key}"
    typed = {**form_fields(editor.get(address)), "title": "Cold sores", "_continue": "1"}
    page = editor.post(address, typed, follow=True)
    article = Article.objects.get(slug="cold-sores")
    assert article.causes.count() == 0 and Checklist.objects.count() == 1
    named = [one for one in page.context["problems"] if "Nothing stands below" in one]
    assert len(named) == len(template.headings) and "#id_introduction" in named[0]


def test_add_page_offers_each_template_and_an_empty_page(editor):
    page = editor.get(f"{ADD}?template=medicine").content.decode()
    for key in ("symptom", "condition", "procedure"):
        assert f'href="{ADD}?template={key}"' in page
    assert f'href="{ADD}?template=medicine" aria-current="true"' in page
    assert "No doses" in page and f'href="{ADD}"' in page


@pytest.mark.parametrize("address", [ADD, f"{ADD}?template=", f"{ADD}?template=%00nothing"])
def test_empty_page_has_no_rows_and_no_words(editor, address):
    fields = form_fields(editor.get(address))
    assert fields["introduction"] == "" and fields["signs-TOTAL_FORMS"] == "0"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("# One\n\nWords.", 0),
        ("# One\n\n## Two\n\nWords.", 0),
        ("# One\n\n# Two\n\nWords.", 1),
        ("## One\n\n# Two", 2),
        ("# One\n\n- a\n- b\n\n## Two", 1),
    ],
)
def test_heading_without_words_below_it_is_named(text, named):
    assert len(validate_sections(text)) == named
