"""The kinds of change: same text, checked text, or advice."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from education.articles.content import ArticleContent, CauseContent
from education.checklists.content import ChecklistContent
from education.plain_language.guarded_words import find_guarded_classes, find_guarded_words
from education.plain_language.quantities import find_quantities
from education.publishing.changes.change_kinds import (
    ChangeKind,
    classify_change,
    explain_change,
)
from education.publishing.changes.vocabulary import Vocabulary
from education.publishing.content import Content
from education.references.content import GlossaryContent, SourceListContent
from education.selfcheck.content import SelfCheckContent
from tests.content import content_files

PAIRS = YAML(typ="safe").load(
    (Path(__file__).parent / "change_kinds.yaml").read_text(encoding="utf-8")
)
SAME, CHECKED, ADVICE = ChangeKind
# The words that the other pages of a small site have.
VOCABULARY = Vocabulary.from_texts(
    [
        "The skin, the clinic, a mirror, a pharmacist: look through this, because you receive a letter.",
        "Neighbor of an epidermoid cyst, folliculitis, water that changes, a quiet bath.",
    ]
)


def text(words: str) -> CauseContent:
    return CauseContent.model_construct(name="Oil", what_it_is=words)


def kind(before: Content, after: Content, **how: Any) -> ChangeKind:
    return classify_change(before, after, **{"language": "en", "vocabulary": VOCABULARY, **how})


def messages(before: Content, after: Content) -> list[str]:
    return [
        reason.message
        for reason in explain_change(before, after, language="en", vocabulary=VOCABULARY)
    ]


def change_of_sentences(before: str, after: str, **how: Any) -> ChangeKind:
    return kind(text(before), text(after), **how)


def change_of_fields(content: type[Content], values: dict[str, Any], **changed: Any) -> ChangeKind:
    return kind(content.model_validate(values), content.model_validate({**values, **changed}))


def pair_id(pair: dict[str, str]) -> str:
    return pair["after"]


@pytest.mark.parametrize("pair", PAIRS["dangerous"], ids=pair_id)
def test_dangerous_change_is_never_the_same_text(pair):  # P4
    assert change_of_sentences(pair["before"], pair["after"]).value == pair["kind"] != "same-text"
    assert change_of_sentences(pair["after"], pair["before"]).value == pair["kind"]


@pytest.mark.parametrize("pair", PAIRS["harmless"], ids=pair_id)
def test_harmless_change_is_no_advice(pair):
    assert change_of_sentences(pair["before"], pair["after"]).value == pair["kind"] != "advice"


def test_sample_pairs_are_sixty_and_ten_spelling_fixes():
    assert len(PAIRS["dangerous"]) == len(PAIRS["harmless"]) == 30
    repaired = [
        pair
        for pair in PAIRS["harmless"]
        if pair["kind"] == "same-text" and "@" not in pair["after"]
    ]
    assert len(repaired) >= 10
    assert sum(pair["kind"] == "advice" for pair in PAIRS["dangerous"]) > 25


def test_change_kinds_are_ordered_and_named():
    assert SAME < CHECKED < ADVICE
    assert max([CHECKED, ADVICE, SAME]) is ADVICE
    assert [each.value for each in ChangeKind] == ["same-text", "checked-text", "advice"]
    assert change_of_sentences("a", "a") is SAME


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A bad spot", "A bed spot"),  # a real word
        ("Wash the hand", "Wash the hans"),  # the new word is in no text
        ("Wash skni and teh rest", "Wash skin and the rest"),  # two words at once
        ("Ask an antibiotc", "Ask an antibiotic"),  # the new word is guarded
        ("It is nto the skin", "It is not the skin"),
        ("Take amoxicilin", "Take amoxicillin"),  # a medicine
        ("Two wekes", "Two weeks"),  # a unit
        ("qiuet", "quite"),  # too far apart
        ("Look at lest twice", "Look at least twice"),  # a phrase appears
        ("wsah 3x", "wash 4x"),
    ],
)
def test_changed_word_that_may_be_another_is_no_spelling_fix(before, after):
    known = Vocabulary.from_texts(
        ["bed hans skin the antibiotic not amoxicillin weeks quite least wash"]
    )
    known = Vocabulary({word: 1 for word in known.counts if word != "hans"})
    assert change_of_sentences(before, after, vocabulary=known) > SAME


def test_word_used_in_other_texts_is_no_misspelling():
    pair = ("Wash your skni.", "Wash your skin.")
    assert change_of_sentences(*pair) is SAME
    other_page = Vocabulary.from_texts(["The skin", "A skni is a thing"])
    assert change_of_sentences(*pair, vocabulary=other_page) is CHECKED
    assert change_of_sentences("Skni. Wash your skni.", "Skni. Wash your skin.") is CHECKED
    assert change_of_sentences(*pair, vocabulary=Vocabulary()) is CHECKED


def test_language_without_word_lists_compares_figures_only():
    assert change_of_sentences("Die Huat ist hot", "Die Haut ist hot", language="de") is CHECKED
    known = Vocabulary.from_texts(["Haut"])
    assert change_of_sentences("Die Huat", "Die Haut", language="de", vocabulary=known) is CHECKED
    assert change_of_sentences("Nach 2 Tagen", "Nach 3 Tagen", language="de") is ADVICE
    assert change_of_sentences("„Haut“ – ja", '"Haut" - ja', language="de") is SAME


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # An added or removed block is advice if it has critical words.
        ("Skin makes oil.", "Skin makes oil.\n\nDo not wash it.", ADVICE),
        ("Skin makes oil.\n\nIt lasts 2 weeks.", "Skin makes oil.", ADVICE),
        ("Skin makes oil.", "Skin makes oil.\n\nAsk about ibuprofen.", ADVICE),
        ("Skin makes oil.", "Skin makes oil.\n\nSkin is an organ.", CHECKED),
        # A block replaced by an unrelated one is two such changes.
        ("Do not wash the towel.", "Do not swim in a lake.", ADVICE),
        # Steps, and paragraphs beside what matters, stay where they are; items of one list need
        # not.
        ("1. Rinse\n2. Do not rub", "1. Do not rub\n2. Rinse", ADVICE),
        ("A towel.\n\nDo not rub.", "Do not rub.\n\nA towel.", ADVICE),
        ("A towel.\n\nA cloth.", "A cloth.\n\nA towel.", CHECKED),
        ("- Rinse\n- Do not rub", "- Do not rub\n- Rinse", CHECKED),
        (
            "Good:\n\n- soap\n\nNot good:\n\n- a brush",
            "Good:\n\n- a brush\n\nNot good:\n\n- soap",
            ADVICE,
        ),
        # A split or joined block has the same words.
        ("Do not rub. Rinse it.", "Do not rub.\n\nRinse it.", CHECKED),
        ("- Do not rub", "Do not rub", CHECKED),
        ("- a\n- b", "1. a\n2. b", CHECKED),
        ("# Oil", "## Oil", CHECKED),
        # Links, citations and pictures.
        ("[a](/causes/oil/)", "[a](/causes/acne/)", CHECKED),
        ("[a](http://example.org/a)", "[a](http://example.org/b)", CHECKED),
        ("[a](https://example.org/a)", "a", CHECKED),
        ("It is common. [@leaflet]", "It is common.", CHECKED),
        ("A. [@a] B. [@b]", "A. [@b] B. [@a] [@c]", SAME),
        ("![a](/media/a.png)", "![a](/media/b.png)", CHECKED),
        ("Stop. Then rinse.", "Stop, then rinse.", CHECKED),
        ("co\u00adtton\u00a0 cloth", "cotton cloth", SAME),
    ],
)
def test_blocks_are_compared_one_by_one(before, after, expected):
    assert change_of_sentences(before, after) is expected


ARTICLE = {
    "title": "Spots on the back",
    "also_called": ["back spots", "bumps"],
    "areas": ["back"],
    "looks_like": ["small-bumps"],
    "checklist": "skin",
    "adapted_from": ["leaflet"],
    "summary": "Spots are common.",
    "introduction": "Most people get spots.",
    "causes": [
        {"cause": tag, "what_happens": "Skin makes oil.", "looks": "Small.", "self_care": "Rinse."}
        for tag in ("oil", "acne")
    ],
    "do": ["Rinse with water.", "Rest."],
    "do_not": ["Do not squeeze.", "Do not scrub."],
}
SWAPPED = {
    "do": ["Rest.", "Rinse with water."],
    "causes": [*reversed(ARTICLE["causes"])],
    "also_called": ["bumps", "back spots"],
    "looks_like": ["lump-under-the-skin"],
    "picture": "back",
    "adapted_from": [],
    "title": "Spots on your back",
    "do_not": ["Never squeeze.", "Do not scrub."],
}
CHANGED = {
    "checklist": "back",
    "causes": ARTICLE["causes"][:1],
    "do": ["Rinse with water.", "Run."],
    "do_not": ["Do not squeeze.", "Do not swim in a lake."],
    "also_called": ["back spots", "bumps", "spots that do not heal"],
    "title": "Spots on the back of children",
}


@pytest.mark.parametrize("field", SWAPPED)
def test_article_field_without_advice_is_checked_text(field):
    assert change_of_fields(ArticleContent, ARTICLE, **{field: SWAPPED[field]}) is CHECKED


@pytest.mark.parametrize("field", CHANGED)
def test_article_field_with_other_advice_is_advice(field):
    assert change_of_fields(ArticleContent, ARTICLE, **{field: CHANGED[field]}) is ADVICE


def test_do_and_do_not_lines_are_advice_as_a_whole():
    longer = [*ARTICLE["do"], "Sleep."]
    assert change_of_fields(ArticleContent, ARTICLE, do=longer) is ADVICE
    assert change_of_fields(ArticleContent, ARTICLE, adapted_from=["leaflet", "book"]) is SAME
    assert change_of_fields(ArticleContent, ARTICLE, adapted_from=["book", "leaflet"]) is SAME


def test_signs_and_their_levels_are_advice():
    values = content_files.checklist()
    signs = values["signs"]
    more_urgent = [{**signs[-1], "urgency": "urgent"}]
    renamed = [{**signs[-1], "key": "another-key"}]
    assert change_of_fields(ChecklistContent, values, signs=[*signs[:-1], *more_urgent]) is ADVICE
    assert change_of_fields(ChecklistContent, values, signs=[*signs[:-1], *renamed]) is ADVICE
    assert change_of_fields(ChecklistContent, values, signs=signs[:-1]) is ADVICE
    assert (
        change_of_fields(ChecklistContent, values, signs=[signs[1], signs[0], *signs[2:]])
        is CHECKED
    )
    more_sources = [{**signs[0], "sources": ["nhs-boils", *signs[0]["sources"]]}, *signs[1:]]
    assert change_of_fields(ChecklistContent, values, signs=more_sources) is SAME


def test_questions_routes_and_results_are_advice():
    values = content_files.self_check()
    first, *others = values["questions"]
    result, *results = values["outcomes"]
    for changed in (
        {"routes": [*first["routes"][1:]]},
        {"several": False},
        {"choices": [*first["choices"][1:]]},
    ):
        assert (
            change_of_fields(SelfCheckContent, values, questions=[{**first, **changed}, *others])
            is ADVICE
        )
    lower = {**result, "urgency": "urgent"}
    assert change_of_fields(SelfCheckContent, values, outcomes=[lower, *results]) is ADVICE
    assert change_of_fields(SelfCheckContent, values, outcomes=[*results, result]) is CHECKED
    reassured = {**result, "do_now": "You can wait until next week. It is nothing."}  # P11
    assert change_of_fields(SelfCheckContent, values, outcomes=[reassured, *results]) is ADVICE
    fewer_pages = {**results[0], "read": []}
    assert (
        change_of_fields(SelfCheckContent, values, outcomes=[result, fewer_pages, *results[1:]])
        is CHECKED
    )


SOURCE = {
    "key": "leaflet",
    "title": "Boils in 10 days",
    "url": "https://example.org/a",
    "published": "2024",
}
OTHER_SOURCE = {"key": "book", "title": "Do not wait", "publisher": "A clinic"}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([{**SOURCE, "url": "https://example.org/b"}, OTHER_SOURCE], SAME),
        ([{**SOURCE, "url": ""}, OTHER_SOURCE], SAME),
        ([{**SOURCE, "url": "http://example.org/a"}, OTHER_SOURCE], CHECKED),
        ([OTHER_SOURCE, SOURCE], SAME),
        ([SOURCE, OTHER_SOURCE, {"key": "new", "title": "Not for 3 weeks"}], SAME),
        ([SOURCE], CHECKED),
        ([{**SOURCE, "title": "Boils in 12 days"}, OTHER_SOURCE], CHECKED),
        ([{**SOURCE, "published": "2026"}, OTHER_SOURCE], CHECKED),
        ([{**SOURCE, "withdrawn": "It is out of date"}, OTHER_SOURCE], ADVICE),
    ],
)
def test_source_change_counts_its_text_but_not_its_url(sources, expected):
    assert (
        change_of_fields(SourceListContent, {"sources": [SOURCE, OTHER_SOURCE]}, sources=sources)
        is expected
    )


def test_glossary_meaning_is_compared_as_text():
    terms = [{"word": "boil", "also": ["boils"], "meaning": "A lump that hurts."}]
    changed = {
        "A lump that may hurt.": ADVICE,
        "A bump that hurts.": CHECKED,
        "A lump that hurts. [@leaflet]": SAME,
    }
    for meaning, expected in changed.items():
        assert (
            change_of_fields(
                GlossaryContent, {"terms": terms}, terms=[{**terms[0], "meaning": meaning}]
            )
            is expected
        )
    more = [*terms, {"word": "pore", "meaning": "A tiny hole in the skin."}]
    assert change_of_fields(GlossaryContent, {"terms": terms}, terms=more) is CHECKED
    more = [*terms, {"word": "mole", "meaning": "A dark spot. It is harmless."}]
    assert change_of_fields(GlossaryContent, {"terms": terms}, terms=more) is ADVICE


def test_change_reason_names_its_path_and_the_change():
    before = ArticleContent.model_validate(ARTICLE)
    after = ArticleContent.model_validate(
        {
            **ARTICLE,
            "summary": "Spots are common. Wait 2 weeks.",
            "do_not": ["Do not squeeze.", "You may scrub."],
            "causes": [{**ARTICLE["causes"][0], "self_care": "Rinse. Ask about ibuprofen."}],
        }
    )
    reasons = explain_change(before, after, language="en", vocabulary=VOCABULARY)
    assert {(reason.path, reason.message) for reason in reasons} == {
        (("summary",), "The figure “2 weeks” was added."),
        (("summary",), "“Wait” was added."),
        (("causes", 0, "self_care"), "The medicine “ibuprofen” was added."),
        (("causes", 1), "This was taken out."),
        (("do_not",), "“not” became “may”."),
    }
    assert {reason.kind for reason in reasons} == {ADVICE}
    assert next(reason.labels for reason in reasons if len(reason.path) == 3)[0] == "Causes"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("Go after 2 days.", "Go after 2 weeks.", "The figure changed from “2 days” to “2 weeks”."),
        ("It is safe.", "It is not safe.", "“not” was added."),
        ("It heals.", "It heals. Ask us.", "Words, signs or links changed."),
        ("Oil. [@leaflet]", "Oil.", "A mark of the source “leaflet” was taken out."),
        ("- Oil", "Oil", "A list, heading, table or paragraph is made otherwise."),
    ],
)
def test_change_reason_message_quotes_both_texts(before, after, message):
    assert messages(text(before), text(after)) == [message]


def test_classifying_contents_of_two_kinds_raises_type_error():
    with pytest.raises(TypeError):
        kind(text("a"), GlossaryContent.model_validate({"terms": [{"word": "a", "meaning": "b"}]}))


SHIPPED = [text for _where, text in content_files.all_texts()]
# Link targets and citations are not words.
NO_WORDS = re.compile(r"\]\([^)]*\)|\[@[^\]]*\]")
IN_PLACE = (
    "not", "at least", "at most", "before", "after", "until", "and", "or", "if", "unless", "only", "may",
    "must", "hot", "cold", "safe", "unsafe", "flat", "swollen", "start", "stop", "better", "worse",
    "children", "pregnant",
)  # fmt: skip
UNITS = ("minutes", "hours", "days", "weeks", "months", "°C", "°F", "times a day")


def guarded_spans(shipped: str) -> list[tuple[int, int, str]]:
    """The guarded words and quantities of a text, each with its class or value."""
    hidden = [found.span() for found in NO_WORDS.finditer(shipped)]
    found = [
        (word.start, word.end, word.guarded_class)
        for word in find_guarded_words(shipped, "en") or ()
    ]
    found += [(each.start, each.end, "#") for each in find_quantities(shipped)]
    return [
        each
        for each in found
        if not any(start < each[1] and each[0] < end for start, end in hidden)
    ]


@given(st.sampled_from([shipped for shipped in SHIPPED if guarded_spans(shipped)]), st.data())
def test_swapped_guarded_word_in_shipped_text_is_advice(shipped, data):  # P4
    start, end, guarded_class = data.draw(st.sampled_from(guarded_spans(shipped)))
    if guarded_class == "#":
        unit = data.draw(st.sampled_from(UNITS))
        put = f"{data.draw(st.integers(13, 500))} {unit}"
    else:
        put = data.draw(
            st.sampled_from(
                [word for word in IN_PLACE if not has_class(word, guarded_class)] + [""]
            )
        )
    changed = shipped[:start] + put + shipped[end:]
    assert change_of_sentences(shipped, changed, vocabulary=EVERYTHING) is ADVICE
    assert change_of_sentences(changed, shipped, vocabulary=EVERYTHING) is ADVICE


def has_class(word: str, guarded_class: str) -> bool:
    return guarded_class in (find_guarded_classes(word, "en") or ())


# Every word is known, and none stands elsewhere: the rule for misspellings is as generous as it can
# be.
class _Everything(Vocabulary):
    def occurrences_elsewhere(self, word: str) -> int:
        return 0

    def is_known(self, word: str) -> bool:
        return True


EVERYTHING = _Everything()


@given(st.sampled_from(SHIPPED), st.sampled_from(IN_PLACE), st.data())
def test_added_guarded_word_in_shipped_text_is_not_same_text(shipped, word, data):
    shown = NO_WORDS.sub(lambda hidden: "_" * len(hidden[0]), shipped)
    places = [found.end() for found in re.finditer(r"(?<=\w) (?=\w)", shown)]
    place = data.draw(st.sampled_from(places))
    changed = f"{shipped[:place]}{word} {shipped[place:]}"
    assert change_of_sentences(shipped, changed, vocabulary=EVERYTHING) > SAME


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_compare_and_equal_ones_are_same_text(before, after):
    contents = [
        CauseContent.model_construct(name="Oil", what_it_is=words) for words in (before, after)
    ]
    assert kind(*contents) in ChangeKind
    assert kind(contents[0], contents[0]) is SAME


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a" * 19_000, "a" * 18_999 + "b"),
        ("not hot 2 days " * 900, "2 days not hot or " * 900),
        ("\n".join(["- not"] * 900), "\n".join(["- not"] * 899 + ["- hot"])),
    ],
    ids=["one word", "the same words again and again", "one item again and again"],
)
def test_text_comparison_of_hostile_texts_is_fast(before, after):
    begun = time.perf_counter()
    assert change_of_sentences(before, after) > SAME
    assert time.perf_counter() - begun < 20
