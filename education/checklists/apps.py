"""The name under which staff find this package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecklistsConfig(AppConfig):
    """See the package."""

    name = "education.checklists"
    verbose_name = _("When to see a doctor")
