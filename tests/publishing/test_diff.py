"""The diff of two contents: complete, minimal, readable and fast."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from education.articles.content import ArticleContent, CauseContent
from education.checklists.content import ChecklistContent
from education.publishing.diff.fields import FieldChange, diff_content
from education.publishing.diff.text import MAX_PAIRS, diff_text
from education.references.content import GlossaryContent, SourceListContent
from education.selfcheck.content import SelfCheckContent
from tests import factories
from tests.publishing.content_files.content_strategies import TEXTS, contents

KINDS = (*factories.CONTENT_TYPES, SelfCheckContent)
CAUSE = {"what_happens": "Oil builds up.", "looks": "Small and white.", "self_care": "Wash gently."}
ARTICLE: dict[str, Any] = {
    "title": "Spots",
    "checklist": "skin",
    "summary": "Spots are common.",
    "introduction": "Most people get spots.",
    "causes": [{"cause": cause, **CAUSE} for cause in ("acne", "boils", "hair-bumps")],
    "do": ["Wash with warm water.", "Rest."],
    "do_not": ["Do not squeeze."],
}
CHECKLIST: dict[str, Any] = {
    "title": "When to see a doctor",
    "signs": factories.SIGNS,
    "none_apply": "Watch the spot for two weeks.",
    "safety_net": "If it gets worse, get help.",
}
SELF_CHECK: dict[str, Any] = {
    "title": "Check your spots",
    "introduction": "Answer for yourself.",
    "checklist": "skin",
    "questions": factories.QUESTIONS,
    "outcomes": factories.OUTCOMES,
}


def article(**changes: Any) -> ArticleContent:
    return ArticleContent.lenient({**ARTICLE, **changes})


def joined(pieces: Any) -> str:
    return "".join(text for text, _is_marked in pieces)


def marked(pieces: Any) -> list[str]:
    return [text for text, is_marked in pieces if is_marked]


def single_change(changes: tuple[FieldChange, ...]) -> FieldChange:
    (change,) = changes
    return change


def test_changed_text_marks_removed_and_added_words():
    change = single_change(
        diff_content(
            article(), article(introduction="Most young people get spots and, sometimes, boils.")
        )
    )
    assert (change.path, change.labels, change.kind) == (
        ("introduction",),
        ("Introduction",),
        "changed",
    )
    assert joined(change.before) == "Most people get spots."
    assert joined(change.after) == "Most young people get spots and, sometimes, boils."
    assert marked(change.before) == []
    assert [words.strip() for words in marked(change.after)] == ["young", "and, sometimes, boils"]


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        ("Get help at 38.5 °C.", "Get help at 38.7 °C.", ["38.5"], ["38.7"]),
        ("Do not squeeze.", "Do not scratch.", ["squeeze"], ["scratch"]),
        ("Wash it.", "Wash it. Then rest.", [], [" Then rest."]),
        ("One.\n\nTwo.", "One. Two.", ["\n\n"], [" "]),
        ("Keep it dry.", "Keep it  dry.", [" "], ["  "]),
        ("See a doctor, please, now.", "See a nurse; perhaps, now.", ["doctor, please"], ["nurse; perhaps"]),
        ("Acne is common.", "Boils need a doctor.", ["Acne is common."], ["Boils need a doctor."]),
        ("**Bold** words", "Bold words", ["**", "**"], []),
    ],
)  # fmt: skip
def test_words_numbers_and_blanks_are_compared_whole(before, after, gone, new):
    old, now = diff_text(before, after)
    assert (joined(old), joined(now)) == (before, after)
    assert (marked(old), marked(now)) == (gone, new)


def test_empty_field_counts_as_added_or_removed():
    before, after = (
        CauseContent.lenient({"name": "Acne"}),
        CauseContent.lenient({"what_it_is": "Oil."}),
    )
    name, text = diff_content(before, after)
    assert (name.kind, name.before, name.after) == ("removed", (("Acne", True),), ())
    assert (text.kind, text.before, text.after) == ("added", (), (("Oil.", True),))


def test_row_is_matched_after_it_moved():
    rows = [
        ARTICLE["causes"][1],
        ARTICLE["causes"][2],
        {**ARTICLE["causes"][0], "looks": "Small and red."},
    ]
    moved, change = diff_content(article(), article(causes=rows))
    assert (moved.path, moved.labels, moved.kind) == (("causes",), ("Causes",), "moved")
    assert joined(moved.before) == "1. Acne\n2. Boils\n…" and marked(moved.before) == ["Acne"]
    assert joined(moved.after) == "…\n2. Hair bumps\n3. Acne" and marked(moved.after) == ["Acne"]
    assert change.path == ("causes", 2, "looks")
    assert change.labels == ("Causes", "Acne", "How it looks or feels")
    assert (marked(change.before), marked(change.after)) == (["white"], ["red"])


def test_reordered_rows_are_one_change_of_the_list():
    change = single_change(diff_content(article(), article(causes=ARTICLE["causes"][::-1])))
    assert (change.path, change.kind) == (("causes",), "moved")
    lines = single_change(diff_content(article(), article(do=ARTICLE["do"][::-1])))
    assert (lines.path, lines.kind) == (("do",), "moved")
    assert "1. Rest." in joined(lines.after)


def test_added_and_removed_rows_show_all_their_fields():
    new = {
        "cause": "cysts",
        "what_happens": "A lump grows.",
        "looks": "",
        "self_care": "Leave it alone.",
    }
    changes = diff_content(
        article(), article(causes=[ARTICLE["causes"][0], new, ARTICLE["causes"][2]])
    )
    removed, added = changes
    assert (removed.path, removed.labels, removed.kind) == (
        ("causes", 1),
        ("Causes", "Boils"),
        "removed",
    )
    assert (added.path, added.labels, added.kind) == (("causes", 1), ("Causes", "Cysts"), "added")
    assert removed.after == added.before == ()
    assert marked(added.after) == ["cysts", "A lump grows.", "Leave it alone."]
    assert joined(added.after) == (
        "Cause: cysts\nWhat happens: A lump grows.\nWhat you can do: Leave it alone."
    )


def test_lines_are_matched_by_their_words():
    after = ["Rest well.", "Wash with warm water and soap.", "Drink."]
    changes = diff_content(article(do=["Wash with warm water.", "Eat fruit."]), article(do=after))
    told = {(change.path, change.kind): change for change in changes}
    assert set(told) == {
        (("do", 0), "added"),
        (("do", 1), "changed"),
        (("do", 2), "added"),
        (("do", 1), "removed"),
    }
    assert marked(told[("do", 1), "changed"].after) == [" and soap"]
    assert told[("do", 1), "removed"].labels == ("Do", "line 2")


def test_urgency_answers_and_switches_are_shown_in_words():
    signs = [{**CHECKLIST["signs"][0], "urgency": "urgent"}, *CHECKLIST["signs"][1:]]
    change = single_change(
        diff_content(
            ChecklistContent.lenient(CHECKLIST),
            ChecklistContent.lenient({**CHECKLIST, "signs": signs}),
        )
    )
    assert change.labels == ("Signs", "Breathing", "Urgency")
    assert (joined(change.before), joined(change.after)) == ("Emergency", "Urgent")

    first, *others = SELF_CHECK["questions"]
    choices = [{**first["choices"][0], "answer": "not-sure"}, *first["choices"][1:]]
    questions = [{**first, "several": False, "choices": choices}, *others]
    after = SelfCheckContent.lenient({**SELF_CHECK, "questions": questions})
    several, answer = diff_content(SelfCheckContent.lenient(SELF_CHECK), after)
    assert several.labels == ("Questions", "1a", "More than one choice may apply")
    assert (joined(several.before), joined(several.after)) == ("yes", "no")
    assert answer.labels == ("Questions", "1a", "Choices", "Yes", "Kind of choice")
    assert (joined(answer.before), joined(answer.after)) == ("A choice of its own", "I'm not sure")


def test_routes_are_matched_by_position():
    first, *others = SELF_CHECK["questions"]
    questions = [{**first, "routes": first["routes"][::-1]}, *others]
    changes = diff_content(
        SelfCheckContent.lenient(SELF_CHECK),
        SelfCheckContent.lenient({**SELF_CHECK, "questions": questions}),
    )
    assert {change.path[:4] for change in changes} == {
        ("questions", 0, "routes", 0),
        ("questions", 0, "routes", 1),
    }
    assert {change.labels[2:4] for change in changes} == {
        ("Routes", "number 1"),
        ("Routes", "number 2"),
    }


def test_diff_for_readers_ignores_markup_changes():
    before, after = (
        article(introduction="Wash **gently** [@nhs]."),
        article(introduction="Wash *gently*."),
    )
    assert len(diff_content(before, after)) == 1
    assert diff_content(before, after, for_readers=True) == ()
    text = single_change(
        diff_content(before, article(introduction="Wash **softly** [@nhs]."), for_readers=True)
    )
    assert (joined(text.before), joined(text.after)) == ("Wash gently.", "Wash softly.")
    assert (marked(text.before), marked(text.after)) == (["gently"], ["softly"])
    lines = single_change(
        diff_content(article(do=["**Wash** it."]), article(do=["*Wash* it now."]), for_readers=True)
    )
    assert (lines.path, joined(lines.after)) == (("do", 0), "Wash it now.")


def test_diff_of_two_kinds_raises_type_error():
    with pytest.raises(TypeError):
        diff_content(article(), CauseContent.lenient({}))


def test_rows_without_or_with_equal_names_are_compared():
    twice = [{"cause": "acne", **CAUSE}, {"cause": "acne", **CAUSE, "looks": "Red."}, {**CAUSE}]
    before = article(causes=twice)
    assert diff_content(before, article(causes=twice)) == ()
    changes = diff_content(
        before, article(causes=[twice[0], twice[2], {**CAUSE, "looks": "Blue."}])
    )
    assert [(change.path, change.labels[1], change.kind) for change in changes] == [
        (("causes", 1), "Acne", "removed"),
        (("causes", 2), "number 3", "added"),
    ]


# Properties of all contents.

IN_OTHER_WORDS = {"urgency", "answer", "counts_as", "at_least", "several", "adapted", "picture"}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """The texts of a dumped content by their path; rows by what identifies them, in no order."""
    if isinstance(value, BaseModel):
        return {
            found: text
            for name in type(value).model_fields
            for found, text in leaves(getattr(value, name), (*path, name)).items()
        }
    if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        found: dict[tuple[Any, ...], Any] = {}
        seen: list[str] = []
        for row in value:
            name = str(getattr(row, row.IDENTITY)).casefold() if row.IDENTITY else ""
            seen.append(name)
            found |= leaves(row, (*path, (name, seen.count(name))))
        return found
    # A line without a word is empty.
    return {path: tuple(filter(None, value)) if isinstance(value, tuple) else value}


def identity_path(path: tuple[Any, ...], content: BaseModel) -> tuple[Any, ...]:
    """A path by places as a path by what identifies the rows; a line of a list as the list."""
    steps: list[Any] = []
    value: Any = content
    for step in path:
        if isinstance(step, int):
            rows, value = value, value[step]
            if not isinstance(value, BaseModel):
                return tuple(steps)
            steps.append(numbered_identities(rows)[step])
        else:
            value = getattr(value, step)
            steps.append(step)
    return tuple(steps)


def numbered_identities(rows: Any) -> list[tuple[str, int]]:
    """Rows by what identifies them, and the how-manieth of that name each is."""
    names = [str(getattr(row, row.IDENTITY)).casefold() if row.IDENTITY else "" for row in rows]
    return [(name, names[: place + 1].count(name)) for place, name in enumerate(names)]


def change_path(change: FieldChange, before: BaseModel, after: BaseModel) -> tuple[Any, ...]:
    """The path of a change by what identifies the rows. A row that is gone has its
    place of before.
    """
    if change.kind != "removed" or isinstance(change.path[-1], str):
        return identity_path(change.path, after)
    around = identity_path(change.path[:-1], after)
    rows: Any = before
    for step in around:
        rows = (
            getattr(rows, step)
            if isinstance(step, str)
            else rows[numbered_identities(rows).index(step)]
        )
    is_row = isinstance(rows[0], BaseModel)
    return (*around, numbered_identities(rows)[change.path[-1]]) if is_row else around


def pairs_of_contents() -> st.SearchStrategy[tuple[Any, Any]]:
    """Two contents of one kind; often the second has some fields and rows of the first."""

    def mixed(drawn: tuple[Any, Any, list[bool], Any]) -> tuple[Any, Any]:
        before, other, taken, random = drawn
        values = before.model_dump()
        for (name, value), take in zip(other.model_dump().items(), taken, strict=False):
            if take:
                rows = [*values[name], *value] if isinstance(value, tuple) else value
                values[name] = (
                    random.sample(rows, len(rows) - len(rows) // 3)
                    if isinstance(rows, list)
                    else rows
                )
        return before, type(before).lenient(values)

    def of(kind: Any) -> st.SearchStrategy[Any]:
        taken = st.lists(st.booleans(), min_size=9, max_size=9)
        drawn = st.tuples(contents(kind), contents(kind), taken, st.randoms(use_true_random=False))
        return drawn.map(mixed)

    return st.sampled_from(KINDS).flatmap(of)


@given(st.sampled_from(KINDS).flatmap(contents))
def test_diff_of_equal_contents_is_empty(content):
    assert (
        diff_content(content, content)
        == diff_content(content, type(content).lenient(content.model_dump()))
        == ()
    )
    assert diff_content(content, content, for_readers=True) == diff_content(None, None) == ()


@given(pairs_of_contents(), st.booleans())
def test_diff_reports_every_difference_and_no_other(two, as_read):
    before, after = two
    changes = diff_content(before, after, for_readers=as_read)
    names = list(type(after).model_fields)
    assert [names.index(c.path[0]) for c in changes] == sorted(
        names.index(c.path[0]) for c in changes
    )
    for change in changes:
        assert len(change.path) == len(change.labels) and all(change.labels)
        assert (
            change.kind == "moved"
            or joined(change.before) != joined(change.after)
            or isinstance(change.path[-1], int)
        )
    if as_read:
        return
    old, new = leaves(before), leaves(after)
    differing = {path for path in {*old, *new} if old.get(path, ()) != new.get(path, ())}
    told = [change_path(change, before, after) for change in changes]
    for path in differing:
        assert any(path[: len(other)] == other for other in told), path
    for change, path in zip(changes, told, strict=True):
        assert change.kind == "moved" or any(other[: len(path)] == path for other in differing), (
            path
        )


def shown(value: Any) -> Any:
    """A value as a change shows it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


