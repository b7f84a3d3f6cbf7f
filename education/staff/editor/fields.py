"""Form fields made from the content types, which define labels, help and limits.

A working copy accepts anything that is typed: the help text names the limits, and they are enforced
when the document is published.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from markdownx.widgets import AdminMarkdownxWidget

from education.publishing.content import ContentPart, MarkdownField
from education.urgency import Urgency

URGENCY_LABELS = {level.key: level.labels.label for level in Urgency}


class MarkdownWidget(AdminMarkdownxWidget):  # type: ignore[misc]  # the package has no types
    """A text area with a live preview, rendered as the site renders the field.

    Scripts show it as text where that is safe; without them it is a plain field of Markdown.
    """

    class Media:
        # Its own script shows an error page as the preview, and a late answer over a newer one.
        extend = False
        css: ClassVar = {"all": ["staff/text_editor/text_editor.css"]}
        js: ClassVar = [Script("staff/text_editor/main.js", type="module")]

    def __init__(self, *, inline: bool = False, level: int = 3):
        super().__init__(attrs={"rows": 2 if inline else 8})
        self.query = "?inline=1" if inline else f"?level={level}"

    def add_markdownx_attrs(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Add the options of the preview to its URL, and the texts of its labels."""
        attrs = dict(super().add_markdownx_attrs(attrs))
        attrs["data-markdownx-urls-path"] = (
            attrs["data-markdownx-urls-path"].split("?")[0] + self.query
        )
        for name in ("compare", "pages", "sources", "pictures"):
            attrs[f"data-{name}-url"] = reverse(f"admin:text_editor_{name}")
        attrs["data-preview"] = _("Preview")
        attrs["data-preview-empty"] = _("What you write shows here as readers will see it.")
        return attrs


class LinesField(forms.CharField):
    """A list of texts, typed one on each line."""

    def __init__(self, **options: Any):
        super().__init__(
            **{"widget": AdminTextareaWidget(attrs={"rows": 4}), "strip": False, **options}
        )

    def prepare_value(self, value: Any) -> Any:
        """Join a stored list; leave submitted text unchanged."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Split into lines, without empty ones."""
        if isinstance(value, list):
            return value
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class CodesField(LinesField):
    """ICD-10-CM codes with titles, typed one on each line: the code, a space, the title."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(
                f"{code.get('code', '')} {code.get('title', '')}".strip() for code in value
            )
        return value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list) and all(isinstance(code, dict) for code in value):
            return value
        codes = (re.split(r"\s+", line, maxsplit=1) for line in super().to_python(value))
        return [
            {"system": "ICD-10-CM", "code": code, "title": " ".join(title)}
            for code, *title in codes
        ]


def build_form_field(
    part: type[ContentPart], name: str, label: str, *, level: int = 3
) -> forms.Field | None:
    """The form field for a field of a content type; None where Django's own field is right."""
    info = part.model_fields[name]
    hint, metadata = _strip_annotated(get_type_hints(part, include_extras=True)[name])
    options: dict[str, Any] = {"required": False, "label": label}
    options["help_text"] = lazystr(_Later(lambda: _help_text(info)))
    markdown = next((item for item in metadata if isinstance(item, MarkdownField)), None)
    if name == "codes":
        return CodesField(**options)
    if get_origin(hint) is tuple and get_origin(get_args(hint)[0]) is Literal:
        choices = _choices(part, name, get_args(get_args(hint)[0]))[1:]
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **options
        )
    if get_origin(hint) is tuple:
        return None if _is_part(get_args(hint)[0]) else LinesField(**options)
    if get_origin(hint) is Literal:
        return forms.ChoiceField(choices=_choices(part, name, get_args(hint)), **options)
    if hint is not str or name in {"cause", "checklist"}:
        return None
    if markdown:
        return forms.CharField(
            widget=MarkdownWidget(inline=markdown.inline, level=level), strip=False, **options
        )
    return forms.CharField(widget=AdminTextInputWidget, **options)


def _strip_annotated(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    metadata: tuple[Any, ...] = ()
    while get_origin(hint) is Annotated:
        metadata += get_args(hint)[1:]
        hint = get_args(hint)[0]
    return hint, metadata


def _is_part(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, ContentPart)


def lazy_label(part: type[ContentPart], name: str) -> Any:
    """The label of a field of a form class: said in the language of each request."""
    return lazystr(_Later(lambda: part.get_label(name)))


class _Later:
    """Words that are looked up each time they are shown."""

    def __init__(self, words: Callable[[], str]):
        self.words = words

    def __str__(self) -> str:
        return self.words()


def _help_text(info: Any) -> str:
    max_length = next(
        (item.max_length for item in info.metadata if hasattr(item, "max_length")), None
    )
    is_text = _strip_annotated(info.annotation)[0] is str
    limit = (
        _("At most {number} characters.").format(number=max_length)
        if max_length and is_text
        else ""
    )
    return " ".join(
        part for part in (_(info.description) if info.description else "", limit) if part
    )


def _choices(part: type[ContentPart], name: str, keys: tuple[str, ...]) -> list[tuple[str, Any]]:
    labels: dict[str, Any] = {**URGENCY_LABELS, "": "—", **part.LABELS.get(name, {})}
    choices = [(key, labels.get(key, key)) for key in keys]
    return choices if "" in keys else [("", "—"), *choices]
