"""`[@source-key]` becomes a numbered link that says where it leads."""

import pytest

from education.markdown import CitationMark, cited_keys, plain_text, render, render_inline
from tests.markdown.html_checker import element_text, elements, find_violations

_MARKS = {
    "nhs-acne": CitationMark(1, "#source-1", "Acne"),
    "bad-2024": CitationMark(2, "/sources/#bad", 'Skin "care" <for> all'),
}


def test_citation_is_a_numbered_link_announced_as_source() -> None:
    html = render("Wash [@nhs-acne].", cite=_MARKS.get)
    (link,) = elements(html, "a")
    assert element_text(link) == "Source 1"
    assert link.attrib == {"href": "#source-1"}
    # The word is for those who hear the page.
    assert element_text(elements(html, "i")[0]) == "Source "
    assert element_text(elements(html, "sup")[0]) == "[Source 1]"


def test_citation_does_not_contain_the_source_title() -> None:
    html = render("[@bad-2024]", cite=_MARKS.get)
    assert element_text(elements(html, "a")[0]) == "Source 2"
    assert "Skin" not in html
    assert not find_violations(html)


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//evil.example", '"><script>', "", "data:x", "x y"]
)
def test_citation_with_unsafe_address_has_number_without_link(href: str) -> None:
    html = render("[@a]", cite=lambda key: CitationMark(7, href, "T"))
    assert [each.tag for each in elements(html)] == ["p", "sup"]
    assert element_text(elements(html, "sup")[0]) == "[7]"


@pytest.mark.parametrize("space", [" ", "\n"])
def test_citation_never_begins_a_line(space: str) -> None:
    html = render(f"**Wash**{space}[@nhs-acne]{space}[@bad-2024] it.", cite=_MARKS.get)
    assert "</strong>&nbsp;<sup" in html and "</sup>&nbsp;<sup" in html and "</sup> it." in html


def test_unknown_source_is_shown_as_not_found() -> None:
    html = render("Wash [@nowhere].", cite=_MARKS.get)
    assert element_text(elements(html, "mark")[0]) == "[source not found: nowhere]"


def test_citations_without_resolver_are_removed_with_space() -> None:
    assert (
        render("Wash [@a] [@b], then dry [@c] and rest[@d].") == "<p>Wash, then dry and rest.</p>\n"
    )
    assert render_inline("Wash [@a].") == "Wash."


def test_resolver_is_called_once_per_key_even_with_cached_html() -> None:
    text = "[@b] and [@a]\n\n- [@b]\n\n| [@c] |\n|-|\n| [@a] |"
    for _ in range(3):
        asked: list[str] = []
        render(text, cite=lambda key, asked=asked: asked.append(key))  # type: ignore[misc]
        assert asked == ["b", "a", "c"]
    asked = []
    render_inline("[@b] [@a] [@b]", cite=lambda key: asked.append(key))
    render_inline("[@b] [@a] [@b]", cite=lambda key: asked.append(key))
    assert asked == ["b", "a", "b", "a"]


def test_citation_numbers_are_those_of_the_page() -> None:
    first = render("x [@a]", cite=lambda key: CitationMark(1, "#s", "T"))
    second = render("x [@a]", cite=lambda key: CitationMark(9, "#s", "T"))
    (one,), (nine,) = elements(first, "a"), elements(second, "a")
    assert (element_text(one), element_text(nine)) == ("Source 1", "Source 9")


def test_cited_keys_are_found_in_every_construct() -> None:
    text = (
        "# H [@a]\n\n*[@b]* `[@not]` \\[@not] ![alt [@not]](/media/a.png)\n\n"
        "> - [@c] [@a]\n\nT [@d]\n: D [@e]\n"
    )
    assert cited_keys(text) == ("a", "b", "c", "d", "e")


@pytest.mark.parametrize(
    "text",
    [
        "[@A]",
        "[@a b]",
        "[@a_b]",
        "[@]",
        "[@" + "a" * 61 + "]",
        "[@a\n]",
        "@a",
        "[@é]",
        '[@a"onclick=b]',
        "[@a",
    ],
)
def test_other_spellings_are_not_citations(text: str) -> None:
    assert cited_keys(text) == ()
    assert elements(render(text, cite=_MARKS.get), "sup") == []


def test_citation_is_never_a_link_inside_a_link() -> None:
    for text in ["[see [@nhs-acne]](/x)", "[@nhs-acne](/x)", "[![[@nhs-acne]](/media/a.png)](/x)"]:
        assert not find_violations(render(text, cite=_MARKS.get))


def test_brackets_after_a_citation_stay_words() -> None:
    assert plain_text("Rash [@a](itchy)") == "Rash(itchy)"
