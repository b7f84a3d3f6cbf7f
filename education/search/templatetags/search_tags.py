"""Results of a search in templates."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from education.search.highlighting import Fragment

register = template.Library()


@register.filter
def marked(fragments: Iterable[Fragment]) -> SafeString:
    """A text in which the matches are marked."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", fragment.text) if fragment.is_match else fragment.text,)
            for fragment in fragments
        ),
    )
