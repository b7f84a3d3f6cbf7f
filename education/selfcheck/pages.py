"""A question and a result as their templates want them.

Shown in a log or a traceback, none of them tells what was answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from education.checklists.content import ChecklistContent
from education.publishing.composition import Composition
from education.publishing.models import Edition
from education.selfcheck.content import Outcome, Question, SelfCheckContent
from education.selfcheck.flow import NO, Step, Walk
from education.urgency import Urgency


@dataclass(frozen=True, repr=False)
class ShownChoice:
    """A choice as it stands on a page."""

    key: str
    text: str
    on_darker_skin: str
    exclusive: bool
    chosen: bool


@dataclass(frozen=True, repr=False)
class QuestionPage:
    """A question with its choices, what was chosen before, and whether an answer was refused."""

    question: Question
    choices: tuple[ShownChoice, ...]
    refused: bool = False

    @classmethod
    def of(
        cls,
        content: SelfCheckContent,
        checklist: ChecklistContent,
        key: str,
        chosen: frozenset[str],
        refused: bool = False,
    ) -> Self:
        """The page of the question called `key`; a choice for a warning sign has that sign's own words."""
        question = next(question for question in content.questions if question.key == key)
        signs = {sign.key: sign for sign in checklist.signs}
        shown = []
        for choice in question.choices:
            sign = signs.get(choice.sign)
            shown.append(
                ShownChoice(
                    key=choice.key,
                    text=sign.text if sign else choice.text,
                    on_darker_skin=sign.on_darker_skin if sign else "",
                    exclusive=bool(choice.answer),
                    chosen=choice.key in chosen,
                )
            )
        return cls(question, tuple(shown), refused)

    @property
    def together(self) -> bool:
        """Whether a refused answer chose something: then what it chose cannot stand together."""
        return any(choice.chosen for choice in self.choices)

    @property
    def may_be_none(self) -> bool:
        """Whether one can say "None of these" here."""
        return any(choice.answer == NO for choice in self.question.choices)

    @property
    def open_choices(self) -> tuple[ShownChoice, ...]:
        """What can be chosen together."""
        return tuple(choice for choice in self.choices if not choice.exclusive)

    @property
    def exclusive_choices(self) -> tuple[ShownChoice, ...]:
        """What stands alone: none of these, not sure."""
        return tuple(choice for choice in self.choices if choice.exclusive)


@dataclass(frozen=True, repr=False)
class Answered:
    """A question, what was answered, what of it counts for more together, and where to change it."""

    question: str
    chosen: tuple[str, ...]
    together: tuple[str, ...]
    address: str

    @classmethod
    def of(cls, taken: Step, address: str) -> Self:
        """A step of a walk."""
        return cls(
            taken.question.text,
            tuple(choice.text for choice in taken.question.choices if choice.key in taken.chosen),
            tuple(one.text for one in taken.question.true_together(taken.chosen)),
            address,
        )


@dataclass(frozen=True, repr=False)
class ResultPage:
    """What to do, by what was answered, and what to read about it.

    `in_doubt`: an emergency sign may be there, which changes what to do first.
    `is_crisis`: an answer says that the person may want to die.
    """

    outcome: Outcome
    urgency: Urgency
    answered: tuple[Answered, ...]
    pages: tuple[Edition, ...]
    in_doubt: bool
    is_crisis: bool

    @classmethod
    def of(
        cls,
        content: SelfCheckContent,
        checklist: ChecklistContent,
        composition: Composition,
        walked: Walk,
        in_doubt: bool,
        step: Callable[[str], str],
    ) -> Self:
        """The result of a walk that has an outcome; whoever needs help now is given nothing to read."""
        if walked.outcome is None:
            raise ValueError("this walk has not ended")
        outcome = content.get_outcome(walked.outcome.key)
        urgency = Urgency.from_key(outcome.urgency)
        pages = [composition.parts[key] for key in outcome.pages() if key in composition.parts]
        answered = tuple(Answered.of(taken, step(taken.question.key)) for taken in walked.steps)
        read = tuple(pages) if urgency < Urgency.EMERGENCY else ()
        signs = {key for taken in walked.steps for key in taken.question.chosen_signs(taken.chosen)}
        return cls(outcome, urgency, answered, read, in_doubt, checklist.is_crisis(signs))

    @property
    def calls(self) -> tuple[Urgency, ...]:
        """The levels whose telephone numbers are offered, in order."""
        return (Urgency.EMERGENCY, self.urgency) if self.in_doubt else (self.urgency,)
