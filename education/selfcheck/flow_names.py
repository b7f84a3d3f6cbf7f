"""What staff call the parts of a flow: by number and words, never by key."""

from __future__ import annotations

from contextlib import suppress

from django.utils.translation import gettext as _

from education import markdown
from education.selfcheck.flow import Choice, Flow, Question


def plain_text(text: str) -> str:
    """Text without Markdown; as it was typed where that is too long or too deep to read."""
    with suppress(markdown.MarkdownLimitError):
        return markdown.plain_text(text, inline=True)
    return text


def question_number(flow: Flow, key: str) -> str:
    """The number of a question in the form; the key if there is none."""
    keys = [question.key for question in flow.questions]
    return str(keys.index(key) + 1) if key in keys else key


def outcome_name(flow: Flow, key: str) -> str:
    """The title of a result; its number while it has none."""
    for position, outcome in enumerate(flow.outcomes):
        if outcome.key == key:
            return plain_text(outcome.title) or _("Result {number}").format(number=position + 1)
    return key


def choice_name(question: Question, choice: Choice) -> str:
    """The words of a choice; its number while it has none."""
    number = question.choices.index(choice) + 1
    return plain_text(choice.text) or _("choice {number}").format(number=number)
