"""The app configuration of readers' feedback."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """Readers' feedback."""

    name = "education.feedback"
    verbose_name = _("What readers say")
