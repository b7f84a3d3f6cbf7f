"""Guarded words stand in classes: another word of the class says the same, one of another class
does not.
"""

import pytest

from education.plain_language.guarded_words import (
    find_guarded_classes,
    find_guarded_words,
    has_guarded_words,
    is_guarded,
)

CLASSES = {
    "Do not wait": "negation wait",
    "Never wait": "negation wait",
    "Don’t wait": "negation wait",
    "You cannot catch it": "can negation",
    "You can't catch it": "can negation",
    "It heals without help, and nothing comes out": "heal negation and negation",
    "No one can tell": "negation can",
    "at least 2 days": "at-least",
    "no less than 2 days": "at-least",
    "38 °C or more": "at-least",
    "at most 2 days": "at-most",
    "no more than twice": "at-most",
    "up to 3 days": "at-most",
    "more than 2 days": "more",
    "over two days": "more",
    "less than 2 days": "less",
    "under 3 months": "less",
    "a lump under the skin": "",
    "before you eat": "before",
    "after you eat": "after",
    "until help comes": "until",
    "hot, swollen, or painful": "hot swollen or painful",
    "cool, flat, and comfortable": "cold flat and comfortable",
    "if it hurts": "if painful",
    "unless it hurts": "unless painful",
    "even if it hurts": "even-if painful",
    "only if it hurts": "only painful",
    "and/or": "or",
    "You may use it": "may take",
    "You must use it": "must take",
    "You should use it": "should take",
    "Adults with a child, or pregnant": "adult child or pregnant",
    "for a breast-feeding woman": "breastfeeding woman",
    "Wash your back with water.": "",
}


@pytest.mark.parametrize(("text", "classes"), CLASSES.items())
def test_guarded_words_are_found_by_class_in_text_order(text, classes):
    assert find_guarded_classes(text, "en-us") == tuple(classes.split())


def test_guarded_word_has_its_span():
    text = "Wait at least 2 days; don’t go."
    found = find_guarded_words(text, "en")
    assert [text[word.start : word.end] for word in found] == ["Wait", "at least", "don’t"]
    assert [word.text for word in found] == ["Wait", "at least", "don’t"]


def test_language_without_lists_has_no_guarded_words():
    assert has_guarded_words("en-GB")
    assert not has_guarded_words("de")
    assert not has_guarded_words("../en")
    assert find_guarded_words("nicht", "de") is None
    assert find_guarded_classes("nicht", "de") is None


def test_word_of_a_phrase_is_not_guarded_by_itself():
    assert is_guarded("not", "en")
    assert not is_guarded("least", "en")
