"""Markdown to safe HTML: the only package that may mark text as safe.

No text is trusted, whoever wrote it. `render` and `render_inline` produce HTML; `plain_text`,
`read_blocks`, `cited_keys` and `links` read a text; `validate` lists what blocks its publication.
"""

from education.markdown.blocks import MarkdownBlock, read_blocks
from education.markdown.citations import CitationMark
from education.markdown.document.blocks import find_tables
from education.markdown.document.data_writer import DataWriter
from education.markdown.glossary_terms import TermMark, TermMarker, TermMatcher
from education.markdown.limits import MAX_CHARS, MarkdownLimitError
from education.markdown.link_targets import is_allowed_target
from education.markdown.placeholders import (
    EMERGENCY_NUMBER,
    default_emergency_number,
    emergency_number_from,
    fill_placeholders,
    says_default_number,
    validate_plain_text,
)
from education.markdown.portable_markdown import (
    escape_line_starts,
    escape_markdown,
    indent_item,
    to_portable_line,
    to_portable_markdown,
)
from education.markdown.rendering import (
    RENDERER_VERSION,
    read_document,
    read_line,
    render,
    render_inline,
)
from education.markdown.text_cleanup import keep_units_together
from education.markdown.text_extraction import cited_keys, links, plain_text
from education.markdown.validation import validate, validate_placeholders, validate_sections

__all__ = [
    "EMERGENCY_NUMBER",
    "MAX_CHARS",
    "RENDERER_VERSION",
    "CitationMark",
    "DataWriter",
    "MarkdownBlock",
    "MarkdownLimitError",
    "TermMark",
    "TermMarker",
    "TermMatcher",
    "cited_keys",
    "default_emergency_number",
    "emergency_number_from",
    "escape_line_starts",
    "escape_markdown",
    "fill_placeholders",
    "find_tables",
    "indent_item",
    "is_allowed_target",
    "keep_units_together",
    "links",
    "plain_text",
    "read_blocks",
    "read_document",
    "read_line",
    "render",
    "render_inline",
    "says_default_number",
    "to_portable_line",
    "to_portable_markdown",
    "validate",
    "validate_placeholders",
    "validate_plain_text",
    "validate_sections",
]
