"""The answer to red flags in a query: the warning signs of live checklists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from education.checklists.content import ChecklistContent, WarningSign
from education.publishing.models import Edition
from education.search.red_flags import RedFlag
from education.search.tokenizer import get_stems
from education.urgency import Urgency

MAX_CHECKLISTS = 3
# All live checklists of a larger site would take too long to read for each search.
MAX_CHECKLISTS_READ = 50
MAX_SIGNS = 6


@dataclass(frozen=True)
class RedFlagAnswer:
    """What is shown before all results: warning signs by urgency, and their checklists.

    Without signs it shows only the emergency number. `is_crisis`: the query speaks of suicide or
    self-harm.
    """

    groups: tuple[tuple[Urgency, tuple[WarningSign, ...]], ...]
    checklists: tuple[Edition, ...]
    is_crisis: bool

    @property
    def urgency(self) -> Urgency:
        """The highest level of the signs; an emergency without signs, or in a crisis."""
        return Urgency.EMERGENCY if self.is_crisis or not self.groups else self.groups[0][0]

    @property
    def slugs(self) -> frozenset[str]:
        return frozenset(edition.document.slug for edition in self.checklists)


@dataclass(frozen=True)
class _MatchingChecklist:
    """A checklist, its signs that match, and by how many words and keys they match."""

    edition: Edition
    signs: tuple[WarningSign, ...]
    weight: int


def build_red_flag_answer(
    flags: Sequence[RedFlag], language: str, at: datetime
) -> RedFlagAnswer | None:
    """The answer from the checklists that are live at a moment; None without red flags.

    One statement, or none if no flag has signs.
    """
    if not flags:
        return None
    matches = sorted(
        _matching_checklists(flags, language, at),
        key=lambda each: (-each.weight, each.edition.heading),
    )[:MAX_CHECKLISTS]
    by_text = {sign.text: sign for each in matches for sign in each.signs}
    signs = sorted(by_text.values(), key=lambda sign: -sign.level)[:MAX_SIGNS]
    levels = dict.fromkeys(sign.level for sign in signs)
    return RedFlagAnswer(
        groups=tuple(
            (level, tuple(sign for sign in signs if sign.level == level)) for level in levels
        ),
        checklists=tuple(each.edition for each in matches),
        is_crisis=any(flag.is_crisis for flag in flags),
    )


def _matching_checklists(
    flags: Sequence[RedFlag], language: str, at: datetime
) -> Iterator[_MatchingChecklist]:
    if not any(flag.signs or flag.sign_words for flag in flags):
        return
    live = Edition.objects.live(at).of_kind("checklist", language).select_related("document")
    for edition in live.defer("search_text", "note").order_by("pk")[:MAX_CHECKLISTS_READ]:
        content = edition.content
        if isinstance(content, ChecklistContent):
            weights = _sign_weights(content, flags, language)
            signs = tuple(sign for sign in content.signs if sign.key in weights)
            if signs:
                yield _MatchingChecklist(edition, signs, sum(weights.values()))


def _sign_weights(
    content: ChecklistContent, flags: Sequence[RedFlag], language: str
) -> dict[str, int]:
    """The keys of the matching signs, each with the number of keys and words that match.

    A flag matches signs by its keys; by its words only if the checklist has none of the keys.
    """
    weights: Counter[str] = Counter()
    for flag in flags:
        by_key = {sign.key: 1 for sign in content.signs if sign.key in flag.signs}
        weights.update(by_key or _weights_by_words(content, flag.sign_words, language))
    return weights


def _weights_by_words(
    content: ChecklistContent, sign_words: Sequence[str], language: str
) -> dict[str, int]:
    weights = {
        sign.key: len(set(sign_words).intersection(get_stems(sign.text, language)))
        for sign in content.signs
    }
    return {key: weight for key, weight in weights.items() if weight}
