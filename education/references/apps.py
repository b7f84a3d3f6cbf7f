"""The app configuration of the references."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferencesConfig(AppConfig):
    """The name under which staff find this package."""

    name = "education.references"
    verbose_name = _("Sources and glossary")
