"""What changed between two texts, block by block: nothing that counts, words, or what turns advice around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, total_ordering
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext as _

from education.markdown import MarkdownBlock
from education.plain_language.guarded_words import find_guarded_words, has_guarded_words, is_guarded
from education.plain_language.medical_words import PLAIN_ALTERNATIVES, sounds_medical
from education.plain_language.medicines import BRAND_NAMES, is_medicine
from education.plain_language.phrase_matcher import PhraseMatcher
from education.plain_language.quantities import find_quantities, number_words
from education.plain_language.segmentation import tokenize
from education.plain_language.spelling import edit_distance, is_real_word
from education.publishing.links import path_on_site
from education.publishing.word_by_word import alike, differing_stretches

MOST_BLOCKS_TO_PAIR = 2_500
LEAST_ALIKE = 0.5
MOST_WRONG_LETTERS = 2
# In so short a word two other letters make another word; only two that changed places are let through.
SHORT = 4
LONGEST_WORD = 40

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛´`", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        # What nobody sees: soft hyphens, and marks where a line may or may not end.
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff"),
    }
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|\S")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_BRANDS = PhraseMatcher(BRAND_NAMES)


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


@dataclass(frozen=True)
class Vocabulary:
    """The words of the live texts besides the document that changes, each with how often it stands there.

    Without any no word is known, and nothing counts as a repaired misspelling.
    """

    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Vocabulary:
        """The words of these texts, Markdown or plain."""
        return cls(Counter(word for text in texts for word in words_of(text)))

    def occurrences_elsewhere(self, word: str) -> int:
        """How often `word` stands in other live texts, whatever its case."""
        return self.counts.get(_small(word), 0)

    def is_known(self, word: str) -> bool:
        """Whether some other live text writes `word`."""
        return self.occurrences_elsewhere(word) > 0


def words_of(text: str) -> list[str]:
    """The words of a text as spellings are compared: small letters, straight apostrophes, no figures."""
    return _WORD.findall(_small(text))


def _small(text: str) -> str:
    return text.translate(_SIGNS).casefold()


def block_of_line(text: str) -> MarkdownBlock:
    """A plain text of one line as a block."""
    return MarkdownBlock((), 0, 0, text, (("text", text),), ())


Found = Iterator[tuple[ChangeKind, str]]


@dataclass(frozen=True)
class TextJudge:
    """Compares texts of one language; `own_words`: of the whole document, before and after."""

    language: str
    vocabulary: Vocabulary
    own_words: Callable[[], tuple[frozenset[str], frozenset[str]]]

    def changes(
        self, before: Sequence[MarkdownBlock], after: Sequence[MarkdownBlock], *, whole_items: bool = False
    ) -> Found:
        """What differs: how much, and one plain sentence for each place; nothing for the same text.

        `whole_items`: each block is advice by itself, so that none may come, go or be replaced.
        """
        left = [self._read(block) for block in before]
        right = [self._read(block) for block in after]
        found = list(self._of_blocks(left, right, whole_items))
        shapes = [[(block.structure, block.opens) for block in side] for side in (before, after)]
        if not found and shapes[0] != shapes[1]:
            found.append(
                (ChangeKind.CHECKED_TEXT, _("A list, heading, table or paragraph is made otherwise."))
            )
        yield from found

    def _read(self, block: MarkdownBlock) -> _Block:
        return _Block(block, self.language)

    def _of_blocks(self, before: list[_Block], after: list[_Block], whole_items: bool) -> Found:
        stretches = differing_stretches([b.tokens for b in before], [a.tokens for a in after])
        regions = [(before[i:j], after[k:m]) for i, j, k, m in stretches]
        may_weigh = any(block.weighs for block in before)
        yield from self._moved(regions, may_weigh=may_weigh)
        for old, new in regions:
            if _tokens(old) == _tokens(new):
                if old:
                    yield ChangeKind.CHECKED_TEXT, _("A paragraph or item was split, or two were joined.")
                continue
            pairs = self._pairs(old, new)
            for left, right in pairs:
                yield from self._of_pair(left, right, whole_items)
            yield from self._gone_or_new(old, {id(left) for left, _new in pairs}, whole_items, is_new=False)
            yield from self._gone_or_new(new, {id(right) for _old, right in pairs}, whole_items, is_new=True)

    def _moved(self, regions: Sequence[tuple[list[_Block], list[_Block]]], *, may_weigh: bool) -> Found:
        """What only stands elsewhere; it is taken out of `regions`.

        `may_weigh`: something in the text can turn advice around. Then only an item of a list without order
        may move, and only in its list: anything else may come to stand under other words.
        """
        places: dict[Hashable, list[_Block]] = {}
        for _old, new in regions:
            for block in new:
                places.setdefault(block.tokens, []).append(block)
        taken: set[int] = set()
        for old, _new in regions:
            for block in old:
                if block.tokens and places.get(block.tokens):
                    other = places[block.tokens].pop(0)
                    taken |= {id(block), id(other)}
                    is_advice = may_weigh and not _are_in_one_list(block.block, other.block)
                    kind = ChangeKind.ADVICE if is_advice else ChangeKind.CHECKED_TEXT
                    message = _("“{text}” stands in another place.")
                    yield kind, message.format(text=_short(block.block.text))
        for old, new in regions:
            old[:] = [block for block in old if id(block) not in taken]
            new[:] = [block for block in new if id(block) not in taken]

    def _pairs(self, before: Sequence[_Block], after: Sequence[_Block]) -> list[tuple[_Block, _Block]]:
        """The blocks that were written anew, and not taken out for others to be put in."""
        if len(before) == len(after) == 1:
            return [(before[0], after[0])]
        if len(before) * len(after) > MOST_BLOCKS_TO_PAIR:
            return []
        pairs = []
        left = list(after)
        for old in before:
            likeness, place = max(
                ((alike(old.by_class, new.by_class), -place) for place, new in enumerate(left)),
                default=(0.0, 0),
            )
            if likeness >= LEAST_ALIKE or (left and self._is_repair(old, left[-place])):
                pairs.append((old, left.pop(-place)))
        return pairs

    def _of_pair(self, before: _Block, after: _Block, whole_items: bool) -> Found:
        if self._is_repair(before, after):
            return
        is_another = alike(before.by_class, after.by_class) < LEAST_ALIKE
        advice = [
            *_differences(before, after, before.quantities, after.quantities, _FIGURES),
            *_differences(before, after, before.medicines, after.medicines, _MEDICINES),
            *_differences(before, after, before.guarded, after.guarded, _WORDS),
        ]
        if advice:
            yield from ((ChangeKind.ADVICE, message) for message in advice)
        elif is_another and (whole_items or before.weighs):
            yield ChangeKind.ADVICE, _("Another text stands here now.")
        else:
            yield ChangeKind.CHECKED_TEXT, _("Words, signs or links changed.")

    def _gone_or_new(
        self, blocks: Sequence[_Block], paired: set[int], whole_items: bool, *, is_new: bool
    ) -> Found:
        for block in blocks:
            if id(block) in paired:
                continue
            kind = ChangeKind.ADVICE if whole_items or block.weighs else ChangeKind.CHECKED_TEXT
            message = _("“{text}” was added.") if is_new else _("“{text}” was taken out.")
            yield kind, message.format(text=_short(block.block.text))

    def _is_repair(self, before: _Block, after: _Block) -> bool:
        """Whether the one difference is a word that was misspelled and now is not."""
        if not has_guarded_words(self.language) or len(before.tokens) != len(after.tokens):
            return False
        changed = [pair for pair in zip(before.tokens, after.tokens, strict=True) if pair[0] != pair[1]]
        return (
            len(changed) == 1
            and before.signature == after.signature
            and all(_WORD.fullmatch(word) for word in changed[0])
            and self._is_misspelling_of(*map(_small, changed[0]))
            and not any(
                word in block.guarded_text for word in map(_small, changed[0]) for block in (before, after)
            )
        )

    def _is_misspelling_of(self, old: str, new: str) -> bool:
        if max(len(old), len(new)) > LONGEST_WORD:
            return False
        wrong = edit_distance(old, new)
        swapped = sorted(old) == sorted(new)
        if not 0 < wrong <= MOST_WRONG_LETTERS or not (old[0] == new[0] or swapped):
            return False
        if wrong > 1 and not swapped and min(len(old), len(new)) <= SHORT:
            return False
        words_before, words_after = self.own_words()
        return (
            old not in words_after
            and not self.vocabulary.occurrences_elsewhere(old)
            and (self.vocabulary.is_known(new) or new in words_before)
            and not (old in PLAIN_ALTERNATIVES or sounds_medical(old) or is_real_word(old, self.language))
            and not any(self._is_locked(word) for word in (old, new))
        )

    def _is_locked(self, word: str) -> bool:
        """Whether the word is a name, a number or a guarded word, which no repair may touch."""
        return (
            _is_medicine(word)
            or word in BRAND_NAMES
            or word in number_words(self.language)
            or is_guarded(word, self.language)
        )


class _Marked(NamedTuple):
    """Something in a block that can turn advice around: what counts of it, and where it stands."""

    key: Hashable
    start: int
    end: int


class _Block:
    """A block with what of it can turn advice around."""

    def __init__(self, block: MarkdownBlock, language: str):
        self.block = block
        self._language = language

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """What two blocks are the same text by."""
        return tuple(_tokens_of(self.block))

    @cached_property
    def quantities(self) -> list[_Marked]:
        found = find_quantities(self.block.text, self._language)
        return [_Marked(quantity.amount, quantity.start, quantity.end) for quantity in found]

    @cached_property
    def medicines(self) -> list[_Marked]:
        text = self.block.text
        found = {start: _Marked(name, start, end) for name, start, end in _BRANDS.find_in_text(text)}
        for word in tokenize(text):
            if _is_medicine(word.text):
                found.setdefault(word.start, _Marked(*word))
        return [found[start] for start in sorted(found)]

    @cached_property
    def guarded(self) -> list[_Marked]:
        found = find_guarded_words(self.block.text, self._language) or ()
        return [_Marked(word.guarded_class, word.start, word.end) for word in found]

    @cached_property
    def guarded_text(self) -> frozenset[str]:
        """The words of its guarded phrases, each by itself."""
        return frozenset(word for each in self.guarded for word in words_of(self.quoted([each])))

    def quoted(self, marked: Sequence[_Marked]) -> str:
        """The text from the first to the last of these."""
        return _short(self.block.text[marked[0].start : marked[-1].end]) if marked else ""

    @cached_property
    def signature(self) -> list[list[Hashable]]:
        return [[each.key for each in found] for found in (self.quantities, self.medicines, self.guarded)]

    @property
    def weighs(self) -> bool:
        """Whether something in it can turn advice around."""
        return any(self.signature)

    @cached_property
    def by_class(self) -> str:
        """Its words, what can turn advice around as its class alone: by this two blocks are alike or not."""
        pieces, place = [], 0
        for word in sorted((*self.quantities, *self.medicines, *self.guarded), key=attrgetter("start")):
            if word.start >= place:
                pieces += [self.block.text[place : word.start], _as_word(word.key)]
                place = word.end
        return "".join([*pieces, self.block.text[place:]])


def _tokens_of(block: MarkdownBlock) -> Iterator[str]:
    for kind, source in block.pieces:
        if kind in {"text", "code"}:
            yield from _TOKEN.findall(source.translate(_SIGNS))
        elif kind == "link" and source.lower().startswith("https:") and path_on_site(source) is None:
            yield "<link>"
        else:
            yield f"<{kind} {source}>"
    if not block.pieces:
        yield f"<{block.structure[-1:]}>"


def _tokens(blocks: Iterable[_Block]) -> list[str]:
    return [token for block in blocks for token in block.tokens]


def _is_medicine(word: str) -> bool:
    return is_medicine(word) or is_medicine(word.removesuffix("s"))


def _are_in_one_list(before: MarkdownBlock, after: MarkdownBlock) -> bool:
    return before.is_in_bullet_list and after.is_in_bullet_list and before.group == after.group


def _as_word(key: Hashable) -> str:
    return re.sub(r"\W+", "_", str(key))


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80].rstrip()}…"


_FIGURES = (
    lambda before, after: _("The figure changed from “{before}” to “{after}”.").format(
        before=before, after=after
    ),
    lambda text: _("The figure “{text}” was added.").format(text=text),
    lambda text: _("The figure “{text}” was taken out.").format(text=text),
)
_MEDICINES = (
    lambda before, after: _("The medicine changed from “{before}” to “{after}”.").format(
        before=before, after=after
    ),
    lambda text: _("The medicine “{text}” was added.").format(text=text),
    lambda text: _("The medicine “{text}” was taken out.").format(text=text),
)
_WORDS = (
    lambda before, after: _("“{before}” became “{after}”.").format(before=before, after=after),
    lambda text: _("“{text}” was added.").format(text=text),
    lambda text: _("“{text}” was taken out.").format(text=text),
)
_Sentences = tuple[Callable[[str, str], str], Callable[[str], str], Callable[[str], str]]


def _differences(
    old: _Block, new: _Block, before: Sequence[_Marked], after: Sequence[_Marked], sentences: _Sentences
) -> Iterator[str]:
    """One sentence for each stretch in which the two differ."""
    changed, added, removed = sentences
    for i, j, k, m in differing_stretches([each.key for each in before], [each.key for each in after]):
        if i < j and k < m:
            yield changed(old.quoted(before[i:j]), new.quoted(after[k:m]))
        elif k < m:
            yield added(new.quoted(after[k:m]))
        else:
            yield removed(old.quoted(before[i:j]))
