"""The drawing of a self-check has every part, and nothing overlaps, however broken the flow."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from education.selfcheck.flow import Choice, Flow, Outcome, Question, Route
from education.selfcheck.flowchart.description import OutcomeDescription, describe_flow
from education.selfcheck.flowchart.drawing import build_flowchart
from education.selfcheck.flowchart.graph_layout import Size, layout_graph
from education.urgency import Urgency
from tests.selfcheck import sample_flows

# Keys that stand twice, that are empty, and that lead to themselves, as in a copy that somebody is
# writing.
BROKEN_KEYS = st.sampled_from(("1a", "2b", "3c", "", "call", "home", "nothing"))
BROKEN_CHOICES = st.builds(
    Choice,
    st.sampled_from(("yes", "no", "")),
    st.sampled_from(("", "Yes", "A word " * 40, "Supercalifragilistic" * 10, "[broken](", "**x**")),
    affirms=st.integers(0, 6),
    answer=st.sampled_from(("", "no", "not-sure")),
)
BROKEN_ROUTES = st.builds(
    Route, BROKEN_KEYS, st.sampled_from(("", "yes", "other")), st.integers(0, 5)
)
BROKEN_QUESTIONS = st.builds(
    Question,
    BROKEN_KEYS,
    st.sampled_from(("", "Is it so?", "Word " * 60)),
    st.lists(BROKEN_CHOICES, max_size=12).map(tuple),
    st.lists(BROKEN_ROUTES, max_size=5).map(tuple),
    several=st.booleans(),
)
BROKEN_OUTCOMES = st.builds(
    Outcome,
    BROKEN_KEYS,
    st.integers(0, 6),
    *[st.just("")] * 3,
    title=st.sampled_from(("", "Do it. " * 30)),
)
BROKEN = st.builds(
    Flow,
    st.lists(BROKEN_QUESTIONS, max_size=6).map(tuple),
    st.lists(BROKEN_OUTCOMES, max_size=4).map(tuple),
    st.just({}),
    st.just(sample_flows.EMERGENCY),
)


def box(drawing, key):
    return next(box for box in drawing.nodes if box.description.key == key)


def words(box):
    return " ".join(line.text for line in box.lines)


def overlap(one, other):
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@given(st.one_of(BROKEN, sample_flows.wild()))
def test_flowchart_boxes_are_inside_and_do_not_overlap(flow):
    drawing = build_flowchart(flow, {})
    assert len(drawing.nodes) == len(flow.questions) + len(flow.outcomes)
    for box in drawing.nodes:
        assert box.x >= 0 and box.y >= 0
        assert box.x + box.width <= drawing.width and box.y + box.height <= drawing.height
        assert all(0 < line.y < box.height for line in box.lines)
    assert not [pair for pair in combinations(drawing.nodes, 2) if overlap(*pair)]


@given(st.one_of(BROKEN, sample_flows.wild()))
def test_flowchart_has_one_arrow_for_each_connected_pair(flow):
    drawing = build_flowchart(flow, {})
    wanted = {
        (question.position, way.target)
        for question in drawing.description.questions
        for way in question.routes
        if way.target.position is not None
    }
    drawn = [(arrow.question.position, arrow.target) for arrow in drawing.edges]
    assert len(drawn) == len(set(drawn)) and set(drawn) == wanted


@given(sample_flows.wild())
def test_flowchart_box_lists_each_target_of_a_choice(flow):
    parts = {part.key: part for part in describe_flow(flow, {}).questions}
    for path in sample_flows.paths(flow):
        onward = [key for key, _chosen in path.steps[1:]] + [path.end]
        for (key, chosen), to in zip(path.steps, onward, strict=True):
            if len(chosen) == 1:
                choices = [choice.key for choice in flow.questions_by_key[key].choices]
                choice = parts[key].choices[choices.index(*chosen)]
                assert to in [one.target.key for one in choice.next_steps]


@given(
    st.integers(1, 9).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))),
        )
    )
)
def test_graph_layout_forward_edges_lead_down(graph):
    count, edges = graph
    arranged = layout_graph([Size(100, 50)] * count, edges)
    assert set(arranged.edges) == set(edges)
    for edge, points in arranged.edges.items():
        if edge not in arranged.backward:
            heights = [y for _x, y in points]
            assert heights == sorted(heights) and heights[0] < heights[-1]


def test_flowchart_box_is_below_all_that_lead_to_it():
    drawing = build_flowchart(sample_flows.SAFE, {})
    order = ["1a", "2b", "3c", "home"]
    tops = [box(drawing, key).y for key in order]
    assert tops == sorted(tops) and len(set(tops)) == 4
    assert not any(arrow.is_backward for arrow in drawing.edges)


def test_flowchart_box_has_question_choices_and_targets():
    shown = words(box(build_flowchart(sample_flows.SAFE, {}), "2b"))
    assert "Question 2: Are any of these true?" in shown
    assert (
        "• You have spreading → Result 2 • You have growing → Question 3 • None of these → Question 3"
        in shown
    )


def test_flowchart_target_by_urgency_has_a_condition():
    other = replace(
        sample_flows.LAST,
        routes=(Route("today", at_least=3), Route("book", at_least=2), Route("home")),
    )
    through = replace(sample_flows.LESS, routes=(Route("3c"),))
    shown = words(
        box(build_flowchart(sample_flows.questions(sample_flows.SAFE, through, other), {}), "3c")
    )
    white = shown[shown.index("White") : shown.index("Something")]
    assert "→ Result 4 → Result 3 (if so far at least: See a doctor soon)" in white
    assert "→ Result 2 (if so far at least: Urgent)" in white


def test_flowchart_outcome_has_its_urgency_in_words():
    drawing = build_flowchart(sample_flows.SAFE, {})
    for key, urgency in (("call", Urgency.EMERGENCY), ("home", Urgency.SELF_CARE)):
        end = box(drawing, key)
        assert (
            isinstance(end.description, OutcomeDescription) and end.description.urgency is urgency
        )
        assert str(urgency.labels.label) in words(end) and str(urgency.labels.label) in end.label
    unset = sample_flows.questions(sample_flows.SAFE, outcomes=(sample_flows.outcome("call", 0),))
    assert "No urgency yet" in words(box(build_flowchart(unset, {}), "call"))


def test_flowchart_box_has_the_number_of_problems():
    drawing = build_flowchart(
        sample_flows.SAFE,
        {("questions", 1): ["It is wrong.", "Very."], ("outcomes", 0): ["Milder."]},
    )
    assert words(box(drawing, "2b")).startswith("! 2 problems")
    assert box(drawing, "2b").label.endswith("2 problems")
    assert words(box(drawing, "call")).startswith("! 1 problem")
    assert "problem" not in words(box(drawing, "1a"))


def test_flowchart_route_without_target_has_no_arrow():
    lost = replace(sample_flows.LAST, routes=(Route("gone"),))
    drawing = build_flowchart(sample_flows.questions(sample_flows.SAFE, lost), {})
    assert "nowhere yet (there is no “gone”)" in words(box(drawing, "3c"))
    assert not [arrow for arrow in drawing.edges if arrow.question.key == "3c"]
    assert "nowhere yet" in words(
        box(
            build_flowchart(
                sample_flows.questions(sample_flows.SAFE, replace(lost, routes=())), {}
            ),
            "3c",
        )
    )


def test_flowchart_backward_route_is_drawn_as_one():
    back = replace(sample_flows.LAST, routes=(Route("1a"), Route("3c")))
    drawing = build_flowchart(sample_flows.questions(sample_flows.SAFE, back), {})
    assert [arrow.target.key for arrow in drawing.edges if arrow.is_backward] == ["1a", "3c"]


def test_flowchart_of_three_hundred_questions_is_drawn():
    chain = tuple(
        Question(
            f"{n}",
            "Is it so?",
            sample_flows.LAST.choices,
            (Route("home", choice="white"), Route(f"{n + 1}")),
        )
        for n in range(300)
    )
    drawing = build_flowchart(Flow(chain, sample_flows.OUTCOMES, {}, sample_flows.EMERGENCY), {})
    assert len(drawing.edges) == 2 * 300 - 1
