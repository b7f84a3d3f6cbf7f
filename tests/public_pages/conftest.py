"""A small live site."""

from __future__ import annotations

import pytest

from education.articles.models import Article
from tests import factories


@pytest.fixture
def spots(db: None) -> Article:
    """The article of a small live site."""
    return factories.make_small_site()
