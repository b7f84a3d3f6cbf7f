"""Editing a self-check: flowchart, inserted questions, walkthrough, protected deletion."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from education.audit.models import AuditLogEntry
from education.checklists.models import WarningSign
from education.publishing.content import ActionRefused
from education.publishing.models import Document
from education.selfcheck.models import Choice, Outcome, Question, Route, SelfCheck
from education.staff.accounts import roles
from education.staff.models import StaffSession
from education.staff.selfchecks.flowchart import unused_key
from tests import factories
from tests.factories import publish_documents
from tests.staff.conftest import create_user, form_fields, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

QUESTION = "selfcheck_question"


@pytest.fixture
def check(db):
    """A draft of the self-check of the small site."""
    factories.make_small_site()
    return factories.self_check()


def page_of(row, page):
    options = row._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[row.pk])


def text_of(answer):
    page = answer.content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])))


def question(key):
    return Question.objects.get(key=key)


def route(key, number=0):
    return question(key).routes.all()[number]


def save(client, row, **changes):
    """Send the form of a row; what the page says then."""
    address = page_of(row, "change")
    data = {**form_fields(client.get(address)), "_continue": "1", **changes}
    return client.post(address, data, follow=True)


# The drawing


def test_flowchart_boxes_link_to_their_forms(editor, check):
    page = editor.get(page_of(check, "flowchart")).content.decode()
    for one in check.questions.all():
        assert f'<a href="{page_of(one, "change")}" class="box"' in page
    for place in range(4):
        assert f'<a href="{page_of(check, "change")}#outcomes-{place}" class="box outcome"' in page
    assert page.count("data-urgency=") >= 8 and "<script>" not in page and "style=" not in page


def test_text_list_says_all_that_the_flowchart_shows(editor, check):
    shown = text_of(editor.get(page_of(check, "flowchart")))
    shown = shown[shown.index("As a list") :]
    assert "4d: What is it like?" in shown
    assert "White stuff comes out → home" in shown
    assert "when “White stuff comes out” was chosen → home" in shown
    assert "call: What to do: call (Emergency)" in shown


def test_problem_is_marked_in_flowchart_and_named_in_list(editor, check):
    question("3c").routes.all().delete()
    page = editor.get(page_of(check, "flowchart"))
    assert 'class="box wrong"' in page.content.decode()
    assert "Problem: " in text_of(page) and "leads nowhere yet" not in text_of(page)
    assert "→ nowhere yet" in text_of(page)


def test_self_check_form_links_to_flowchart_and_walkthrough(editor, check):
    page = editor.get(page_of(check, "change")).content.decode()
    assert page_of(check, "flowchart") in page and page_of(check, "walkthrough") in page


def _nothing(check):
    Route.objects.all().delete()
    Question.objects.all().delete()
    Outcome.objects.all().delete()
    SelfCheck.objects.update(checklist=None)


def _no_choices(check):
    Route.objects.update(choice=None)
    Choice.objects.all().delete()


def _a_circle(check):
    Route.objects.update(to_question=question("1a"), to_outcome=None)


def _no_target(check):
    Route.objects.update(to_question=None, to_outcome=None)


def _keys_twice(check):
    Question.objects.update(key="1a")
    Choice.objects.update(key="yes")
    Outcome.objects.update(key="1a", urgency="")


def _too_much(check):
    for number in range(14):
        question("1a").choices.create(key=f"k{number}", text="**x** " * 300)
    WarningSign.objects.all().delete()


@pytest.mark.parametrize(
    "spoil", [_nothing, _no_choices, _a_circle, _no_target, _keys_twice, _too_much]
)
def test_unfinished_self_check_is_drawn_and_tried_in_part(spoil, editor, check):
    spoil(check)
    assert editor.get(page_of(check, "flowchart")).status_code == 200
    page = editor.get(page_of(check, "walkthrough"))
    assert page.status_code == 200
    answer = {**form_fields(page), "choice": "none"}
    assert editor.post(page_of(check, "walkthrough"), answer).status_code == 200


# A question put in


def test_question_is_inserted_between_two_others(editor, check):
    revision = Document.objects.get(pk=check.pk).lock_version
    way = route("1a", 1)
    answer = editor.post(page_of(check, "insert_question"), {"route": way.pk}, follow=True)
    new = question("5e")
    assert answer.redirect_chain == [(page_of(new, "change"), 302)]
    assert new.text == "New question" and not new.choices.exists()
    assert [one.key for one in check.questions.all()] == ["1a", "5e", "2b", "3c", "4d"]
    assert [one.order for one in check.questions.all()] == [0, 1, 2, 3, 4]
    assert route("1a", 1).to_question == new
    assert [one.to_question.key for one in new.routes.all()] == ["2b"]
    assert Document.objects.get(pk=check.pk).lock_version == revision + 1
    entry = AuditLogEntry.objects.get(slug=check.slug, action="saved")
    assert "5e: New question" in entry.details and entry.user.username == "edith"


def test_question_is_inserted_before_an_outcome(editor, check):
    editor.post(page_of(check, "insert_question"), {"route": route("1a").pk})
    assert (route("1a").to_question, route("1a").to_outcome) == (question("5e"), None)
    assert route("5e").to_outcome.key == "call"
    assert route("1a").at_least == "emergency"


@pytest.mark.parametrize("number", ["", "x", "0", "99999999", "9" * 30])
def test_deleted_route_changes_nothing(number, editor, check):
    answer = editor.post(page_of(check, "insert_question"), {"route": number}, follow=True)
    assert "Somebody took this way out meanwhile." in answer.content.decode()
    assert (
        Question.objects.count() == 4 and not AuditLogEntry.objects.filter(action="saved").exists()
    )


def test_route_of_another_self_check_is_not_changed(editor, check):
    other = factories.self_check("other")
    way = Route.objects.filter(question__self_check=other).first()
    editor.post(page_of(check, "insert_question"), {"route": way.pk})
    assert Question.objects.count() == 8


def test_viewer_is_offered_no_insertion(check):
    reader = log_in(create_user("rita", roles.REVIEWER))
    page = reader.get(page_of(check, "flowchart")).content.decode()
    assert (
        "Insert a question" not in page and "plus sign" not in page and 'class="plus"' not in page
    )
    assert (
        reader.post(page_of(check, "insert_question"), {"route": route("1a").pk}).status_code == 403
    )


def test_free_keys_are_neutral_and_unused():
    taken: set[str] = set()
    for _number in range(300):
        key = unused_key(taken)
        assert re.fullmatch(r"[0-9][0-9a-z]{1,3}", key) and key not in taken
        taken.add(key)
    assert unused_key({"1A", "2b"}) == "3c"


# Trying it


def answer(client, check, page, *chosen):
    return client.post(page_of(check, "walkthrough"), {**form_fields(page), "choice": list(chosen)})


def test_walkthrough_asks_working_copy_step_by_step(editor, check):
    page = editor.get(page_of(check, "walkthrough"))
    for _question in range(3):
        assert "Is this true for you" in text_of(page)
        page = answer(editor, check, page, "none")
    page = answer(editor, check, page, "white")
    shown = text_of(page)
    assert "What to do: home" in shown and "Care at home" in shown and "Do the home thing." in shown
    assert "About spots" in shown and "White stuff comes out" in shown


def test_walkthrough_ends_at_an_emergency(editor, check):
    page = answer(editor, check, editor.get(page_of(check, "walkthrough")), "yes")
    assert (
        "What to do: call" in text_of(page) and 'data-urgency="emergency"' in page.content.decode()
    )


def test_changed_answer_keeps_later_answers_that_still_fit(editor, check):
    page = answer(editor, check, editor.get(page_of(check, "walkthrough")), "none")
    page = answer(editor, check, page, "yes")
    assert "What to do: today" in text_of(page)
    page = editor.post(
        page_of(check, "walkthrough"), {"given": form_fields(page)["given"], "change": "2b"}
    )
    page = answer(editor, check, page, "none")
    assert "3c" in text_of(page) and "What to do" not in text_of(page)


def test_answer_without_route_is_reported(editor, check):
    question("1a").routes.all()[1].delete()
    page = answer(editor, check, editor.get(page_of(check, "walkthrough")), "none")
    assert "This answer leads nowhere yet." in text_of(page)


def test_answer_with_cycle_or_milder_end_is_reported(editor, check):
    route("1a").delete()
    Route.objects.filter(question__key="1a").update(
        to_question=None, to_outcome=Outcome.objects.get(key="home")
    )
    page = answer(editor, check, editor.get(page_of(check, "walkthrough")), "yes")
    assert "leads to the outcome “home”, which is milder" in text_of(page)
    Route.objects.filter(question__key="1a").update(to_question=question("1a"), to_outcome=None)
    page = answer(editor, check, editor.get(page_of(check, "walkthrough")), "yes")
    assert "leads back to question 1a" in text_of(page)


@pytest.mark.parametrize("chosen", [(), ("yes", "none"), ("bogus",)])
def test_invalid_answer_is_asked_again(chosen, editor, check):
    page = answer(editor, check, editor.get(page_of(check, "walkthrough")), *chosen)
    assert "This question does not allow this answer." in text_of(page)
    assert "Is this true for you: 1a?" in text_of(page)


@pytest.mark.parametrize("given", ["", "nonsense", "W10:1abc:xyz"])
def test_forged_answers_are_dropped(given, editor, check):
    data = {"given": given, "question": "1a", "choice": ["none"]}
    page = editor.post(page_of(check, "walkthrough"), data)
    assert page.status_code == 200 and "Is this true for you: 1a?" in text_of(page)


def test_walkthrough_stores_nothing(editor, check):
    page = editor.get(page_of(check, "walkthrough"))
    before = list(StaffSession.objects.values_list("session_data", flat=True))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = answer(editor, check, page, "none")
    writing = [q["sql"] for q in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"])]
    assert not [sql for sql in writing if "session" not in sql]
    assert list(StaffSession.objects.values_list("session_data", flat=True)) == before
    assert "none" not in str(page.cookies) and page.headers["Cache-Control"].count("no-store")


def test_walkthrough_answers_are_not_kept_for_the_sign_in_page(check):
    page = Client().post(
        page_of(check, "walkthrough"), {"question": "1a", "choice": ["unsure-marker"]}
    )
    assert page.status_code == 302 and "marker" not in page["Location"]


# What is led to stays


def test_choice_with_a_route_is_not_deleted_and_draft_is_kept(editor, check):
    page = save(editor, question("4d"), **{"choices-0-DELETE": "on", "text": "Other words?"})
    shown = text_of(page)
    assert (
        "Question 4d, way on number 1 is taken when “White stuff comes out” was chosen, "
        "and leads to “What to do: home”. Take it out first."
    ) in shown
    assert "protected" not in shown and "restricted" not in shown
    assert "Other words?" in page.content.decode() and question("4d").choices.count() == 3
    assert question("4d").text == "What is it like?"


def test_choice_is_deleted_after_its_route(editor, check):
    save(editor, question("4d"), **{"routes-0-DELETE": "on"})
    save(editor, question("4d"), **{"choices-0-DELETE": "on"})
    assert [choice.key for choice in question("4d").choices.all()] == ["other", "unsure"]


def test_outcome_with_routes_is_not_deleted_and_each_is_named(editor, check):
    page = save(editor, check, **{"outcomes-2-DELETE": "on", "title": "Another title"})
    for where in ("Question 3c, way on number 1", "Question 4d, way on number 2"):
        words = f"{where} leads to the outcome “What to do: book”. Let it lead elsewhere first."
        assert words in text_of(page)
    assert "Another title" in page.content.decode()
    assert (
        Outcome.objects.filter(key="book").exists()
        and SelfCheck.objects.get().title != "Another title"
    )


def test_outcome_without_routes_is_deleted(editor, check):
    Outcome.objects.create(self_check=check, key="spare", order=9)
    save(editor, check, **{"outcomes-4-DELETE": "on"})
    assert not Outcome.objects.filter(key="spare").exists()


def test_question_with_route_is_not_deleted_and_route_is_linked(editor, check):
    for send in (editor.get, lambda address: editor.post(address, {"post": "yes"})):
        page = send(page_of(question("2b"), "delete"))
        assert "Nothing was deleted" in text_of(page)
        assert (
            f'href="{page_of(question("1a"), "change")}#routes-1">Question 1a, way on number 2</a>'
            in (page.content.decode())
        )
    assert Question.objects.filter(key="2b").exists()


def test_question_without_routes_is_deleted_with_its_rows(editor, check):
    Route.objects.filter(to_question__key="4d").update(
        to_question=None, to_outcome=Outcome.objects.get(key="home")
    )
    editor.post(page_of(question("4d"), "delete"), {"post": "yes"})
    assert [one.key for one in check.questions.all()] == ["1a", "2b", "3c"]
    assert not Choice.objects.filter(key="white").exists()


def test_unpublished_self_check_is_deleted_whole(editor, check):
    editor.post(page_of(check, "delete"), {"post": "yes"})
    assert not SelfCheck.objects.exists() and not Route.objects.exists()


def test_user_who_may_not_delete_sees_no_routes(check):
    reader = log_in(create_user("rita", roles.REVIEWER))
    assert reader.get(page_of(question("2b"), "delete")).status_code == 403


# What changed


def test_changed_results_between_two_versions_are_listed(editor, check):
    publish_documents(check)
    Route.objects.filter(question__key="2b", at_least="urgent").update(
        to_outcome=Outcome.objects.get(key="call")
    )
    check.record_edit()
    shown = text_of(editor.get(page_of(check, "compare")))
    assert "Which answers now end with another urgency" in shown
    assert (
        "Somebody who says yes to “The pain is spreading”, and nothing else: before Urgent, now Emergency"
    ) in shown
    assert "Every combination of answers was tried in both versions: 81." in shown


def test_changed_wording_lists_no_results(editor, check):
    publish_documents(check)
    question("1a").__class__.objects.filter(key="1a").update(why="Because.")
    check.record_edit()
    assert "another urgency" not in text_of(editor.get(page_of(check, "compare")))


def test_results_are_compared_only_with_an_earlier_edition(editor, check):
    assert "another urgency" not in text_of(editor.get(page_of(check, "compare")))
    article = Document.objects.get(kind="article").working_copy()
    assert "another urgency" not in text_of(editor.get(page_of(article, "compare")))


# S6: what the form and the drawing say


def test_choice_offers_signs_of_its_checklist_with_urgency(editor, check):
    other = factories.checklist("other", signs=[{**factories.SIGNS[0], "key": "elsewhere"}])
    assert other.signs.exists()
    page = editor.get(page_of(question("1a"), "change")).content.decode()
    select = page[page.index('name="choices-0-sign"') :].split("</select>")[0]
    assert "elsewhere" not in select
    assert '<optgroup label="Emergency">' in select
    assert "You find it hard to breathe (breathing)" in unescape(select)


def test_sign_missing_from_checklist_is_kept_and_named(editor, check):
    Choice.objects.filter(question__key="1a", key="yes").update(sign="gone")
    page = save(editor, question("1a"), text="Is it so?")
    assert page.status_code == 200
    assert Choice.objects.get(question__key="1a", key="yes").sign == "gone"
    assert "gone (not a sign of this checklist)" in page.content.decode()


def test_form_and_flowchart_count_the_same_problems(editor, check):
    question("2b").choices.exclude(key="yes").delete()
    question("3c").routes.all().delete()
    form = text_of(editor.get(page_of(check, "change")))
    drawing = editor.get(page_of(check, "flowchart")).content.decode()
    number = re.search(r"(\d+) things to mend", form)[1]
    listed = sum(drawing.count(words) for words in ("Problem:",))
    general = re.findall(r'aria-labelledby="general".*?</section>', drawing, re.DOTALL)
    listed += general[0].count("<li>") if general else 0
    assert int(number) == listed > 2


def test_problem_names_its_field_or_choice(editor, check):
    question("3c").routes.all().delete()
    first = question("2b").choices.first()
    Choice.objects.filter(pk=first.pk).update(sign="", text="")
    form = editor.get(page_of(check, "change")).content.decode()
    address = page_of(question("3c"), "change")
    assert f'<a href="{address}#routes-group">Question 3c, Routes</a>: This list is empty' in form
    assert (
        f'<a href="{page_of(question("2b"), "change")}#choices-0">Question 2b, choice 1</a>' in form
    )
    drawing = text_of(editor.get(page_of(check, "flowchart")))
    assert (
        "Routes: This list is empty" in drawing
        and "choice 1: Write what the reader can choose" in drawing
    )


def test_choice_without_text_is_shown_by_its_key(editor, check):
    Choice.objects.filter(question__key="4d", key="white").update(text="")
    drawing = text_of(editor.get(page_of(check, "flowchart")))
    assert "when “white” was chosen" in drawing and "when “”" not in drawing


# S3: signs that are more urgent together

PAIR = {
    "key": "both",
    "together": ["growing", "spreading"],
    "counts_as": "emergency",
    "text": "It spreads and it grows",
    "sources": ["leaflet"],
}


def test_combination_is_edited_by_ticking_its_signs(editor, check):
    row = factories.checklist(combinations=[PAIR])
    page = editor.get(page_of(row, "change")).content.decode()
    assert "signs that are more urgent together" in page.lower()
    assert re.search(r'name="combinations-0-together" value="spreading"[^>]*checked', page)
    assert "The pain is spreading (spreading)" in unescape(page)
    ticked = {"combinations-0-together": ["spreading", "growing"]}
    save(editor, row, **{"combinations-0-text": "All of it", **ticked})
    row.refresh_from_db()
    assert row.content().combinations[0].text == "All of it"
    assert set(row.content().combinations[0].together) == {"growing", "spreading"}


def test_self_check_that_splits_a_combination_is_refused(editor, check):
    publish_documents(check)
    with pytest.raises(
        ActionRefused, match="combination “both” of the checklist are asked by several questions"
    ):
        publish_documents(factories.checklist(combinations=[PAIR]))


def test_combination_is_walked_through_and_drawn(editor, check):
    factories.publish_documents(factories.checklist(combinations=[PAIR]))
    choice = question("3c").choices.get(key="yes")
    question("2b").choices.create(key="grows", sign=choice.sign)
    question("2b").routes.update(order=5)
    question("2b").routes.create(at_least="emergency", to_outcome=Outcome.objects.get(key="call"))
    drawing = text_of(editor.get(page_of(check, "flowchart")))
    assert "Together (Emergency): It spreads and it grows → call" in drawing
    page = editor.get(page_of(check, "walkthrough"))
    page = editor.post(page_of(check, "walkthrough"), {**form_fields(page), "choice": "none"})
    page = editor.post(
        page_of(check, "walkthrough"), {**form_fields(page), "choice": ["yes", "grows"]}
    )
    assert "What to do: call" in text_of(page) and "Together: It spreads and it grows" in text_of(
        page
    )
