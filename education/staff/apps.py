"""The app configuration of the admin, which names our site class in `default_site`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import apps
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class StaffAdminConfig(apps.SimpleAdminConfig):
    """Django's admin with our site class, and without autodiscovery at start."""

    default_site = "education.staff.site.StaffAdminSite"
    # Otherwise Django would use it for `education.staff` itself.
    default = False

    def ready(self) -> None:
        """Register the checks of the admin, which autodiscover when they run."""
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check_admin, checks.Tags.admin)


def _check_admin(**options: Any) -> list[checks.CheckMessage]:
    admin.autodiscover()
    return list(check_admin_app(**options))
