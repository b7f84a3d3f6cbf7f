"""Links from a publication problem to the form field where it is fixed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.admin import site
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from education.publishing import document_types
from education.publishing.content import Problem
from education.publishing.models import Document
from education.publishing.workflow.audit_log import display_name
from education.staff.admin_urls import admin_url
from education.staff.workflow.forms import FORMS

# URL and label of a form field.
FieldLocation = tuple[str, str]
# By kind, for documents whose parts are edited on pages of their own. None: in the usual form.
FIELD_LOCATORS: dict[str, Callable[[Problem, Document], FieldLocation | None]] = {}


def link_problem(problem: Problem, document: Document) -> str:
    """A problem of `document`, or of a document that belongs to it, with a link to its field."""
    url, label = locate_field(problem, document)
    return format_html('<a href="{}">{}</a>: {}', url, label, problem.message)


def locate_field(problem: Problem, document: Document) -> FieldLocation:
    """The URL and label of the form field that a problem is about."""
    form_fields = {name: field for form in FORMS for name, field in form.base_fields.items()}
    if problem.path and problem.path[0] in form_fields:
        return f"#id_{problem.path[0]}", str(form_fields[str(problem.path[0])].label)
    if problem.key != document.key:
        other = Document.objects.filter(kind=problem.key.kind, slug=problem.key.slug).first()
        if other is None:
            label = capfirst(str(document_types.get(problem.key.kind).label))
            return "#", f"{label}: {problem.key.slug.replace('-', ' ')}"
        return admin_url(other), display_name(other)
    locate = FIELD_LOCATORS.get(document.kind)
    location = locate(problem, document) if locate else None
    url, label = location or _locate_in_form(problem, document)
    return url, _label_in_edition(label, problem, document)


def _label_in_edition(label: str, problem: Problem, document: Document) -> str:
    """`label`, with the edition number if the problem is in a text that is not the current one."""
    edition = document.editions.filter(number=problem.edition).first()
    if edition is None or edition.sha256 == document.working_copy().content_hash():
        return label
    return _("{label} (in edition {number})").format(label=label, number=edition.number)


def _locate_in_form(problem: Problem, document: Document) -> FieldLocation:
    form = admin_url(document)
    model_admin: Any = site.get_model_admin(document.document_type.model_class())
    inlines = {inline.part_field: inline for inline in model_admin.inlines}
    match [step for step in problem.path if step != "__root__"]:
        case []:
            return f"{form}#content-start", _("This document")
        case [str(name), int(index), *rest] if inline := inlines.get(name):
            row_name = str(inline.verbose_name or inline.model._meta.verbose_name).capitalize()
            row = f"{row_name} {index + 1}"
            if not rest:
                return f"{form}#{name}-{index}", row
            labels = _field_labels(inline, rest)
            return f"{form}#id_{name}-{index}-{rest[0]}", ", ".join((row, *labels))
        case [str(name)] if name in inlines:
            return f"{form}#{name}-group", name.capitalize()
        case [name, *rest]:
            labels = _field_labels(model_admin, [name, *rest])
            return f"{form}#id_{name}", ", ".join(labels)
    raise AssertionError(problem.path)


def _field_labels(described: Any, steps: Iterable[Any]) -> list[str]:
    """The labels of fields as the form shows them; list items by line number."""
    return [
        _("line {number}").format(number=step + 1)
        if isinstance(step, int)
        else described.label_of(step)
        for step in steps
    ]
