"""The shipped site and its prints, made once for all tests here that only look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from education.handouts.limiting import LIMIT
from tests.handouts.reading import tagged_text
from tests.journeys import shipped

SLUGS = ("white-discharge-from-back-spots", "fatty-bumps-on-the-back")
SHORT = "?causes=none&sections=some&section=about"
LARGE, LETTER = "?print=large", "?paper=letter"
WHITE, FATTY = SLUGS
MADE = ((WHITE, ""), (FATTY, ""), (WHITE, SHORT), (WHITE, LARGE), (WHITE, LETTER))


@dataclass
class Print:
    """A handout as its page and as its PDF."""

    slug: str
    query: str
    page: str
    pdf: bytes

    @cached_property
    def tagged(self) -> list[tuple[str, str]]:
        """The text under its tags, read once."""
        return tagged_text(self.pdf)


@pytest.fixture(scope="module")
def prints(django_db_setup: Any, django_db_blocker: Any) -> Iterator[dict[tuple[str, str], Print]]:
    """Both shipped articles, and one of them in all sizes."""
    with django_db_blocker.unblock(), transaction.atomic():
        shipped.load()
        client, made = Client(), {}
        for slug, query in MADE:
            page, pdf = client.get(f"/handouts/{slug}/{query}"), client.get(f"/handouts/{slug}.pdf{query}")
            assert (page.status_code, pdf.status_code) == (200, 200)
            made[slug, query] = Print(slug, query, page.content.decode(), pdf.content)
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    caches["handouts"].clear()
    LIMIT.clear()
