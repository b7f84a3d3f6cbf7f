"""The name under which staff find this package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClinicConfig(AppConfig):
    """See the package."""

    name = "education.clinic"
    verbose_name = _("The clinic")
