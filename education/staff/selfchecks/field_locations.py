"""Where a problem of a self-check stands in its form: questions and results by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from education.publishing.content import Problem
from education.publishing.models import Document
from education.selfcheck.flowchart.description import row_name
from education.selfcheck.models import Outcome, Question
from education.staff.admin_urls import admin_url
from education.staff.selfchecks import draft_flow
from education.staff.workflow.problem_links import FieldLocation


def locate_question_field(problem: Problem, document: Document) -> FieldLocation | None:
    """The place in the form of the question or result that a problem is about.

    None if the problem is about something else or the row no longer exists.
    """
    match problem.path:
        case (("questions" | "outcomes") as part, int(index), *rest):
            position = _position(problem, part, index, document)
            if position is None:
                return None
            name = row_name(part, position)
            label = ", ".join(filter(None, (name, draft_flow.field_label(problem.path))))
            return f"{admin_url(document)}#{_anchor(part, position, rest)}", label
    return None


def _position(problem: Problem, part: str, index: int, document: Document) -> int | None:
    """The position now of row `index` of edition `problem.edition`, found by its key.

    Without such an edition, `index` is a position of the working copy.
    """
    rows: Any = Question if part == "questions" else Outcome
    keys = list(rows.objects.filter(self_check=document.pk).values_list("key", flat=True))
    edition = document.editions.select_related("document").filter(number=problem.edition).first()
    if edition is None:
        return index if index < len(keys) else None
    key = getattr(edition.content, part)[index].key
    return keys.index(key) if key in keys else None


def _anchor(part: str, position: int, steps: Sequence[Any]) -> str:
    """The fragment of a field in the form."""
    row = f"{part}-{position}"
    match list(steps):
        case [("choices" | "routes") as rows, *_rest] if part == "questions":
            return f"{row}-{rows}"
        case [str(name), *_rest] if name != "__root__" and name != "key":
            return f"id_{row}-{name}"
    return row
