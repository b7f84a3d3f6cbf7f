"""The name under which staff find this package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """See the package."""

    name = "education.feedback"
    verbose_name = _("What readers say")