@given(pairs_of_contents())
def test_change_shows_both_texts_whole(two):
    before, after = two
    old, new = leaves(before), leaves(after)
    for change in diff_content(before, after):
        path = change_path(change, before, after)
        if (
            isinstance(change.path[-1], str)
            and change.kind != "moved"
            and path[-1] not in IN_OTHER_WORDS
        ):
            texts = [shown(side.get(path, "")) for side in (old, new)]
            assert [joined(change.before), joined(change.after)] == texts


@given(st.sampled_from(KINDS).flatmap(contents))
def test_diff_with_nothing_is_all_added_or_all_removed(content):
    for changes, kind in (
        (diff_content(None, content), "added"),
        (diff_content(content, None), "removed"),
    ):
        assert {change.kind for change in changes} == {kind}
        told = {path[0] for path, value in leaves(content).items() if value or value is False}
        assert {change.path[0] for change in changes} == told


@given(TEXTS, TEXTS)
def test_joined_pieces_are_the_texts_and_unmarked_ones_equal(before, after):
    old, new = diff_text(before, after)
    assert (joined(old), joined(new)) == (before, after)
    same = [["".join(t for t, is_marked in side if not is_marked)] for side in (old, new)]
    assert same[0] == same[1]
    assert (before == after) == (not marked(old) and not marked(new))


