"""The name under which staff find this package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferencesConfig(AppConfig):
    """See the package."""

    name = "education.references"
    verbose_name = _("Sources and glossary")
