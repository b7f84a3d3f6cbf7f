"""Comparing the working copy and editions."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from education.checklists.models import WarningSign
from education.publishing import actions, document_types
from education.publishing.models import Document
from education.references.models import SourceList
from tests import factories
from tests.factories import WORDING, publish_documents

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def spots(db):
    return factories.make_small_site()


def address_of(document, **query):
    options = document.document_type.model_class()._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_compare", args=[document.pk])
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


def read(client, document, **query):
    """The page of changes as text without markup; gone words in [-…-], new ones in [+…+]."""
    answer = client.get(address_of(document, **query))
    assert answer.status_code == 200, answer.status_code
    page = answer.content.decode()
    page = page[page.index('id="content"') :]
    page = re.sub(r'<span class="visually-hidden">.*?</span>', "", page)
    for tag, mark in (("del", "-"), ("ins", "+")):
        page = page.replace(f"<{tag}>", f"[{mark}").replace(f"</{tag}>", f"{mark}]")
    page = re.sub(r'<h2 id="change-\d+">', "# ", page)
    return unescape(re.sub(r"<[^>]+>", "", page))


def headings(text):
    """What each change is headed by."""
    return re.findall(r"^ *# (.*)$", text, re.MULTILINE)


def test_words_changed_since_live_edition_are_marked(editor, spots):
    spots.introduction = "Most young people get <b>spots</b>."
    spots.save()
    text = read(editor, spots)
    assert "1 field changed" in text
    assert headings(text) == ["Introduction: changed"]
    assert "Most people get spots." in text
    assert "Most [+young +]people get [+<b>+]spots[+</b>+]." in text


def test_changes_are_announced_to_screen_readers(editor, spots):
    factories.article(introduction="Few people get spots.")
    page = editor.get(address_of(spots)).content.decode()
    for tag, begins, ends in (
        ("del", "removed:", "end of removed"),
        ("ins", "added:", "end of added"),
    ):
        hidden = '<span class="visually-hidden">'
        assert re.search(
            rf"<{tag}>{hidden}{begins} </span>\w+{hidden} {ends} </span></{tag}>", page
        )


def test_unchanged_text_is_reported_as_such(editor, spots):
    text = read(editor, spots)
    assert "Nothing is different" in text
    assert headings(text) == []


def test_added_removed_moved_and_changed_causes_are_named(editor, spots):
    for slug in ("dirt", "hair", "heat"):
        publish_documents(factories.cause(slug))
    factories.article(causes=("oil", "dirt", "hair"))
    publish_documents(spots)
    factories.article(causes=("hair", "oil", "heat"))
    spots.causes.filter(cause__slug="oil").update(looks="Small and yellow.")
    text = read(editor, spots)
    assert "Causes: 1 added, 1 removed, in another order" in text
    assert "1 field changed" in text
    assert headings(text) == [
        "Causes: in another order",
        "Causes › Dirt: removed",
        "Causes › Oil › How it looks or feels: changed",
        "Causes › Heat: added",
    ]
    assert "Small and [-white-]." in text and "Small and [+yellow+]." in text
    assert "What happens: [+This is how heat makes spots.+]" in text
    assert "What happens: [-This is how dirt makes spots.-]" in text


def test_moved_sign_is_compared_with_itself(editor, spots):
    checklist = Document.objects.get(kind="checklist")
    WarningSign.objects.filter(key="growing").update(
        urgency="urgent", order=0, text="A lump grows fast"
    )
    WarningSign.objects.exclude(key="growing").update(order=5)
    text = read(editor, checklist)
    assert headings(text) == [
        "Signs: in another order",
        "Signs › Growing › Urgency: changed",
        "Signs › Growing › What a person notices: changed",
    ]
    assert "[-See a doctor soon-]" in text and "[+Urgent+]" in text
    assert "A lump grows[+ fast+]" in text


def test_question_is_compared_with_its_choices_and_routes(editor, spots):
    check = factories.self_check()
    publish_documents(check)
    check.questions.first().choices.filter(key="unsure").update(text="I do not know")
    check.questions.first().routes.last().delete()
    text = read(editor, check)
    assert headings(text) == [
        "Questions › 1a › Choices › Unsure › Text: changed",
        "Questions › 1a › Routes › number 2: removed",
    ]
    assert "Question: [-2b-]" in text


def test_sources_are_named_by_title(editor, spots):
    factories.sources("nhs-boils")
    text = read(editor, SourceList.objects.get())
    assert headings(text) == ["Sources › The nhs-boils: added"]
    assert "Sources: 1 added" in text


def test_any_two_versions_can_be_chosen(editor, spots):
    for number in (2, 3):
        factories.article(title=f"Title {number}")
        publish_documents(spots, **WORDING)
    factories.article(title="Title to be")
    page = editor.get(address_of(spots)).content.decode()
    options = re.findall(
        r'<option value="(\w+)"( selected)?>([^<,(]+?)( \(live now\))?(?:, [^<]*)?</option>', page
    )
    assert options[: len(options) // 2] == [
        ("working", "", "Working copy", ""),
        ("3", " selected", "Edition 3", " (live now)"),
        ("2", "", "Edition 2", ""),
        ("1", "", "Edition 1", ""),
    ]
    assert [name for name, chosen, *_words in options if chosen] == ["3", "working"]
    assert "[-About spots-]" in read(editor, spots, **{"from": 1, "to": 2})
    assert "Title [-2-]" in read(editor, spots, **{"from": 2, "to": "live"})
    backwards = read(editor, spots, **{"from": "working", "to": 3})
    assert "Title [-to be-]" in backwards and "Title [+3+]" in backwards
    assert "Nothing is different" in read(editor, spots, **{"from": 2, "to": 2})


def test_before_first_edition_everything_is_new(editor, spots):
    draft = factories.article("draft")
    text = read(editor, draft)
    assert "There is no edition yet, so everything is new." in text
    assert "Title: added" in headings(text) and "Causes › Oil: added" in headings(text)
    assert read(editor, draft, to="live", **{"from": "live"}) == text


def test_newest_edition_is_compared_while_nothing_is_live(editor, spots):
    factories.article(title="Second title")
    publish_documents(spots, **WORDING)
    actions.withdraw(
        Document.objects.get(pk=spots.pk), reason="It was wrong.", redirect_to=None, by=None
    )
    factories.article(title="Third title")
    text = read(editor, spots)
    assert "[-Second-] title" in text and "[+Third+] title" in text
    assert "live now" not in text
    assert "[+Second+] title" in read(editor, spots, **{"from": "working", "to": "live"})


@pytest.mark.parametrize("kind", document_types.names())
def test_almost_empty_working_copy_is_compared_without_error(kind, editor):
    begun = document_types.get(kind).model_class()(slug="begun")
    begun.save()
    assert read(editor, begun)


def test_unfinished_working_copy_is_compared_in_part(editor, spots):
    spots.causes.update(looks="")
    spots.title, spots.do, spots.checklist = "", ["Wash with warm water.", "Rest  a while."], None
    spots.save()
    told = headings(read(editor, spots))
    assert (
        "Title: removed" in told and "Do › line 2: added" in told and "Checklist: changed" in told
    )


def test_whitespace_removed_by_publishing_is_no_change(editor, spots):
    spots.title = "About  spots "
    spots.save()
    assert "Nothing is different" in read(editor, spots)


@pytest.mark.parametrize("side", ["from", "to"])
@pytest.mark.parametrize(
    "odd",
    ["0", "01", "2", "-1", "99999999999999999999", "1.0", "²", "١", "draft", "Live", "%00", "1;--"],
)
def test_unknown_version_is_not_found(side, odd, editor, spots):
    assert editor.get(address_of(spots, **{side: odd})).status_code == 404


def test_empty_choice_is_the_default(editor, spots):
    factories.article(title="Another title")
    assert read(editor, spots, **{"from": "", "to": ""}) == read(editor, spots)
    assert read(editor, spots, **{"from": "live", "to": "working"}) == read(editor, spots)


def test_viewer_may_compare(staff, spots):
    assert staff("viewer", "articles.view_article").get(address_of(spots)).status_code == 200
    assert staff("author", "articles.change_article").get(address_of(spots)).status_code == 200
    other = staff("other", "checklists.change_checklist")
    assert other.get(address_of(spots)).status_code == 403
    assert Client().get(address_of(spots)).status_code == 302


def test_comparison_changes_nothing(editor, spots):
    assert editor.post(address_of(spots)).status_code == 405
    cause = Document.objects.get(kind="cause")
    wrong = reverse("admin:articles_article_compare", args=[cause.pk])
    assert editor.get(wrong).status_code == 404
    assert editor.get(reverse("admin:articles_article_compare", args=[10**9])).status_code == 404


@pytest.mark.parametrize("query", [{}, {"from": "1", "to": "2"}])
def test_query_count_is_independent_of_editions_and_causes(query, editor, spots):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert editor.get(address_of(spots, **query)).status_code == 200
        return len(seen)

    factories.article(title="Another title")
    publish_documents(spots, **WORDING)
    few = queries()
    names = tuple(f"cause-{number}" for number in range(12))
    publish_documents(*(factories.cause(name) for name in names))
    for number in range(6):
        factories.article(causes=names[number:], title=f"Title {number}")
        publish_documents(spots)
    factories.article(causes=names[::-1])
    assert queries() == few
    assert few <= 13
