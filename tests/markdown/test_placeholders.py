"""`{emergency number}` in a text: where it is filled in, and what is wrong with other braces."""

from collections.abc import Iterator

import pytest

from education import markdown


@pytest.fixture(autouse=True)
def number() -> Iterator[None]:
    with markdown.emergency_number_from(lambda: "911 & 112"):
        yield


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Call {emergency number}.", "<p>Call 911 &amp; 112.</p>\n"),
        ("Call **{emergency number}** now.", "<p>Call <strong>911 &amp; 112</strong> now.</p>\n"),
        ("Call {emergency\nnumber} now.", "<p>Call 911 &amp; 112 now.</p>\n"),
        ("- {emergency number}", "<ul>\n<li>911 &amp; 112</li>\n</ul>\n"),
        ("`{emergency number}`", "<p><code>911 &amp; 112</code></p>\n"),
        (
            "![Call {emergency number}](/media/a.png)",
            '<p><img src="/media/a.png" alt="Call 911 &amp; 112"></p>\n',
        ),
        ("{emergency} {number}", "<p>{emergency} {number}</p>\n"),
    ],
)
def test_placeholder_is_filled_in_as_escaped_text(text: str, html: str) -> None:
    assert markdown.render(text) == html


def test_placeholder_in_one_line_is_filled_in() -> None:
    assert markdown.render_inline("Call {emergency number}.") == "Call 911 &amp; 112."


def test_placeholder_in_portable_markdown_is_filled_in() -> None:
    assert markdown.to_portable_markdown("Call {emergency number}.") == r"Call 911 \& 112."
    assert markdown.to_portable_line("Call {emergency number}.") == r"Call 911 \& 112."


def test_placeholder_stays_in_texts_that_are_compared() -> None:
    text = "Call {emergency\nnumber}."
    assert markdown.plain_text(text) == "Call {emergency number}."
    assert markdown.read_blocks(text)[0].text == "Call {emergency number}."
    assert markdown.fill_placeholders(markdown.plain_text(text)) == "Call 911 & 112."


def test_placeholder_follows_a_changed_number() -> None:
    for number in ("911", "112"):
        with markdown.emergency_number_from(lambda number=number: number):
            assert markdown.render("Call {emergency number}.") == f"<p>Call {number}.</p>\n"
            assert markdown.render_inline("{emergency number}") == number


def test_placeholder_without_a_number_is_words() -> None:
    with markdown.emergency_number_from(lambda: ""):
        assert markdown.render_inline("Call {emergency number}.") == (
            "Call your local emergency number."
        )


def test_number_is_not_asked_for_without_a_placeholder() -> None:
    def fail() -> str:
        raise AssertionError

    with markdown.emergency_number_from(fail):
        assert markdown.render("Call a doctor.") == "<p>Call a doctor.</p>\n"
        assert markdown.fill_placeholders("Call a doctor.") == "Call a doctor."


def test_heading_id_does_not_change_with_the_number() -> None:
    assert markdown.render("# Call {emergency number}") == (
        '<h3 id="call-emergency-number">Call 911 &amp; 112</h3>\n'
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Call {number}.", "“{number}”"),
        ("Call {emergency number.", "“{”"),
        ("Call emergency number}.", "“}”"),
        ("Call {emergency **number**}.", "“{”"),
        ("Call {Emergency Number}.", "“{Emergency Number}”"),
        ("`{x}`", "“{x}”"),
        ("![{x}](/media/a.png)", "“{x}”"),
        ("[Call](<tel:{emergency number}>)", "inside an address"),
        ("Call your local emergency number.", "“your local emergency number”"),
        ("Call Your local\n**emergency** number.", "“your local emergency number”"),
    ],
)
def test_unfilled_text_is_a_problem(text: str, named: str) -> None:
    messages = markdown.validate_placeholders(text)
    assert named in messages[0] and "{emergency number}" in messages[0]


@pytest.mark.parametrize(
    "text",
    ["Call {emergency number}.", "Call {emergency\nnumber}.", "[a](https://b.example/%7Bc%7D)"],
)
def test_filled_text_is_no_problem(text: str) -> None:
    assert not markdown.validate_placeholders(text)
