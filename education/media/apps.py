"""The app configuration of uploaded images."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """Uploaded images."""

    name = "education.media"
    verbose_name = _("Pictures")
