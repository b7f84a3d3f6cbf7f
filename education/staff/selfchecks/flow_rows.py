"""Writes the choices and ways on of a self-check's questions as its form has them."""

from __future__ import annotations

from typing import Any

from education.checklists.models import Checklist
from education.publishing.workflow.keys import unique_key
from education.selfcheck.flow import NOT_SURE
from education.selfcheck.models import Choice, Outcome, Question, Route, SelfCheck
from education.staff.selfchecks.question_form import (
    CHOICE_COLUMNS,
    IN_DOUBT,
    NEW,
    OutcomeFormSet,
    QuestionFormSet,
)
from education.staff.selfchecks.question_keys import unused_key
from education.staff.selfchecks.rows import Row, load_rows
from education.urgency import BY_KEY, Urgency


def write_flow(self_check: SelfCheck, questions: QuestionFormSet, outcomes: OutcomeFormSet) -> None:
    """Write choices and routes of saved questions; their routes of before are gone already."""
    targets: dict[str, Any] = {
        f"{kind}:{form.ref_value}": form.instance
        for kind, formset in (("question", questions), ("outcome", outcomes))
        for form in formset.kept_forms()
    }
    for form in questions.kept_forms():
        choices = _write_choices(form, self_check.checklist)
        for order, row in enumerate(load_rows(form.cleaned_data["routes"])):
            target = targets.get(row["target"])
            if row["target"].endswith(NEW):
                target = _make_target(self_check, row["target"])
            Route.objects.create(
                question=form.instance,
                order=order,
                choice=choices[row["choice"]] if row["choice"] else None,
                at_least="" if row["level"] == IN_DOUBT else row["level"],
                in_doubt=row["level"] == IN_DOUBT,
                to_question=target if isinstance(target, Question) else None,
                to_outcome=target if isinstance(target, Outcome) else None,
            )


def _make_target(self_check: SelfCheck, target: str) -> Question | Outcome:
    """A question or result that a way on asks for, to be written after saving."""
    if target.startswith("question"):
        taken = set(self_check.questions.values_list("key", flat=True))
        return self_check.questions.create(key=unused_key(taken), order=len(taken), several=True)
    taken = set(self_check.outcomes.values_list("key", flat=True))
    key = unique_key("", taken, "result")
    return self_check.outcomes.create(key=key, order=len(taken))


def _write_choices(form: Any, checklist: Checklist | None) -> dict[str, Choice]:
    """The choices of a question by what its ways on call them.

    Those that stay keep their keys. Signs come first, "None of these" and "I'm not sure" last.
    """
    question, signs = form.instance, form.cleaned_data["signs"]
    rows = load_rows(form.cleaned_data["choices"])
    stored = list(question.choices.all())
    if stored and not {"signs", "choices"} & set(form.changed_data):
        return {_name(choice): choice for choice in stored}
    order = list(dict(form.fields["signs"].choices))
    kept = [choice for choice in stored if choice.sign in signs and choice.sign]
    known = {choice.sign for choice in kept}
    added = sorted(set(signs) - known, key=lambda key: order.index(key) if key in order else 0)
    own = {choice.key: choice for choice in stored if not choice.sign}
    taken = {choice.key for choice in stored}
    asked = [*kept, *(Choice(question=question, sign=key, key=_key(key, taken)) for key in added)]
    written = {f"sign:{choice.sign}": choice for choice in asked}
    for row in sorted(rows, key=lambda row: bool(row["answer"])):
        choice = own.get(row["ref"]) or Choice(
            question=question, key=_key(row["text"], taken), counts_as=_doubt(row, signs, checklist)
        )
        for name in CHOICE_COLUMNS:
            if name != "counts_as" or choice.pk or row[name]:
                setattr(choice, name, row[name])
        written[row["ref"]] = choice
    for position, choice in enumerate([*asked, *(c for c in written.values() if not c.sign)]):
        choice.order = position
        choice.save()
    question.choices.exclude(pk__in=[one.pk for one in (*asked, *written.values())]).delete()
    return written


def _name(choice: Choice) -> str:
    return f"sign:{choice.sign}" if choice.sign else choice.key


def _key(text: str, taken: set[str]) -> str:
    key = unique_key(text, taken, "choice")
    taken.add(key)
    return key


def _doubt(row: Row, signs: list[str], checklist: Checklist | None) -> str:
    """What a new "I'm not sure" counts for among signs: one step less than the most urgent."""
    if row["answer"] != NOT_SURE or not signs or checklist is None:
        return ""
    levels = [BY_KEY[one.urgency] for one in checklist.signs.filter(key__in=signs) if one.urgency]
    levels += [
        BY_KEY[one.counts_as]
        for one in checklist.combinations.all()
        if set(one.together) & set(signs) and one.counts_as
    ]
    return Urgency(max(1, max(levels, default=1) - 1)).key
