"""`manage.py rebuild_search_index`: rebuild the search index."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from education.publishing.management.progress import ProgressReporter
from education.publishing.management.site_command import SiteCommand
from education.search import indexing
from education.search.backends.postgresql import has_trigrams


class Command(SiteCommand):
    """Index every edition again; searches use the old index until it is done."""

    help = "Make the search's index anew from all editions."

    def handle(self, *args: Any, **options: Any) -> None:
        show = ProgressReporter(self.stderr)
        done = indexing.rebuild(lambda done, total: show(_("Reading editions"), done, total))
        self.stdout.write(_("The search knows {count} editions.").format(count=done))
        if connection.vendor == "postgresql" and not has_trigrams():
            self.stdout.write(
                _(
                    "PostgreSQL has no pg_trgm here, so fewer misspelled words are understood. "
                    "docs/deploying.md says how to add it."
                )
            )
