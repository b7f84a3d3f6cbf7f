"""Whether a text says the same after the editor has read and written it."""

from __future__ import annotations

import re
from collections.abc import Hashable

from education import markdown
from education.publishing.content import clean_line, clean_text

# Not the no-break space, which readers see.
_BLANKS = re.compile(r"[ \n]+")

# Bold and italic look the same around a link as inside it, and around each other.
_LINK_AROUND = re.compile(
    r"<a href=\"([^\"]*)\"><(strong|em)>((?:(?!</\2>).)*)</\2>(<span class=[^<]*</span>)?</a>"
)
_STRONG_AROUND = re.compile(r"<strong><em>((?:(?!</em>).)*)</em></strong>")


def renders_alike(before: str, after: str, *, inline: bool) -> bool:
    """Whether the site shows both texts alike, with the same links and problems.

    False if either is beyond a limit: what cannot be shown cannot be compared.
    """
    try:
        return _reading(before, inline=inline) == _reading(after, inline=inline)
    except markdown.MarkdownLimitError:
        return False


def _reading(typed: str, *, inline: bool) -> Hashable:
    text = str(clean_line(typed) if inline else clean_text(typed))
    render = markdown.render_inline if inline else markdown.render
    html: str = _BLANKS.sub(" ", render(text, cite=_cite))
    # Twice, for bold within italic.
    html = _LINK_AROUND.sub(r'<\2><a href="\1">\3\4</a></\2>', html)
    html = _LINK_AROUND.sub(r'<\2><a href="\1">\3\4</a></\2>', html)
    return (
        _STRONG_AROUND.sub(r"<em><strong>\1</strong></em>", html),
        markdown.links(text),
        tuple(markdown.validate(text)),
        tuple(markdown.validate_placeholders(text)),
    )


def _cite(key: str) -> markdown.CitationMark:
    """A mark that shows the key: every source exists here."""
    return markdown.CitationMark(1, f"#{key}", key)
