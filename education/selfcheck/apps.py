"""The Django app of the self-checks."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelfCheckConfig(AppConfig):
    """Its label in the admin."""

    name = "education.selfcheck"
    verbose_name = _("Self-check")
