"""A question and a result as their templates need them.

None has a repr, so that no log or traceback shows what was answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from education.checklists.content import ChecklistContent
from education.publishing.models import Edition
from education.selfcheck.content import Outcome
from education.selfcheck.flow import NO, Question, Step
from education.selfcheck.session import SelfCheckSession
from education.urgency import Urgency


@dataclass(frozen=True, repr=False)
class ShownChoice:
    """A choice as it is shown on a page."""

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
    def from_question(
        cls,
        question: Question,
        checklist: ChecklistContent,
        chosen: frozenset[str],
        is_refused: bool = False,
    ) -> Self:
        skin = checklist.on_darker_skin_by_sign
        choices = tuple(
            ShownChoice(
                key=choice.key,
                text=choice.text,
                on_darker_skin=skin.get(choice.sign, ""),
                is_exclusive=choice.is_exclusive,
                is_chosen=choice.key in chosen,
            )
            for choice in question.choices
        )
        return cls(question, choices, is_refused)

    @property
    def has_contradiction(self) -> bool:
        """Whether a refused answer chose anything: then its choices contradict each other."""
        return any(choice.is_chosen for choice in self.choices)

    @property
    def allows_none(self) -> bool:
        """Whether there is a choice "None of these"."""
        return any(choice.answer == NO for choice in self.question.choices)

    @property
    def combinable_choices(self) -> tuple[ShownChoice, ...]:
        return tuple(choice for choice in self.choices if not choice.is_exclusive)

    @property
    def exclusive_choices(self) -> tuple[ShownChoice, ...]:
        """None of these, and I'm not sure."""
        return tuple(choice for choice in self.choices if choice.is_exclusive)


@dataclass(frozen=True, repr=False)
class AnsweredQuestion:
    """A question, the answer, the combinations that it meets, and where to change it."""

    key: str
    question: str
    chosen: tuple[str, ...]
    combinations: tuple[str, ...]
    url: str

    @classmethod
    def from_step(cls, step: Step, url: str) -> Self:
        question = step.question
        return cls(
            question.key,
            question.text,
            tuple(choice.text for choice in question.chosen_choices(step.chosen)),
            tuple(one.text for one in question.met_combinations(step.chosen)),
            url,
        )


def answered_questions(session: SelfCheckSession) -> tuple[AnsweredQuestion, ...]:
    """All questions on the way of a reader that are answered, in order."""
    return tuple(
        AnsweredQuestion.from_step(step, session.step_url(step.question.key))
        for step in session.walk.steps
    )


@dataclass(frozen=True, repr=False)
class ResultPage:
    """What to do, by what was answered, and what to read about it.

    `is_unsure_about_emergency`: an emergency sign may be there, which changes what to do first.
    `is_crisis`: an answer says that the person may want to die.
    """

    outcome: Outcome
    urgency: Urgency
    answered: tuple[AnsweredQuestion, ...]
    pages: tuple[Edition, ...]
    is_unsure_about_emergency: bool
    is_crisis: bool

    @classmethod
    def from_session(cls, session: SelfCheckSession) -> Self:
        """The result of a session; raises ValueError while a question is open.

        In an emergency there is nothing to read, so that nobody reads first.
        """
        walked, parts = session.walk, session.composition.parts
        if walked.outcome is None:
            raise ValueError("a question is still open")
        outcome = session.asked.content.get_outcome(walked.outcome.key)
        urgency = Urgency.from_key(outcome.urgency)
        pages = [parts[key] for key in outcome.pages() if key in parts]
        signs = {key for step in walked.steps for key in step.question.chosen_signs(step.chosen)}
        return cls(
            outcome,
            urgency,
            answered_questions(session),
            tuple(pages) if urgency < Urgency.EMERGENCY else (),
            session.is_unsure_about_emergency,
            session.asked.checklist.is_crisis(signs),
        )

    @property
    def call_levels(self) -> tuple[Urgency, ...]:
        """The levels whose telephone numbers are offered, in order."""
        if self.is_unsure_about_emergency:
            return (Urgency.EMERGENCY, self.urgency)
        return (self.urgency,)
