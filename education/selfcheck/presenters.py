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
    is_exclusive: bool
    is_chosen: bool


@dataclass(frozen=True, repr=False)
class QuestionPage:
    """A question with its choices, what was chosen before, and whether an answer was refused."""

    question: Question
    choices: tuple[ShownChoice, ...]
    is_refused: bool = False

    @classmethod
    def from_content(
        cls,
        content: SelfCheckContent,
        checklist: ChecklistContent,
        key: str,
        chosen: frozenset[str],
        is_refused: bool = False,
    ) -> Self:
        """The page of the question called `key`; a choice for a warning sign has that sign's own
        words.
        """
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
                    is_exclusive=bool(choice.answer),
                    is_chosen=choice.key in chosen,
                )
            )
        return cls(question, tuple(shown), is_refused)

    @property
    def has_contradiction(self) -> bool:
        """Whether a refused answer chose something: then what it chose cannot stand together."""
        return any(choice.is_chosen for choice in self.choices)

    @property
    def allows_none(self) -> bool:
        """Whether one can say "None of these" here."""
        return any(choice.answer == NO for choice in self.question.choices)

    @property
    def combinable_choices(self) -> tuple[ShownChoice, ...]:
        """What can be chosen together."""
        return tuple(choice for choice in self.choices if not choice.is_exclusive)

    @property
    def exclusive_choices(self) -> tuple[ShownChoice, ...]:
        """What stands alone: none of these, not sure."""
        return tuple(choice for choice in self.choices if choice.is_exclusive)


@dataclass(frozen=True, repr=False)
class AnsweredQuestion:
    """A question, what was answered, what of it counts for more together, and where to
    change it.
    """

    question: str
    chosen: tuple[str, ...]
    combinations: tuple[str, ...]
    url: str

    @classmethod
    def from_step(cls, step: Step, url: str) -> Self:
        """A step of a walk."""
        return cls(
            step.question.text,
            tuple(choice.text for choice in step.question.choices if choice.key in step.chosen),
            tuple(one.text for one in step.question.met_combinations(step.chosen)),
            url,
        )


@dataclass(frozen=True, repr=False)
class ResultPage:
    """What to do, by what was answered, and what to read about it.

    `in_doubt`: an emergency sign may be there, which changes what to do first.
    `is_crisis`: an answer says that the person may want to die.
    """

    outcome: Outcome
    urgency: Urgency
    answered: tuple[AnsweredQuestion, ...]
    pages: tuple[Edition, ...]
    is_unsure_about_emergency: bool
    is_crisis: bool

    @classmethod
    def from_walk(
        cls,
        content: SelfCheckContent,
        checklist: ChecklistContent,
        composition: Composition,
        walked: Walk,
        is_unsure_about_emergency: bool,
        step_url: Callable[[str], str],
    ) -> Self:
        """The result of a walk that has an outcome; whoever needs help now is given nothing to
        read.
        """
        if walked.outcome is None:
            raise ValueError("this walk has not ended")
        outcome = content.get_outcome(walked.outcome.key)
        urgency = Urgency.from_key(outcome.urgency)
        pages = [composition.parts[key] for key in outcome.pages() if key in composition.parts]
        answered = tuple(
            AnsweredQuestion.from_step(taken, step_url(taken.question.key))
            for taken in walked.steps
        )
        read = tuple(pages) if urgency < Urgency.EMERGENCY else ()
        signs = {key for taken in walked.steps for key in taken.question.chosen_signs(taken.chosen)}
        return cls(
            outcome, urgency, answered, read, is_unsure_about_emergency, checklist.is_crisis(signs)
        )

    @property
    def call_levels(self) -> tuple[Urgency, ...]:
        """The levels whose telephone numbers are offered, in order."""
        return (
            (Urgency.EMERGENCY, self.urgency) if self.is_unsure_about_emergency else (self.urgency,)
        )
