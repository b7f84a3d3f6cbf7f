"""The proof that a flow is safe on every path, rule by rule. Plain Python, no Django.

The rules look at the graph of question x highest urgency, never at paths one by one: the work grows
with the number of questions, while there may be more paths than can be listed. Decisions 7, 21 and
31 have the reasons of the rules.
"""

from __future__ import annotations

import re
from collections import Counter
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
    """The rule that a flow breaks, the key of where, and a path that shows it, if any.

    `other_path` is a second path for the rules that compare two.
    """

    rule: str
    key: str
    detail: str = ""
    path: Steps = ()
    other_path: Steps = ()


def check_flow(flow: Flow) -> list[SafetyViolation]:
    """All that makes `flow` unsafe, rule by rule; an empty list is the proof that it is safe."""
    if found := list(check_structure(flow)):
        return found
    graph = StateGraph(flow)
    return [problem for rule in RULES for problem in rule(flow, graph)]


def check_structure(flow: Flow) -> Iterator[SafetyViolation]:
    """What must hold before the graph can be built: questions, distinct keys, few choices."""
    if not flow.questions:
        yield SafetyViolation("no-questions", "")
    keys = Counter(question.key for question in flow.questions)
    keys.update(outcome.key for outcome in flow.outcomes)
    for key in sorted(key for key, count in keys.items() if count > 1):
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
    targets = flow.questions_by_key.keys() | flow.outcomes_by_key.keys()
    for question in flow.questions:
        for route in question.routes:
            if route.target not in targets:
                yield SafetyViolation("dangling-target", question.key, route.target)
            if route.choice and route.choice not in question.choices_by_key:
                yield SafetyViolation("dangling-choice", question.key, route.choice)


