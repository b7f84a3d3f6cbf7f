"""Markdown in, safe HTML out: the only place in the project that may mark text as safe.

Staff write Markdown, and no text is trusted, whoever wrote it. `render` and `render_inline` turn it into
HTML; `plain_text`, `read_blocks`, `cited_keys` and `links` read it; `problems` says what must be mended
before it goes live.
"""

from education.prose.blocks import ProseBlock, read_blocks
from education.prose.characters import unparted
from education.prose.citations import CitationMark
from education.prose.limits import MAX_CHARS, ProseError
from education.prose.problems import problems
from education.prose.reading import cited_keys, links, plain_text
from education.prose.rendering import RENDERER_VERSION, render, render_inline
from education.prose.rewriting import escaped, markdown, markdown_line
from education.prose.terms import Explain, TermMark, Vocabulary

__all__ = [
    "MAX_CHARS",
    "RENDERER_VERSION",
    "CitationMark",
    "Explain",
    "ProseBlock",
    "ProseError",
    "TermMark",
    "Vocabulary",
    "cited_keys",
    "escaped",
    "links",
    "markdown",
    "markdown_line",
    "plain_text",
    "problems",
    "read_blocks",
    "render",
    "render_inline",
    "unparted",
]
