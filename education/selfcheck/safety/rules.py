"""The proof that a flow is safe on every path, rule by rule. Plain Python, no Django.

All rules but the plainest look at the graph of question x highest urgency, and never at paths one
by one: the work grows with the questions, while the paths may be more than anybody could list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from education.plain_language.parsing.blocks import find_paragraphs
from education.plain_language.parsing.phrase_matcher import PhraseMatcher
from education.plain_language.parsing.segmentation import split_passages
from education.selfcheck.flow import MAX_CHOICES, NO, NOT_SURE, Flow, Question
from education.selfcheck.safety.bypass import BypassPaths
from education.selfcheck.safety.monotonicity import find_counterexamples
from education.selfcheck.safety.state_graph import (
    FlowState,
    StateGraph,
    Steps,
    Transition,
    question_successors,
)


@dataclass(frozen=True)
class SafetyViolation:
    """Why a flow is not safe: the rule it breaks, where, and a path there as (question, answer)
    pairs.

    `instead` is a second path where it takes two to show it.
    """

    rule: str
    key: str
    detail: str = ""
    path: Steps = ()
    other_path: Steps = ()


def check_flow(flow: Flow) -> list[SafetyViolation]:
    """Everything that makes `flow` unsafe, rule by rule; an empty list is the proof that it is
    safe.
    """
    if found := list(check_structure(flow)):
        return found
    graph = StateGraph(flow)
    return [problem for rule in RULES for problem in rule(flow, graph)]


def check_structure(flow: Flow) -> Iterator[SafetyViolation]:
    """What must hold before the graph can be walked at all: some question, keys that differ, few
    choices.
    """
    if not flow.questions:
        yield SafetyViolation("no-questions", "")
    keys = [question.key for question in flow.questions] + [
        outcome.key for outcome in flow.outcomes
    ]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield SafetyViolation("key-twice", key)
    for question in flow.questions:
        if len(question.choices_by_key) != len(question.choices):
            yield SafetyViolation("choice-twice", question.key)
        if not question.choices:
            yield SafetyViolation("no-choices", question.key)
        elif len(question.choices) > MAX_CHOICES:
            yield SafetyViolation("too-many-choices", question.key, str(MAX_CHOICES))


def dangling_target(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A route leads to something that does not exist, or waits for a choice that does not."""
    for question in flow.questions:
        for route in question.routes:
            if (
                route.target not in flow.questions_by_key
                and route.target not in flow.outcomes_by_key
            ):
                yield SafetyViolation("dangling-target", question.key, route.target)
            if route.choice and route.choice not in question.choices_by_key:
                yield SafetyViolation("dangling-choice", question.key, route.choice)


