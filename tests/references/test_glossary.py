"""The glossary page."""

from __future__ import annotations

import re

import pytest

from tests import factories
from tests.factories import publish_documents

pytestmark = pytest.mark.django_db


def test_glossary_terms_are_under_the_letters_of_the_a_to_z(client):
    terms = ("Pore", "Éclair", "Eczema", "5-day course")
    publish_documents(factories.glossary(**dict.fromkeys(terms, "Something.")))
    page = client.get("/glossary/").content.decode()
    assert re.findall(r'<h2 id="([^"]*)">(\w+)</h2>', page) == [
        ("letter-1", "E"), ("letter-2", "P"), ("letter-3", "Other")
    ]  # fmt: skip
    assert re.findall(r"<dt>([^<]*)</dt>", page) == ["Éclair", "Eczema", "Pore", "5-day course"]
    assert re.findall(r'<a href="(#letter-\d)">', page) == ["#letter-1", "#letter-2", "#letter-3"]
