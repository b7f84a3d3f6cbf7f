"""Where an image is used: checked before its file is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from education.media.models import Image
from education.publishing import document_types
from education.publishing.models import Document, Edition

_SHOWN = 3


def deletion_problem(image: Image) -> str:
    """Why an image cannot be deleted, in sentences; "" if it can."""
    editions = rows_containing(Edition.objects.order_by("heading"), ["data"], image.name)
    headings = list(editions.values_list("heading", flat=True).distinct()[: _SHOWN + 1])
    if headings:
        return _(
            "This picture cannot be deleted. Editions of these show it, and editions are kept for good: "
            "{names}."
        ).format(names=_quote_names(headings))
    drafts = list(dict.fromkeys(_referring_working_copies(image.name)))
    if drafts:
        return _(
            "This picture cannot be deleted, because these texts show it: {names}. "
            "Take it out of them and save, then delete it."
        ).format(names=_quote_names(drafts))
    return ""


def _quote_names(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names[:_SHOWN]]
    return ", ".join([*quoted, "…"] if len(names) > _SHOWN else quoted)


def _referring_working_copies(text: str) -> Iterator[str]:
    """The titles of the working copies that contain `text`, in themselves or their rows."""
    packages = {
        document_types.get(name).model_class()._meta.app_label for name in document_types.names()
    }
    for package in sorted(packages):
        for model in apps.get_app_config(package).get_models():
            columns = [
                field.name
                for field in model._meta.local_fields
                if isinstance(field, (models.CharField, models.TextField, models.JSONField))
            ]
            if columns:
                for row in rows_containing(model._default_manager.all(), columns, text)[
                    : _SHOWN + 1
                ]:
                    yield str(_document_of(row))


def _document_of(row: models.Model) -> models.Model:
    """The document of a row: what it is deleted with."""
    for field in () if isinstance(row, Document) else row._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE:
            return _document_of(getattr(row, field.name))
    return row


def rows_containing(rows: models.QuerySet, columns: list[str], text: str) -> models.QuerySet:
    """The rows in which any of these columns, as text, contains `text`."""
    found = Q()
    for column in columns:
        rows = rows.alias(**{f"{column}_as_text": Cast(column, models.TextField())})
        found |= Q(**{f"{column}_as_text__contains": text})
    return rows.filter(found)
