"""Loads the `publishing_hooks` module of every installed package at start-up."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Loads the types of document and the publication checks that the packages register."""

    name = "education.publishing"
    verbose_name = _("What was published")

    def ready(self) -> None:
        autodiscover_modules("publishing_hooks")
