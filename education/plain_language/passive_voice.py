"""Sentences that do not say who does something ("is treated"), found by their verbs."""

from __future__ import annotations

from collections.abc import Iterator

from education.plain_language.parsing.markdown_blocks import Span
from education.plain_language.parsing.segmentation import Passage, Word

_BE = frozenset(
    (
        "are", "aren't", "be", "been", "being", "is", "isn't", "was", "wasn't", "were", "weren't",
    )
)  # fmt: skip
_BETWEEN = frozenset(
    (
        "also", "always", "been", "being", "best", "commonly", "easily", "even", "first", "fully",
        "generally", "gently", "just", "mainly", "mostly", "never", "newly", "normally", "not", "now",
        "often", "only", "partly", "quickly", "rarely", "safely", "slowly", "sometimes", "still", "then",
        "usually",
    )
)  # fmt: skip
_IRREGULAR = frozenset(
    (
        "beaten", "bitten", "bought", "brought", "built", "burnt", "caught", "chosen", "cut", "dealt",
        "drawn", "driven", "drunk", "eaten", "fed", "felt", "forgotten", "fought", "found", "given",
        "grown", "heard", "held", "hidden", "hurt", "kept", "known", "laid", "led", "left", "lost",
        "made", "meant", "met", "paid", "put", "read", "said", "seen", "sent", "set", "shaken", "shown",
        "shut", "sold", "spent", "split", "spread", "stolen", "stuck", "stung", "taken", "taught",
        "thought", "thrown", "told", "torn", "treated", "understood", "undertaken", "withdrawn", "won",
        "worn", "written",
    )
)  # fmt: skip
# What ends like a participle and is none, or says how somebody or something is, not what is done to
# it.
_STATES = frozenset(
    (
        "advanced", "affected", "aged", "alarmed", "allowed", "armed", "ashamed", "based", "bed",
        "beloved", "blessed", "bloated", "blocked", "bored", "bruised", "called", "clogged", "closed",
        "coated", "colored", "complicated", "concerned", "confused", "congested", "connected",
        "constipated", "cracked", "crooked", "crowded", "cursed", "damaged", "dehydrated", "delighted",
        "depressed", "designed", "detailed", "determined", "disabled", "disappointed", "dressed", "dried",
        "educated", "embarrassed", "excited", "exhausted", "experienced", "fatigued", "finished", "fixed",
        "flushed", "frightened", "gifted", "gone", "haired", "healed", "hurried", "infected", "inflamed",
        "injured", "interested", "involved", "irritated", "jagged", "limited", "loaded", "located",
        "locked", "marked", "married", "mixed", "naked", "named", "numbed", "outdated", "pleased",
        "plugged", "pointed", "prepared", "puzzled", "qualified", "ragged", "raised", "red", "related",
        "relaxed", "relieved", "retired", "rugged", "sacred", "satisfied", "scared", "scarred", "shaped",
        "shed", "shocked", "sized", "skilled", "slurred", "stressed", "stretched", "supposed",
        "surprised", "swelled", "swollen", "tangled", "thinned", "tired", "trained", "unborn",
        "unchanged", "unexpected", "united", "untreated", "upset", "used", "wicked", "widened", "worried",
        "wounded", "wrinkled",
    )
)  # fmt: skip
# These are done to somebody only when it is said by whom: "are cut" may be how fingers are.
_EITHER = frozenset(
    (
        "cut", "drunk", "felt", "grown", "hurt", "left", "lost", "made", "meant", "put", "read", "set",
        "shut", "split", "spread", "stuck", "torn", "used", "worn",
    )
)  # fmt: skip
_NO_PARTICIPLES = frozenset(("bed", "called", "red", "sacred", "naked", "wicked"))
_MAX_WORDS_BETWEEN = 3


def find_passives(passage: Passage) -> Iterator[Span]:
    """Where in the passage a form of "be" and a participle stand together."""
    after = 0
    for index, word in enumerate(passage.words):
        # "is being taken" has two forms of "be", and is one.
        if word.text in _BE and index >= after:
            last = _participle(passage, index)
            if last is not None:
                yield word.start, passage.words[last].end
                after = last


def _participle(passage: Passage, verb: int) -> int | None:
    """The place of the participle that belongs to the form of "be" at `verb`."""
    for index in range(verb + 1, min(verb + _MAX_WORDS_BETWEEN + 2, len(passage.words))):
        word = passage.words[index]
        # Anything but a single blank between them ends the phrase.
        if passage.text[passage.words[index - 1].end : word.start] != " ":
            return None
        if _is_participle(word.text, followed_by_by=_next_is_by(passage.words, index)):
            return index
        if word.text not in _BETWEEN:
            return None
    return None


def _is_participle(word: str, *, followed_by_by: bool) -> bool:
    if word in _STATES or word in _EITHER:
        return followed_by_by and word not in _NO_PARTICIPLES
    return word in _IRREGULAR or (
        len(word) > 4
        and word.endswith("ed")
        and not word.endswith("eed")
        and word not in _NO_PARTICIPLES
    )


def _next_is_by(words: list[Word], index: int) -> bool:
    return index + 1 < len(words) and words[index + 1].text == "by"