def missing_target(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """Some answer leads nowhere, because no route fits it."""
    lost = {
        arrival.before.key: arrival
        for arrival in reversed(graph.transitions)
        if not arrival.after.key
    }
    for question, arrival in lost.items():
        yield SafetyViolation("missing-target", question, path=graph.path(arrival))


def unreachable(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A question that nobody is ever asked, or an outcome that nobody ever gets."""
    reached = {end.after.key for end in graph.final_transitions}
    for key in (
        question.key for question in flow.questions if question.key not in graph.reachable_questions
    ):
        yield SafetyViolation("unreachable-question", key)
    for key in (outcome.key for outcome in flow.outcomes if outcome.key not in reached):
        yield SafetyViolation("unreachable-outcome", key)


def cycle(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A question whose routes can lead back to it, whether or not any answers take them all."""
    onward = question_successors(flow)
    for start in () if graph.order else onward:
        seen: set[str] = set()
        todo = onward[start]
        while todo := todo - seen:
            seen |= todo
            todo = {key for near in todo for key in onward[near]}
        if start in seen:
            yield SafetyViolation("cycle", start)


def _max_sign_urgency(flow: Flow, question: Question) -> int:
    """The urgency of the most urgent warning sign that `question` asks; 0 when it asks none."""
    return max((flow.signs.get(choice.sign, 0) for choice in question.choices), default=0)


def _max_combined_urgency(flow: Flow, question: Question) -> int:
    """The same, with what several of its signs are together."""
    return max([_max_sign_urgency(flow, question), *(one.affirms for one in question.combinations)])


def skips_signs(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A path reaches an outcome past a question about graver signs, emergency or one step below it.

    What several signs are together counts, too. Each question has a place in the order, and every
    path goes from place to place. So a question is passed by if, and only if, an answer leads from
    before it to beyond it, and a milder outcome can follow. This, and what needs an order below, is
    left out when routes lead in a circle, which `cycle` refuses.
    """
    worst = {
        question.key: _max_combined_urgency(flow, question)
        for question in flow.questions
        if graph.order
    }
    for level in sorted({level for level in worst.values() if level >= max(1, flow.emergency - 1)}):
        by = BypassPaths(graph, level)
        for key in (key for key in worst if worst[key] == level):
            if path := by.path(key):
                yield SafetyViolation("skips-signs", by.outcome_of(path), key, path)


def emergency_not_first(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """The first question is not about emergency signs, although the checklist has some."""
    if (
        flow.emergency in flow.signs.values()
        and _max_sign_urgency(flow, flow.questions[0]) < flow.emergency
    ):
        yield SafetyViolation("emergency-not-first", flow.questions[0].key)


def emergency_takes_longer(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """No answer to the first question ends at an emergency outcome, although there are
    emergencies.
    """
    urgencies = {*flow.signs.values(), *(outcome.urgency for outcome in flow.outcomes)}
    at_once = [
        graph.outcome_urgency(end) for end in graph.final_transitions if end.before == graph.start
    ]
    if flow.emergency in urgencies and max(at_once, default=0) < flow.emergency:
        yield SafetyViolation("emergency-takes-longer", flow.questions[0].key)


def too_many_questions(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """On some path more questions are asked than people have patience for."""
    still: dict[FlowState, int] = {}
    onward: dict[FlowState, Transition] = {}
    for state in graph.states_reversed if graph.order else ():
        onward[state] = max(graph.onward[state], key=lambda arrival: still.get(arrival.after, 0))
        still[state] = 1 + still.get(onward[state].after, 0)
    if still.get(graph.start, 0) > flow.max_questions:
        path, state = [], graph.start
        while state in onward:
            path.append((state.key, onward[state].chosen))
            state = onward[state].after
        yield SafetyViolation(
            "too-many-questions", path[flow.max_questions][0], str(flow.max_questions), tuple(path)
        )


def saying_more_ends_milder(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """Saying more about a warning sign, with all other answers the same, ends at a
    milder outcome.
    """
    for found in find_counterexamples(graph) if graph.order else ():
        yield SafetyViolation(
            "saying-more-ends-milder", found.question, path=found.less, other_path=found.more
        )


def milder(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """An outcome is milder than what was affirmed on some path into it."""
    worse = {
        end.after.key: end
        for end in reversed(graph.final_transitions)
        if graph.outcome_urgency(end) < int(end.after.highest)
    }
    for key, arrival in worse.items():
        yield SafetyViolation("milder", key, path=graph.path(arrival))


def incomplete_outcome(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """An outcome does not say how urgent it is, what to do, when, or what would change the plan."""
    for outcome in flow.outcomes:
        if not 0 < outcome.urgency <= flow.emergency:
            yield SafetyViolation("outcome-without", outcome.key, "urgency")
        for part in (
            part for part in ("do_now", "when", "safety_net") if not getattr(outcome, part).strip()
        ):
            yield SafetyViolation("outcome-without", outcome.key, part)


def names_a_diagnosis(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A question, choice or outcome names a cause, by its name or another: no answers tell what one
    has.

    The words of a warning sign are not judged: they are the checklist's own, and the reader affirms
    them.
    """
    names = PhraseMatcher(form for name in flow.diagnoses for form in _name_forms(name))
    for where, text in (*_question_texts(flow), *_outcome_texts(flow)) if flow.diagnoses else ():
        for found in dict.fromkeys(
            name
            for passage in split_passages(text, find_paragraphs(text))
            for name, _start, _end in names.find(passage)
        ):
            yield SafetyViolation("names-a-diagnosis", where, found)


def _name_forms(name: str) -> Iterator[str]:
    """A name as texts may have it, such as "Oil glands (skin cysts)": each part alone, and one of
    several.

    The plural of a name is found by `PhraseMatcher`; here is the singular of a plural, and -es for
    -is.
    """
    for part in (part.strip() for part in (name, *re.split("[()]", name)) if part.strip()):
        yield from (part, part.replace("-", " "))
        for ending, other in (("ies", "y"), ("es", ""), ("s", ""), ("is", "es")):
            if part.endswith(ending) and len(part) > len(ending) + 2:
                yield part.removesuffix(ending) + other


def _question_texts(flow: Flow) -> Iterator[tuple[str, str]]:
    for question in flow.questions:
        own = (choice.text for choice in question.choices if not choice.sign)
        yield from ((question.key, text) for text in (question.text, question.why, *own))


def _outcome_texts(flow: Flow) -> Iterator[tuple[str, str]]:
    for end in flow.outcomes:
        yield from ((end.key, text) for text in (end.title, end.do_now, end.when, end.safety_net))


def sign_never_asked(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A warning sign of the checklist is asked nowhere, or a choice stands for a sign that there is
    not.
    """
    asked = {choice.sign: question for question in flow.questions for choice in question.choices}
    for sign in (sign for sign in flow.signs if sign not in asked):
        yield SafetyViolation("sign-never-asked", sign)
    for sign, question in asked.items():
        if sign and sign not in flow.signs:
            yield SafetyViolation("unknown-sign", question.key, sign)


def understated_sign(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A choice affirms less than the warning sign that it stands for."""
    for question in flow.questions:
        for choice in (
            one for one in question.choices if one.affirms < flow.signs.get(one.sign, 0)
        ):
            yield SafetyViolation("understated-sign", question.key, choice.key)


def missing_neutral_choice(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A question where one cannot say "I'm not sure", or, among warning signs, "None of these"."""
    for question in flow.questions:
        answers = {choice.answer for choice in question.choices}
        if NOT_SURE not in answers:
            yield SafetyViolation("no-not-sure", question.key)
        if any(choice.sign for choice in question.choices) and NO not in answers:
            yield SafetyViolation("no-none-of-these", question.key)


def doubt_counts_for_too_little(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """Among warning signs, "I'm not sure" affirms nothing, or is two steps below the gravest of
    them.

    What several of them are together is among these.
    """
    for question in flow.questions:
        least = (
            max(1, _max_combined_urgency(flow, question) - 1)
            if any(c.sign for c in question.choices)
            else 0
        )
        for choice in question.choices:
            if choice.answer == NOT_SURE and choice.affirms < least:
                yield SafetyViolation("doubt-counts-for-too-little", question.key, choice.key)


def one_sign_hides_another(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """Several warning signs of which only one can be chosen: the more urgent one may
    stay unsaid.
    """
    for question in flow.questions:
        alone = [
            not question.several or choice.is_exclusive
            for choice in question.choices
            if choice.sign
        ]
        if len(alone) > 1 and any(alone):
            yield SafetyViolation("one-sign-hides-another", question.key)


def signs_asked_apart(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """Signs that count for more together are asked by several questions, none of which sees them
    all.
    """
    for one in flow.combinations:
        asking = [
            q for q in flow.questions if any(choice.sign in one.signs for choice in q.choices)
        ]
        if len(asking) > 1 or any(one not in question.combinations for question in asking):
            yield SafetyViolation(
                "signs-asked-apart", one.key, ", ".join(question.key for question in asking)
            )


RULES = (
    dangling_target,
    missing_target,
    unreachable,
    cycle,
    skips_signs,
    emergency_not_first,
    emergency_takes_longer,
    too_many_questions,
    milder,
    saying_more_ends_milder,
    incomplete_outcome,
    names_a_diagnosis,
    sign_never_asked,
    understated_sign,
    missing_neutral_choice,
    doubt_counts_for_too_little,
    one_sign_hides_another,
    signs_asked_apart,
)
