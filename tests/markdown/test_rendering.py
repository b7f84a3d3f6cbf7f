"""What authors may write, and what becomes of it."""

import html5lib
import pytest
from django.utils import translation
from django.utils.safestring import SafeString

from education.markdown import MarkdownLimitError, plain_text, render, render_inline
from education.markdown.rendering import _render
from tests.markdown.html_checker import element_text, elements, find_violations


def _tags(html: str) -> list[str]:
    return [element.tag for element in elements(html)]


def test_output_is_marked_safe_for_templates() -> None:
    assert isinstance(render("Wash."), SafeString)
    assert isinstance(render_inline("Wash."), SafeString)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("*soft* and **strong**", ["p", "em", "strong"]),
        ("- a\n- b", ["ul", "li", "li"]),
        ("2. a\n3. b", ["ol", "li", "li"]),
        ("- a\n  - b", ["ul", "li", "ul", "li"]),
        ("> said", ["blockquote", "p"]),
        ("a\n\n---\n\nb", ["p", "hr", "p"]),
        ("a  \nb", ["p", "br"]),
        ("a\\\nb", ["p", "br"]),
        ("`a`", ["p", "code"]),
        ("Rash\n: Red skin\n: Spots", ["dl", "dt", "dd", "dd"]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_each_construct_becomes_its_element(text: str, tags: list[str]) -> None:
    assert _tags(render(text)) == tags
    assert not find_violations(render(text))


def test_ordered_list_keeps_its_first_number() -> None:
    assert elements(render("4. a"), "ol")[0].attrib == {"start": "4"}


@pytest.mark.parametrize(
    "text",
    [
        "```\na\n```",
        "~~~\na\n~~~",
        "    a",
        "<b>a</b>",
        "<div>\na\n</div>",
        "<https://nhs.uk>",
        "https://nhs.uk",
    ],
)
def test_code_blocks_html_and_bare_addresses_are_text(text: str) -> None:
    assert set(_tags(render(text))) <= {"p", "code"}


def test_number_and_degrees_stay_on_one_line() -> None:
    assert "38&nbsp;°C (100.4&nbsp;°F)" in render("A fever of 38 °C (100.4 °F) or more.")


def test_html_is_shown_as_typed() -> None:
    assert (
        element_text(elements(render("if <5 mm & <b>red</b>"), "p")[0]) == "if <5 mm & <b>red</b>"
    )


def test_reference_definitions_stay_visible() -> None:
    assert "[acne]: https://nhs.uk" in plain_text("[acne]: https://nhs.uk\n\n[acne]")


@pytest.mark.parametrize(
    "line", ["- a", "# a", "1. a", "> a", "    a", "---", "Term\n: a", "a|b\n-|-\nc|d"]
)
def test_inline_rendering_makes_no_blocks(line: str) -> None:
    assert elements(render_inline(line)) == []
    assert html5lib.parseFragment(render_inline(line)).text == " ".join(line.split())


def test_inline_rendering_keeps_inline_marks_on_one_line() -> None:
    html = render_inline("*a*\n**b** [c](/d) [@none]", cite=lambda key: None)
    assert _tags(html) == ["em", "strong", "a", "mark"]
    assert "\n" not in html


def test_table_scrolls_in_a_named_focusable_region() -> None:
    html = render("| Cream | How often |\n|:--|--:|\n| Thin | *Daily* |")
    (region,) = elements(html, "div")
    assert region.attrib == {
        "class": "table-scroll",
        "tabindex": "0",
        "role": "region",
        "aria-label": "Table: Cream, How often",
    }
    assert [child.tag for child in region] == ["table"]
    assert [cell.attrib for cell in elements(html, "th")] == [
        {"scope": "col", "class": "align-left"},
        {"scope": "col", "class": "align-right"},
    ]
    assert [cell.attrib["class"] for cell in elements(html, "td")] == ["align-left", "align-right"]


def test_table_without_column_names_still_has_a_name() -> None:
    assert elements(render("| | |\n|-|-|\n| a | b |"), "div")[0].attrib["aria-label"] == "Table"


def test_control_characters_and_surrogates_become_visible() -> None:
    assert element_text(elements(render("a\x00b\ud800c\x1bd"), "p")[0]) == "a\ufffdb\ufffdc\ufffdd"


def test_windows_line_ends_render_the_same() -> None:
    text = "# A\n\n- b\n- c\n\n| d |\n|-|\n| e |\n"
    assert render(text) == render(text.replace("\n", "\r\n")) == render(text.replace("\n", "\r"))


def test_same_text_is_rendered_once_for_each_language() -> None:
    _render.cache_clear()
    for _ in range(3):
        render("[a](https://nhs.uk)")
    with translation.override("de"):
        render("[a](https://nhs.uk)")
    assert (_render.cache_info().misses, _render.cache_info().hits) == (2, 2)


def test_labels_follow_the_active_language(monkeypatch: pytest.MonkeyPatch) -> None:
    def shout(message: str) -> str:
        return f"{translation.get_language()}:{message}"

    monkeypatch.setattr("education.markdown.html_renderer._", shout)
    _render.cache_clear()
    for language in ("de", "fr", "de"):
        with translation.override(language):
            assert f"{language}:(other website)" in render("[a](https://nhs.uk)")
    _render.cache_clear()


def test_rendering_works_with_translation_switched_off() -> None:
    with translation.override(None):
        assert "(other website)" in render("[a](https://nhs.uk/off)")


@pytest.mark.parametrize("level", [0, 7, -1])
def test_wrong_heading_level_is_a_value_error(level: int) -> None:
    with pytest.raises(ValueError, match="Heading level") as raised:
        render("# a", level=level)
    assert not isinstance(raised.value, MarkdownLimitError)
