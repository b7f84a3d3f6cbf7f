"""What a form refuses, with links to the fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import capfirst


@dataclass(frozen=True)
class FormError:
    """A refusal: where in the page its field stands (such as `#id_title`; "" for none), the name of
    the field or row ("" for none), and the sentence.
    """

    url: str
    label: str
    message: str


def form_errors(form: forms.BaseForm, inlines: Iterable[Any]) -> list[FormError]:
    """The refusals of a form and its rows, in order; `inlines` as the admin shows them."""
    found = list(_of_form(form, "", ""))
    for inline in inlines:
        formset, options = inline.formset, inline.opts
        name = capfirst(str(options.verbose_name_plural))
        found += [
            FormError(f"#{formset.prefix}-group", name, message)
            for message in formset.non_form_errors()
        ]
        for number, row in enumerate(formset.forms, start=1):
            row_name = f"{capfirst(str(options.verbose_name))} {number}"
            found += _of_form(row, f"#{row.prefix}", row_name)
    return found


def _of_form(form: forms.BaseForm, url: str, name: str) -> Iterator[FormError]:
    for field, messages in form.errors.items():
        bound = form[field] if field in form.fields else None
        is_shown = bound is not None and not bound.is_hidden
        label = ", ".join(filter(None, (name, str(bound.label) if bound and is_shown else "")))
        place = f"#{bound.auto_id}" if bound and is_shown else url
        for message in messages:
            yield FormError(place, label, str(message))
