"""The articles as an installed app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """Articles, causes and snippets."""

    name = "education.articles"
    verbose_name = _("Pages")
