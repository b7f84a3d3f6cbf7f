"""The page “Wording to compare”: texts that read differently since they were reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from education.audit.models import Action
from education.publishing.changes.classification import get_baseline
from education.publishing.content import ActionRefused, Problem
from education.publishing.diff.fields import FieldChange, diff_content
from education.publishing.models import Edition
from education.publishing.workflow.audit_log import display_name, log_document_action
from education.publishing.workflow.four_eyes import four_eyes_problems
from education.publishing.workflow.wording_checks import record_wording_check, unchecked_editions
from education.staff.admin_urls import admin_url
from education.staff.outcomes import telling_authors
from education.staff.workflow.diff_excerpts import excerpt_change
from education.staff.workflow.permissions import can_view, current_user, viewable_kinds
from education.staff.workflow.transitions import default_reviewer_name

MAX_SHOWN = 20


class WordingCheckForm(forms.Form):
    """The two editions that were compared, and the name of the reviewer."""

    edition = forms.IntegerField(widget=forms.HiddenInput, max_value=2**31)
    compared_with = forms.IntegerField(widget=forms.HiddenInput, max_value=2**31)
    shown_as = forms.CharField(
        label=gettext_lazy("Your name and title"),
        max_length=120,
        error_messages={"required": gettext_lazy("Write your name and title.")},
    )


@dataclass(frozen=True)
class WordingComparison:
    """One text of the list; `problems`: why this user may not decide."""

    edition: Edition
    compared_with: Edition
    name: str
    is_live: bool
    changes: tuple[FieldChange, ...]
    form: WordingCheckForm
    problems: list[Problem]
    review_url: str
    compare_url: str


class WordingChecksView(View):
    """Every text whose changed words nobody has compared yet, each with a form to confirm it."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_allowed_method = str(request.method).lower() in self.http_method_names
        if is_allowed_method and not current_user(request).has_perm("publishing.add_review"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._render(None, [])

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WordingCheckForm(request.POST)
        problems = _record(request, form)
        if form.is_valid() and not problems:
            return HttpResponseRedirect(request.path)
        return self._render(form, problems)

    def _render(self, sent: WordingCheckForm | None, problems: list[str]) -> HttpResponse:
        editions = unchecked_editions(viewable_kinds(current_user(self.request)))
        shown = (
            _build_comparison(self.request, one.edition, one.is_live, sent)
            for one in editions[:MAX_SHOWN]
        )
        context = {
            **site.each_context(self.request),
            "title": _("Wording to compare"),
            "problems": problems,
            "checks": [comparison for comparison in shown if comparison],
            "more": max(0, len(editions) - MAX_SHOWN),
        }
        return render(self.request, "admin/wording_checks.html", context)


def _record(request: HttpRequest, form: WordingCheckForm) -> list[str]:
    """Record a submitted check; returns the reasons why not, as sentences."""
    if not form.is_valid():
        return [str(error) for errors in form.errors.values() for error in errors]
    given = form.cleaned_data
    editions = Edition.objects.select_related("document")
    edition = get_object_or_404(editions, pk=given["edition"])
    if not can_view(current_user(request), edition.document):
        raise PermissionDenied
    compared_with = get_object_or_404(
        editions, pk=given["compared_with"], document=edition.document
    )
    try:
        with telling_authors(current_user(request)):
            record_wording_check(
                edition,
                compared_with=compared_with,
                by=current_user(request),
                shown_as=given["shown_as"],
            )
    except ActionRefused as refusal:
        reasons = [problem.message for problem in refusal.problems]
        log_document_action(
            Action.REFUSED,
            document=edition.document,
            by=current_user(request),
            details="\n".join(reasons),
        )
        return [
            f"{display_name(edition.document, edition.heading)}: {reason}" for reason in reasons
        ]
    text = _("Recorded: the advice of “{name}” is the same.")
    messages.success(request, text.format(name=edition.heading))
    return []


def _build_comparison(
    request: HttpRequest, edition: Edition, is_live: bool, sent: WordingCheckForm | None
) -> WordingComparison | None:
    before = get_baseline(edition.document, edition.number)
    if before is None:
        return None
    initial = {
        "edition": edition.pk,
        "compared_with": before.pk,
        "shown_as": default_reviewer_name(request),
    }
    form = WordingCheckForm(initial=initial, auto_id=f"id_%s_{edition.pk}")
    if sent and sent.data.get("edition") == str(edition.pk):
        form.initial["shown_as"] = sent.data.get("shown_as", "")
    return WordingComparison(
        edition=edition,
        compared_with=before,
        name=display_name(edition.document, edition.heading),
        is_live=is_live,
        changes=tuple(
            excerpt_change(change) for change in diff_content(before.content, edition.content)
        ),
        form=form,
        problems=four_eyes_problems(edition, current_user(request)),
        review_url=f"{admin_url(edition.document, 'review')}?edition={edition.number}",
        compare_url=f"{admin_url(edition.document, 'compare')}?from={before.number}&to={edition.number}",
    )
