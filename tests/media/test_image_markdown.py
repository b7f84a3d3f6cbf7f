"""The Markdown of an image shows it with its alternative text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from education import markdown
from education.media.models import Image
from tests.markdown.html_checker import elements
from tests.media.test_views import NAME

_SEEN = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Co", "Cn", "Zl", "Zp"])
WORDS = st.text(_SEEN, min_size=1, max_size=80).filter(str.strip)


@given(WORDS)
def test_image_markdown_has_its_alternative_text(words):
    image = Image(name=NAME, alternative_text=words)
    shown = elements(markdown.render(f"Before {image.markdown} after."), "img")
    assert [each.attrib for each in shown] == [
        {"src": f"/media/{NAME}", "alt": " ".join(words.split())},
    ]


def test_image_without_alternative_text_blocks_publication():
    assert markdown.validate(Image(name=NAME, alternative_text="A [red] bump*").markdown) == []
    assert markdown.validate(Image(name=NAME).markdown)
