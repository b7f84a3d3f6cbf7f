"""Compares two texts block by block: no change, wording, or a change of critical words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import total_ordering

from django.utils.translation import gettext as _

from education.markdown import MarkdownBlock
from education.plain_language.guarded_words import has_guarded_words, is_guarded
from education.plain_language.medical_words import plain_alternatives, sounds_medical
from education.plain_language.medicines import is_brand_name
from education.plain_language.quantities import number_words
from education.plain_language.spelling import edit_distance, is_real_word
from education.publishing.changes.compared_block import (
    ComparedBlock,
    CriticalSpan,
    is_medicine_word,
    shorten,
)
from education.publishing.changes.vocabulary import (
    WORD,
    Vocabulary,
    normalize,
)
from education.publishing.diff.text import differing_ranges, similarity

MAX_BLOCK_PAIRS = 2_500
MIN_SIMILARITY = 0.5
MAX_WRONG_LETTERS = 2
# In words up to this length two wrong letters make another word, unless they are swapped.
SHORT_WORD_LENGTH = 4
MAX_WORD_LENGTH = 40


@total_ordering
class ChangeKind(Enum):
    """What a change means for readers and for the review of a text, in ascending order."""

    SAME_TEXT = "same-text"
    CHECKED_TEXT = "checked-text"
    ADVICE = "advice"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, ChangeKind):
            return NotImplemented
        order = list(ChangeKind)
        return order.index(self) < order.index(other)


def block_from_line(text: str) -> MarkdownBlock:
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
        """The kind and a sentence for each place that differs; nothing for the same text.

        `whole_items`: each block is advice by itself, so that adding, removing or replacing one is
        a change of advice.
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

    def _wrap(self, block: MarkdownBlock) -> ComparedBlock:
        return ComparedBlock(block, self.language)

    def _block_changes(
        self, before: list[ComparedBlock], after: list[ComparedBlock], whole_items: bool
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
        regions: Sequence[tuple[list[ComparedBlock], list[ComparedBlock]]],
        *,
        has_critical: bool,
    ) -> ChangeMessages:
        """The changes for blocks that only moved; these are removed from `regions`.

        `has_critical`: the text has critical words. Then only an item of an unordered list may
        move, and only within its list: any other block may now follow words that change its
        meaning.
        """
        positions: dict[Hashable, list[ComparedBlock]] = {}
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
                    yield kind, message.format(text=shorten(block.block.text))
        for old, new in regions:
            old[:] = [block for block in old if id(block) not in taken]
            new[:] = [block for block in new if id(block) not in taken]

    def _pair_blocks(
        self, before: Sequence[ComparedBlock], after: Sequence[ComparedBlock]
    ) -> list[tuple[ComparedBlock, ComparedBlock]]:
        """The blocks that were reworded, as opposed to removed and added."""
        if len(before) == len(after) == 1:
            return [(before[0], after[0])]
        if len(before) * len(after) > MAX_BLOCK_PAIRS:
            return []
        pairs = []
        unpaired = list(after)
        for old in before:
            score, position = max(
                (
                    (similarity(old.class_text, new.class_text), -position)
                    for position, new in enumerate(unpaired)
                ),
                default=(0.0, 0),
            )
            if score >= MIN_SIMILARITY or (
                unpaired and self._is_spelling_fix(old, unpaired[-position])
            ):
                pairs.append((old, unpaired.pop(-position)))
        return pairs

    def _pair_changes(
        self, before: ComparedBlock, after: ComparedBlock, whole_items: bool
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
        self, blocks: Sequence[ComparedBlock], paired: set[int], whole_items: bool, *, is_new: bool
    ) -> ChangeMessages:
        for block in blocks:
            if id(block) in paired:
                continue
            kind = (
                ChangeKind.ADVICE if whole_items or block.is_critical else ChangeKind.CHECKED_TEXT
            )
            message = _("“{text}” was added.") if is_new else _("“{text}” was taken out.")
            yield kind, message.format(text=shorten(block.block.text))

    def _is_spelling_fix(self, before: ComparedBlock, after: ComparedBlock) -> bool:
        """Whether the one difference is a corrected misspelling."""
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
        """Whether the word is a name, a number or a guarded word, never a misspelling."""
        return (
            is_medicine_word(word)
            or is_brand_name(word)
            or word in number_words(self.language)
            or is_guarded(word, self.language)
        )


def _join_tokens(blocks: Iterable[ComparedBlock]) -> list[str]:
    return [token for block in blocks for token in block.tokens]


def _are_in_same_list(before: MarkdownBlock, after: MarkdownBlock) -> bool:
    return before.is_in_bullet_list and after.is_in_bullet_list and before.group == after.group


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
    old: ComparedBlock,
    new: ComparedBlock,
    before: Sequence[CriticalSpan],
    after: Sequence[CriticalSpan],
    messages: _Messages,
) -> Iterator[str]:
    """One sentence for each range in which the two differ."""
    changed, added, removed = messages
    for i, j, k, m in differing_ranges([each.key for each in before], [each.key for each in after]):
        if i < j and k < m:
            yield changed(old.excerpt(before[i:j]), new.excerpt(after[k:m]))
        elif k < m:
            yield added(new.excerpt(after[k:m]))
        else:
            yield removed(old.excerpt(before[i:j]))
