"""What red flags bring: the warning signs that live checklists have for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from education.checklists.content import ChecklistContent, WarningSign
from education.publishing.models import Edition
from education.search.red_flags import RedFlag
from education.search.tokenizer import get_stems
from education.urgency import Urgency

MAX_CHECKLISTS, MAX_CHECKLISTS_READ, MAX_SIGNS = 3, 50, 6


@dataclass(frozen=True)
class RedFlagAnswer:
    """What stands before all that is found: warning signs, most urgent first, and the checklists
    they are on.

    Without signs it is the emergency number alone. In a crisis it speaks to somebody who may want
    to die.
    """

    groups: tuple[tuple[Urgency, tuple[WarningSign, ...]], ...]
    checklists: tuple[Edition, ...]
    is_crisis: bool

    @property
    def urgency(self) -> Urgency:
        """The most urgent level of its signs; an emergency where it has none, or in a crisis."""
        return Urgency.EMERGENCY if self.is_crisis or not self.groups else self.groups[0][0]

    @property
    def slugs(self) -> frozenset[str]:
        """The checklists, by their slugs."""
        return frozenset(edition.document.slug for edition in self.checklists)


@dataclass(frozen=True)
class _MatchingChecklist:
    """A checklist, those of its signs that a query speaks of, and how many words and keys led to
    them.
    """

    edition: Edition
    signs: tuple[WarningSign, ...]
    weight: int


def build_red_flag_answer(
    flags: Sequence[RedFlag], language: str, at: datetime
) -> RedFlagAnswer | None:
    """What these red flags bring of the checklists that are live at a moment; None without any.

    One statement, and none for red flags that bring no signs.
    """
    if not flags:
        return None
    fitting = sorted(
        _matching_checklists(flags, language, at),
        key=lambda each: (-each.weight, each.edition.heading),
    )
    fitting = fitting[:MAX_CHECKLISTS]
    by_text = {sign.text: sign for each in fitting for sign in each.signs}
    signs = sorted(by_text.values(), key=lambda sign: -sign.level)[:MAX_SIGNS]
    levels = dict.fromkeys(sign.level for sign in signs)
    return RedFlagAnswer(
        groups=tuple(
            (level, tuple(sign for sign in signs if sign.level == level)) for level in levels
        ),
        checklists=tuple(each.edition for each in fitting),
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
    """The keys of the signs that fit, each with the number of keys and words that led to it.

    For each red flag the signs with its keys; those with its words only where the checklist has
    none.
    """
    found: dict[str, int] = {}
    for flag in flags:
        known = {sign.key: 1 for sign in content.signs if sign.key in flag.signs}
        for key, weight in (known or _weights_by_words(content, flag.sign_words, language)).items():
            found[key] = found.get(key, 0) + weight
    return found


def _weights_by_words(
    content: ChecklistContent, sign_words: Sequence[str], language: str
) -> dict[str, int]:
    fitting = {
        sign.key: len(set(sign_words).intersection(get_stems(sign.text, language)))
        for sign in content.signs
    }
    return {key: weight for key, weight in fitting.items() if weight}
