"""The warning signs of the shipped checklist: each one present, in its group, with its
authority.
"""

import re
from itertools import groupby

import pytest

from education.checklists.content import ChecklistContent
from education.checklists.warning_cards import LONGEST_LIST, warning_cards
from education.selfcheck.flow import MAX_CHOICES
from tests.content.content_files import CONTENT, checklist, load_yaml

LEVELS = ["emergency", "urgent", "routine", "self-care"]
FIRST_DOCUMENT = "cainiu-white-discharge"

# One pattern per warning sign that the clinical rules ask for, with the level they give it.
REQUIRED = [
    ("emergency", r"confused"),
    ("emergency", r"slurred"),
    ("emergency", r"skin, lips, or tongue look blue, gray, pale, or blotchy"),
    ("emergency", r"rash that does not fade when you press"),
    ("emergency", r"hard to breathe.*very fast"),
    ("emergency", r"lips, face, tongue, or throat swell"),  # finding S6
    ("emergency", r"new medicine.*blisters or peels"),  # finding S6
    (
        "emergency",
        r"hot or swollen, or a color change spreads.*fast heartbeat.*faint.*cold, clammy.*38 °C",
    ),  # S2
    ("emergency", r"or that you feel hot and shivery"),  # finding S2: without a thermometer
    ("emergency", r"fever, or feel hot or shivery, and are on chemotherapy"),
    ("emergency", r"very weak immune system.*transplant"),  # finding S15
    ("emergency", r"pain is far worse than the spot looks"),
    # S12, S20
    ("emergency", r"skin near it is newly numb, blistering, or turning black, purple, or gray"),
    (
        "emergency",
        r"baby or young child is floppy, hard to wake, or will not feed.*cry is weak and high",
    ),  # S1
    ("emergency", r"baby under 3 months has a fever"),  # finding S1
    ("emergency", r"new, bad back pain.*weak or numb legs.*bladder or bowels"),  # finding S5
    ("emergency", r"harming yourself"),  # finding S17
    ("urgent", r"color change, is spreading around the spot"),
    ("urgent", r"skin around the spot.*hot, swollen, or painful"),
    ("urgent", r"growing quickly.*quickly getting worse"),
    ("urgent", r"hot and shivery.*feel unwell"),
    ("urgent", r"signs of infection.*on your face or near your eye"),
    # finding S15
    ("urgent", r"signs of infection.*diabetes or a weak immune system.*Steroid tablets"),
    ("urgent", r"signs of infection.*very young child.*frail older person"),
    ("urgent", r"signs of infection.*pregnant"),
    # S5
    ("urgent", r"over your spine, or where you had surgery, an injection, a drip, or an epidural"),
    ("urgent", r"dialysis line.*inject drugs"),  # finding S5
    ("urgent", r"bit you"),  # finding S5
    ("urgent", r"sit or lie most of the day.*sore, broken"),
    ("urgent", r"painful rash or blisters on one side"),  # finding S12
    ("urgent", r"medicine.*new rash or hives, or bad or bloody diarrhea"),  # finding S6
    ("urgent", r"yellow bumps.*belly hurts"),  # finding S19
    ("routine", r"more discharge"),
    ("routine", r"smells bad"),  # finding C5
    ("routine", r"spot or lump hurts, slowly grows, changes, or is still there"),  # finding S4
    ("routine", r"lump has burst"),  # finding S3
    ("routine", r"hard and does not move.*5 cm.*grew back after it was removed"),  # finding S10
    ("routine", r"mole or dark mark is new or changes"),  # finding S11
    ("routine", r"bleeds, crusts, changes, or has not healed after 4 weeks"),
    ("routine", r"boil is no better after 2 weeks, keeps coming back, or is one of a group"),
    ("routine", r"bumps around hairs are widespread, or no better after 1 to 2 weeks"),
    (
        "routine",
        r"acne hurts, leaves scars, makes you very unhappy, or is no better after 6 to 8 weeks",
    ),  # S17, C6
    # finding S18
    ("routine", r"greasy, flaky rash is bad, sudden, widespread, or on your eyelids"),
    ("routine", r"many yellow bumps came up over days or weeks$"),  # finding S19
]


