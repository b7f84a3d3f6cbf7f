"""The audit list's place among the installed apps."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Who did what, and when."""

    name = "education.audit"
    label = "audit"
    verbose_name = _("Who did what")
