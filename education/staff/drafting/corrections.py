"""The page “Correct what readers see”: the live text as a form, beside a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing import actions
from education.publishing.content import ActionRefused, Content, ContentPart, Path, Problem
from education.publishing.diff.fields import content_field, row_label
from education.publishing.models import Edition
from education.publishing.workflow.audit_log import describe_act
from education.publishing.workflow.corrections import (
    Correction,
    correction_problems,
    live_edition,
)
from education.publishing.workflow.pending import pending_edition
from education.publishing.workflow.schedule import scheduled_acts_for
from education.staff.admin_urls import admin_url
from education.staff.editor.fields import build_form_field
from education.staff.workflow.base import FormPageView
from education.staff.workflow.forms import ChangeNoteForm
from education.staff.workflow.page_state import LIVE, NEWEST, RECALL, SCHEDULED, PageState
from education.staff.workflow.permissions import can_publish, can_submit, current_user


@dataclass
class _Section:
    """Fields that stand together: those of the page, or of one of its rows."""

    title: str
    names: list[str] = field(default_factory=list)


class CorrectionForm(ChangeNoteForm):
    """Every text and choice of an edition, and a note that is written already.

    A valid form has the corrected text: `corrected`.
    """

    field_order = ()

    def __init__(self, data: Any, *, live: Edition):
        self.live = live
        self.content = live.content
        self.paths: dict[str, Path] = {}
        self.sections: list[_Section] = []
        super().__init__(data, initial={"note": _("We corrected a mistake on this page.")})
        self._add_part(self.content, (), "")
        self.order_fields([*self.paths, "note"])

    def _add_part(self, part: ContentPart, path: Path, title: str) -> None:
        section = _Section(title)
        self.sections.append(section)
        for name in type(part).model_fields:
            described, value = content_field(type(part), name), getattr(part, name)
            if described.is_rows:
                for index, row in enumerate(value):
                    label = row_label(row, index)
                    step = f"{capfirst(described.label)}: {label}"
                    self._add_part(row, (*path, name, index), step)
            elif value and (form_field := _form_field(type(part), name)):
                key = _field_name((*path, name))
                self.paths[key] = (*path, name)
                self.fields[key] = form_field
                self.initial[key] = list(value) if isinstance(value, tuple) else value
                section.names.append(key)

    def shown_sections(self) -> Iterator[tuple[str, list[Any]]]:
        """The title of each section, and its fields."""
        for section in self.sections:
            if section.names:
                yield section.title, [self[name] for name in section.names]

    def clean(self) -> dict[str, Any]:
        """Make the corrected text, and say at each field what is wrong with it."""
        cleaned = super().clean() or {}
        changed = [name for name in self.changed_data if name in self.paths]
        if not changed:
            self.add_error(None, _("Correct something first: this is what readers see already."))
            return cleaned
        values = self.content.model_dump(mode="json")
        for name in changed:
            *steps, last = self.paths[name]
            target: Any = values
            for step in steps:
                target = target[step]
            target[last] = cleaned.get(name)
        document = self.live.document
        try:
            self.corrected: Content = type(self.content).validate_values(document.slug, values)
            self.add_problems(correction_problems(document, self.corrected))
        except ActionRefused as refusal:
            self.add_problems(refusal.problems)
        return cleaned

    def add_problems(self, problems: Any) -> None:
        """Show each problem at its field, or above the form."""
        for problem in problems:
            self.add_error(self._field_of(problem), problem.message)

    def _field_of(self, problem: Problem) -> str | None:
        if problem.key != self.live.key:
            return None
        for size in range(len(problem.path), 0, -1):
            name = _field_name(problem.path[:size])
            if name in self.fields:
                return name
        return None


def _form_field(part: type[ContentPart], name: str) -> forms.Field | None:
    """The field for a text or a choice; None for keys, and for how a page is found and shown."""
    described = content_field(part, name)
    is_shown = part.CHANGE_ROLES.get(name) != "presentation"
    if not is_shown or described.is_key or (name == "key" and part.IDENTITY == "key"):
        return None
    return build_form_field(part, name, part.get_label(name))


def _field_name(path: Path) -> str:
    return "-".join(map(str, path))


class CorrectView(FormPageView):
    """Correct what readers see, and nothing else, while a draft has other changes."""

    page_name = "correct"
    title = gettext_lazy("Correct what readers see")
    template_name = "admin/document/correct.html"
    has_permission = staticmethod(can_submit)
    live: Edition
    correction: Correction

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page; the form of the document while readers see nothing of it."""
        found = live_edition(self.document)
        if found is None:
            messages.warning(
                request, _("Readers do not see this page: there is nothing to correct.")
            )
            return HttpResponseRedirect(admin_url(self.document))
        self.live = found
        return super().get(request, pk)

    def get_page_state(self) -> PageState:
        # The working copy is left out: what others save meanwhile is merged.
        facts = (NEWEST, LIVE, SCHEDULED, RECALL)
        return PageState.from_documents([self.document], facts, self.live.number)

    def get_form(self) -> CorrectionForm:
        return CorrectionForm(self.data, live=self.live)

    def perform(self, form: CorrectionForm) -> None:
        self.correction = actions.submit_correction(
            self.live,
            form.corrected,
            note=form.cleaned_data["note"],
            by=current_user(self.request),
        )

    def get_success_message(self, form: CorrectionForm) -> str:
        number = self.correction.edition.number
        message = _("The correction is edition {number}. The draft keeps its changes.")
        return message.format(number=number)

    def redirect_to_form(self, message: str) -> HttpResponse:
        """Go on to publishing, for whoever may; and say where the draft says something else."""
        messages.success(self.request, message)
        for conflict in self.correction.conflicts:
            text = _(
                "The draft has other words at “{place}”. It keeps them, and a comment there shows your "
                "correction."
            )
            messages.warning(self.request, text.format(place=" › ".join(conflict.labels)))
        may = can_publish(current_user(self.request), self.document)
        return HttpResponseRedirect(admin_url(self.document, "publish" if may else "change"))

    def get_form_context(self, form: CorrectionForm) -> dict[str, Any]:
        return {
            "live": self.live,
            "pending_edition": pending_edition(self.document),
            "scheduled": [describe_act(act) for act in scheduled_acts_for([self.document.pk])],
        }
