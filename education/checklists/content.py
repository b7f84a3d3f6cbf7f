"""What a checklist of warning signs says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from education.publishing.content import (
    BlockMarkdown,
    Content,
    DocumentKey,
    InlineMarkdown,
    Key,
    Line,
    Part,
    Path,
    repeated,
)
from education.references.content import SOURCES, cited_keys
from education.urgency import BY_KEY, Urgency

Level = Literal["emergency", "urgent", "routine", "self-care"]

# Words of color that look otherwise on brown and black skin (the house's clinical rules).
COLOR = re.compile(r"\b(red|redness|blue|gr[ae]y|pale|pink|purple|blotchy|colou?r)\b", re.IGNORECASE)


class WarningSign(Part):
    """One sign: how urgent it is, what a person notices, and where that comes from."""

    IDENTITY: ClassVar[str] = "key"

    key: Key = Field(description="A short name that stays the same, such as hard-to-breathe.")
    urgency: Level = Field(description="How soon a person with this sign needs help.")
    text: InlineMarkdown = Field(
        min_length=1,
        max_length=300,
        title="What a person notices",
        description="What a person notices, such as “It is hard to breathe”.",
    )
    on_darker_skin: InlineMarkdown = Field(
        "",
        max_length=300,
        title="On brown and black skin",
        description="How it looks on brown and black skin. Needed wherever a color is named.",
    )
    sources: tuple[Key, ...] = Field(
        min_length=1, max_length=10, description="Keys of the sources that say so, one on each line."
    )

    @property
    def level(self) -> Urgency:
        """The urgency as a level that can be compared."""
        return Urgency.from_key(self.urgency)


class ChecklistContent(Content):
    """When to see a doctor: warning signs by urgency, and what holds when none applies."""

    KIND: ClassVar[str] = "checklist"

    title: Line = Field(min_length=1, max_length=120, description="In the words a reader would use.")
    introduction: BlockMarkdown = Field("", max_length=800, description="How to use the list.")
    signs: tuple[WarningSign, ...] = Field(min_length=1, max_length=40)
    none_apply: BlockMarkdown = Field(
        min_length=1,
        max_length=1200,
        title="When no sign applies",
        description="What to watch for and when to come back. Never reassurance.",
    )
    safety_net: BlockMarkdown = Field(
        min_length=1,
        max_length=1200,
        title="What would change the plan",
        description="What would change the plan, and where to go then.",
    )

    @property
    def heading(self) -> str:
        """The title."""
        return self.title

    def uses(self) -> tuple[DocumentKey, ...]:
        """The sources, which every sign names."""
        return (SOURCES,)

    def by_urgency(self) -> list[tuple[Urgency, list[WarningSign]]]:
        """The signs grouped, most urgent first, in their own order within a group."""
        groups = [
            (level, [s for s in self.signs if s.level == level]) for level in sorted(Urgency, reverse=True)
        ]
        return [(level, signs) for level, signs in groups if signs]

    def advice(self) -> object:
        """Which signs there are, and how urgent each is."""
        return {(sign.key, sign.urgency) for sign in self.signs}

    def source_keys(self) -> tuple[str, ...]:
        """The keys of all sources of the signs and texts, in order, each once."""
        keys = [key for sign in self.signs for key in sign.sources]
        return tuple(dict.fromkeys((*keys, *cited_keys(self))))

    def mistakes(self) -> Iterator[tuple[Path, str]]:
        """Signs given twice, out of order, or silent about darker skin."""
        for index in repeated(sign.key for sign in self.signs):
            yield ("signs", index, "key"), _("Another sign has this key. Give each its own.")
        levels = [BY_KEY.get(sign.urgency, Urgency.SELF_CARE) for sign in self.signs]
        for index, sign in enumerate(self.signs):
            before = self.signs[index - 1].urgency if index else ""
            if before in BY_KEY and sign.urgency in BY_KEY and levels[index] > levels[index - 1]:
                yield (
                    ("signs", index, "urgency"),
                    _("This is more urgent than the sign before it. Put the most urgent first."),
                )
            if COLOR.search(sign.text) and not sign.on_darker_skin:
                yield (
                    ("signs", index, "on_darker_skin"),
                    _("This sign names a color. Say how it looks on brown and black skin."),
                )
