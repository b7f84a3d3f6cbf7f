"""Statements that need a source: shares, frequencies, causes, risks, studies."""

from __future__ import annotations

import re

from education.plain_language.parsing.blocks import Span
from education.plain_language.parsing.segmentation import Passage

_NUMBER = r"(?:\d++(?:[.,]\d++)*+|one|two|three|four|five|six|seven|eight|nine|ten)"
_CLAIM = re.compile(
    rf"""(?<![\w.,%])(?:
      {_NUMBER}\ ?(?:%(?!\w)|percent\b|per\ cent\b)
    | {_NUMBER}\ (?:in|out\ of)\ (?:every\ )?(?:\d|two\b|three\b|four\b|five\b|six\b|ten\b|twenty\b|hundred\b)
    | {_NUMBER}\ times\ (?:more|less|as|higher|lower)\b
    | (?:half|a\ third|a\ quarter|two\ thirds|most|many|few)\ (?:of\ )?(?:all\ )?
        (?:people|adults|children|babies|teens|women|men|patients|cases)\b
    | (?:studies|study|research|trials?|experts|scientists|researchers)\b
    | (?:can|may|could|might|will|does|often|also|usually|sometimes)\ (?:also\ |often\ )?
        (?:cause|lead\ to|trigger)\b
    | (?:causes|triggers)\ (?:an?|the|your|some|more|many|most|this|these)\b
    | (?:leads\ to|(?:is|are)\ caused\ by|results?\ in)\b
    | (?:raise|lower|increase|reduce|double|cut|change)s?\ (?:the\ |your\ )?(?:risks?|chances?|odds)\b
    | (?:higher|lower|greater|smaller)\ (?:risk|chance)\b | (?:more|less)\ likely\b
    | (?:is|are)\ (?:very\ |quite\ |fairly\ )?(?:common|rare|uncommon)\b
    | (?:proven|proof\ that|evidence)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def find_claim(passage: Passage) -> Span | None:
    """Return the first statement that needs a source; or None if the passage cites."""
    if passage.cited:
        return None
    found = _CLAIM.search(passage.text)
    return found.span() if found else None
