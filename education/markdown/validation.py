"""What in a text blocks its publication."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import unquote

from django.utils.translation import gettext as _
from markdown_it.token import Token

from education.markdown.citations import find_malformed_citations
from education.markdown.limits import MarkdownLimitError
from education.markdown.link_targets import is_allowed_target, is_uploaded_image
from education.markdown.parser import parse
from education.markdown.placeholders import (
    EMERGENCY_NUMBER,
    validate_braces,
    validate_words,
)
from education.markdown.text_extraction import inline_text, inline_tokens, link_text, plain_text

_MAX_EXCERPT_CHARS = 80


def validate(text: str) -> list[str]:
    """Return sentences for staff, one for each thing that blocks publication.

    A text beyond a limit has only that problem, because nothing else in it can be read. Whether
    cited sources exist is not checked here: see `cited_keys`.
    """
    try:
        tokens = list(inline_tokens(text))
        found = [
            *_validate_headings(parse(text)),
            *_validate_inline(tokens),
        ]
    except MarkdownLimitError as error:
        return [str(error)]
    return list(dict.fromkeys(found))


def validate_placeholders(text: str) -> list[str]:
    """Sentences for staff, each naming what would reach readers without the clinic's number.

    Raises MarkdownLimitError.
    """
    return list(dict.fromkeys([*_validate_braces(text), *validate_words(plain_text(text))]))


def validate_sections(text: str) -> list[str]:
    """Sentences for staff, each naming a heading with nothing below it. Raises MarkdownLimitError.

    A heading one level down is something.
    """
    blocks = parse(text)
    message = _(
        "Nothing stands below the heading “%(heading)s”. Write it, or take the heading out."
    )
    return [
        message % {"heading": _truncate(inline_text(blocks[index + 1].children or ()))}
        for index, opening in enumerate(blocks)
        if opening.type == "heading_open" and _ends_section(opening, blocks[index + 3 : index + 4])
    ]


def _ends_section(heading: Token, following: Sequence[Token]) -> bool:
    """Whether the block after a heading, if any, belongs to another section."""
    if not following or following[0].nesting < 0:
        return True
    # "h2" < "h3": a heading of the same level or above begins another section.
    return following[0].type == "heading_open" and following[0].tag <= heading.tag


def _validate_braces(text: str) -> Iterator[str]:
    for token in inline_tokens(text):
        if token.type in {"text", "code_inline"}:
            yield from validate_braces(token.content)
        elif token.type == "image":
            yield from validate_braces(inline_text(token.children or ()))
        elif token.type == "link_open" and EMERGENCY_NUMBER in unquote(str(token.attrs["href"])):
            yield _(
                "%(placeholder)s is not filled in inside an address. Write it in the text instead."
            ) % {"placeholder": EMERGENCY_NUMBER}


def _validate_headings(blocks: Sequence[Token]) -> Iterator[str]:
    for opening, words in pairwise(blocks):
        if opening.type == "heading_open" and not inline_text(words.children or ()):
            yield _("A heading has no words. Write them after the # or delete the line.")


def _validate_inline(tokens: Sequence[Token]) -> Iterator[str]:
    for index, token in enumerate(tokens):
        if token.type == "link_open":
            yield from _validate_link(str(token.attrs["href"]), link_text(tokens, index))
        elif token.type == "image":
            yield from _validate_image(str(token.attrs["src"]), inline_text(token.children or ()))
        elif token.type == "text":
            for citation in find_malformed_citations(token.content):
                yield _(
                    "%(citation)s is not a source key. Use only small letters, digits and hyphens, "
                    "as in [@source-key]."
                ) % {"citation": _truncate(citation)}


def _validate_link(target: str, words: str) -> Iterator[str]:
    if not target:
        yield _('The link "%(words)s" has no address. Write it between the round brackets.') % {
            "words": _truncate(words)
        }
    elif not is_allowed_target(target):
        yield _(
            'The link "%(link)s" cannot be used. '
            "A link must start with https://, http://, mailto:, tel:, / or #."
        ) % {"link": _truncate(target)}
    elif not words:
        yield _('The link "%(link)s" has no words. Write them between the square brackets.') % {
            "link": _truncate(target)
        }


def _validate_image(source: str, words: str) -> Iterator[str]:
    if not is_uploaded_image(source):
        yield _(
            'The image "%(image)s" cannot be used. Upload it first: its address then starts with /media/.'
        ) % {"image": _truncate(source)}
    if not words:
        yield _(
            'The image "%(image)s" has no alternative text. Describe it between the square brackets.'
        ) % {"image": _truncate(source)}


def _truncate(text: str) -> str:
    return text if len(text) <= _MAX_EXCERPT_CHARS else text[:_MAX_EXCERPT_CHARS] + "…"
