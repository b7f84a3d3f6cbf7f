"""Fixtures of the door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from education.articles.models import Article
from education.operations.page_cache import wsgi
from tests import builders
from tests.operations.door import Door


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As the test client does it: the connection of the test stays open between requests."""
    monkeypatch.setattr(wsgi, "close_old_connections", lambda: None)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def spots() -> Article:
    return builders.small_site()


@pytest.fixture
def door(spots: Article) -> Door:
    return Door()


@pytest.fixture
def two(spots: Article) -> tuple[Door, Door]:
    """Two processes of one start."""
    door = Door()
    return door, Door(store=door.store)
