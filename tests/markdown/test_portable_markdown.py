"""A text written anew for other programs says the same, and is never HTML there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from education import markdown
from education.markdown import CitationMark

ANY_PROGRAM = MarkdownIt("commonmark", {"html": True}).enable("table")


@pytest.mark.parametrize(
    "text",
    [
        "One.\n\nTwo\nthree.",
        "# One\n\n## Two\n\nText.",
        "- a\n- b\n  - c\n\n    d\n- e",
        "1. a\n2. b",
        "3. a\n4. b",
        "- a\n\ntext\n\n- b",
        "- a\n* b",
        "> quote\n> more\n>\n> - list",
        "**bold *both* bold** and *it*",
        "`code <b> ``x`` |`",
        r"\*not\* \# \<b\> 1\. \[a\] &amp; &lt;b&gt;",
        "<b>html</b> <script>alert(1)</script>",
        "[a](/b/) [c](https://example.org/x?y=1&z=2) [d](#e)",
        "| a | b |\n|:--|--:|\n| 1 | `x` \\| y |",
        "***",
        "a\\\nb",
        "1986\\. A year",
        "Term\n: Meaning",
        "+ a",
        "a\n\n---\n\nb",
    ],
)
def test_portable_markdown_renders_like_the_text(text):
    assert markdown.render(markdown.to_portable_markdown(text)) == markdown.render(text)
    assert markdown.to_portable_markdown(
        markdown.to_portable_markdown(text)
    ) == markdown.to_portable_markdown(text)


SIGNS = st.text(alphabet=st.sampled_from("ab<>/!?-[]()`*_#\\\n&;:|~\"'=+.1 @"), max_size=80)


@given(SIGNS)
def test_portable_markdown_has_no_html_or_dangerous_link(text):
    try:
        written = markdown.to_portable_markdown(text)
    except markdown.MarkdownLimitError:
        return
    tokens = [t for token in ANY_PROGRAM.parse(written) for t in (token, *(token.children or ()))]
    assert not [token for token in tokens if token.type in {"html_block", "html_inline"}]
    for token in tokens:
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("http", "mailto", "tel", "/", "#"))


@given(SIGNS)
def test_escaped_plain_text_renders_as_itself(text):
    line = " ".join(text.split())
    (token,) = ANY_PROGRAM.parseInline(markdown.escape_markdown(line))
    assert "".join(child.content for child in token.children or ()) == line


def test_links_become_absolute_and_citations_numbers():
    written = markdown.to_portable_markdown(
        "See [here](/a/) [@x] [@y] and [bad](javascript:alert).",
        base="https://clinic.example",
        cite=lambda key: CitationMark(3, "#s", "S") if key == "x" else None,
    )
    assert written == r"See [here](<https://clinic.example/a/>) \[3\]  and bad."


def test_headings_begin_at_the_given_level():
    assert markdown.to_portable_markdown("# A\n\n## B", level=5) == "##### A\n\n###### B"
