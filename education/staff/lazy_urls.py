"""The admin URLs, loaded on the first request for one, so that the site starts faster."""

from __future__ import annotations

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern


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
