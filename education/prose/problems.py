"""What in a text must be mended before the public may see it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _
from markdown_it.token import Token

from education.prose.citations import miswritten
from education.prose.grammar import parsed
from education.prose.limits import ProseError
from education.prose.reading import inline_tokens, linked_words, words_of
from education.prose.targets import is_allowed, is_uploaded_image

_SHOWN_CHARS = 80


def problems(text: str) -> list[str]:
    """Sentences for staff, each naming one thing that blocks publication; empty if nothing does.

    A text beyond a limit has that as its only problem, for nothing else in it could be read. Whether cited
    sources exist is not known here: compare `cited_keys`.
    """
    try:
        tokens = list(inline_tokens(text))
        found = [*_in_headings(parsed(text)), *_in_words(tokens)]
    except ProseError as error:
        return [str(error)]
    return list(dict.fromkeys(found))


def _in_headings(blocks: Sequence[Token]) -> Iterator[str]:
    for opening, words in pairwise(blocks):
        if opening.type == "heading_open" and not words_of(words.children or ()):
            yield _("A heading has no words. Write them after the # or delete the line.")


def _in_words(tokens: Sequence[Token]) -> Iterator[str]:
    for index, token in enumerate(tokens):
        if token.type == "link_open":
            yield from _in_link(str(token.attrs["href"]), linked_words(tokens, index))
        elif token.type == "image":
            yield from _in_image(str(token.attrs["src"]), words_of(token.children or ()))
        elif token.type == "text":
            for citation in miswritten(token.content):
                yield _(
                    "%(citation)s is not a source key. Use only small letters, digits and hyphens, "
                    "as in [@source-key]."
                ) % {"citation": _shortened(citation)}


def _in_link(target: str, words: str) -> Iterator[str]:
    if not target:
        yield _('The link "%(words)s" has no address. Write it between the round brackets.') % {
            "words": _shortened(words)
        }
    elif not is_allowed(target):
        yield _(
            'The link "%(link)s" cannot be used. '
            "A link must start with https://, http://, mailto:, tel:, / or #."
        ) % {"link": _shortened(target)}
    elif not words:
        yield _('The link "%(link)s" has no words. Write them between the square brackets.') % {
            "link": _shortened(target)
        }


def _in_image(source: str, words: str) -> Iterator[str]:
    if not is_uploaded_image(source):
        yield _(
            'The image "%(image)s" cannot be used. Upload it first: its address then starts with /media/.'
        ) % {"image": _shortened(source)}
    if not words:
        yield _('The image "%(image)s" has no alternative text. Describe it between the square brackets.') % {
            "image": _shortened(source)
        }


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"