# Speed.


def test_full_texts_are_compared_quickly():
    words = " ".join(
        file.read_text()
        for file in sorted((Path(__file__).parents[2] / "content/en").rglob("*.md"))
    )
    assert len(words) > 20_000
    started = time.process_time()
    for start in (0, 6_000, 12_000):
        old, new = words[start : start + 6_000], words[start + 3_000 : start + 9_000]
        before, after = diff_text(old, new)
        assert (joined(before), joined(after)) == (old, new)
    assert time.process_time() - started < 3 * 0.1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 50_000, "b c a " * 50_000),
        ("\n".join(["same line"] * 20_000), "\n".join(["same line", "other"] * 20_000)),
        ("." * 100_000, ",." * 50_000),
        (" ".join(map(str, range(20_000))), " ".join(map(str, range(20_000, 0, -1)))),
        (
            " ".join(f"{n % 7} {n % 3}" for n in range(30_000)),
            " ".join(f"{n % 5}" for n in range(30_000)),
        ),
    ],
)
def test_hostile_texts_are_compared_in_bounded_time(before, after):
    started = time.process_time()
    old, new = diff_text(before, after)
    assert time.process_time() - started < 2
    assert (joined(old), joined(new)) == (before, after)


def test_very_long_texts_are_compared_by_lines():
    lines = [f"the one line that is number {number}" for number in range(500)]
    assert len(lines) ** 2 > MAX_PAIRS
    after = ["A new start", *lines[1:300], "another line", *lines[301:-1], "A new end"]
    old, new = diff_text("\n".join(lines), "\n".join(after))
    assert marked(old) == [f"{lines[0]}\n", f"{lines[300]}\n", lines[-1]]
    assert marked(new) == ["A new start\n", "another line\n", "A new end"]


