"""The second defense: an allowlist for the HTML that leaves the package."""

import re

import nh3

from education.markdown.link_targets import is_allowed_target, is_uploaded_image
from education.markdown.text_cleanup import replace_invalid_characters

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = {"blockquote", "dd", "div", "dl", "dt", "hr", "li", "ol", "p", "ul"}
_TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
_INLINE = {"a", "br", "button", "code", "em", "i", "img", "mark", "span", "strong", "sup"}
_ATTRIBUTES = {
    "a": {"href", "hidden"},
    "button": {"popovertarget"},
    "div": {"aria-label"},
    "img": {"src", "alt"},
    "ol": {"start"},
    **{heading: {"id"} for heading in _HEADINGS},
}
_ATTRIBUTE_VALUES = {
    "div": {"tabindex": {"0"}, "role": {"region"}},
    "th": {"scope": {"col"}},
}
_CLASSES = {
    "a": {"term"},
    "button": {"term"},
    "div": {"table-scroll"},
    "span": {"visually-hidden", "nowrap"},
    "td": {"align-left", "align-center", "align-right"},
    "th": {"align-left", "align-center", "align-right"},
}


# Buttons open the meanings of marked terms and nothing else.
_POPOVER_ID = re.compile(r"m-[a-z0-9_-]{1,200}")


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not is_allowed_target(value):
        return None
    if attribute == "popovertarget" and not _POPOVER_ID.fullmatch(value):
        return None
    if attribute == "src" and not is_uploaded_image(value):
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=_HEADINGS | _BLOCKS | _TABLES | _INLINE,
    clean_content_tags={"script", "style"},
    attributes=_ATTRIBUTES,
    set_tag_attribute_values={"button": {"type": "button"}},
    tag_attribute_values=_ATTRIBUTE_VALUES,
    allowed_classes=_CLASSES,
    attribute_filter=_filter_attribute,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


def sanitize(html: str) -> str:
    """Return `html` with only what the lists above allow, and no invalid characters."""
    return _CLEANER.clean(replace_invalid_characters(html))
