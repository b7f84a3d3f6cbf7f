"""What pasting left over is found before publication, with its place."""

from __future__ import annotations

import pytest

from education.publishing.checks.pasting_leftovers import find_leftovers
from education.publishing.content import ActionRefused
from tests import factories

LEFT_OVER = {
    "• Wash it.\n• Dry it.": [1, 2],
    "Wash it. • Dry it.": [1],
    "See\n\n[the leaflet] (https://clinic.example/)": [3],
    "**Never **squeeze it.": [1],
    "Do **not ** squeeze it.": [1],
    "Do ** not** squeeze it.": [1],
    "Wash it.<br>Dry it.": [1],
    "<b>Wash</b> it.": [1],
    "It is common.[^1]": [1],
    "~ Wash it.\n~ Dry it.": [1, 2],
    "1. Wash it.\n  - Use soap.\n2. Dry it.": [2],
    "1. Wash it.\n  1. Use soap.": [2],
}
FINE = (
    "- Wash it.\n  - Use soap.\n- Dry it.",
    "1. Wash it.\n   - Use soap.\n2. Dry it.",
    "- One.\n- Two.\n\nText.\n\n1. Three.\n2. Four.",
    "Do **not** squeeze it, and **never** scratch **it**.",
    "See [the leaflet](https://clinic.example/) (and ask).",
    "Less than 5 < 10 and > 3. See <https://clinic.example/>.",
    "About ~ 5 of 10. [@leaflet] 3 · 4",
    "Word\n: Meaning",
    "- a\n\n  More of it.\n\n  - b",
    "1. Wash it.\n   - Use soap.\n   - Use water.\n     - Warm.\n     - Clean.\n   - Dry it.\n2. Rest.",
)


@pytest.mark.parametrize("text", list(LEFT_OVER))
def test_leftover_is_found_on_its_line(text):
    assert sorted({line for line, _words, _advice in find_leftovers(text)}) == LEFT_OVER[text]


@pytest.mark.parametrize("text", FINE)
def test_right_markdown_is_no_leftover(text):
    assert list(find_leftovers(text)) == []


@pytest.mark.django_db
def test_page_with_a_leftover_is_not_published():
    factories.make_small_site()
    page = factories.article("bumps", introduction="Wash it.\n\n• Dry it.")
    with pytest.raises(ActionRefused) as refused:
        factories.publish_documents(page)
    assert "Line 3, “• Dry it.”: Make a list with the button List." in str(refused.value)
