"""The content type of a self-check: questions, outcomes, and the routes between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, Field

from education.checklists.content import UrgencyKey
from education.publishing.content import (
    BlockMarkdown,
    Content,
    ContentPart,
    DocumentKey,
    InlineMarkdown,
    Key,
    Line,
    MarkdownText,
    Path,
    SharedRow,
    duplicate_positions,
    markdown_texts,
)
from education.references.content import SOURCES, cited_keys
from education.selfcheck import flow
from education.urgency import BY_KEY, Urgency

# The address of a question shows its key, so a key must not reveal what is asked.
NEUTRAL_KEY = re.compile(r"^[0-9][0-9a-z]{1,3}$")
PAGE_KEY = re.compile(r"^(article|cause|checklist)/[a-z0-9]+(-[a-z0-9]+)*$")
ANSWER_LABELS = {
    "": gettext_lazy("A choice of its own"),
    "no": gettext_lazy("None of these"),
    "not-sure": gettext_lazy("I'm not sure"),
}


class Choice(ContentPart):
    """Something to choose. With a warning sign, its text and urgency are those of the checklist."""

    IDENTITY: ClassVar[str] = "key"
    LABELS: ClassVar[Mapping[str, Mapping[str, Any]]] = {"answer": ANSWER_LABELS}

    key: Key
    text: InlineMarkdown = Field(
        "", max_length=200, description="Leave it empty when there is a warning sign."
    )
    sign: Line = Field(
        "",
        max_length=60,
        title="Warning sign",
        description="The key of the warning sign this stands for.",
    )
    answer: Literal["", "no", "not-sure"] = Field(
        "", title="Kind of choice", description="“no”: none of these. “not-sure”: I'm not sure."
    )
    counts_as: Literal["", "emergency", "urgent", "routine", "self-care"] = Field(
        "",
        title="How urgent by itself",
        description="How urgent this choice is by itself. A sign brings its own.",
    )


class Route(ContentPart):
    """Where to go next, by choice or by the highest urgency so far; the first that fits wins."""

    choice: Line = Field("", max_length=60, title="When this was chosen")
    at_least: Literal["", "emergency", "urgent", "routine", "self-care"] = Field(
        "", title="When so far at least this urgent"
    )
    in_doubt: bool = Field(
        False,
        title="When an emergency may be there",
        description=(
            "Taken when “I'm not sure” is about an emergency sign, or about the rest of several signs that "
            "are an emergency together."
        ),
    )
    question: Line = Field("", max_length=10)
    outcome: Line = Field("", max_length=60)


class Question(ContentPart):
    """One page of the self-check."""

    IDENTITY: ClassVar[str] = "key"

    key: Line = Field(max_length=10, description="A short sign that tells nothing, such as 3f.")
    text: InlineMarkdown = Field(min_length=1, max_length=200, title="Question")
    why: InlineMarkdown = Field(
        min_length=1, max_length=300, title="Why we ask", description="Why we ask."
    )
    several: bool = Field(
        False,
        title="More than one choice may apply",
        description="Whether more than one choice may apply.",
    )
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=flow.MAX_CHOICES)
    routes: tuple[Route, ...] = Field(min_length=1, max_length=20)

    def errors(self) -> Iterator[tuple[Path, str]]:
        """What is wrong with this question alone."""
        if not NEUTRAL_KEY.match(self.key):
            yield (
                ("key",),
                _("Use a digit and one to three more signs, such as 3f, so that it tells nothing."),
            )
        for index in duplicate_positions(choice.key for choice in self.choices):
            yield ("choices", index, "key"), _("Another choice has this key. Give each its own.")
        for index, choice in enumerate(self.choices):
            if not choice.text and not choice.sign:
                yield (
                    ("choices", index),
                    _("Write what the reader can choose, or name a warning sign."),
                )
            if choice.sign and (choice.text or choice.answer):
                yield (
                    ("choices", index, "sign"),
                    _("A warning sign brings its own words. Leave text and answer empty."),
                )
        for index, route in enumerate(self.routes):
            if route.choice and route.choice not in {choice.key for choice in self.choices}:
                yield (
                    ("routes", index, "choice"),
                    _("This question has no choice with this key. Correct it."),
                )


class Outcome(ContentPart):
    """Where the self-check ends: what to do, never a diagnosis."""

    IDENTITY: ClassVar[str] = "key"

    key: Key
    urgency: UrgencyKey
    title: InlineMarkdown = Field(min_length=1, max_length=120)
    do_now: BlockMarkdown = Field(min_length=1, max_length=1200, title="What to do now")
    when: InlineMarkdown = Field(min_length=1, max_length=300, title="How soon")
    safety_net: BlockMarkdown = Field(
        min_length=1, max_length=1200, title="What would change the plan"
    )
    read: Annotated[tuple[Line, ...], AfterValidator(lambda pages: tuple(sorted(pages)))] = Field(
        (),
        max_length=12,
        title="Pages to read",
        description="Pages to read, such as article/my-page.",
    )

    def pages(self) -> tuple[DocumentKey, ...]:
        """The keys of the pages to read, without misspelled ones."""
        return tuple(DocumentKey(*page.split("/", 1)) for page in self.read if PAGE_KEY.match(page))


class SelfCheckContent(Content):
    """A branching self-check about the signs of one checklist."""

    KIND: ClassVar[str] = "self-check"

    title: Line = Field(min_length=1, max_length=120)
    introduction: BlockMarkdown = Field(min_length=1, max_length=1200)
    checklist: Key = Field(description="The checklist whose warning signs it asks.")
    questions: tuple[Question, ...] = Field(min_length=1, max_length=300)
    outcomes: tuple[Outcome, ...] = Field(min_length=1, max_length=50)

    @property
    def heading(self) -> str:
        return self.title

    def dependencies(self) -> tuple[DocumentKey, ...]:
        """The checklist, the pages to read, and the sources if a text cites one."""
        pages = (page for outcome in self.outcomes for page in outcome.pages())
        sources = (SOURCES,) if cited_keys(self) else ()
        return tuple(dict.fromkeys((DocumentKey("checklist", self.checklist), *pages, *sources)))

    def urgent_texts(self) -> Iterator[tuple[str, MarkdownText]]:
        """All texts of emergency and urgent outcomes."""
        for index, outcome in enumerate(self.outcomes):
            if BY_KEY.get(outcome.urgency, Urgency.SELF_CARE) >= Urgency.URGENT:
                for text in markdown_texts(outcome, ("outcomes", index)):
                    yield outcome.urgency, text

    @property
    def max_questions_on_a_path(self) -> int:
        """The number of questions on the longest path along the routes."""
        return self.max_questions_from(self.questions[0].key) if self.questions else 0

    def max_questions_from(self, key: str) -> int:
        """The number of questions on the longest path from the question `key`, with it.

        A draft may have cycles, so the lengths grow only as often as there are questions.
        """
        longest = dict.fromkeys((question.key for question in self.questions), 1)
        for _round in self.questions:
            previous = dict(longest)
            for question in reversed(self.questions):
                following = (longest.get(route.question, 0) for route in question.routes)
                longest[question.key] = 1 + max(following, default=0)
            if longest == previous:
                break
        return longest[key]

    def get_outcome(self, key: str) -> Outcome:
        """The outcome with this key; raises KeyError."""
        return {outcome.key: outcome for outcome in self.outcomes}[key]

    def shown_rows(self) -> Iterator[tuple[Path, SharedRow]]:
        """The path of each choice for a warning sign, and the sign as a row of the checklist."""
        checklist = DocumentKey("checklist", self.checklist)
        for index, question in enumerate(self.questions):
            for number, choice in enumerate(question.choices):
                if choice.sign:
                    yield ("questions", index, "choices", number), (checklist, choice.sign)

    def clinical_meaning(self) -> object:
        """The signs asked, what each answer counts for, all routes, the urgency of each outcome."""
        questions = [
            (
                question.key,
                question.several,
                [
                    (choice.key, choice.sign, choice.answer, choice.counts_as)
                    for choice in question.choices
                ],
                question.routes,
            )
            for question in self.questions
        ]
        return (
            self.checklist,
            questions,
            {(outcome.key, outcome.urgency) for outcome in self.outcomes},
        )

    @classmethod
    def lenient(cls, values: Mapping[str, Any]) -> Self:
        """As any draft; without a checklist, the key of one that does not exist."""
        return super().lenient({**values, "checklist": values.get("checklist") or "to-be-chosen"})

    def errors(self) -> Iterator[tuple[Path, str]]:
        """Revealing or duplicate keys, choices without text, routes without a target."""
        for index in duplicate_positions(question.key for question in self.questions):
            yield (
                ("questions", index, "key"),
                _("Another question has this key. Give each its own."),
            )
        for index in duplicate_positions(outcome.key for outcome in self.outcomes):
            yield ("outcomes", index, "key"), _("Another outcome has this key. Give each its own.")
        for index, question in enumerate(self.questions):
            for path, message in (*question.errors(), *self._dangling_routes(question)):
                yield ("questions", index, *path), message
        for index, outcome in enumerate(self.outcomes):
            for number, page in enumerate(outcome.read):
                if not PAGE_KEY.match(page):
                    yield (
                        ("outcomes", index, "read", number),
                        _("Write the kind and address of a page, such as article/my-page."),
                    )

    def _dangling_routes(self, question: Question) -> Iterator[tuple[Path, str]]:
        asked = {other.key for other in self.questions}
        ends = {outcome.key for outcome in self.outcomes}
        for index, route in enumerate(question.routes):
            if bool(route.question) == bool(route.outcome):
                yield ("routes", index), _("Name one place to go to: a question, or an outcome.")
            if route.question and route.question not in asked:
                yield (
                    ("routes", index, "question"),
                    _("There is no question with this key. Correct it."),
                )
            if route.outcome and route.outcome not in ends:
                yield (
                    ("routes", index, "outcome"),
                    _("There is no outcome with this key. Correct it."),
                )
