"""The warning signs of the shipped checklist: each one present, in its group, with its authority."""

import re
from itertools import groupby

import pytest

from tests.content.reading import CONTENT, checklist, load_yaml

LEVELS = ["emergency", "urgent", "routine", "self-care"]
FIRST_DOCUMENT = "cainiu-white-discharge"

# One pattern per warning sign that the clinical rules ask for, with the level they give it.
REQUIRED = [
    ("emergency", r"confused"),
    ("emergency", r"slurred"),
    ("emergency", r"skin, lips, or tongue look blue, gray, pale, or blotchy"),
    ("emergency", r"rash that does not fade when you press"),
    ("emergency", r"hard to breathe.*very fast"),
    ("emergency", r"spreading, and you have a fever.*fast heartbeat.*faint.*cold, clammy.*38 °C"),
    ("emergency", r"fever.*chemotherapy or have a very weak immune system"),
    ("emergency", r"pain is far worse than the spot looks"),
    ("emergency", r"turning black, purple, or gray, or blistering"),
    ("urgent", r"color change, is spreading around the spot"),
    ("urgent", r"skin around the spot.*hot, swollen, or painful"),
    ("urgent", r"growing quickly.*quickly getting worse"),
    ("urgent", r"hot and shivery.*feel unwell"),
    ("urgent", r"signs of infection.*on your face or near your eye"),
    ("urgent", r"signs of infection.*diabetes or a weak immune system"),
    ("urgent", r"signs of infection.*very young child.*frail older person"),
    ("routine", r"more discharge"),
    ("routine", r"lump slowly grows, changes, or hurts, or is still there"),
    ("routine", r"bleeds, changes, or has not healed after 4 weeks"),
    ("routine", r"boil is no better after 2 weeks, keeps coming back, or is one of a group"),
    ("routine", r"bumps around hairs are widespread, or no better after 1 to 2 weeks"),
    ("routine", r"acne hurts, leaves scars, or is no better after about 6 weeks"),
    ("routine", r"greasy, flaky rash does not get better with treatment, or is on your eyelids"),
]


@pytest.mark.parametrize(("level", "pattern"), REQUIRED, ids=lambda value: str(value))
def test_required_sign_is_present_at_its_level(level: str, pattern: str) -> None:
    texts = [sign["text"] for sign in checklist()["signs"] if sign["urgency"] == level]
    assert any(re.search(pattern, text, re.IGNORECASE) for text in texts)


def test_signs_are_grouped_from_most_to_least_urgent() -> None:
    order = [level for level, _ in groupby(sign["urgency"] for sign in checklist()["signs"])]
    assert order == [level for level in LEVELS if level in order]


def test_no_group_is_longer_than_one_question_page_can_hold() -> None:
    for level in LEVELS:
        assert sum(sign["urgency"] == level for sign in checklist()["signs"]) <= 7


def test_signs_of_the_first_document_lead_their_group() -> None:
    leaders = 0
    for _, group in groupby(checklist()["signs"], key=lambda sign: sign["urgency"]):
        from_document = [FIRST_DOCUMENT in sign["sources"] for sign in group]
        assert from_document == sorted(from_document, reverse=True)
        leaders += sum(from_document)
    assert leaders == 5


def test_every_sign_has_a_unique_key_and_a_listed_source() -> None:
    known = {source["key"] for source in load_yaml(CONTENT / "sources.yaml")["sources"]}
    keys = [sign["key"] for sign in checklist()["signs"]]
    assert len(keys) == len(set(keys))
    for sign in checklist()["signs"]:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", sign["key"])
        assert sign["sources"]
        assert set(sign["sources"]) <= known


def test_every_sign_beyond_more_discharge_has_an_authority_besides_the_adapted_document() -> None:
    for sign in checklist()["signs"]:
        if sign["key"] != "more-discharge":
            assert set(sign["sources"]) - {FIRST_DOCUMENT, "back-fat-granules"}


def test_none_of_these_is_never_reassurance() -> None:
    text = checklist()["none_apply"].casefold()
    for comfort in (
        "all is well",
        "nothing to worry",
        "you are fine",
        "you are safe",
        "not serious",
        "no need to",
    ):
        assert comfort not in text
    assert "come back" in text


def test_no_emergency_number_is_written_down() -> None:
    everything = " ".join(path.read_text(encoding="utf-8") for path in CONTENT.rglob("*.*"))
    assert not re.search(r"\b(911|999|112|111|000)\b", everything)
