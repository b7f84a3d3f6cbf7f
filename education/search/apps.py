"""The search as an installed app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Search for pages and glossary terms."""

    name = "education.search"
    label = "search"
    verbose_name = _("search")
