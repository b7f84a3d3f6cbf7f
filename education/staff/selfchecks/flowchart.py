"""The flowchart of a self-check with the same as a list, and inserting a question into a route."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing.models import Document
from education.selfcheck.flowchart.drawing import Flowchart, build_flowchart
from education.selfcheck.models import Question, Route
from education.staff.admin_urls import admin_url
from education.staff.editor.ordering import renumber
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.selfchecks.draft_flow import DraftFlow, problems_by_node
from education.staff.selfchecks.question_keys import unused_key
from education.staff.workflow.base import WorkflowView
from education.staff.workflow.permissions import RequestUser, can_edit, current_user


def can_insert(user: RequestUser, document: Document) -> bool:
    """Whether `user` may add questions to self-checks."""
    return can_edit(user, document) and user.has_perm("selfcheck.add_question")


class FlowchartView(WorkflowView):
    """The working copy as a flowchart whose boxes link to where they are edited, and as a list."""

    title = gettext_lazy("Drawing")
    template_name = "admin/selfcheck/flowchart.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render(
            **flowchart_context(self.document, admin_url(self.document)),
            can_insert=can_insert(current_user(request), self.document),
        )


def flowchart_context(document: Document, form: str) -> dict[str, Any]:
    """The drawing and the problems of a working copy whose form is at the URL `form`."""
    problems = problems_by_node(document)
    drawing = build_flowchart(DraftFlow.from_working_copy(document).flow, problems)
    rows = Question.objects.filter(self_check=document.pk).prefetch_related("routes")
    return {
        **_with_urls(drawing, list(rows), form),
        "flowchart": drawing,
        "general_problems": problems.get((), []),
        "problem_count": sum(map(len, problems.values())),
    }


def _with_urls(drawing: Flowchart, rows: list[Question], form: str) -> dict[str, object]:
    """The nodes and edges of a flowchart, each with the URL or route where it is edited."""
    urls = [f"{form}#questions-{position}" for position in range(len(rows))]
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


class InsertQuestionView(WorkflowView):
    """Insert a new question into a route, between its question and its target."""

    has_permission = staticmethod(can_insert)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            Document.objects.select_for_update().get(pk=pk)
            number = parse_small_int(request.POST.get("route", "")) or 0
            routes = Route.objects.select_related("question", "to_question", "to_outcome")
            route = routes.filter(question__self_check=pk, pk=number).first()
            if route is None:
                messages.warning(
                    request, _("Somebody took this way out meanwhile. Choose another one.")
                )
                return HttpResponseRedirect(admin_url(self.document, "flowchart"))
            target = str(route)
            question = _insert_into_route(route)
            self._log(route, question)
        text = _("This new question leads on to “{target}”. Write it, and add its choices.")
        messages.success(request, text.format(target=target))
        position = list(Question.objects.filter(self_check=pk)).index(question)
        return HttpResponseRedirect(f"{admin_url(self.document)}#questions-{position}")

    def _log(self, route: Route, question: Question) -> None:
        """Record the edit of the self-check and write it to the audit log."""
        self_check = self.document.working_copy()
        self_check.record_edit(current_user(self.request))
        added = {"added": {"name": _("question"), "object": str(question)}}
        changed = {
            "changed": {
                "name": _("question"),
                "object": str(route.question),
                "fields": [_("routes")],
            }
        }
        self.model_admin.log_change(self.request, self_check, [added, changed])


def _insert_into_route(route: Route) -> Question:
    """A new question between the route's question and its target, next in order."""
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
