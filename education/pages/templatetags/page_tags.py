"""Tags and filters that templates share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from education.clinic.models import Clinic
from education.clinic.phone_numbers import dialable
from education.media.illustrations import Picture, get_illustration
from education.plain_language.parsing.segmentation import split_sentences, split_words
from education.publishing.models import Edition
from education.urgency import Urgency, UrgencyLabels
from education.web.inline_css import PRINT_CSS, STYLESHEETS
from education.web.json_ld import JsonLd, json_ld_script

register = template.Library()

# A summary on a card or for search engines.
MAX_SUMMARY_WORDS = 30
# Fits into a card on the narrowest phones.
MAX_NOWRAP_LENGTH = 20


@register.simple_tag
def inline_css(name: str = "page") -> SafeString:
    """A style sheet inside a `style` element, byte for byte as the CSP allows it.

    Most pages link the print rules as a file of their own, which blocks no rendering.
    """
    stylesheet = STYLESHEETS[name]
    if not stylesheet.links_print_css:
        return stylesheet.style_tag
    return format_html(
        '{}\n<link rel="stylesheet" media="print" href="{}">',
        stylesheet.style_tag,
        static(PRINT_CSS),
    )


@register.simple_tag
def json_ld(data: Mapping[str, Any] | JsonLd, publisher: str) -> SafeString:
    """schema.org data with its publisher; `publisher` is also the name where `data` has none."""
    if isinstance(data, JsonLd):
        data = data.data()
    organization = {"@type": "Organization", "name": publisher}
    return json_ld_script({"name": publisher, **data, "publisher": organization})


@register.simple_block_tag
def title(content: str) -> SafeString:
    """The title of the page, for browsers and for links to it elsewhere."""
    return format_html(
        '<title>{}</title>\n<meta property="og:title" content="{}">', content, content
    )


@register.simple_block_tag
def description(content: str) -> SafeString:
    """The description of the page, for search engines and for links to it elsewhere."""
    return format_html(
        '<meta name="description" content="{}">\n<meta property="og:description" content="{}">',
        content,
        content,
    )


@register.filter
def first_sentences(text: str) -> str:
    """The first sentence of a plain text, and those after it as long as the whole stays short."""
    text, shown = " ".join(text.split()), 0
    for _start, end in split_sentences(text):
        if shown and len(split_words(text[:end])) > MAX_SUMMARY_WORDS:
            break
        shown = end
    return text[:shown] or text


@register.filter
def card_picture(edition: Edition) -> Picture | None:
    """The drawing of an article that was read for a card, or whole; None without one."""
    picture = getattr(vars(edition).get("content"), "picture", "")
    return get_illustration(getattr(edition, "picture_name", picture)).first


@register.filter
def urgency_labels(urgency: Urgency) -> UrgencyLabels:
    return urgency.labels


@register.filter
def urgency_action(clinic: Clinic, urgency: Urgency) -> str:
    """What a person does at this level, with the clinic's numbers."""
    return nowrap_phone_numbers(clinic.urgency_action(urgency), clinic)


@register.filter
def nowrap_phone_numbers(text: str, clinic: Clinic) -> str:
    """`text` as HTML in which none of the clinic's numbers breaks over two lines."""
    html = escape(text)
    numbers = {clinic.phone, clinic.out_of_hours_number, clinic.emergency_number} - {""}
    if not numbers:
        return html
    # The longest first: one number may be the beginning of another.
    any_number = "|".join(
        re.escape(escape(number)) for number in sorted(numbers, key=len, reverse=True)
    )
    return mark_safe(re.sub(any_number, lambda found: nowrap(found[0]), html))  # noqa: S308  escaped above


@register.filter
def nowrap(number: str) -> str:
    """A telephone number that does not break over two lines, unless it may be longer than one.

    A number without a break, and the words in a number's place, are returned unchanged.
    """
    if len(number) > MAX_NOWRAP_LENGTH or not re.search(r"\d\D", number):
        return number
    return format_html('<span class="nowrap">{}</span>', number)


@register.filter
def urgency_action_links(clinic: Clinic, urgency: Urgency) -> SafeString:
    """What a person does at this level, for a screen: the numbers are links."""
    steps = clinic.urgency_steps(urgency)
    html = ((format_html(escape(sentence), number=tel_link(number)),) for sentence, number in steps)
    return format_html_join(" ", "{}", html)


@register.filter
def lookup(values: Mapping[str, str], key: str) -> str:
    """The value of a key; empty for one that is not there."""
    return values.get(key, "")


@register.filter
def has_number_for(clinic: Clinic, urgency: Urgency) -> bool:
    """Whether the clinic has set a number to call at this level."""
    if urgency is Urgency.EMERGENCY:
        return bool(clinic.emergency_number)
    return bool(clinic.phone or (urgency is Urgency.URGENT and clinic.out_of_hours_number))


@register.filter
def tel_link(number: str) -> SafeString | str:
    """A `tel:` link; unchanged for words, which nobody can dial."""
    to = tel_number(number)
    return format_html('<a href="tel:{}">{}</a>', to, number) if to else number


@register.filter
def tel_number(number: str) -> str:
    """A number as a `tel:` address has it; "" for words or for two numbers in one field."""
    return dialable(number)
