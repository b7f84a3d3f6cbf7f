"""What every template knows of the clinic."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from education.clinic.models import Clinic


def clinic(request: HttpRequest) -> dict[str, object]:
    """`clinic`: read once a page, and only by a page that shows it."""
    return {"clinic": get_clinic(request)}


def get_clinic(request: HttpRequest) -> Clinic:
    """The clinic as it stands when this request first asks for something of it."""
    return cast(Clinic, vars(request).setdefault("clinic", SimpleLazyObject(Clinic.load)))
