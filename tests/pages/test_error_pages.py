"""The pages that say that something went wrong."""

import pytest
from django.template.loader import render_to_string

from education import markdown

CALL = "In an emergency, do not wait for this website. Call {} now."


def test_bad_request_page_names_the_emergency_number() -> None:
    with markdown.emergency_number_from(lambda: "<911>"):
        assert CALL.format("&lt;911&gt;") in render_to_string("400.html")
    assert CALL.format("your local emergency number") in render_to_string("400.html")


def test_server_error_page_does_not_ask_for_the_number() -> None:
    with markdown.emergency_number_from(lambda: pytest.fail("asked")):
        assert CALL.format("your local emergency number") in render_to_string("500.html")
