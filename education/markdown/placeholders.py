"""`{emergency number}` in a text: what its author cannot know, filled in where readers see it.

A value is inserted as text. Whatever escapes the words around it escapes the value as well.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

EMERGENCY_NUMBER = "{emergency number}"

_PLACEHOLDER = re.compile(r"\{\s*emergency\s+number\s*\}")
_IN_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_MAX_EXCERPT_CHARS = 80

_get_number: ContextVar[Callable[[], str]] = ContextVar("get_number", default=lambda: "")


@contextmanager
def emergency_number_from(get_number: Callable[[], str]) -> Iterator[None]:
    """Fill in what `get_number` returns, "" if unknown; it is called only if a text needs it."""
    token = _get_number.set(get_number)
    try:
        yield
    finally:
        _get_number.reset(token)


def default_emergency_number() -> str:
    """The words that are filled in while no number is known."""
    return _("your local emergency number")


def fill_placeholders(text: str) -> str:
    """A plain text as readers see it."""
    return fill_number(text, number_for(text))


def number_for(text: str) -> str:
    """What `text` needs filled in, as part of a cache key; "" if it has no placeholder."""
    return (_get_number.get()() or default_emergency_number()) if "{" in text else ""


def fill_number(text: str, number: str) -> str:
    """`text` with `number` for the placeholder; unchanged without a number."""
    return text.replace(EMERGENCY_NUMBER, number) if number else text


def fill_tokens(tokens: Sequence[Token], number: str) -> Sequence[Token]:
    """Tokens of a parsed text with `number` for the placeholder; the given ones are not changed."""
    if not number:
        return tokens
    return [
        token.copy(
            content=fill_number(token.content, number),
            children=token.children and list(fill_tokens(token.children, number)),
        )
        if "{" in token.content
        else token
        for token in tokens
    ]


def placeholder_plugin(parser: MarkdownIt) -> None:
    """Teach `parser` to read a placeholder in one spelling, wherever its line was broken."""
    parser.inline.ruler.before("link", "placeholder", _read_placeholder)


def _read_placeholder(state: StateInline, silent: bool) -> bool:
    found = _PLACEHOLDER.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("text", "", 0).content = EMERGENCY_NUMBER
    state.pos = found.end()
    return True


def validate_plain_text(text: str) -> list[str]:
    """Sentences for staff about a text that is no Markdown; empty if nothing is wrong with it."""
    return list(dict.fromkeys([*validate_braces(text), *validate_words(text)]))


def validate_braces(text: str) -> Iterator[str]:
    """Sentences for staff about each pair of braces, or half of one, that is not filled in."""
    for found in _IN_BRACES.findall(text):
        if found != EMERGENCY_NUMBER:
            yield _(
                "“%(found)s” is not filled in for readers. Write %(placeholder)s, or take the braces out."
            ) % {"found": found[:_MAX_EXCERPT_CHARS], "placeholder": EMERGENCY_NUMBER}


def validate_words(text: str) -> Iterator[str]:
    """A sentence for staff about a text that says the default words itself."""
    if says_default_number(text):
        yield _(
            "“%(words)s” stays as it is, even when the clinic has set its number. "
            "Write %(placeholder)s instead."
        ) % {"words": default_emergency_number(), "placeholder": EMERGENCY_NUMBER}


def says_default_number(text: str) -> bool:
    """Whether `text` has the words that stand in the placeholder's place."""
    return default_emergency_number().casefold() in " ".join(text.split()).casefold()
