"""The Django app of the checklists."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecklistsConfig(AppConfig):
    """Its label in the admin."""

    name = "education.checklists"
    verbose_name = _("When to see a doctor")
