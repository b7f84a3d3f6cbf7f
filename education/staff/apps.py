"""The admin site of the house, found through `default_site`, so that no package imports it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import apps
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class StaffAdminConfig(apps.SimpleAdminConfig):
    """Django's admin with our own site object, and nothing in it before a page of the staff is
    wanted.
    """

    default_site = "education.staff.site.StaffAdminSite"
    # Without this, Django takes it for the configuration of `education.staff` itself.
    default = False

    def ready(self) -> None:
        """Let Django check what is in the admin, which is looked for then."""
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check_admin, checks.Tags.admin)


def _check_admin(**options: Any) -> list[checks.CheckMessage]:
    admin.autodiscover()
    return list(check_admin_app(**options))
