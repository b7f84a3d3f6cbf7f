"""The hook of the search in publishing: every edition is indexed when it is frozen."""

from __future__ import annotations

from education.publishing.hooks import register_after_freeze
from education.publishing.models import Edition
from education.search import indexing


@register_after_freeze
def add_to_index(edition: Edition) -> None:
    """Index the edition; the search itself selects what is live."""
    indexing.index_editions(edition)
