"""The URLs of staff, loaded on the first request for one, so that the site starts faster."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver
from django.urls.resolvers import RoutePattern
from django.views.decorators.http import require_safe


class LazyAdminURLResolver(URLResolver):
    """All of `education.staff.urls`, under one path and in the namespace of the admin."""

    def __init__(self, route: str):
        super().__init__(
            RoutePattern(route), "education.staff.urls", app_name="admin", namespace="admin"
        )

    def _populate(self) -> None:
        """Do nothing: Django calls this on every resolver to reverse any URL.

        Names in the admin namespace are found by a resolver that Django makes when it needs one.
        """


@require_safe
def shared_preview(request: HttpRequest, **given: Any) -> HttpResponse:
    """`preview_links.shared_preview`."""
    from education.staff import preview_links  # noqa: PLC0415  readers' pages do not need it

    return preview_links.shared_preview(request, **given)
