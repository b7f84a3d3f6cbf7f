"""The drawing of a self-check, with a list that says the same; and a question put in between two others."""

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
from education.selfcheck.flowchart import Flowchart, build_flowchart
from education.selfcheck.models import Question, Route
from education.staff.desk import View, document_for, page_of, person
from education.staff.merging import small_number
from education.staff.places import renumber
from education.staff.rehearsing import Rehearsal, by_part

if TYPE_CHECKING:
    from education.staff.documents import DocumentAdmin


def question_address(question: Question) -> str:
    """Where a question is edited."""
    return reverse("admin:selfcheck_question_change", args=[question.pk])


def may_insert(admin: DocumentAdmin, request: HttpRequest) -> bool:
    """Whether this person may add questions to self-checks."""
    return admin.has_change_permission(request) and person(request).has_perm("selfcheck.add_question")


def drawing(admin: DocumentAdmin) -> View:
    """The working copy as a drawing whose boxes lead to where they are edited, and as a list."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk)
        rehearsal = Rehearsal.of(document)
        problems = by_part(document)
        drawn = build_flowchart(rehearsal.flow, problems)
        context = page_of(admin, request, document, _("Drawing"))
        rows = Question.objects.filter(self_check=pk).prefetch_related("routes")
        context |= {
            **_with_addresses(drawn, list(rows), context["change_address"]),
            "drawing": drawn,
            "general_problems": problems.get((), []),
            "may_insert": may_insert(admin, request),
            "pages": admin.pages(pk),
        }
        return render(request, "admin/selfcheck/drawing.html", context)

    return view


def _with_addresses(drawn: Flowchart, rows: list[Question], form: str) -> dict[str, object]:
    """The parts of a drawing together with where each is edited, and with the route of each arrow."""
    addresses = [question_address(row) for row in rows]
    routes = [list(row.routes.all()) for row in rows]
    outcomes = [f"{form}#outcomes-{part.position}" for part in drawn.description.outcomes]
    return {
        "boxes": [
            (box, (outcomes if box.is_outcome else addresses)[box.description.position])
            for box in drawn.nodes
        ],
        "arrows": [(arrow, routes[arrow.question.position][arrow.route]) for arrow in drawn.edges],
        "questions": [
            (part, addresses[part.position], list(zip(part.routes, routes[part.position], strict=True)))
            for part in drawn.description.questions
        ],
        "outcomes": list(zip(drawn.description.outcomes, outcomes, strict=True)),
    }


def insert(admin: DocumentAdmin) -> View:
    """Put a new question into a route: it leads to the question now, and the question to where it led."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        document = document_for(admin, request, pk, may_insert)
        with transaction.atomic():
            Document.objects.select_for_update().get(pk=pk)
            number = small_number(request.POST.get("route", "")) or 0
            routes = Route.objects.select_related("question", "to_question", "to_outcome")
            route = routes.filter(question__self_check=pk, pk=number).first()
            if route is None:
                messages.warning(request, _("Somebody took this way out meanwhile. Choose another one."))
                return HttpResponseRedirect(admin.desk_address("drawing", pk))
            led_to = str(route)
            question = _put_into(route)
            self_check = document.working_copy()
            self_check.record_edit(person(request))
            added = {"added": {"name": _("question"), "object": str(question)}}
            changed = {
                "changed": {"name": _("question"), "object": str(route.question), "fields": [_("routes")]}
            }
            admin.log_change(request, self_check, [added, changed])
        words = _("This new question leads on to “{target}”. Write it, and add its choices.")
        messages.success(request, words.format(target=led_to))
        return HttpResponseRedirect(question_address(question))

    return view


def _put_into(route: Route) -> Question:
    """A new question between the question of `route` and what it leads to; it stands next in the order."""
    before = route.question
    others = Question.objects.filter(self_check=before.self_check_id)
    question = Question.objects.create(
        self_check_id=before.self_check_id,
        order=before.order + 1,
        key=free_key(set(others.values_list("key", flat=True))),
        text=_("New question"),
    )
    renumber(others, {question.pk: None})
    question.routes.create(to_question=route.to_question, to_outcome=route.to_outcome)
    route.to_question, route.to_outcome = question, None
    route.save(update_fields=["to_question", "to_outcome"])
    return question


def free_key(taken: set[str]) -> str:
    """A key that no question has and that tells nothing, such as "5e" after four questions."""
    used = {key.casefold() for key in taken}
    return next(key for key in _keys(len(taken)) if key not in used)


def _keys(number: int) -> Iterator[str]:
    """More keys than there can be questions, the first by how many questions there are."""
    for ahead in range(number, number + 130):
        yield f"{(ahead + 1) % 10}{ascii_lowercase[ahead % 26]}"
    yield from map("".join, product(digits, ascii_lowercase, digits + ascii_lowercase))
