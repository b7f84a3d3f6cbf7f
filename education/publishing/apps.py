"""The publishing core finds what each package contributes, as the admin finds `admin.py`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Loads the `publishing_hooks` module of every package: kinds of document and rules of
    publication.
    """

    name = "education.publishing"
    verbose_name = _("What was published")

    def ready(self) -> None:
        """Let the packages register."""
        autodiscover_modules("publishing_hooks")
