"""The search's place among the installed apps."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Finding pages and words."""

    name = "education.search"
    label = "search"
    verbose_name = _("search")
