"""The form of a new article started from a template, which its address names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from education.articles.new_pages.templates import TEMPLATES, PageTemplate, get_template

PARAMETER = "template"


def chosen_template(request: HttpRequest, obj: Any = None) -> PageTemplate | None:
    """The template of the form of a new article; None for an empty one, and for a saved article."""
    return None if obj is not None else get_template(request.GET.get(PARAMETER, ""))


def template_choices(request: HttpRequest) -> list[dict[str, Any]]:
    """What a new page may start from: address, label, description, and whether it is chosen."""
    chosen = chosen_template(request)
    empty = {
        "url": request.path,
        "label": _("An empty page"),
        "about": _("All fields, and nothing in them."),
        "is_chosen": chosen is None,
    }
    found = [
        {
            "url": f"{request.path}?{PARAMETER}={one.key}",
            "label": one.label,
            "about": one.about,
            "is_chosen": one == chosen,
        }
        for one in TEMPLATES
    ]
    return [*found, empty]


def add_prompt(field: forms.Field | None, prompt: Any) -> None:
    """Put what the template asks for before the help of a field."""
    if field is not None and prompt:
        field.help_text = f"{prompt} {field.help_text}".strip()


def initial_rows(template: PageTemplate | None, part_field: str) -> list[dict[str, Any]]:
    """The values of the rows that a template begins with."""
    if template is None:
        return []
    rows: dict[str, list[dict[str, Any]]] = {
        "signs": [{"urgency": level} for level in template.signs],
        "causes": [{} for _row in range(template.cause_count)],
    }
    return rows.get(part_field, [])


class TemplateRowsMixin:
    """Inlines of which a template gives a new article rows."""

    part_field: str

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(initial_rows(chosen_template(request, obj), self.part_field))
