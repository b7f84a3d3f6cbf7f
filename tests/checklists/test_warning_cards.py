"""The cards of warning signs on a page: every sign on one card, no emergency ever folded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.checklists.content import ChecklistContent
from education.checklists.warning_cards import (
    LONGEST_LIST,
    SHOWN_BY_DEFAULT,
    CardList,
    CardSign,
    warning_cards,
)
from education.urgency import Urgency

LEVELS = [level.key for level in sorted(Urgency, reverse=True)]


def sign(key: str, urgency: str, **extra: Any) -> dict[str, Any]:
    return {"key": key, "urgency": urgency, "text": f"Sign {key}", "sources": ["leaflet"], **extra}


def checklist(*signs: dict[str, Any], **extra: Any) -> ChecklistContent:
    return ChecklistContent.model_validate(
        {"title": "Signs", "signs": signs, "none_apply": "Watch.", "safety_net": "Go.", **extra}
    )


def lines(*lists: CardList) -> list[CardSign]:
    return [line for part in lists for line in part.signs]


@given(
    levels=st.lists(st.sampled_from(LEVELS), min_size=1, max_size=20),
    chosen=st.sets(st.integers(0, 19)),
)
def test_cards_show_every_sign_once_and_fold_no_emergency(levels, chosen):
    levels = sorted(levels, key=LEVELS.index)
    content = checklist(
        *(sign(f"s{i}", level, topic=f"Topic {i // 4}") for i, level in enumerate(levels))
    )
    cards = warning_cards(content, {f"s{i}" for i in chosen})
    found = [line.text for card in cards for line in lines(*card.shown, *card.folded)]
    assert sorted(found) == sorted(row.text for row in content.signs)
    for card in cards:
        assert card.shown
        assert all(len(part.signs) <= LONGEST_LIST for part in (*card.shown, *card.folded))
        if card.level is Urgency.EMERGENCY:
            assert not card.folded
        keys = {f"Sign s{i}" for i in chosen if i < len(levels) and levels[i] == card.level.key}
        if keys and card.level is not Urgency.EMERGENCY:
            assert {line.text for line in lines(*card.shown)} == keys


def test_card_without_key_signs_shows_the_first_of_its_level():
    content = checklist(*(sign(f"s{i}", "urgent") for i in range(6)))
    (card,) = warning_cards(content)
    assert [line.text for line in lines(*card.shown)] == [
        f"Sign s{i}" for i in range(SHOWN_BY_DEFAULT)
    ]
    assert card.folded_count == 6 - SHOWN_BY_DEFAULT


def test_card_uses_short_text_and_one_note_for_all_its_signs():
    red = sign(
        "red",
        "emergency",
        text="The skin turns red",
        in_short="Red skin",
        on_darker_skin="It may look purple.",
    )
    (own,) = warning_cards(checklist(red))
    assert [line.on_darker_skin for line in lines(*own.shown)] == ["It may look purple."]
    (joint,) = warning_cards(checklist(red, emergency_on_darker_skin="Check the palms."))
    assert lines(*joint.shown) == [CardSign("Red skin", "")]
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


def pairs(**in_short: str) -> list[dict[str, Any]]:
    """Emergencies of two signs each, with their few words for cards."""
    return [
        together(key, *key, counts_as="emergency") | {"in_short": words}
        for key, words in in_short.items()
    ]


URGENT = [sign(key, "urgent") for key in "abcd"]


def test_combinations_go_on_from_their_lead_and_are_a_line_on_paper():
    content = checklist(
        *URGENT,
        combinations=pairs(ab="hot skin", bc="**bad** pain", cd="hot skin"),
        combinations_lead="You shiver, and",
    )
    card = warning_cards(content)[0]
    (part,) = card.shown
    assert (part.heading, part.is_lead) == ("You shiver, and", True)
    assert [line.text for line in part.signs] == ["hot skin", "**bad** pain"]
    assert [line.text for line in card.lines] == ["You shiver, and hot skin; **bad** pain"]


def test_combinations_without_a_lead_are_lines_without_a_heading():
    card = warning_cards(checklist(*URGENT, combinations=pairs(ab="", bc="")))[0]
    (part,) = card.shown
    assert part.heading == "" and [line.text for line in part.signs] == ["Both ab", "Both bc"]


def test_sign_without_a_heading_never_follows_a_lead():
    content = checklist(
        sign("alone", "emergency"),
        *URGENT,
        combinations=pairs(ab="hot skin"),
        combinations_lead="You shiver, and",
    )
    assert [part.heading for part in warning_cards(content)[0].shown] == ["", "You shiver, and"]


@pytest.mark.parametrize("extra", [0, 1])
def test_topics_are_headings_only_where_a_list_is_long(extra):
    signs = [sign(f"s{i}", "emergency", topic=f"Topic {i % 2}") for i in range(LONGEST_LIST)]
    signs += [sign("more", "emergency", topic="Topic 1")] * extra
    headings = [part.heading for part in warning_cards(checklist(*signs))[0].shown]
    assert headings == (["Topic 0", "Topic 1"] if extra else [""])


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        (
            {"combinations": pairs(ab="hot skin", bc=""), "combinations_lead": "You shiver, and"},
            ("combinations", 1, "in_short"),
        ),
        ({"combinations": pairs(ab="hot skin")}, ("combinations_lead",)),
        (
            {
                "combinations": [
                    *pairs(ab="hot skin"),
                    together("e", "e", "f", counts_as="urgent"),
                ],
                "combinations_lead": "You shiver, and",
            },
            ("combinations_lead",),
        ),
    ],
)
def test_half_a_combination_on_a_card_is_an_error(extra, path):
    content = checklist(*URGENT, sign("e", "routine"), sign("f", "routine"), **extra)
    assert path in [path for path, _message in content.errors()]


@pytest.mark.parametrize(
    ("topics", "wrong"),
    [("aabb", []), ("-aab", []), ("aba", [2]), ("a-b", [1]), ("----", []), ("a-a-", [1, 2, 3])],
)
def test_topic_that_is_not_in_one_place_is_an_error(topics, wrong):
    signs = [sign(f"s{i}", "urgent", topic=topic.strip("-")) for i, topic in enumerate(topics)]
    content = checklist(*signs, sign("other", "routine"), sign("last", "routine", topic="a"))
    found = [path for path, _message in content.errors()]
    assert found == [("signs", index, "topic") for index in wrong]


def test_edition_with_all_combinations_in_one_sentence_is_still_read():
    content = checklist(*URGENT, combinations=pairs(ab=""))
    stored = content.to_data() | {"combinations_in_short": "Any two of them"}
    assert ChecklistContent.from_stored(1, stored) == content


@pytest.mark.parametrize("level", LEVELS)
def test_card_of_each_level_is_made(level):
    (card,) = warning_cards(checklist(sign("a", level)))
    assert card.level.key == level
