"""What every template knows of the clinic."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from education.clinic.models import Clinic


def clinic(request: HttpRequest) -> dict[str, object]:
    """`clinic`: read once a page, and only by a page that shows it."""
    return {"clinic": SimpleLazyObject(Clinic.current)}
