"""What the search contributes to publishing: an edition is in the index from the moment it is
frozen.
"""

from __future__ import annotations

from education.publishing.hooks import register_after_freeze
from education.publishing.models import Edition
from education.search import indexing


@register_after_freeze
def add_to_index(edition: Edition) -> None:
    """Write the edition into the index; the query asks whether it is live."""
    indexing.index_editions(edition)