def missing_target(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """An answer leads nowhere, because no route fits it."""
    without_target = {
        transition.before.key: transition
        for transition in reversed(graph.transitions)
        if not transition.after.key
    }
    for question, transition in without_target.items():
        yield SafetyViolation("missing-target", question, path=graph.path(transition))


def unreachable(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A question that is never asked, or an outcome that is never reached."""
    for question in flow.questions:
        if question.key not in graph.reachable_questions:
            yield SafetyViolation("unreachable-question", question.key)
    reachable_outcomes = {end.after.key for end in graph.final_transitions}
    for outcome in flow.outcomes:
        if outcome.key not in reachable_outcomes:
            yield SafetyViolation("unreachable-outcome", outcome.key)


def cycle(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """The routes of a question can lead back to it, whether or not any answers take them all."""
    successors = question_successors(flow)
    for start in () if graph.order else successors:
        seen: set[str] = set()
        todo = successors[start]
        while todo := todo - seen:
            seen |= todo
            todo = {after for key in todo for after in successors[key]}
        if start in seen:
            yield SafetyViolation("cycle", start)


def _max_sign_urgency(flow: Flow, question: Question) -> int:
    """The urgency of the most urgent warning sign that `question` asks; 0 without any."""
    return max((flow.signs.get(choice.sign, 0) for choice in question.choices), default=0)


def _max_combined_urgency(flow: Flow, question: Question) -> int:
    """The same, with the combinations that have a sign in `question`."""
    return max([_max_sign_urgency(flow, question), *(one.affirms for one in question.combinations)])


def skips_signs(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A path to an outcome passes by a question about more urgent signs or combinations.

    Only about emergencies and what is one step below. Not checked, like other rules below that need
    an order, if the routes have a cycle, which `cycle` refuses.
    """
    if not graph.order:
        return
    most_urgent = {
        question.key: _max_combined_urgency(flow, question) for question in flow.questions
    }
    for level in sorted(set(most_urgent.values())):
        if level < max(1, flow.emergency - 1):
            continue
        bypass = BypassPaths(graph, level)
        for key in (key for key in most_urgent if most_urgent[key] == level):
            if path := bypass.path(key):
                yield SafetyViolation("skips-signs", bypass.outcome_of(path), key, path)


def emergency_not_first(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """The first question is not about emergency signs, although the checklist has some."""
    if (
        flow.emergency in flow.signs.values()
        and _max_sign_urgency(flow, flow.questions[0]) < flow.emergency
    ):
        yield SafetyViolation("emergency-not-first", flow.questions[0].key)


def emergency_takes_longer(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """There are emergencies, but no answer to the first question ends at an emergency outcome."""
    urgencies = {*flow.signs.values(), *(outcome.urgency for outcome in flow.outcomes)}
    after_one_answer = [
        graph.outcome_urgency(end) for end in graph.final_transitions if end.before == graph.start
    ]
    if flow.emergency in urgencies and max(after_one_answer, default=0) < flow.emergency:
        yield SafetyViolation("emergency-takes-longer", flow.questions[0].key)


def too_many_questions(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A path asks more than `Flow.max_questions`."""
    # The longest path from each state, in questions, and its first transition.
    length: dict[FlowState, int] = {}
    longest: dict[FlowState, Transition] = {}
    for state in graph.states_reversed if graph.order else ():
        longest[state] = max(
            graph.transitions_from[state], key=lambda transition: length.get(transition.after, 0)
        )
        length[state] = 1 + length.get(longest[state].after, 0)
    if length.get(graph.start, 0) > flow.max_questions:
        path, state = [], graph.start
        while state in longest:
            path.append((state.key, longest[state].chosen))
            state = longest[state].after
        yield SafetyViolation(
            "too-many-questions", path[flow.max_questions][0], str(flow.max_questions), tuple(path)
        )


def saying_more_ends_milder(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """Saying more about a sign, with all other answers the same, ends at a milder outcome."""
    for example in find_counterexamples(graph) if graph.order else ():
        yield SafetyViolation(
            "saying-more-ends-milder", example.question, path=example.less, other_path=example.more
        )


def milder(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """An outcome is milder than what is affirmed on a path to it."""
    too_mild = {
        end.after.key: end
        for end in reversed(graph.final_transitions)
        if graph.outcome_urgency(end) < int(end.after.highest)
    }
    for key, transition in too_mild.items():
        yield SafetyViolation("milder", key, path=graph.path(transition))


def incomplete_outcome(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """An outcome does not say how urgent it is, what to do, when, or what would change the plan."""
    for outcome in flow.outcomes:
        if not 0 < outcome.urgency <= flow.emergency:
            yield SafetyViolation("outcome-without", outcome.key, "urgency")
        for part in ("do_now", "when", "safety_net"):
            if not getattr(outcome, part).strip():
                yield SafetyViolation("outcome-without", outcome.key, part)


def names_a_diagnosis(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A question, choice or outcome names a cause, though answers cannot tell what someone has.

    The text of a warning sign is not checked: it is the checklist's, and the reader affirms it.
    """
    if not flow.diagnoses:
        return
    matcher = PhraseMatcher(form for name in flow.diagnoses for form in _name_forms(name))
    for key, text in (*_question_texts(flow), *_outcome_texts(flow)):
        matches = (
            match
            for passage in split_passages(text, find_paragraphs(text))
            for match in matcher.find(passage)
        )
        for name in dict.fromkeys(name for name, _start, _end in matches):
            yield SafetyViolation("names-a-diagnosis", key, name)


def _name_forms(name: str) -> Iterator[str]:
    """A name such as "Oil glands (skin cysts)" as texts may have it: each part, and its singular.

    `PhraseMatcher` finds the regular plural of a singular; -es for -is is added here.
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
    """A sign of the checklist is never asked, or a choice is for a sign it does not have."""
    asked = {choice.sign: question for question in flow.questions for choice in question.choices}
    for sign in flow.signs:
        if sign not in asked:
            yield SafetyViolation("sign-never-asked", sign)
    for sign, question in asked.items():
        if sign and sign not in flow.signs:
            yield SafetyViolation("unknown-sign", question.key, sign)


def understated_sign(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A choice affirms less than the warning sign that it stands for."""
    for question in flow.questions:
        for choice in question.choices:
            if choice.affirms < flow.signs.get(choice.sign, 0):
                yield SafetyViolation("understated-sign", question.key, choice.key)


def missing_neutral_choice(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """A question without "I'm not sure", or one about warning signs without "None of these"."""
    for question in flow.questions:
        answers = {choice.answer for choice in question.choices}
        if NOT_SURE not in answers:
            yield SafetyViolation("no-not-sure", question.key)
        if any(choice.sign for choice in question.choices) and NO not in answers:
            yield SafetyViolation("no-none-of-these", question.key)


def doubt_counts_for_too_little(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """Among warning signs, "I'm not sure" affirms nothing, or less than one step below the most
    urgent sign or combination.
    """
    for question in flow.questions:
        if not any(choice.sign for choice in question.choices):
            continue
        minimum = max(1, _max_combined_urgency(flow, question) - 1)
        for choice in question.choices:
            if choice.answer == NOT_SURE and choice.affirms < minimum:
                yield SafetyViolation("doubt-counts-for-too-little", question.key, choice.key)


def one_sign_hides_another(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """Of several warning signs only one can be chosen, so the more urgent one may stay unsaid."""
    for question in flow.questions:
        signs = [choice for choice in question.choices if choice.sign]
        only_one = not question.several or any(choice.is_exclusive for choice in signs)
        if len(signs) > 1 and only_one:
            yield SafetyViolation("one-sign-hides-another", question.key)


def signs_asked_apart(flow: Flow, graph: StateGraph) -> Iterator[SafetyViolation]:
    """The signs of a combination are asked by several questions, so that none can judge it."""
    for combination in flow.combinations:
        asking = [
            question
            for question in flow.questions
            if any(choice.sign in combination.signs for choice in question.choices)
        ]
        if len(asking) > 1 or any(combination not in one.combinations for one in asking):
            keys = ", ".join(question.key for question in asking)
            yield SafetyViolation("signs-asked-apart", combination.key, keys)


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
