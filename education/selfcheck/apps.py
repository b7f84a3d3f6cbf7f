"""The name under which staff find this package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelfCheckConfig(AppConfig):
    """See the package."""

    name = "education.selfcheck"
    verbose_name = _("Self-check")
