"""The drawing of a self-check, with a list that says the same; and a question put in between two
others.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from education.publishing.models import Document
from education.selfcheck.flowchart.drawing import Flowchart, build_flowchart
from education.selfcheck.models import Question, Route
from education.staff.editor.ordering import renumber
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.selfchecks.draft_flow import DraftFlow, problems_by_node
from education.staff.workflow.base import View, get_document_or_403, workflow_context
from education.staff.workflow.permissions import current_user

if TYPE_CHECKING:
    from education.staff.admin.base import DocumentAdmin


def question_url(question: Question) -> str:
    """Where a question is edited."""
    return reverse("admin:selfcheck_question_change", args=[question.pk])


def can_insert(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may add questions to self-checks."""
    return admin.has_change_permission(request) and current_user(request).has_perm(
        "selfcheck.add_question"
    )


def flowchart(admin: DocumentAdmin) -> View:
    """The working copy as a drawing whose boxes lead to where they are edited, and as a list."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk)
        draft_flow = DraftFlow.from_working_copy(document)
        problems = problems_by_node(document)
        drawing = build_flowchart(draft_flow.flow, problems)
        context = workflow_context(admin, request, document, _("Drawing"))
        rows = Question.objects.filter(self_check=pk).prefetch_related("routes")
        context |= {
            **_with_urls(drawing, list(rows), context["change_url"]),
            "flowchart": drawing,
            "general_problems": problems.get((), []),
            "can_insert": can_insert(admin, request),
            "workflow_urls": admin.workflow_urls(pk),
        }
        return render(request, "admin/selfcheck/flowchart.html", context)

    return view


def _with_urls(drawing: Flowchart, rows: list[Question], form: str) -> dict[str, object]:
    """The parts of a drawing together with where each is edited, and with the route of
    each arrow.
    """
    urls = [question_url(row) for row in rows]
    routes = [list(row.routes.all()) for row in rows]
    outcomes = [f"{form}#outcomes-{part.position}" for part in drawing.description.outcomes]
    return {
        "boxes": [
            (box, (outcomes if box.is_outcome else urls)[box.description.position])
            for box in drawing.nodes
        ],
        "arrows": [
            (arrow, routes[arrow.question.position][arrow.route]) for arrow in drawing.edges
        ],
        "questions": [
            (part, urls[part.position], list(zip(part.routes, routes[part.position], strict=True)))
            for part in drawing.description.questions
        ],
        "outcomes": list(zip(drawing.description.outcomes, outcomes, strict=True)),
    }


def insert_question(admin: DocumentAdmin) -> View:
    """Put a new question into a route: it leads to the question now, and the question to where it
    led.
    """

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_document_or_403(admin, request, pk, can_insert)
        with transaction.atomic():
            Document.objects.select_for_update().get(pk=pk)
            number = parse_small_int(request.POST.get("route", "")) or 0
            routes = Route.objects.select_related("question", "to_question", "to_outcome")
            route = routes.filter(question__self_check=pk, pk=number).first()
            if route is None:
                messages.warning(
                    request, _("Somebody took this way out meanwhile. Choose another one.")
                )
                return HttpResponseRedirect(admin.admin_url("flowchart", pk))
            led_to = str(route)
            question = _insert_into_route(route)
            self_check = document.working_copy()
            self_check.record_edit(current_user(request))
            added = {"added": {"name": _("question"), "object": str(question)}}
            changed = {
                "changed": {
                    "name": _("question"),
                    "object": str(route.question),
                    "fields": [_("routes")],
                }
            }
            admin.log_change(request, self_check, [added, changed])
        text = _("This new question leads on to “{target}”. Write it, and add its choices.")
        messages.success(request, text.format(target=led_to))
        return HttpResponseRedirect(question_url(question))

    return view


def _insert_into_route(route: Route) -> Question:
    """A new question between the question of `route` and what it leads to; it stands next in the
    order.
    """
    before = route.question
    others = Question.objects.filter(self_check=before.self_check_id)
    question = Question.objects.create(
        self_check_id=before.self_check_id,
        order=before.order + 1,
        key=unused_key(set(others.values_list("key", flat=True))),
        text=_("New question"),
    )
    renumber(others, {question.pk: None})
    question.routes.create(to_question=route.to_question, to_outcome=route.to_outcome)
    route.to_question, route.to_outcome = question, None
    route.save(update_fields=["to_question", "to_outcome"])
    return question


def unused_key(taken: set[str]) -> str:
    """A key that no question has and that tells nothing, such as "5e" after four questions."""
    used = {key.casefold() for key in taken}
    return next(key for key in _candidate_keys(len(taken)) if key not in used)


def _candidate_keys(number: int) -> Iterator[str]:
    """More keys than there can be questions, the first by how many questions there are."""
    for ahead in range(number, number + 130):
        yield f"{(ahead + 1) % 10}{ascii_lowercase[ahead % 26]}"
    yield from map("".join, product(digits, ascii_lowercase, digits + ascii_lowercase))
