"""The clinic in the admin."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClinicConfig(AppConfig):
    """The label under which staff find this package."""

    name = "education.clinic"
    verbose_name = _("The clinic")