def test_many_lines_and_rows_are_compared_quickly():
    rows = [{"key": f"source-{n}", "title": f"Source {n}"} for n in range(2_000)]
    sources = [SourceListContent.lenient({"sources": side}) for side in (rows, rows[::-1])]
    started = time.process_time()
    assert single_change(diff_content(*sources)).kind == "moved"
    many = article(do=[f"Line {n} of many." for n in range(3_000)])
    assert (
        len(diff_content(article(do=[f"Row {n} of others." for n in range(3_000)]), many)) == 6_000
    )
    assert time.process_time() - started < 3


def test_glossary_terms_are_matched_ignoring_case():
    before = [{"word": "Pore", "meaning": "A hole."}, {"word": "X-ray", "meaning": "A picture."}]
    after = [{"word": "x-ray", "meaning": "A picture of bones."}]
    changes = diff_content(
        GlossaryContent.lenient({"terms": before}), GlossaryContent.lenient({"terms": after})
    )
    assert [(change.labels, change.kind) for change in changes] == [
        (("Terms", "Pore"), "removed"),
        (("Terms", "x-ray", "Word"), "changed"),
        (("Terms", "x-ray", "Meaning"), "changed"),
    ]


def test_row_with_an_empty_title_is_labelled_by_its_key():
    outcome = factories.OUTCOMES[3] | {"title": "[@key]"}
    shown = SelfCheckContent.lenient({"outcomes": [outcome]})
    (change,) = [
        one
        for one in diff_content(SelfCheckContent.lenient({}), shown)
        if one.path[0] == "outcomes"
    ]
    assert change.labels[-1] == "Home"
