"""No text puts anything on a page that its author could not have said in words."""

import re

import pytest

from education.markdown import CitationMark, plain_text, render, render_inline, validate
from education.markdown.sanitizer import sanitize
from tests.markdown.hostile_texts import HOSTILE_TEXTS, RAW_HTML, TARGETS
from tests.markdown.html_checker import elements, find_violations


def _hostile_source(key: str) -> CitationMark:
    return CitationMark(1, f'javascript:"{key}', '"><script>alert(1)</script>\ud800\x00')


def _harmless_source(key: str) -> CitationMark:
    return CitationMark(1, "#source-1", "' onclick='alert(1)")


def test_corpus_is_large() -> None:
    assert len(set(HOSTILE_TEXTS)) > 1_000


def test_script_in_markdown_never_reaches_the_page() -> None:
    found = {
        (text, offence)
        for text in HOSTILE_TEXTS
        for cite in (None, _hostile_source, _harmless_source)
        for html in (render(text, cite=cite), render_inline(text, cite=cite))
        for offence in find_violations(html)
    }
    assert not found


def test_hostile_prefix_stays_inside_its_attribute() -> None:
    html = render("# a", id_prefix='"><script>alert(1)</script>')
    assert [each.tag for each in elements(html)] == ["h3"]


@pytest.mark.parametrize("target", TARGETS)
def test_hostile_link_never_becomes_an_external_link(target: str) -> None:
    for link in elements(render(f"[x](<{target}>)"), "a"):
        assert link.attrib["href"].startswith(("/", "#", "https://nhs.uk/"))
        assert not link.attrib["href"].startswith("//")


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "java&Tab;script:alert(1)", "//evil.example", "data:x"]
)
def test_hostile_link_blocks_publication(target: str) -> None:
    assert validate(f"[x]({target})")
    assert validate(f"![x]({target})")


def test_sanitizer_stops_output_of_a_broken_parser() -> None:
    attributes = 'onclick="x" style="x" id="x" class="x" srcdoc="x" target="_top" data-x="y" tabindex="5" role="x"'
    pages = [
        *RAW_HTML,
        *(
            f'<a href="{target}" {attributes}>x</a><img src="{target}" alt="y" {attributes}>'
            for target in TARGETS
        ),
        *(
            f"<{name} {attributes}>x</{name}>"
            for name in ("p", "div", "td", "h2", "span", "sup", "mark", "form")
        ),
    ]
    found = {(page, offence) for page in pages for offence in find_violations(sanitize(page))}
    # What is left of a refused attribute may be an empty one, which is harmless.
    harmless = re.compile(r"link to None|\w+ class=''")
    assert not {(page, offence) for page, offence in found if not harmless.fullmatch(offence)}


def test_plain_text_of_hostile_texts_is_not_marked_safe() -> None:
    assert not any(hasattr(plain_text(text), "__html__") for text in HOSTILE_TEXTS)
