"""Where the fields of questions are edited: each question has a page of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from education.publishing.content import Problem
from education.publishing.models import Document
from education.selfcheck.models import Question
from education.staff.admin_urls import admin_url
from education.staff.selfchecks import draft_flow
from education.staff.workflow.problem_links import FieldLocation


def locate_question_field(problem: Problem, document: Document) -> FieldLocation | None:
    """The page and field of the question that a problem is about.

    None if the problem is about something else or the question no longer exists.
    """
    match problem.path:
        case ("questions", int(index), *rest):
            if question := _question_in_edition(problem.edition, index, document):
                name = _("Question {key}").format(key=question.key)
                label = ", ".join(filter(None, (name, draft_flow.field_label(problem.path))))
                return f"{admin_url(question)}{_anchor(rest)}", label
    return None


def _question_in_edition(number: int, index: int, document: Document) -> Question | None:
    """The question of the working copy with the key of question `index` in edition `number`.

    Without such an edition, the question at `index` of the working copy.
    """
    questions = list(Question.objects.filter(self_check=document.pk))
    edition = document.editions.select_related("document").filter(number=number).first()
    if edition is None:
        return next(iter(questions[index : index + 1]), None)
    key = edition.content.questions[index].key  # type: ignore[attr-defined]
    return next((question for question in questions if question.key == key), None)


def _anchor(steps: list[Any]) -> str:
    """The fragment of a field on the page of its question."""
    match steps:
        case [str(rows), int(number), *_rest] if rows in draft_flow.ROW_LABELS:
            return f"#{rows}-{number}"
        case [str(rows)] if rows in draft_flow.ROW_LABELS:
            return f"#{rows}-group"
        case [str(name), *_rest] if name != "__root__":
            return f"#id_{name}"
    return ""
