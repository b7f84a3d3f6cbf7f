"""The answer that a checklist shows on the page itself, by its style sheet alone: nothing that is
ticked leaves the browser.

A level is shown as soon as one of its signs is ticked. For a combination, each of its signs carries
one class, and the style sheet asks if all boxes of that class are ticked. The style sheet knows a
fixed number of such classes (`static/css/live_answer.css`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from education.checklists.content import ChecklistContent
from education.urgency import Urgency

CLASSES = {
    Urgency.EMERGENCY: tuple(f"e{number}" for number in range(1, 13)),
    Urgency.URGENT: tuple(f"u{number}" for number in range(1, 5)),
}


def tick_classes(checklist: ChecklistContent) -> Mapping[str, str] | None:
    """The classes of each sign's box, by the sign's key: those of its combinations, and "crisis"
    for a sign that brings the crisis line.

    None for a checklist with combinations that the style sheet cannot tell: its page must send the
    ticks to get an answer.
    """
    used: Counter[Urgency] = Counter()
    classes: dict[str, list[str]] = {
        sign.key: ["crisis"] if sign.crisis else [] for sign in checklist.signs
    }
    for row in checklist.combinations:
        known = CLASSES.get(row.level, ())
        if used[row.level] == len(known) or not set(row.together) <= set(classes):
            return None
        name = known[used[row.level]]
        used[row.level] += 1
        for key in row.together:
            classes[key].append(name)
    return {key: " ".join(names) for key, names in classes.items()}
