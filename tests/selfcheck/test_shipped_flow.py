"""The shipped self-check with the shipped checklist is safe, and both are published together."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

import pytest

from education import markdown
from education.checklists.content import ChecklistContent
from education.checklists.models import Checklist
from education.publishing import actions
from education.publishing.content import ActionRefused
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Flow, walk
from education.selfcheck.flow_builder import build_flow
from education.selfcheck.models import SelfCheck
from education.selfcheck.safety.rules import check_flow
from education.urgency import Urgency
from tests.browser.live_site import load as load_shipped
from tests.content.content_files import CONTENT, load_yaml
from tests.factories import ADVICE
from tests.selfcheck.sample_flows import broken, judged_safe, paths

LIST = ChecklistContent.validate_values(
    "back-skin", load_yaml(CONTENT / "checklists" / "back-skin.yaml")
)
SAID = SelfCheckContent.validate_values(
    "back-skin", load_yaml(CONTENT / "self-checks" / "back-skin.yaml")
)
FLOW = build_flow(SAID, LIST)
PATHS = sorted(paths(FLOW), key=repr)
FIRST = FLOW.questions[0]


def level(path: Any) -> int:
    """The urgency of the outcome of a path."""
    return FLOW.outcomes_by_key[path.end].urgency


def affirmed(path: Any) -> int:
    """The urgency of the most urgent sign of the checklist that was affirmed on a path."""
    signs = [
        FLOW.questions_by_key[key].choices_by_key[one].sign
        for key, chosen in path.steps
        for one in chosen
    ]
    return max([0, *(FLOW.signs[sign] for sign in signs if sign)])


def answered(path: Any, answer: str) -> list[str]:
    """The questions on a path that were answered in this way."""
    return [
        key
        for key, chosen in path.steps
        if any(FLOW.questions_by_key[key].choices_by_key[one].answer == answer for one in chosen)
    ]


def shortened() -> Flow:
    """The shipped self-check with only the last signs of each level, among them a combination."""
    kept = {
        "thoughts-of-self-harm",
        "hot-swollen-painful",
        "hot-and-shivery",
        "bite",
        "many-yellow-bumps",
    }
    shorter = (
        replace(
            question,
            choices=tuple(
                choice for choice in question.choices if not choice.sign or choice.sign in kept
            ),
            combinations=tuple(one for one in question.combinations if set(one.signs) <= kept),
        )
        for question in FLOW.questions
    )
    signs = {sign: level for sign, level in FLOW.signs.items() if sign in kept}
    return replace(FLOW, questions=tuple(shorter), signs=signs)


def test_shipped_flow_proof_and_path_listing_agree() -> None:
    assert check_flow(FLOW) == []
    # To compare each path with all that say more takes the square of 60,000: that is judged on
    # fewer signs.
    assert broken(FLOW, ["saying-more-ends-milder"]) == set()
    assert check_flow(shortened()) == []
    assert judged_safe(shortened())


def test_shipped_flow_asks_each_sign_once_most_urgent_first() -> None:
    asked = [
        choice.sign for question in FLOW.questions for choice in question.choices if choice.sign
    ]
    assert asked == [sign.key for sign in LIST.signs]
    assert all(len({FLOW.signs[c.sign] for c in q.choices if c.sign}) <= 1 for q in FLOW.questions)


def test_shipped_flow_paths_end_as_urgent_as_affirmed() -> None:
    assert len(PATHS) > 800
    for path in PATHS:
        stood = walk(FLOW, dict(path.steps))
        assert stood.outcome is FLOW.outcomes_by_key[path.end]
        assert level(path) >= max(affirmed(path), int(path.highest))


@pytest.mark.parametrize("sign", LIST.signs, ids=lambda sign: sign.key)
def test_shipped_flow_sign_never_ends_milder(sign: Any) -> None:
    with_it = [
        path
        for path in PATHS
        if any(
            FLOW.questions_by_key[key].choices_by_key[one].sign == sign.key
            for key, chosen in path.steps
            for one in chosen
        )
    ]
    assert with_it
    assert min(level(path) for path in with_it) >= sign.level


def test_shipped_flow_emergency_sign_ends_at_once() -> None:
    for path in PATHS:
        if affirmed(path) == Urgency.EMERGENCY:
            assert (len(path.steps), path.end) == (1, "emergency")


def test_shipped_flow_doubt_about_urgent_sign_is_urgent() -> None:
    doubted = [path for path in PATHS if {"3f", "7k"} & set(answered(path, "not-sure"))]
    assert {path.end for path in doubted} == {"urgent-doubt", "urgent", "emergency"}
    assert {path.end for path in doubted if path.highest < Urgency.EMERGENCY} == {
        "urgent-doubt",
        "urgent",
    }
    assert min(level(path) for path in doubted) >= Urgency.URGENT


def test_shipped_flow_doubt_never_ends_at_self_care() -> None:
    assert min(level(path) for path in PATHS if answered(path, "not-sure")) >= Urgency.ROUTINE


def test_shipped_flow_doubt_ends_no_milder_than_none() -> None:
    after: dict[Any, dict[Any, Any]] = defaultdict(dict)
    for path in PATHS:
        for length in range(1, len(path.steps) + 1):
            after[path.steps[:length]][path.steps[length:]] = path
    for path in PATHS:
        for index, (key, chosen) in enumerate(path.steps):
            if chosen == {"none"}:
                doubted = after[(*path.steps[:index], (key, frozenset(["not-sure"])))]
                same = doubted.get(path.steps[index + 1 :])
                assert min(
                    level(other) for other in ([same] if same else doubted.values())
                ) >= level(path)


def test_shipped_flow_self_care_has_one_path() -> None:
    home = [path for path in PATHS if level(path) == Urgency.SELF_CARE]
    assert [dict(path.steps) for path in home] == [
        {"3f": {"none"}, "7k": {"none"}, "4m": {"none"}, "9b": {"a"}},
    ]


def test_shipped_flow_emergency_offers_nothing_to_read() -> None:
    for outcome in SAID.outcomes:
        assert ("checklist/back-skin" in outcome.read) == (outcome.urgency != "emergency")
        assert bool(outcome.read) == (outcome.urgency != "emergency")


def test_shipped_flow_complaint_leads_to_its_pages() -> None:
    read = {outcome.key: set(outcome.read) for outcome in SAID.outcomes}
    white, bumps = "article/white-discharge-from-back-spots", "article/fatty-bumps-on-the-back"
    lump, care = "article/a-lump-on-your-back", "article/caring-for-the-skin-on-your-back"
    pages = {"a": {white}, "b": {lump, white}, "c": {lump, white}, "d": {bumps}, "e": {bumps, care}}
    for path in PATHS:
        if len(path.steps) == 4:
            (complaint,) = path.steps[3][1]
            assert read[path.end] == pages.get(complaint, {lump, bumps, white, care}) | {
                "checklist/back-skin"
            }


def test_shipped_flow_outcome_links_no_single_cause() -> None:
    """Finding S21: one named cause after one complaint is close to a diagnosis."""
    assert not [
        page for outcome in SAID.outcomes for page in outcome.read if page.startswith("cause/")
    ]


def test_shipped_flow_discharge_from_lump_is_never_self_care() -> None:
    """Finding S3."""
    lump = next(
        c.key
        for c in FLOW.questions_by_key["9b"].choices
        if c.text == "White stuff comes out of a lump"
    )
    assert (
        min(level(path) for path in PATHS if (("9b", frozenset([lump]))) in path.steps)
        == Urgency.ROUTINE
    )


def test_shipped_flow_urgent_outcome_names_where_to_go() -> None:
    """Findings S14, and S15 for people on chemotherapy."""
    shown = {outcome.key: f"{outcome.do_now} {outcome.safety_net}" for outcome in SAID.outcomes}
    assert "If no one can see you today, go to an emergency department." in shown["urgent"]
    assert "chemotherapy" in shown["emergency"] and "chemotherapy" in shown["urgent-doubt"]


def test_shipped_flow_keys_reveal_nothing() -> None:
    assert all(re.fullmatch(r"[0-9][a-z]", question.key) for question in SAID.questions)
    told = {choice.key for question in SAID.questions for choice in question.choices}
    assert told <= {*ascii_lowercase, "none", "not-sure"}


def test_shipped_flow_outcome_gives_no_diagnosis() -> None:
    names = [re.escape(path.stem.replace("-", " ")) for path in (CONTENT / "causes").glob("*.md")]
    assert len(names) == 12
    for outcome in SAID.outcomes:
        text = f"{outcome.title} {outcome.do_now} {outcome.when} {outcome.safety_net}"
        assert not re.search("|".join(names), text, re.IGNORECASE)
        assert not re.search(
            r"\byou (probably |likely |may |might )?have (a|an|the) (?!fever)", text
        )
        assert not re.search(
            r"\b(probably|unlikely|likely|chances?|per ?cent|harmless|don't worry)\b|%", text
        )


NEW_SIGN = {
    "key": "numb-skin",
    "urgency": "urgent",
    "text": "The skin around the spot has gone numb",
    "topic": "Rash, medicine, belly",
    "sources": ["nhs-cellulitis"],
}


def checklist_with_a_new_sign() -> Checklist:
    """The working copy of the shipped checklist, with one sign more."""
    row = Checklist.objects.get(slug="back-skin")
    values = row.content().to_data()
    at = [sign["urgency"] for sign in values["signs"]].index("routine")
    signs = [*values["signs"][:at], NEW_SIGN, *values["signs"][at:]]
    row.load_content(ChecklistContent.validate_values("back-skin", {**values, "signs": signs}))
    return row


def self_check_with_the_new_sign() -> SelfCheck:
    """The working copy of the shipped self-check, which asks that sign on a page of its own."""
    row = SelfCheck.objects.get(slug="back-skin")
    values = row.content().to_data()
    first, second, *others = values["questions"]
    page = {
        "key": "6c",
        "text": "Is this true for you now?",
        "why": "This sign should be looked at today.",
        "several": True,
        "choices": [{"key": "a", "sign": "numb-skin"}, *second["choices"][-2:]],
        "routes": [{"at_least": "urgent", "outcome": "urgent"}, {"question": others[0]["key"]}],
    }
    second = {**second, "routes": [*second["routes"][:-1], {"question": "6c"}]}
    changed = {**values, "questions": [first, second, page, *others]}
    row.load_content(SelfCheckContent.validate_values("back-skin", changed))
    return row


@pytest.fixture
def shipped(db: None) -> None:
    """The shipped content, live."""
    load_shipped()


@pytest.mark.usefixtures("shipped")
def test_checklist_with_unasked_sign_cannot_be_published() -> None:
    with pytest.raises(ActionRefused) as refused:
        actions.publish([checklist_with_a_new_sign()], **ADVICE)
    assert [(problem.key.kind, problem.key.slug) for problem in refused.value.problems] == [
        ("self-check", "back-skin")
    ]
    assert "has gone numb" in str(refused.value)
    assert "never asked" in str(refused.value)


@pytest.mark.usefixtures("shipped")
def test_new_sign_and_its_question_are_published_together() -> None:
    published = actions.publish(
        [checklist_with_a_new_sign(), self_check_with_the_new_sign()], **ADVICE
    )
    assert [entry.edition.number for entry in published if entry.edition] == [2, 2]


@pytest.mark.usefixtures("shipped")
def test_self_check_with_unknown_sign_cannot_be_published() -> None:
    with pytest.raises(ActionRefused, match="asks a warning sign that the checklist does not have"):
        actions.publish([self_check_with_the_new_sign()], **ADVICE)


@pytest.mark.usefixtures("shipped")
def test_self_check_without_a_sign_cannot_be_published() -> None:
    row = SelfCheck.objects.get(slug="back-skin")
    values = row.content().to_data()
    values["questions"][1]["choices"] = values["questions"][1]["choices"][1:]
    row.load_content(SelfCheckContent.validate_values("back-skin", values))
    first = next(sign.text for sign in LIST.signs if sign.urgency == "urgent")
    with pytest.raises(ActionRefused, match=re.escape(markdown.plain_text(first, inline=True))):
        actions.publish([row], **ADVICE)


def test_progress_is_true_on_every_path() -> None:
    longest: dict[tuple[str, ...], int] = defaultdict(int)
    told: dict[tuple[str, ...], int] = {}
    for path in PATHS:
        keys = [key for key, _chosen in path.steps]
        for before, key in enumerate(keys):
            way = tuple(keys[: before + 1])
            told[way] = before + SAID.max_questions_from(key)
            longest[way] = max(longest[way], len(keys))
    # "Question 2 of at most 4": nobody is asked more, and some are asked as many.
    assert told == longest and max(told.values()) == SAID.max_questions_on_a_path