# The same on the emergency card of pages, in few words: what goes on from the heading that says
# fever, and the rest.
LEAD = r"^Fever \(38 °C, 100\.4 °F\), shivery, or unwell, \*\*and\*\* .*"
ON_CARD = [
    LEAD + r"hot, swollen, or painful skin",  # finding S2
    LEAD + r"color change that spreads",  # finding S2
    LEAD + r"quickly gets worse",
    LEAD + r"pus or swelling with diabetes, pregnancy \(also lately\), or weak germ defenses",
    LEAD + r"pus or swelling in a baby, young child, or frail person",
    LEAD + r"over the spine, or at a surgery, needle, or tube site",  # finding S5
    LEAD + r"sore from sitting or lying",
    r"hard or very fast breathing",
    r"confusion.*slurred or odd speech",
    r"blue, gray, pale, or blotchy skin, lips, or tongue",
    r"swollen face, lips, tongue, or throat, or hard to swallow",  # finding S6
    r"harming yourself or ending your life",  # finding S17
    r"hot, swollen, or spreading.*and.*fast heartbeat, faintness, or cold, damp skin",  # S2
    r"rash that does not fade under glass",
    r"new medicine: blistering or peeling rash, or sores in mouth or eyes",  # finding S6
    # S12, S20
    r"pain far worse than it looks, or skin turning numb, blistered, black, purple, or gray",
    r"new: bad back pain, weak or numb legs, bladder or bowel trouble",  # finding S5
    r"fever or shivers on chemotherapy \(for cancer\) or with very weak germ defenses",  # S15
    r"baby under 3 months: fever, or very hot or cold",  # finding S1
    r"floppy, hard to wake, not feeding, weak high cry, or fit \(seizure\)",  # finding S1
]


@pytest.mark.parametrize("pattern", ON_CARD)
def test_emergency_card_says_each_sign_and_combination(pattern: str) -> None:
    card = warning_cards(ChecklistContent.model_validate(checklist()))[0]
    assert any(re.search(pattern, line.text, re.IGNORECASE) for line in card.lines)


def test_urgent_card_names_lines_and_tubes() -> None:  # finding S5
    card = warning_cards(ChecklistContent.model_validate(checklist()))[1]
    assert any("dialysis line or other tube" in line.text for line in card.lines)


def test_no_list_of_a_card_is_longer_than_seven() -> None:
    content = ChecklistContent.model_validate(checklist())
    for keys in ((), [sign.key for sign in content.signs]):
        for card in warning_cards(content, keys):
            assert all(len(part.signs) <= LONGEST_LIST for part in (*card.shown, *card.folded))


@pytest.mark.parametrize(("level", "pattern"), REQUIRED, ids=lambda value: str(value))
def test_required_sign_is_present_at_its_level(level: str, pattern: str) -> None:
    texts = [sign["text"] for sign in checklist()["signs"] if sign["urgency"] == level]
    assert any(re.search(pattern, text, re.IGNORECASE) for text in texts)


def test_signs_are_grouped_from_most_to_least_urgent() -> None:
    order = [level for level, _ in groupby(sign["urgency"] for sign in checklist()["signs"])]
    assert order == [level for level in LEVELS if level in order]


def test_no_group_is_longer_than_one_question_page_can_hold() -> None:
    for level in LEVELS:
        assert sum(sign["urgency"] == level for sign in checklist()["signs"]) <= MAX_CHOICES - 2


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


def test_signs_have_an_authority_besides_the_adapted_document() -> None:
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
    everything = re.sub(r"^ +url: .*$", "", everything, flags=re.MULTILINE)
    assert not re.search(r"\b(911|999|112|111|000)\b", everything)
