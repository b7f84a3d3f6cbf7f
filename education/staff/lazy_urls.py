"""The staff's addresses, loaded once somebody asks for one: readers do not wait for them at a
start.
"""

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
        """Nothing: Django asks every resolver for its names as soon as the address of one page is
        wanted.

        The names here are found through their namespace, by a resolver that Django makes when it
        needs one.
        """
