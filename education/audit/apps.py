"""The app configuration of the audit log."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The audit log."""

    name = "education.audit"
    label = "audit"
    verbose_name = _("Who did what")
