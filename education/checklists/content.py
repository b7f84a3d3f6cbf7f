"""The content type of a checklist of warning signs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from education.checklists.row_errors import combination_errors, lead_errors, topic_errors
from education.media import illustrations
from education.publishing.content import (
    BlockMarkdown,
    ChangeRole,
    Content,
    ContentPart,
    DocumentKey,
    InlineMarkdown,
    Key,
    Line,
    MarkdownText,
    Path,
    duplicate_positions,
    markdown_texts,
)
from education.references.content import SOURCES, cited_keys
from education.urgency import BY_KEY, Urgency

UrgencyKey = Literal["emergency", "urgent", "routine", "self-care"]

# Words of color that look otherwise on brown and black skin (the house's clinical rules).
COLOR_WORDS = re.compile(
    r"\b(red|redness|blue|gr[ae]y|pale|pink|purple|blotchy|colou?r)\b", re.IGNORECASE
)

MAX_TITLE = 120


class WarningSign(ContentPart):
    """One sign: how urgent it is, what a person notices, and the sources that say so."""

    IDENTITY: ClassVar[str] = "key"
    LABELS: ClassVar[Mapping[str, Mapping[str, Any]]] = {"picture": illustrations.LABELS}
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = {
        "sources": "citations",
        "picture": "presentation",
    }

    key: Key = Field(description="A short name that stays the same, such as hard-to-breathe.")
    urgency: UrgencyKey = Field(description="How soon a person with this sign needs help.")
    text: InlineMarkdown = Field(
        min_length=1,
        max_length=300,
        title="What a person notices",
        description="What a person notices, such as “It is hard to breathe”.",
    )
    in_short: InlineMarkdown = Field(
        "",
        max_length=160,
        title="In a few words",
        description="The same sign in a few words, for the cards on pages. Leave nothing out that changes what "
        "to do. The checklist shows the whole text.",
    )
    topic: Line = Field(
        "",
        max_length=40,
        title="Topic",
        description="What this sign and those next to it are about, in two to five plain words, such as “Breathing "
        "and heart”. It is the heading above them on the checklist, and where a card is long.",
    )
    fold_label: Line = Field(
        "",
        max_length=60,
        title="What the fold says",
        description="For whom the sign is, or about what, in two or three words, such as “babies, frail people” "
        "or “changing moles”. Where a page folds the sign, it says “also for” them.",
    )
    on_darker_skin: InlineMarkdown = Field(
        "",
        max_length=300,
        title="On brown and black skin",
        description="How it looks on brown and black skin. Needed wherever a color is named.",
    )
    picture: illustrations.IllustrationName = Field(
        "",
        description="A drawing that comes with the site and shows how to look for this sign, one tap away.",
    )
    crisis: bool = Field(
        default=False,
        title="May want to die",
        description="They may want to die. The answer then has kind words and the clinic's crisis line.",
    )
    sources: tuple[Key, ...] = Field(
        min_length=1,
        max_length=10,
        description="Keys of the sources that say so, one on each line.",
    )

    @property
    def level(self) -> Urgency:
        return Urgency.from_key(self.urgency)

    @property
    def illustration(self) -> illustrations.Illustration:
        return illustrations.get_illustration(self.picture)


class Combination(ContentPart):
    """Signs of the list that need help sooner together than each by itself."""

    IDENTITY: ClassVar[str] = "key"
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = {"sources": "citations"}

    key: Key = Field(description="A short name that stays the same, such as spreading-and-shivery.")
    together: tuple[Key, ...] = Field(
        min_length=2,
        max_length=6,
        title="Signs that are true together",
        description="Keys of 2 to 6 warning signs of this list. All of them must be true.",
    )
    counts_as: UrgencyKey = Field(
        title="How urgent together",
        description="How soon a person needs help who has them all. More urgent than each sign by itself.",
    )
    text: InlineMarkdown = Field(
        min_length=1,
        max_length=300,
        title="What a person notices",
        description="All of it in one sentence, such as “A color change is spreading, and you feel hot”.",
    )
    in_short: InlineMarkdown = Field(
        "",
        max_length=160,
        title="In a few words",
        description="For the cards on pages: what comes after “What all combinations begin with”, such as “a color "
        "change that spreads”. Combinations with the same few words are one line.",
    )
    on_darker_skin: InlineMarkdown = Field(
        "",
        max_length=300,
        title="On brown and black skin",
        description="How it looks on brown and black skin. Needed wherever a color is named.",
    )
    sources: tuple[Key, ...] = Field(
        min_length=1,
        max_length=10,
        description="Keys of the sources that say so, one on each line.",
    )

    @property
    def level(self) -> Urgency:
        return Urgency.from_key(self.counts_as)

    @property
    def topic(self) -> str:
        """The heading above combinations in a list of signs with their topics."""
        return _("When these are true together")


ChecklistRow = WarningSign | Combination


class ChecklistContent(Content):
    """When to see a doctor: warning signs by urgency, and what to do if none applies."""

    KIND: ClassVar[str] = "checklist"
    SCHEMA: ClassVar[int] = 2
    # Editions of schema 1 may say all combinations in one sentence, which cards no longer show.
    UPGRADES: ClassVar[Mapping[int, Any]] = {
        1: lambda stored: {k: v for k, v in stored.items() if k != "combinations_in_short"}
    }
    LABELS: ClassVar[Mapping[str, Mapping[str, Any]]] = {"picture": illustrations.LABELS}
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = {"picture": "presentation"}

    title: Line = Field(
        min_length=1, max_length=MAX_TITLE, description="In the words a reader would use."
    )
    introduction: BlockMarkdown = Field("", max_length=800, description="How to use the list.")
    picture: illustrations.IllustrationName = Field(
        "",
        description="A drawing that comes with the site and shows how to look, one tap away.",
    )
    signs: tuple[WarningSign, ...] = Field(min_length=1, max_length=40)
    combinations: tuple[Combination, ...] = Field(
        (), max_length=20, description="Signs that together are more urgent than each by itself."
    )
    combinations_lead: InlineMarkdown = Field(
        "",
        max_length=80,
        title="What all combinations begin with",
        description="For the cards on pages, such as “You feel hot and shivery, **and**”. Each combination then "
        "says the rest in a few words, and all of them must count as equally urgent.",
    )
    emergency_on_darker_skin: InlineMarkdown = Field(
        "",
        max_length=300,
        title="On brown and black skin: emergency",
        description="One note for the whole emergency card on pages, in place of a note for each sign.",
    )
    urgent_on_darker_skin: InlineMarkdown = Field(
        "",
        max_length=300,
        title="On brown and black skin: urgent",
        description="One note for the whole urgent card on pages.",
    )
    routine_on_darker_skin: InlineMarkdown = Field(
        "",
        max_length=300,
        title="On brown and black skin: routine",
        description="One note for the whole routine card on pages.",
    )
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
        return self.title

    @property
    def illustration(self) -> illustrations.Illustration:
        return illustrations.get_illustration(self.picture)

    def dependencies(self) -> tuple[DocumentKey, ...]:
        return (SOURCES,)

    @property
    def rows(self) -> tuple[ChecklistRow, ...]:
        """All that a reader can notice: the signs, then the combinations."""
        return (*self.signs, *self.combinations)

    def by_urgency(self) -> list[tuple[Urgency, list[ChecklistRow]]]:
        """The rows grouped by level, most urgent first; without empty groups."""
        groups = [
            (level, [r for r in self.rows if r.level == level])
            for level in sorted(Urgency, reverse=True)
        ]
        return [(level, rows) for level, rows in groups if rows]

    def card_note(self, level: Urgency) -> str:
        """The note on brown and black skin for all signs of a level; empty: each has its own."""
        notes = {
            Urgency.EMERGENCY: self.emergency_on_darker_skin,
            Urgency.URGENT: self.urgent_on_darker_skin,
            Urgency.ROUTINE: self.routine_on_darker_skin,
        }
        return notes.get(level, "")

    def tickable_by_urgency(self) -> list[tuple[Urgency, list[WarningSign], list[Combination]]]:
        """The same groups for a form: signs can be ticked, combinations follow from ticks."""
        return [
            (
                level,
                [row for row in rows if isinstance(row, WarningSign)],
                [row for row in rows if isinstance(row, Combination)],
            )
            for level, rows in self.by_urgency()
        ]

    @property
    def on_darker_skin_by_sign(self) -> dict[str, str]:
        """How each sign looks on brown and black skin, by its key; may be empty."""
        return {sign.key: sign.on_darker_skin for sign in self.signs}

    def combinations_of(self, ticked: Collection[str]) -> tuple[Combination, ...]:
        """The combinations whose signs were all ticked; `ticked` has keys of signs."""
        return tuple(row for row in self.combinations if set(row.together) <= set(ticked))

    def is_crisis(self, ticked: Collection[str]) -> bool:
        """Whether people who ticked these signs may want to die; `ticked` has keys of signs."""
        return any(sign.crisis and sign.key in ticked for sign in self.signs)

    def urgent_texts(self) -> Iterator[tuple[str, MarkdownText]]:
        """The texts of emergency and urgent signs, and the safety net, which goes with all."""
        for text in markdown_texts(self):
            match text.path:
                case ("signs", int(index), _field):
                    urgency = self.signs[index].urgency
                    if BY_KEY.get(urgency, Urgency.SELF_CARE) >= Urgency.URGENT:
                        yield urgency, text
                case ("combinations", int(index), _field):
                    yield self.combinations[index].counts_as, text
                case ("safety_net",):
                    yield Urgency.EMERGENCY.key, text

    def shared_rows(self) -> Mapping[str, tuple[str, ...]]:
        """The text and urgency of each warning sign, which self-checks show, by its key."""
        return {sign.key: (sign.text, sign.urgency) for sign in self.signs}

    def clinical_meaning(self) -> object:
        """The keys of signs and the signs of combinations, each with the urgency."""
        return (
            {(sign.key, sign.urgency) for sign in self.signs},
            {(frozenset(row.together), row.counts_as) for row in self.combinations},
        )

    def sign_citations(self) -> Iterator[tuple[Path, str]]:
        """The path and key of each source that a sign or combination names."""
        fields: dict[str, tuple[ChecklistRow, ...]] = {
            "signs": self.signs,
            "combinations": self.combinations,
        }
        for field, rows in fields.items():
            for index, row in enumerate(rows):
                yield from (((field, index, "sources"), key) for key in row.sources)

    def sign_source_keys(self) -> tuple[str, ...]:
        """The distinct keys of the sources of all rows, in order."""
        return tuple(dict.fromkeys(key for row in self.rows for key in row.sources))

    def source_keys(self) -> tuple[str, ...]:
        """The same, and those that the texts cite."""
        return tuple(dict.fromkeys((*self.sign_source_keys(), *cited_keys(self))))

    def errors(self) -> Iterator[tuple[Path, str]]:
        """Duplicate rows, signs out of order, colors without darker skin, mild combinations."""
        for index in duplicate_positions(row.key for row in self.rows):
            field, position = (
                ("signs", index)
                if index < len(self.signs)
                else ("combinations", index - len(self.signs))
            )
            yield (
                (field, position, "key"),
                _("Another sign or combination has this key. Give each its own."),
            )
        levels = [BY_KEY.get(sign.urgency, Urgency.SELF_CARE) for sign in self.signs]
        for index, sign in enumerate(self.signs):
            previous = self.signs[index - 1].urgency if index else ""
            if previous in BY_KEY and sign.urgency in BY_KEY and levels[index] > levels[index - 1]:
                yield (
                    ("signs", index, "urgency"),
                    _("This is more urgent than the sign before it. Put the most urgent first."),
                )
            if sign.crisis and sign.urgency != Urgency.EMERGENCY.key:
                yield (
                    ("signs", index, "urgency"),
                    _("Who may want to die needs help at once. Make this sign an emergency."),
                )
            yield from _darker_skin_errors(sign, ("signs", index))
        for index, row in enumerate(self.combinations):
            yield from _darker_skin_errors(row, ("combinations", index))
            for path, message in combination_errors(row, self.signs):
                yield ("combinations", index, *path), message
        yield from topic_errors(self.signs)
        yield from lead_errors(self.combinations_lead, self.combinations)
        for index in duplicate_positions(
            "+".join(sorted(row.together)) for row in self.combinations
        ):
            yield (
                ("combinations", index, "together"),
                _("Another combination is of the same signs."),
            )


def _darker_skin_errors(row: ChecklistRow, path: Path) -> Iterator[tuple[Path, str]]:
    if COLOR_WORDS.search(row.text) and not row.on_darker_skin:
        yield (
            (*path, "on_darker_skin"),
            _("This sign names a color. Say how it looks on brown and black skin."),
        )
