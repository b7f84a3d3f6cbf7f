"""Which part of a leaflet becomes which part of an article, and what is never guessed."""

from __future__ import annotations

import pytest

from education.articles.leaflets.blocks import Leaflet, to_markdown
from education.articles.leaflets.drafts import find_lacking
from education.articles.leaflets.headings import CausePart, Part, find_part, find_urgency
from education.articles.leaflets.html_blocks import HtmlReader
from education.articles.leaflets.reader import read_html
from education.articles.leaflets.sorting import SortedLeaflet, sort_leaflet
from education.urgency import Urgency


def sorted_html(html: str) -> SortedLeaflet:
    reader = HtmlReader()
    return sort_leaflet(Leaflet(reader.read(html), marks=tuple(reader.marks)))


def beside(found: SortedLeaflet) -> list[tuple[str, str, str]]:
    return [(one.heading, one.why, to_markdown(one.blocks, {})) for one in found.beside]


def items(*lines: str) -> str:
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def test_whole_leaflet_is_sorted_into_an_article():
    found = sorted_html(
        "<h1>Ingrown toenail</h1><p>Also called: onychocryptosis, unguis incarnatus</p>"
        "<h2>In short</h2><p>Soak it.</p>"
        "<h2>What is an ingrown toenail?</h2><p>A nail grows into the skin.</p>"
        "<h2>Causes</h2><h3>Tight shoes</h3><p>They press.</p><h4>What you can do</h4><p>Wide ones.</p>"
        "<h3>Cutting</h3><p>Too short.</p>"
        f"<h2>What you can do</h2>{items('Soak it.', 'Keep it dry.', 'Never dig.')}"
        f"<h2>Do not</h2>{items('Don’t cut it.')}"
        f"<h2>When to get help</h2><h3>Call 911 now if:</h3>{items('It turns black')}"
        f"<h3>Call your doctor today if you have</h3>{items('Pus', 'A fever')}"
        f"<p>Make an appointment if:</p>{items('It hurts')}"
        f"<h2>In easy words</h2>{items('Nails can hurt.')}"
        "<h2>Sources</h2><p>NHS, 2025</p>"
    )
    assert found.title == "Ingrown toenail"
    assert found.also_called == ["onychocryptosis", "unguis incarnatus"]
    assert to_markdown(found.summary, {}) == "Soak it."
    assert to_markdown(found.introduction, {}) == (
        "# What is an ingrown toenail?\n\nA nail grows into the skin."
    )
    assert [cause.name for cause in found.causes] == ["Tight shoes", "Cutting"]
    assert to_markdown(found.causes[0].texts[CausePart.SELF_CARE], {}) == "Wide ones."
    assert found.do == ["Soak it.", "Keep it dry."]
    assert found.do_not == ["Never dig.", "Do not cut it."]
    assert found.signs == [
        (Urgency.EMERGENCY, "It turns black"),
        (Urgency.URGENT, "Pus"),
        (Urgency.URGENT, "A fever"),
        (Urgency.ROUTINE, "It hurts"),
    ]
    assert found.in_easy_words == ["Nails can hurt."]
    assert beside(found) == [("Sources", "source", "NHS, 2025")]


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("Call 911 now if:", Urgency.EMERGENCY),
        ("Go to the emergency room if you have any of these signs", Urgency.EMERGENCY),
        ("Get medical help today if", Urgency.URGENT),
        ("Call your doctor right away if you have:", Urgency.URGENT),
        ("Make an appointment today", Urgency.URGENT),
        ("Book a doctor's appointment if:", Urgency.ROUTINE),
        ("See a doctor soon if:", Urgency.ROUTINE),
        ("Not urgent: see a doctor", Urgency.ROUTINE),
        # Today or this month? It does not say.
        ("When to see a doctor", None),
        ("Call your doctor if:", None),
        ("Seek help immediately if", None),
        # It says for whom, or denies it.
        ("Call 911 if you are pregnant and", None),
        ("Call your child's doctor today if", None),
        ("Do not call 911 if", None),
        ("Call 911 or make an appointment if", None),
    ],
)
def test_urgency_is_taken_from_plain_words_or_not_at_all(words: str, level: Urgency | None):
    assert find_urgency(words) is level


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("1. What can I do?", Part.DO),
        ("What not to do", Part.DO_NOT),
        ("DON’T", Part.DO_NOT),
        ("How is it treated?", Part.MAY_HELP),
        ("What causes ingrown toenails?", Part.CAUSES),
        ("Why do I get it?", Part.CAUSES),
        ("Symptoms", Part.INTRODUCTION),
        ("References", Part.SOURCES),
        ("Also known as", Part.ALSO_CALLED),
        ("Our opening hours", None),
        ("Things you must not do", None),
        ("What to do if nothing helps", Part.DO),
    ],
)
def test_heading_announces_a_part(words: str, part: Part | None):
    assert find_part(words) is part


@pytest.mark.parametrize(
    "heading", ["What to do for a baby", "Do not, with diabetes", "Causes in children"]
)
def test_heading_that_says_more_is_never_dropped(heading: str):
    found = sorted_html(f"<h1>Cough</h1><p>It passes.</p><h2>{heading}</h2>{items('Rest')}")
    kept = [one.heading for one in found.beside]
    assert kept == [heading]
    assert not (found.do or found.do_not or found.causes)


