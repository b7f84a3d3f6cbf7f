"""The admin site of the house, found through `default_site`, so that no package imports it."""

from __future__ import annotations

from django.contrib.admin import apps


class StaffAdminConfig(apps.AdminConfig):
    """Django's admin with our own site object."""

    default_site = "education.staff.site.StaffSite"
