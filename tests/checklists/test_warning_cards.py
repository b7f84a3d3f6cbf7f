"""The cards of warning signs on a page: every sign on one card, no emergency ever folded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.checklists.content import ChecklistContent
from education.checklists.warning_cards import SHOWN_BY_DEFAULT, warning_cards
from education.urgency import Urgency

LEVELS = [level.key for level in sorted(Urgency, reverse=True)]


def sign(key: str, urgency: str, **extra: Any) -> dict[str, Any]:
    return {"key": key, "urgency": urgency, "text": f"Sign {key}", "sources": ["leaflet"], **extra}


def checklist(*signs: dict[str, Any], **extra: Any) -> ChecklistContent:
    return ChecklistContent.model_validate(
        {"title": "Signs", "signs": signs, "none_apply": "Watch.", "safety_net": "Go.", **extra}
    )


@given(
    levels=st.lists(st.sampled_from(LEVELS), min_size=1, max_size=20),
    chosen=st.sets(st.integers(0, 19)),
)
def test_cards_show_every_sign_once_and_fold_no_emergency(levels, chosen):
    levels = sorted(levels, key=LEVELS.index)
    content = checklist(*(sign(f"s{i}", level) for i, level in enumerate(levels)))
    cards = warning_cards(content, {f"s{i}" for i in chosen})
    lines = [line.text for card in cards for line in (*card.shown, *card.folded)]
    assert sorted(lines) == sorted(row.text for row in content.signs)
    for card in cards:
        assert card.shown
        if card.level is Urgency.EMERGENCY:
            assert not card.folded
        keys = {f"Sign s{i}" for i in chosen if i < len(levels) and levels[i] == card.level.key}
        if keys and card.level is not Urgency.EMERGENCY:
            assert {line.text for line in card.shown} == keys


def test_card_without_key_signs_shows_the_first_of_its_level():
    content = checklist(*(sign(f"s{i}", "urgent") for i in range(6)))
    (card,) = warning_cards(content)
    assert [line.text for line in card.shown] == [f"Sign s{i}" for i in range(SHOWN_BY_DEFAULT)]
    assert len(card.folded) == 6 - SHOWN_BY_DEFAULT


def test_card_uses_short_text_and_one_note_for_all_its_signs():
    red = sign(
        "red",
        "emergency",
        text="The skin turns red",
        in_short="Red skin",
        on_darker_skin="It may look purple.",
    )
    (own,) = warning_cards(checklist(red))
    assert [line.on_darker_skin for line in own.shown] == ["It may look purple."]
    (joint,) = warning_cards(checklist(red, emergency_on_darker_skin="Check the palms."))
    assert [(line.text, line.on_darker_skin) for line in joint.shown] == [("Red skin", "")]
    assert joint.on_darker_skin == "Check the palms."


def test_fold_names_the_people_of_the_signs_that_it_holds_only():
    who = {"a": "babies", "b": "pregnancy", "c": "babies", "d": ""}
    content = checklist(*(sign(key, "urgent", fold_label=of) for key, of in who.items()))
    for chosen, named in (("d", ("babies", "pregnancy")), ("ac", ("pregnancy",)), ("abc", ())):
        (card,) = warning_cards(content, set(chosen))
        assert card.fold_labels == named


def together(key: str, *keys: str, counts_as: str) -> dict[str, Any]:
    return {
        "key": key,
        "together": keys,
        "counts_as": counts_as,
        "text": f"Both {key}",
        "sources": ["other"],
    }


def test_combinations_in_one_sentence_replace_their_rows():
    signs = [sign("a", "urgent"), sign("b", "urgent"), sign("c", "urgent")]
    pairs = [
        together("ab", "a", "b", counts_as="emergency"),
        together("bc", "b", "c", counts_as="emergency"),
    ]
    apart = warning_cards(checklist(*signs, combinations=pairs))
    assert [line.text for line in apart[0].shown] == ["Both ab", "Both bc"]
    joined = warning_cards(
        checklist(*signs, combinations=pairs, combinations_in_short="Any two of them")
    )
    assert [line.text for line in joined[0].shown] == ["Any two of them"]


def test_one_sentence_for_unequal_combinations_is_an_error():
    content = checklist(
        sign("a", "routine"),
        sign("b", "routine"),
        sign("c", "routine"),
        combinations=[
            together("ab", "a", "b", counts_as="urgent"),
            together("bc", "b", "c", counts_as="emergency"),
        ],
        combinations_in_short="Any two of them",
    )
    assert ("combinations_in_short",) in [path for path, _message in content.errors()]


@pytest.mark.parametrize("level", LEVELS)
def test_card_of_each_level_is_made(level):
    (card,) = warning_cards(checklist(sign("a", level)))
    assert card.level.key == level
