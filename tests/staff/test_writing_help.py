"""Plain-language help for one text and for a whole document."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from education.articles.models import Article
from education.publishing.content import Problem
from education.publishing.models import Document
from education.publishing.workflow.pending import publication_problems
from education.staff.editor.writing_help import document_help
from education.staff.workflow.problem_links import locate_field
from tests import factories
from tests.browser.live_site import load as load_shipped
from tests.markdown.html_checker import element_text, elements

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/markdownx/markdownify/"
EASY = "Wash your back with warm water. Then pat it dry with a soft towel. Do not rub it.\n\n" * 3
HARD = (
    "Antibiotic administration necessitates professional dermatological examination immediately. "
    * 6
)


@pytest.fixture
def writer(staff):
    return staff("wanda", "articles.change_article")


@pytest.fixture
def advice(writer):
    """The advice under the preview of a text, as its paragraphs, its items and its buttons."""

    def ask(text, query=""):
        answer = writer.post(PREVIEW + query, {"content": text})
        assert answer.status_code == 200
        _shown, begins, rest = answer.content.decode().partition('<div class="writing-help"')
        html = begins + rest
        return (
            [element_text(each) for each in elements(html, "p")],
            [" ".join(element_text(each).split()) for each in elements(html, "li")],
            elements(html, "button"),
        )

    return ask


def places(text, buttons):
    """What a browser would select, which counts in UTF-16."""
    units = text.replace("\r\n", "\n").encode("utf-16-le")
    return [
        units[2 * int(each.attrib["data-start"]) : 2 * int(each.attrib["data-end"])].decode(
            "utf-16-le"
        )
        for each in buttons
    ]


def test_easy_text_is_praised(advice):
    paragraphs, items, _buttons = advice(EASY)
    assert paragraphs == [
        "Help with plain language",
        "Reading grade 1. Good: most adults can read this.",
    ]
    assert items == []


def test_hard_text_is_reported_with_its_hardest_words(advice):
    paragraphs, _items, _buttons = advice(HARD)
    assert paragraphs[1].startswith("Reading grade ") and paragraphs[1].endswith(
        ". Aim for 6 or lower."
    )
    assert (
        paragraphs[2].startswith("These words weigh most: ") and "dermatological" in paragraphs[2]
    )


def test_short_text_without_findings_gets_no_help(advice):
    assert advice("Wash your back.") == ([], [], [])
    assert advice("") == ([], [], [])


def test_blocking_findings_come_first(advice):
    _paragraphs, items, buttons = advice("Acne is treated at home.\n\nTake 500 mg.")
    assert [item.split(":")[0] for item in items] == ["Mend this", "Could be plainer"]
    assert "This looks like a dose or a strength." in items[0]
    assert [each.attrib["type"] for each in buttons] == ["button", "button"]
    assert [element_text(each) for each in buttons] == ["Show it: 500 mg", "Show it: is treated"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_button_offsets_are_utf_16(line_end, advice):
    text = line_end.join(
        ["🦵🏽 Wash.  ", "", "", "- 🧴 **Take** 500 mg", "", "é Acne 🦵 is treated."]
    )
    assert places(text, advice(text)[2]) == ["500 mg", "is treated"]


def test_offsets_are_those_of_the_typed_text(advice):
    text = "\n\n  Wash\u202e now   \n\nTake\x07 500 mg."
    assert places(text, advice(text)[2]) == ["500 mg"]


def test_one_line_gets_findings_and_no_grade(advice):
    paragraphs, items, _buttons = advice(HARD + "Take 500 mg.", "?inline=1")
    assert paragraphs == ["Help with plain language"]
    assert items[0].startswith("Mend this:")


def test_words_in_the_glossary_draft_are_known(advice):
    assert len(advice("You may hear of pruritus.")[1]) == 1
    glossary = factories.glossary(Itch="A feeling.")
    glossary.terms.create(word="Itching", also=["Pruritus"], meaning="", order=9)
    assert advice("You may hear of pruritus.")[1] == []


def test_glossary_is_queried_once(writer):
    factories.glossary(Itch="A feeling.", Pore="A tiny hole.")
    with CaptureQueriesContext(connection) as queries:
        writer.post(PREVIEW, {"content": f"{EASY}Pruritus. Papules."})
    assert len([each for each in queries if "references_term" in each["sql"]]) == 1


def test_unsupported_language_is_reported(advice, settings):
    settings.LANGUAGE_CODE = "fr"
    paragraphs, items, _buttons = advice("Prenez 500 mg.")
    assert paragraphs[1:] == ["This help reads English only, so it says nothing about this text."]
    assert items == []


def test_help_is_a_named_group_that_does_not_interrupt(writer):
    html = writer.post(PREVIEW, {"content": EASY}).content.decode()
    (group,) = [
        each for each in elements(html, "div") if each.attrib.get("class") == "writing-help"
    ]
    assert group.attrib == {
        "class": "writing-help",
        "role": "group",
        "aria-label": "Help with plain language",
    }
    assert "aria-live" not in html and 'role="status"' not in html and 'role="alert"' not in html


def test_text_with_many_findings_shows_only_the_first(advice):
    paragraphs, items, _buttons = advice(
        "\n\n".join(["Acne is treated at home."] * 90 + ["Take 500 mg."])
    )
    assert len(items) == 60 and items[0].startswith("Mend this:")
    assert paragraphs[-1] == "And 31 more."


def test_typed_text_is_escaped(writer):
    html = writer.post(
        PREVIEW, {"content": "Take 500 mg <b>pruritus<script>x</script>itis</b>"}
    ).content.decode()
    assert "<script" not in html and "<b>" not in html


@pytest.fixture
def article():
    factories.make_small_site()
    return Article.objects.get()


def changed(article, **values):
    factories.article(**{"summary": "Wash gently.", "introduction": "Read this.", **values})
    return document_help(Article.objects.get(pk=article.pk))


def found(advice):
    return [(each.path, each.finding.code) for each in advice.findings]


def test_document_findings_name_their_fields(article):
    advice = changed(
        article,
        title="Pruritus",
        introduction="Acne is treated at home.",
        do=["Wash.", "Take 500 mg."],
        do_not=["Do not use Accutane."],
    )
    assert found(advice) == [
        (("title",), "medical-word"),
        (("introduction",), "passive"),
        (("do", 1), "dose"),
        (("do_not", 0), "brand"),
    ]
    assert advice.counts == "1 to mend, 3 could be plainer"
    assert [each.path for each in advice.blocking] == [("do", 1)]


def test_document_grade_covers_all_its_texts(article):
    easy, hard = changed(article, summary=EASY), changed(article, summary=EASY, introduction=HARD)
    assert easy.reading.is_easy and not hard.reading.is_easy
    assert easy.reading.grade < hard.reading.grade
    assert "dermatological" in hard.reading.hard_words
    assert easy.reading.hard_words == ""


def test_list_over_seven_items_is_reported_once(article):
    lines = [
        f"Wash your {part}."
        for part in ("back", "arms", "legs", "feet", "neck", "face", "hair", "hands")
    ]
    assert found(changed(article, do=lines[:7])) == []
    advice = changed(article, do=lines)
    assert found(advice) == [(("do",), "long-list")]
    assert "8 items" in advice.findings[0].finding.message


def test_do_list_without_actions_is_reported(article):
    assert found(changed(article, do=["It is good.", "**The** skin heals."])) == [
        (("do",), "no-action")
    ]
    assert found(changed(article, do=["It is good.", "**Wash** it."])) == []


def test_publication_problems_are_not_repeated(article):
    Article.objects.filter(pk=article.pk).update(
        summary="", introduction="Read this.", checklist=None, do=[]
    )
    draft = Article.objects.get(pk=article.pk)
    assert len(publication_problems(Document.objects.get(pk=article.pk))) >= 3
    assert found(document_help(draft)) == []


def test_synonym_of_the_page_is_no_medical_word(article):
    text = "Some call it pruritus."
    assert found(changed(article, introduction=text)) == [(("introduction",), "medical-word")]
    assert found(changed(article, introduction=text, also_called=["Pruritus"])) == []


def test_medical_word_is_reported_where_it_is_first_used(article):
    advice = changed(article, summary="It is pruritus.", introduction="Yes, pruritus.")
    assert found(advice) == [(("summary",), "medical-word")]


def test_every_finding_links_to_its_field(article):
    asked = []

    def locate(path):
        asked.append(path)
        return f"#id_{path[0]}", str(path[0]).capitalize()

    advice = changed(
        article, introduction="Acne is treated with pruritus.", do=["Take 500 mg."]
    ).with_links(locate)
    assert asked == [("introduction",), ("do", 0)]
    html = render_to_string("admin/document/_document_writing_help.html", {"writing_help": advice})
    assert [(each.attrib["href"], element_text(each)) for each in elements(html, "a")] == [
        ("#id_do", "Do"),
        ("#id_introduction", "Introduction"),
        ("#id_introduction", "Introduction"),
    ]
    (summary,) = elements(html, "summary")
    assert element_text(summary) == "Help with plain language: 1 to mend, 2 could be plainer"


def test_document_in_unsupported_language_says_no_help(article):
    article.language = "fr"
    html = render_to_string(
        "admin/document/_document_writing_help.html", {"writing_help": document_help(article)}
    )
    assert "This help reads English only" in html and "Reading grade" not in html


def test_every_kind_of_document_has_help(article, django_assert_max_num_queries):
    factories.self_check()
    for document in Document.objects.all():
        working_copy = document.working_copy()
        with django_assert_max_num_queries(12):
            advice = document_help(working_copy)
        assert advice.supported
        assert advice.blocking == []


def test_shipped_findings_all_link_to_form_fields():
    load_shipped()
    for document in Document.objects.all():

        def locate(path, document=document):
            return locate_field(Problem(document.key, path, ""), document)

        advice = document_help(document.working_copy()).with_links(locate)
        for each in advice.findings:
            assert each.url.startswith("/admin/")
            assert "#" in each.url or "/question/" in each.url
            assert each.label


@pytest.mark.parametrize("slug", ["fatty-bumps-on-the-back", "white-discharge-from-back-spots"])
def test_shipped_articles_are_plain_and_name_no_dose(slug):
    load_shipped()
    advice = document_help(Article.objects.get(slug=slug))
    assert [each.finding.excerpt for each in advice.blocking] == []
    assert advice.reading.measure.grade is not None
    assert advice.reading.measure.grade <= 6
    # What remains is known and small; a change that adds to it should be seen.
    assert len(advice.findings) <= 14
