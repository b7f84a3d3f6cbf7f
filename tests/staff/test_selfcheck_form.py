"""A self-check is written on one page: its questions, choices, ways on and results."""

from __future__ import annotations

import re
from html import unescape
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from education.checklists.models import Checklist
from education.publishing.content_files.writer import write_content
from education.publishing.models import Document
from education.selfcheck.models import Question, SelfCheck
from education.staff.selfchecks import draft_flow
from tests import factories
from tests.staff.conftest import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ADD = "/admin/selfcheck/selfcheck/add/"
RESULT = {"do_now": "Get help.", "when": "Now.", "safety_net": "If it gets worse, call."}


def result(number, title):
    texts = {f"outcomes-{number}-{name}": text for name, text in RESULT.items()}
    return {f"outcomes-{number}-title": title, **texts}


def question(number, text, sign, *targets):
    """A question with one sign; its three lines lead to `targets`."""
    row = f"questions-{number}"
    lines = {f"{row}-routes-{n}-target": target for n, target in enumerate(targets)}
    levels = {f"{row}-routes-{n}-level": level for n, level in enumerate(("emergency", "urgent"))}
    texts = {f"{row}-text": text, f"{row}-why": "It tells how soon.", f"{row}-several": "on"}
    neutral = {
        f"{row}-choices-0-text": "None of these",
        f"{row}-choices-0-answer": "no",
        f"{row}-choices-1-text": "I'm not sure",
        f"{row}-choices-1-answer": "not-sure",
    }
    sizes = {f"{row}-choices-TOTAL_FORMS": "9", f"{row}-routes-TOTAL_FORMS": "9"}
    return {
        f"{row}-signs": sign,
        f"{row}-ref": f"#{number}",
        **texts,
        **neutral,
        **lines,
        **levels,
        **sizes,
    }


NEW = {
    "title": "Check your skin",
    "introduction": "It takes two minutes.",
    "questions-TOTAL_FORMS": "3",
    **question(0, "Emergency?", "breathing", "outcome:#0", "outcome:#1", "question:#1"),
    **question(1, "Urgent?", "spreading", "outcome:#0", "outcome:#1", "question:#2"),
    **question(2, "Growing?", "growing", "outcome:#0", "outcome:#1", "outcome:#2"),
    **result(0, "Call now"),
    **result(1, "Get help today"),
    **result(2, "Book a visit"),
}


@pytest.fixture
def check(db):
    """A draft of the self-check of the small site."""
    factories.make_small_site()
    return factories.self_check()


def url(row, page="change"):
    return reverse(f"admin:selfcheck_selfcheck_{page}", args=[row.pk])


def send(client, address, **changes):
    data = {**form_fields(client.get(address)), "_continue": "1", **changes}
    return client.post(address, {name: v for name, v in data.items() if v is not None}, follow=True)


def add(client, **changes):
    factories.make_small_site()
    return send(client, ADD, **NEW, **changes)


def test_new_self_check_is_one_save_and_proved(editor):
    page = add(editor).content.decode()
    assert "Saved." in page and "to mend before this can be published" not in page
    check = SelfCheck.objects.get()
    values = check.to_values()
    assert check.slug == "check-your-skin"
    assert [row["key"] for row in values["questions"]] == ["1a", "2b", "3c"]
    assert [row["key"] for row in values["outcomes"]] == [
        "call-now",
        "get-help-today",
        "book-a-visit",
    ]
    assert [row["urgency"] for row in values["outcomes"]] == ["emergency", "urgent", "routine"]
    first = values["questions"][0]
    assert [(c["sign"], c["answer"], c["counts_as"]) for c in first["choices"]] == [
        ("breathing", "", ""),
        ("", "no", ""),
        ("", "not-sure", "urgent"),
    ]
    assert [(r["at_least"], r["question"] or r["outcome"]) for r in first["routes"]] == [
        ("emergency", "call-now"),
        ("urgent", "get-help-today"),
        ("", "2b"),
    ]
    check.content()


def test_save_of_an_unchanged_form_changes_nothing(editor, check):
    before, version = check.to_values(), Document.objects.get(pk=check.pk).lock_version
    assert "Saved." in send(editor, url(check)).content.decode()
    assert check.to_values() == before
    assert Document.objects.get(pk=check.pk).lock_version == version


def test_keys_and_other_rows_stay_when_words_change(editor, check):
    before = check.to_values()
    send(
        editor,
        url(check),
        **{"questions-3-text": "How is it?", "questions-3-choices-0-text": "Fluid"},
    )
    after = check.to_values()
    before["questions"][3]["text"] = "How is it?"
    before["questions"][3]["choices"][0]["text"] = "Fluid"
    assert after == before


def test_only_signs_of_its_checklist_are_offered_with_levels(editor, check):
    factories.checklist("other", signs=[{**factories.SIGNS[0], "text": "Elsewhere"}])
    page = unescape(editor.get(url(check)).content.decode())
    assert "Emergency: You find it hard to breathe" in page and "Elsewhere" not in page
    answer = editor.get(
        "/admin/selfcheck/selfcheck/signs/", {"checklist": Checklist.objects.get(slug="other").pk}
    )
    assert "Emergency: Elsewhere" in answer.content.decode()


