"""What changed between two texts, block by block: nothing that counts, words, or what turns advice
around.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, total_ordering
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext as _

from education.markdown import MarkdownBlock
from education.plain_language.guarded_words import find_guarded_words, has_guarded_words, is_guarded
from education.plain_language.medical_words import plain_alternatives, sounds_medical
from education.plain_language.medicines import brand_matcher, is_brand_name, is_medicine
from education.plain_language.parsing.segmentation import tokenize
from education.plain_language.quantities import find_quantities, number_words
from education.plain_language.spelling import edit_distance, is_real_word
from education.publishing.changes.vocabulary import (
    SIGNS,
    WORD,
    Vocabulary,
    normalize,
    normalized_words,
)
from education.publishing.checks.internal_links import internal_path
from education.publishing.diff.text import differing_ranges, similarity

MAX_BLOCK_PAIRS = 2_500
MIN_SIMILARITY = 0.5
MAX_WRONG_LETTERS = 2
# In so short a word two other letters make another word; only two that changed places are let
# through.
SHORT_WORD_LENGTH = 4
MAX_WORD_LENGTH = 40

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|\S")


@total_ordering
class ChangeKind(Enum):
    """What a change is to readers and to the review of a text, from the least to the most."""

    SAME_TEXT = "same-text"
    CHECKED_TEXT = "checked-text"
    ADVICE = "advice"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, ChangeKind):
            return NotImplemented
        order = list(ChangeKind)
        return order.index(self) < order.index(other)


def block_from_line(text: str) -> MarkdownBlock:
    """A plain text of one line as a block."""
    return MarkdownBlock((), 0, 0, text, (("text", text),), ())


ChangeMessages = Iterator[tuple[ChangeKind, str]]


@dataclass(frozen=True)
class TextComparator:
    """Compares texts of one language; `document_words`: of the whole document, before and after."""

    language: str
    vocabulary: Vocabulary
    document_words: Callable[[], tuple[frozenset[str], frozenset[str]]]

    def changes(
        self,
        before: Sequence[MarkdownBlock],
        after: Sequence[MarkdownBlock],
        *,
        whole_items: bool = False,
    ) -> ChangeMessages:
        """What differs: how much, and one plain sentence for each place; nothing for the same text.

        `whole_items`: each block is advice by itself, so that none may come, go or be replaced.
        """
        left = [self._wrap(block) for block in before]
        right = [self._wrap(block) for block in after]
        found = list(self._block_changes(left, right, whole_items))
        shapes = [[(block.structure, block.opens) for block in side] for side in (before, after)]
        if not found and shapes[0] != shapes[1]:
            found.append(
                (
                    ChangeKind.CHECKED_TEXT,
                    _("A list, heading, table or paragraph is made otherwise."),
                )
            )
        yield from found

    def _wrap(self, block: MarkdownBlock) -> _ComparedBlock:
        return _ComparedBlock(block, self.language)

    def _block_changes(
        self, before: list[_ComparedBlock], after: list[_ComparedBlock], whole_items: bool
    ) -> ChangeMessages:
        stretches = differing_ranges([b.tokens for b in before], [a.tokens for a in after])
        regions = [(before[i:j], after[k:m]) for i, j, k, m in stretches]
        has_critical = any(block.is_critical for block in before)
        yield from self._moved_blocks(regions, has_critical=has_critical)
        for old, new in regions:
            if _join_tokens(old) == _join_tokens(new):
                if old:
                    yield (
                        ChangeKind.CHECKED_TEXT,
                        _("A paragraph or item was split, or two were joined."),
                    )
                continue
            pairs = self._pair_blocks(old, new)
            for left, right in pairs:
                yield from self._pair_changes(left, right, whole_items)
            yield from self._unpaired_changes(
                old, {id(left) for left, _new in pairs}, whole_items, is_new=False
            )
            yield from self._unpaired_changes(
                new, {id(right) for _old, right in pairs}, whole_items, is_new=True
            )

    def _moved_blocks(
        self,
        regions: Sequence[tuple[list[_ComparedBlock], list[_ComparedBlock]]],
        *,
        has_critical: bool,
    ) -> ChangeMessages:
        """What only stands elsewhere; it is taken out of `regions`.

        `has_critical`: something in the text can turn advice around. Then only an item of a list
        without order may move, and only in its list: anything else may come to stand under other
        words.
        """
        positions: dict[Hashable, list[_ComparedBlock]] = {}
        for _old, new in regions:
            for block in new:
                positions.setdefault(block.tokens, []).append(block)
        taken: set[int] = set()
        for old, _new in regions:
            for block in old:
                if block.tokens and positions.get(block.tokens):
                    other = positions[block.tokens].pop(0)
                    taken |= {id(block), id(other)}
                    is_advice = has_critical and not _are_in_same_list(block.block, other.block)
                    kind = ChangeKind.ADVICE if is_advice else ChangeKind.CHECKED_TEXT
                    message = _("“{text}” stands in another place.")
                    yield kind, message.format(text=_shorten(block.block.text))
        for old, new in regions:
            old[:] = [block for block in old if id(block) not in taken]
            new[:] = [block for block in new if id(block) not in taken]

    def _pair_blocks(
        self, before: Sequence[_ComparedBlock], after: Sequence[_ComparedBlock]
    ) -> list[tuple[_ComparedBlock, _ComparedBlock]]:
        """The blocks that were written anew, and not taken out for others to be put in."""
        if len(before) == len(after) == 1:
            return [(before[0], after[0])]
        if len(before) * len(after) > MAX_BLOCK_PAIRS:
            return []
        pairs = []
        left = list(after)
        for old in before:
            likeness, position = max(
                (
                    (similarity(old.class_text, new.class_text), -position)
                    for position, new in enumerate(left)
                ),
                default=(0.0, 0),
            )
            if likeness >= MIN_SIMILARITY or (left and self._is_spelling_fix(old, left[-position])):
                pairs.append((old, left.pop(-position)))
        return pairs

    def _pair_changes(
        self, before: _ComparedBlock, after: _ComparedBlock, whole_items: bool
    ) -> ChangeMessages:
        if self._is_spelling_fix(before, after):
            return
        is_another = similarity(before.class_text, after.class_text) < MIN_SIMILARITY
        advice = [
            *_differences(before, after, before.quantities, after.quantities, _FIGURE_MESSAGES),
            *_differences(before, after, before.medicines, after.medicines, _MEDICINE_MESSAGES),
            *_differences(before, after, before.guarded, after.guarded, _WORD_MESSAGES),
        ]
        if advice:
            yield from ((ChangeKind.ADVICE, message) for message in advice)
        elif is_another and (whole_items or before.is_critical):
            yield ChangeKind.ADVICE, _("Another text stands here now.")
        else:
            yield ChangeKind.CHECKED_TEXT, _("Words, signs or links changed.")

    def _unpaired_changes(
        self, blocks: Sequence[_ComparedBlock], paired: set[int], whole_items: bool, *, is_new: bool
    ) -> ChangeMessages:
        for block in blocks:
            if id(block) in paired:
                continue
            kind = (
                ChangeKind.ADVICE if whole_items or block.is_critical else ChangeKind.CHECKED_TEXT
            )
            message = _("“{text}” was added.") if is_new else _("“{text}” was taken out.")
            yield kind, message.format(text=_shorten(block.block.text))

    def _is_spelling_fix(self, before: _ComparedBlock, after: _ComparedBlock) -> bool:
        """Whether the one difference is a word that was misspelled and now is not."""
        if not has_guarded_words(self.language) or len(before.tokens) != len(after.tokens):
            return False
        changed = [
            pair for pair in zip(before.tokens, after.tokens, strict=True) if pair[0] != pair[1]
        ]
        return (
            len(changed) == 1
            and before.signature == after.signature
            and all(WORD.fullmatch(word) for word in changed[0])
            and self._is_misspelling_of(*map(normalize, changed[0]))
            and not any(
                word in block.guarded_text
                for word in map(normalize, changed[0])
                for block in (before, after)
            )
        )

    def _is_misspelling_of(self, old: str, new: str) -> bool:
        if max(len(old), len(new)) > MAX_WORD_LENGTH:
            return False
        wrong = edit_distance(old, new)
        swapped = sorted(old) == sorted(new)
        if not 0 < wrong <= MAX_WRONG_LETTERS or not (old[0] == new[0] or swapped):
            return False
        if wrong > 1 and not swapped and min(len(old), len(new)) <= SHORT_WORD_LENGTH:
            return False
        words_before, words_after = self.document_words()
        return (
            old not in words_after
            and not self.vocabulary.occurrences_elsewhere(old)
            and (self.vocabulary.is_known(new) or new in words_before)
            and not (
                old in plain_alternatives()
                or sounds_medical(old)
                or is_real_word(old, self.language)
            )
            and not any(self._is_protected(word) for word in (old, new))
        )

    def _is_protected(self, word: str) -> bool:
        """Whether the word is a name, a number or a guarded word, which no repair may touch."""
        return (
            _is_medicine(word)
            or is_brand_name(word)
            or word in number_words(self.language)
            or is_guarded(word, self.language)
        )


class _CriticalSpan(NamedTuple):
    """Something in a block that can turn advice around: what counts of it, and where it stands."""

    key: Hashable
    start: int
    end: int


class _ComparedBlock:
    """A block with what of it can turn advice around."""

    def __init__(self, block: MarkdownBlock, language: str):
        self.block = block
        self._language = language

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """What two blocks are the same text by."""
        return tuple(_tokenize_block(self.block))

    @cached_property
    def quantities(self) -> list[_CriticalSpan]:
        found = find_quantities(self.block.text, self._language)
        return [_CriticalSpan(quantity.amount, quantity.start, quantity.end) for quantity in found]

    @cached_property
    def medicines(self) -> list[_CriticalSpan]:
        text = self.block.text
        found = {
            start: _CriticalSpan(name, start, end)
            for name, start, end in brand_matcher().find_in_text(text)
        }
        for word in tokenize(text):
            if _is_medicine(word.text):
                found.setdefault(word.start, _CriticalSpan(*word))
        return [found[start] for start in sorted(found)]

    @cached_property
    def guarded(self) -> list[_CriticalSpan]:
        found = find_guarded_words(self.block.text, self._language) or ()
        return [_CriticalSpan(word.guarded_class, word.start, word.end) for word in found]

    @cached_property
    def guarded_text(self) -> frozenset[str]:
        """The words of its guarded phrases, each by itself."""
        return frozenset(
            word for each in self.guarded for word in normalized_words(self.excerpt([each]))
        )

    def excerpt(self, marked: Sequence[_CriticalSpan]) -> str:
        """The text from the first to the last of these."""
        return _shorten(self.block.text[marked[0].start : marked[-1].end]) if marked else ""

    @cached_property
    def signature(self) -> list[list[Hashable]]:
        return [
            [each.key for each in found]
            for found in (self.quantities, self.medicines, self.guarded)
        ]

    @property
    def is_critical(self) -> bool:
        """Whether something in it can turn advice around."""
        return any(self.signature)

    @cached_property
    def class_text(self) -> str:
        """Its words, what can turn advice around as its class alone: by this two blocks are alike
        or not.
        """
        pieces, position = [], 0
        for word in sorted(
            (*self.quantities, *self.medicines, *self.guarded), key=attrgetter("start")
        ):
            if word.start >= position:
                pieces += [self.block.text[position : word.start], _to_word(word.key)]
                position = word.end
        return "".join([*pieces, self.block.text[position:]])


def _tokenize_block(block: MarkdownBlock) -> Iterator[str]:
    for kind, source in block.pieces:
        if kind in {"text", "code"}:
            yield from _TOKEN.findall(source.translate(SIGNS))
        elif (
            kind == "link" and source.lower().startswith("https:") and internal_path(source) is None
        ):
            yield "<link>"
        else:
            yield f"<{kind} {source}>"
    if not block.pieces:
        yield f"<{block.structure[-1:]}>"


def _join_tokens(blocks: Iterable[_ComparedBlock]) -> list[str]:
    return [token for block in blocks for token in block.tokens]


def _is_medicine(word: str) -> bool:
    return is_medicine(word) or is_medicine(word.removesuffix("s"))


def _are_in_same_list(before: MarkdownBlock, after: MarkdownBlock) -> bool:
    return before.is_in_bullet_list and after.is_in_bullet_list and before.group == after.group


def _to_word(key: Hashable) -> str:
    return re.sub(r"\W+", "_", str(key))


def _shorten(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80].rstrip()}…"


_FIGURE_MESSAGES = (
    lambda before, after: _("The figure changed from “{before}” to “{after}”.").format(
        before=before, after=after
    ),
    lambda text: _("The figure “{text}” was added.").format(text=text),
    lambda text: _("The figure “{text}” was taken out.").format(text=text),
)
_MEDICINE_MESSAGES = (
    lambda before, after: _("The medicine changed from “{before}” to “{after}”.").format(
        before=before, after=after
    ),
    lambda text: _("The medicine “{text}” was added.").format(text=text),
    lambda text: _("The medicine “{text}” was taken out.").format(text=text),
)
_WORD_MESSAGES = (
    lambda before, after: _("“{before}” became “{after}”.").format(before=before, after=after),
    lambda text: _("“{text}” was added.").format(text=text),
    lambda text: _("“{text}” was taken out.").format(text=text),
)
_Messages = tuple[Callable[[str, str], str], Callable[[str], str], Callable[[str], str]]


def _differences(
    old: _ComparedBlock,
    new: _ComparedBlock,
    before: Sequence[_CriticalSpan],
    after: Sequence[_CriticalSpan],
    messages: _Messages,
) -> Iterator[str]:
    """One sentence for each stretch in which the two differ."""
    changed, added, removed = messages
    for i, j, k, m in differing_ranges([each.key for each in before], [each.key for each in after]):
        if i < j and k < m:
            yield changed(old.excerpt(before[i:j]), new.excerpt(after[k:m]))
        elif k < m:
            yield added(new.excerpt(after[k:m]))
        else:
            yield removed(old.excerpt(before[i:j]))
