"""Fixtures for the page cache."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from education.articles.models import Article
from education.operations.page_cache import wsgi
from tests import factories
from tests.operations.page_cache_client import PageCacheClient


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in the test client: the test's connection stays open between requests."""
    monkeypatch.setattr(wsgi, "close_old_connections", lambda: None)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def spots() -> Article:
    return factories.make_small_site()


@pytest.fixture
def page_cache(spots: Article) -> PageCacheClient:
    return PageCacheClient()


@pytest.fixture
def two(spots: Article) -> tuple[PageCacheClient, PageCacheClient]:
    """Two processes."""
    return PageCacheClient(), PageCacheClient()
