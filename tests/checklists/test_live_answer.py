"""The classes by which a style sheet knows which combinations are ticked."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from education.checklists.live_answer import CLASSES, tick_classes
from education.urgency import Urgency
from tests.checklists.test_warning_cards import checklist, sign, together

CSS = Path(settings.BASE_DIR) / "static" / "css" / "live_answer.css"


def test_each_sign_has_a_class_for_each_of_its_combinations():
    content = checklist(
        sign("a", "urgent"),
        sign("b", "urgent", crisis=False),
        sign("c", "routine"),
        combinations=[
            together("ab", "a", "b", counts_as="emergency"),
            together("abc", "a", "b", "c", counts_as="emergency"),
        ],
    )
    assert tick_classes(content) == {"a": "e1 e2", "b": "e1 e2", "c": "e2"}


def test_sign_of_crisis_has_its_class():
    assert tick_classes(checklist(sign("a", "emergency", crisis=True))) == {"a": "crisis"}


def test_combination_that_the_style_sheet_cannot_tell_has_none():
    milder = [sign("a", "self-care"), sign("b", "self-care")]
    pair = together("ab", "a", "b", counts_as="routine")
    assert tick_classes(checklist(*milder, combinations=[pair])) is None
    many = [sign(f"s{i}", "routine") for i in range(8)]
    pairs = [
        together(f"p{i}", f"s{i}", f"s{i + 1}", counts_as="urgent")
        for i in range(len(CLASSES[Urgency.URGENT]) + 1)
    ]
    assert tick_classes(checklist(*many, combinations=pairs)) is None
    assert tick_classes(checklist(*many, combinations=pairs[:-1])) is not None


def test_style_sheet_has_a_rule_for_every_class():
    css = CSS.read_text(encoding="utf-8")
    for names in CLASSES.values():
        for name in names:
            assert css.count(f":has(.{name}:checked)") == 2
