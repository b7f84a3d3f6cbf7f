"""The clinic in every template."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from education.clinic.models import Clinic


def clinic(request: HttpRequest) -> dict[str, object]:
    """`clinic`: loaded at most once for a request, when it is first used."""
    return {"clinic": get_clinic(request)}


def get_clinic(request: HttpRequest) -> Clinic:
    """The clinic, loaded lazily and once for a request."""
    return cast(Clinic, vars(request).setdefault("clinic", SimpleLazyObject(Clinic.load)))