@pytest.mark.parametrize("part", ["What you can do", "Do not", "Causes", "Call 911 now if"])
@pytest.mark.parametrize("lead", ["If you have diabetes:", "For a child", "Call your doctor if:"])
def test_list_under_a_condition_is_never_parted_from_it(part: str, lead: str):
    found = sorted_html(
        f"<h1>Cough</h1><p>It passes.</p><h2>{part}</h2><p>{lead}</p>{items('Tea')}"
    )
    assert not (found.do or found.do_not or found.causes or found.signs)
    (kept,) = beside(found)
    assert kept[2].endswith("- Tea")
    assert lead in kept[2] or lead == kept[0]


def test_short_paragraphs_below_do_are_lines_of_their_own():
    found = sorted_html("<h1>Cough</h1><h2>Do</h2><p>Rest</p><p>Drink enough.</p><p>And then:</p>")
    assert found.do == ["Rest", "Drink enough."]
    assert beside(found) == [("Do", "line", "And then:")]


def test_signs_without_a_level_are_kept_beside():
    found = sorted_html(f"<h1>Cough</h1><h2>Warning signs</h2>{items('Blue lips')}")
    assert found.signs == []
    assert beside(found) == [("Warning signs", "urgency", "- Blue lips")]


def test_emergency_signs_typed_below_self_care_are_signs():
    found = sorted_html(
        f"<h1>Cough</h1><h2>What you can do</h2>{items('Rest')}<p>Call 911 now if:</p>"
        f"{items('Blue lips')}<h2>Do not</h2>{items('Do not smoke')}"
    )
    assert found.do == ["Rest"]
    assert found.signs == [(Urgency.EMERGENCY, "Blue lips")]
    assert found.do_not == ["Do not smoke"]


def test_causes_in_a_list_get_a_name_and_a_text():
    listed = items("<b>Tight shoes:</b> they press", "Sport – it strains", "Cutting", "x" * 81)
    found = sorted_html(f"<h1>Toe</h1><h2>Possible causes</h2>{listed}")
    assert [(cause.name, to_markdown(cause.texts[CausePart.WHAT_HAPPENS], {}))
            for cause in found.causes] == [
        ("Tight shoes", "they press"), ("Sport", "it strains"), ("Cutting", "")
    ]  # fmt: skip
    assert beside(found) == [("Possible causes", "cause", f"- {'x' * 81}")]


def test_treatment_goes_to_the_only_cause():
    found = sorted_html(
        "<h1>Toe</h1><h2>Treatments</h2><p>A nurse may lift it.</p><h2>Causes</h2><h3>Shoes</h3><p>x</p>"
    )
    text = to_markdown(found.causes[0].texts[CausePart.MAY_SUGGEST], {})
    assert text == "# Treatments\n\nA nurse may lift it."


def test_treatment_without_one_cause_is_kept_beside():
    found = sorted_html("<h1>Toe</h1><h2>Treatment</h2><p>A nurse may lift it.</p>")
    assert beside(found) == [("Treatment", "may-help", "A nurse may lift it.")]


def test_heading_without_text_is_kept_beside():
    found = sorted_html("<h1>Toe</h1><p>It hurts.</p><h2>See a doctor soon</h2>")
    assert beside(found) == [("See a doctor soon", "says-more", "")]


def test_known_parts_below_an_unknown_heading_are_found():
    found = sorted_html(
        f"<h1>Toe</h1><h2>Our care</h2><p>We are kind.</p><h3>Do</h3>{items('Rest')}"
    )
    assert found.do == ["Rest"]
    assert beside(found) == [("Our care", "heading", "We are kind.")]


def test_leaflet_without_title_heading_begins_with_its_first_line():
    found = sorted_html("<p>Ingrown toenail</p><p>It hurts.</p>")
    assert (found.title, to_markdown(found.introduction, {})) == ("Ingrown toenail", "It hurts.")


def test_long_line_and_table_are_kept_beside_a_list():
    grid = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    found = sorted_html(f"<h1>Toe</h1><h2>Do</h2>{items('Rest', 'x' * 301)}{grid}")
    assert found.do == ["Rest"]
    assert beside(found)[0][2].count("\n") > 3


def test_web_page_is_read_without_its_scripts_and_pictures():
    reader = HtmlReader()
    blocks = reader.read(
        "<script>alert(1)</script><style>p{}</style><h1 onclick=x>Toe</h1>"
        '<p>Go <a href="javascript:x">here</a> or <a href="https://a.example/">there</a>.'
        '<img src="https://a.example/i.png" alt="A toe" onerror=x></p>'
    )
    assert to_markdown(blocks, {}) == "# Toe\n\nGo here or [there](<https://a.example/>)."
    assert [note.why for note in reader.notes] == ["outside-picture"]


def test_word_that_stands_once_too_seldom_is_lacking():
    reader = HtmlReader()
    html = "<p>Do not not wait</p>"
    leaflet = Leaflet(reader.read("<p>Do not wait</p>"), passages=read_html(html.encode()).passages)
    (lacking,) = find_lacking(leaflet, sort_leaflet(leaflet))
    assert lacking["words"] == ["not"]