def test_form_shows_no_key(editor, check):
    page = unescape(re.sub(r"<[^>]+>", " ", editor.get(url(check)).content.decode()))
    assert not re.search(
        r"\b(1a|2b|3c|4d)\b",
        page.replace("true for you: ", "").replace("1a?", "").replace("2b?", "").replace("3c?", ""),
    )


def test_result_is_not_taken_out_while_lines_lead_there(editor, check):
    page = send(editor, url(check), **{"outcomes-2-DELETE": "on", "title": "Other"})
    text = unescape(page.content.decode())
    assert "Line 1 leads to result 3. Let it lead elsewhere first." in text
    assert check.outcomes.filter(key="book").exists() and 'value="Other"' in text


def test_question_is_taken_out_with_what_led_to_it(editor, check):
    row = {"questions-3-DELETE": "on", "questions-2-routes-1-target": "outcome:home"}
    page = send(editor, url(check), **row)
    assert "Saved." in page.content.decode()
    assert [one.key for one in check.questions.all()] == ["1a", "2b", "3c"]


def test_choice_is_not_taken_out_while_a_line_waits_for_it(editor, check):
    page = send(editor, url(check), **{"questions-3-choices-0-DELETE": "on"})
    assert "Line 1 waits for a choice that is taken out." in page.content.decode()
    row = {"questions-3-choices-0-DELETE": "on", "questions-3-routes-0-DELETE": "on"}
    assert "Saved." in send(editor, url(check), **row).content.decode()
    assert [one.key for one in Question.objects.get(key="4d").choices.all()] == ["other", "unsure"]


def test_line_makes_the_question_that_it_leads_to(editor, check):
    row = {"questions-3-routes-2-target": "question:new"}
    assert "Saved." in send(editor, url(check), **row).content.decode()
    assert check.to_values()["questions"][3]["routes"][2]["question"] == "5e"


def test_forged_target_is_stored_as_nowhere(editor, check):
    row = {"questions-3-routes-2-target": "outcome:elsewhere"}
    page = send(editor, url(check), **row).content.decode()
    assert "to mend before this can be published" in page


def test_second_writer_is_shown_both_versions_of_choices(editor, check):
    mine = form_fields(editor.get(url(check)))
    send(editor, url(check), **{"questions-3-choices-0-text": "Theirs"})
    page = editor.post(url(check), {**mine, "questions-3-choices-1-text": "Mine", "_continue": "1"})
    merge = page.context["unsaved_form"].merge
    assert [one.label for one in merge.conflicts] == ["Question 4: Other choices"]
    assert "Theirs" in merge.conflicts[0].saved and "{" not in merge.conflicts[0].saved
    again = editor.post(url(check), {**form_fields(page), "_continue": "1"}, follow=True)
    assert "Saved." in again.content.decode()
    assert [c["text"] for c in check.to_values()["questions"][3]["choices"]] == [
        "White stuff comes out",
        "Mine",
        "I'm not sure",
    ]


def test_typed_draft_comes_back_and_is_drawn_beside_the_form(editor):
    factories.make_small_site()
    editor.post(f"{ADD}autosave/", {**form_fields(editor.get(ADD)), **NEW})
    page = editor.get(ADD).content.decode()
    assert "This is what you typed on" in page
    assert 'value="outcome:#1" selected' in page
    drawing = unescape(editor.get(f"{ADD}draft/").content.decode())
    assert "Emergency?" in drawing and "Call now" in drawing
    assert not SelfCheck.objects.exists()


def test_problem_stands_beside_its_question(editor, check):
    Question.objects.get(key="3c").routes.all().delete()
    page = editor.get(url(check)).content.decode()
    row = page[page.index('id="questions-2"') : page.index('id="questions-3"')]
    assert "Problem:" in row and "This list is empty" in row


def test_every_page_and_the_command_list_the_same_problems(editor, check, tmp_path):
    factories.publish_documents(check)
    call_command("export_content", tmp_path / "site", stdout=StringIO(), stderr=StringIO())
    questions = [dict(row) for row in factories.QUESTIONS]
    questions[1]["routes"] = [{"at_least": "urgent", "outcome": "home"}, {"question": "3c"}]
    factories.self_check(questions=questions)
    messages = [one.message for one in draft_flow.publication_problems(check)]
    assert len(messages) > 1 and len(set(messages)) == len(messages)
    for page in ("change", "flowchart", "submit", "publish"):
        shown = unescape(editor.get(url(check, page)).content.decode())
        assert [one for one in messages if one not in shown] == [], page
    path = tmp_path / "site/en/self-checks/skin-check.yaml"
    path.write_bytes(write_content(check.draft_content(), check.document_type.file_layout))
    listed = StringIO()
    with pytest.raises(CommandError, match=f"^{len(messages)} mistakes"):
        call_command("check_content", tmp_path / "site", stdout=StringIO(), stderr=listed)
    assert [one for one in messages if one not in listed.getvalue()] == []
