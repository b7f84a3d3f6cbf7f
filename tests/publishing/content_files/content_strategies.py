"""Contents of every kind for property tests, made from the content types themselves."""

from __future__ import annotations

import re
import types
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from annotated_types import MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from education.articles.article_cause import ArticleCause
from education.publishing.content import Content, ContentPart, clean_line, markdown_texts

TOO_DEEP = re.compile(r"^#{4,6} ", re.MULTILINE)

# What could be taken for the grammar of a file, or for the syntax of YAML.
AWKWARD = st.sampled_from(
    [
        "# one", "## Do", "### What happens", "#### four", "####### seven", "#", "##", "###", "####", "#x",
        "## Cause: acne", "## Summary", "---", "--- ", "...", "- item", "-", "* item", "  indented",
        "    four", "\ttab", "a: b", "key:", ": ", "a #b", "# b", "'", '"', "''", '"x"', "it's", "a\\", "\\n",
        "\\# x", "|", ">", "|-", "&a", "*a", "!a", "%a", "@a", "`a", "{a}", "[a]", "? a", "null", "~", "true",
        "no", "12", "1e3", "2025-11-29", "2020", "0x1f", "1:30", ".5", "=", "<<", "[@key]", "é", "e\u0301",
        "\u00a0", "a\u00a0b", "\u0085", "a\u0085b", "\ufeff", "\u2028", "\u202e", "\u200b", "\x00", "\x07a",
        "\x1f", "a \x01", "\x80", "\ud7ff", "\ue000", "\ufffe", "\U0001f600", "漢字", "ﬁ", "\r", "a\rb",
        "a\r\nb", "\x0b", "\x0c", "",
    ]
)  # fmt: skip
LINES = st.one_of(AWKWARD, st.text(max_size=12), st.builds("{} {}".format, AWKWARD, AWKWARD))
TEXTS = st.lists(LINES, max_size=6).map("\n".join)


def contents(content_type: type[Content]) -> st.SearchStrategy[Content]:
    """Any content of one type whose fields have their form, whether or not its sense
    is in order.
    """
    drawn = values_of(content_type).map(lambda values: _validated(content_type, values))
    return drawn.filter(_can_be_written).map(lambda content: cast(Content, content))


def values_of(part: type[ContentPart]) -> st.SearchStrategy[dict[str, Any]]:
    """Raw values for the fields of `part`; optional ones may be left out."""
    required = {
        name: _field(field) for name, field in part.model_fields.items() if field.is_required()
    }
    optional = {
        name: _field(field) for name, field in part.model_fields.items() if not field.is_required()
    }
    drawn = st.fixed_dictionaries(required, optional=optional)
    return drawn.map(_with_one_name) if part is ArticleCause else drawn


def _with_one_name(cause: dict[str, Any]) -> dict[str, Any]:
    """A cause that is named by one field, as the heading of its section in a file has it."""
    if cause.get("cause"):
        return {**cause, "name": ""}
    return {**cause, "name": clean_line(cause.get("name")) or 'A "cause"'}


def _field(field: FieldInfo) -> st.SearchStrategy[Any]:
    least = max((mark.min_length for mark in field.metadata if isinstance(mark, MinLen)), default=0)
    most = min(
        (mark.max_length for mark in field.metadata if isinstance(mark, MaxLen)), default=10_000
    )
    patterns = [found for mark in field.metadata if (found := getattr(mark, "pattern", None))]
    return _hint(field.annotation, least, most, patterns)


def _hint(hint: Any, least: int, most: int, patterns: list[str]) -> st.SearchStrategy[Any]:
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *marks = get_args(hint)
        patterns = patterns + [found for mark in marks if (found := getattr(mark, "pattern", None))]
        return _hint(inner, least, most, patterns)
    if origin is Literal:
        return st.sampled_from(get_args(hint))
    if origin in {Union, types.UnionType}:
        return st.one_of(*(_hint(inner, least, most, patterns) for inner in get_args(hint)))
    if origin is tuple:
        return st.lists(
            _hint(get_args(hint)[0], 0, 10_000, []), min_size=least, max_size=min(most, least + 3)
        )
    if isinstance(hint, type) and issubclass(hint, ContentPart):
        return values_of(hint)
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.integers(0, 100)
    if hint is type(None):
        return st.none()
    if patterns:
        return st.from_regex(patterns[0], fullmatch=True).map(lambda key: key[:60].strip("-"))
    words = TEXTS.map(lambda text: text[:most])
    return words.filter(lambda text: bool(text.strip())) if least else words


def _validated(content_type: type[Content], values: dict[str, Any]) -> Content | None:
    try:
        return content_type.model_validate(values)
    except ValidationError:
        return None


def _can_be_written(content: Content | None) -> bool:
    return content is not None and not any(
        TOO_DEEP.search(text.text) for text in markdown_texts(content)
    )
