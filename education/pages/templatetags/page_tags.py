"""What templates need to put a page together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from education.clinic.models import Clinic
from education.urgency import Urgency, UrgencyLabels
from education.web.inline_css import PRINT_CSS, STYLESHEETS
from education.web.json_ld import json_ld_script

register = template.Library()

# Fits into a card on the narrowest phones.
MAX_NOWRAP_LENGTH = 20


@register.simple_tag
def inline_css(name: str = "page") -> SafeString:
    """A style sheet inside a `style` element, to the letter as the security policy allows it.

    The rules for print are no part of most: they are a file of their own, which holds up nothing.
    """
    sheet = STYLESHEETS[name]
    if not sheet.links_print_css:
        return sheet.style_tag
    return format_html(
        '{}\n<link rel="stylesheet" media="print" href="{}">', sheet.style_tag, static(PRINT_CSS)
    )


@register.simple_tag
def json_ld(data: Mapping[str, Any], publisher: str) -> SafeString:
    """schema.org data for machines, with who publishes it; the name of the site where no other is
    given.
    """
    by = {"@type": "Organization", "name": publisher}
    return json_ld_script({"name": publisher, **data, "publisher": by})


@register.simple_block_tag
def title(content: str) -> SafeString:
    """The title of the page, as browsers show it and as others show a link to it."""
    return format_html(
        '<title>{}</title>\n<meta property="og:title" content="{}">', content, content
    )


@register.simple_block_tag
def description(content: str) -> SafeString:
    """What the page is about, as search engines and others show it below its title."""
    return format_html(
        '<meta name="description" content="{}">\n<meta property="og:description" content="{}">',
        content,
        content,
    )


@register.filter
def urgency_labels(urgency: Urgency) -> UrgencyLabels:
    """The words of a level of urgency."""
    return urgency.labels


@register.filter
def urgency_action(clinic: Clinic, urgency: Urgency) -> str:
    """What a person does at this level, with the clinic's own numbers."""
    return nowrap_phone_numbers(clinic.urgency_action(urgency), clinic)


@register.filter
def nowrap_phone_numbers(text: str, clinic: Clinic) -> str:
    """A text in which none of the clinic's numbers is parted between two lines."""
    html = escape(text)
    numbers = {clinic.phone, clinic.out_of_hours_number, clinic.emergency_number} - {""}
    if not numbers:
        return html
    # The longest first: a number may begin another.
    any_number = "|".join(
        re.escape(escape(number)) for number in sorted(numbers, key=len, reverse=True)
    )
    return mark_safe(re.sub(any_number, lambda found: nowrap(found[0]), html))  # noqa: S308  escaped above


@register.filter
def nowrap(number: str) -> str:
    """A telephone number that is not parted between two lines, unless it may be longer than a line.

    Left as it is where it has nothing to part it at, and so are words that stand in for a number.
    """
    if len(number) > MAX_NOWRAP_LENGTH or not re.search(r"\d\D", number):
        return number
    return format_html('<span class="nowrap">{}</span>', number)


@register.filter
def urgency_action_links(clinic: Clinic, urgency: Urgency) -> SafeString:
    """What a person does at this level, for a screen: its numbers can be tapped."""
    steps = clinic.urgency_steps(urgency)
    html = ((format_html(escape(words), number=tel_link(number)),) for words, number in steps)
    return format_html_join(" ", "{}", html)


@register.filter
def tel_link(number: str) -> SafeString | str:
    """A telephone number that can be tapped; words, which nobody can dial, as they are."""
    to = tel_number(number)
    return format_html('<a href="tel:{}">{}</a>', to, number) if to else number


@register.filter
def tel_number(number: str) -> str:
    """A telephone number as a `tel:` address has it; empty for words or for two numbers in one
    field.
    """
    if not re.fullmatch(r"\+?[\d\s().-]{2,25}", number):
        return ""
    return re.sub(r"[^\d+]", "", number)
