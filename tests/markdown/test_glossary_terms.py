"""Words of a glossary are marked where they first stand, and nowhere that they should not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education import markdown
from education.markdown import TermMark, TermMarker
from education.markdown.glossary_terms import ZERO_WIDTH_SPACE
from education.references.content import GlossaryContent
from education.references.glossary_marking import GlossaryIndex, PageGlossary

GLOSSARY = GlossaryContent.validate_values(
    "glossary",
    {
        "terms": [
            {"word": "cyst", "meaning": "A closed sac."},
            {"word": "Sebaceous cyst", "also": ["skin cyst"], "meaning": "A round lump."},
            {"word": "keratin", "meaning": "A tough protein [@leaflet]."},
            {"word": "bacteria", "also": ["germs"], "meaning": "Tiny living things."},
            {"word": "self-care", "meaning": "What you do yourself."},
            {"word": "pus", "meaning": "Thick fluid."},
        ]
    },
)


MARKED = re.compile(
    r'<button class="term" (?=[^>]*type="button")[^>]*popovertarget="m-([^"]*)"[^>]*>([^<]*)</button>'
    r'<a class="term" href="/glossary/#\1" hidden="">\2</a>'
)
KEPT_TOGETHER = re.compile(r'<span class="nowrap">(.*?</a>)([^<]+)</span>')


def page(*names: str) -> PageGlossary:
    return PageGlossary(GlossaryIndex.from_content("some-sha", GLOSSARY), names)


def marked(
    text: str, terms: PageGlossary | None = None, *, inline: bool = False
) -> list[tuple[str, str]]:
    """The key and the words of each marked term."""
    terms = terms or page()
    html = (markdown.render_inline if inline else markdown.render)(
        text, term_marker=terms.term_marker
    )
    return MARKED.findall(html)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A cyst is a cyst.", ["cyst"]),
        ("CYSTS, and a cyst’s wall.", ["CYSTS"]),
        ("A sebaceous cyst, then a cyst.", ["sebaceous cyst", "cyst"]),
        ("Two skin cysts.", ["skin cysts"]),
        ("Encysted, cystic, pustule.", []),
        ("**Pus** and *keratin*.", ["Pus", "keratin"]),
        ("`pus` is code.", []),
        ("![pus](/media/a.png) pus", ["pus"]),
        ("[All about pus](/causes/pus/), and pus.", ["pus"]),
        ("# Pus\n\nPus is here.", ["Pus"]),
        ("- pus\n- pus", ["pus"]),
        ("| pus |\n|---|\n| pus |", ["pus"]),
        ("A tough protein (keratin).", []),
        ("Germs (bacteria) live on skin. Bacteria are small.", ["Bacteria"]),
        ("Germs, and more.", ["Germs"]),
        ("Use self-care.", ["self-care"]),
        ("pus [@leaflet] pus", ["pus"]),
        ("", []),
    ],
)
def test_term_is_marked_at_first_use_in_plain_text(text, found):
    assert [words for _key, words in marked(text)] == found


def test_term_is_marked_once_on_a_page_of_several_texts():
    terms = page()
    assert [key for key, _words in marked("Pus and a cyst.", terms)] == ["pus", "cyst"]
    assert [key for key, _words in marked("Pus, a cyst, keratin.", terms, inline=True)] == [
        "keratin"
    ]
    assert marked("Pus, a cyst, keratin.", terms) == []
    assert [used.term.word for used in terms.used_terms()] == ["cyst", "keratin", "pus"]


def test_term_of_a_fold_is_marked_again_where_it_first_stands_in_view():
    terms = page()
    hidden = markdown.render("Pus and keratin.", term_marker=terms.folded_term_marker)
    assert [key for key, _words in MARKED.findall(hidden)] == ["pus", "keratin"]
    assert [key for key, _words in marked("Pus and a cyst. Pus.", terms)] == ["pus", "cyst"]
    again = markdown.render("Pus, keratin, a cyst.", term_marker=terms.folded_term_marker)
    assert MARKED.findall(again) == []
    assert [used.key for used in terms.used_terms()] == ["cyst", "keratin", "pus"]


def test_name_of_the_page_is_not_marked_but_its_words_are():
    assert marked("A sebaceous cyst has a wall.", page("Sebaceous cyst")) == []
    assert [key for key, _words in marked("Pus comes out.", page("Pus from a spot"))] == ["pus"]


@pytest.mark.parametrize(
    ("text", "between"),
    [
        ("Pus keratin.", [f" {ZERO_WIDTH_SPACE}"]),
        ("Pus, keratin or a cyst.", [f", {ZERO_WIDTH_SPACE}", " or a "]),
        ("pus pus", []),
    ],
)
def test_space_between_marked_terms_is_not_alone(text, between):
    html = KEPT_TOGETHER.sub(r"\1\2", markdown.render(text, term_marker=page().term_marker))
    assert re.findall(r"</a>([^<]*)<button", html) == between


def test_closing_punctuation_stays_with_its_term():
    html = markdown.render("Pus, “keratin”! A cyst's wall", term_marker=page().term_marker)
    assert [mark for _word, mark in KEPT_TOGETHER.findall(html)] == [",", "”!"]


def test_equal_text_on_another_page_is_marked_again():
    text = "There is keratin in skin."
    first, second = page(), page()
    assert marked(text, first) == marked(text, second) == [("keratin", "keratin")]
    assert marked(text, first) == []
    assert "term" not in markdown.render(text)


@given(st.text(alphabet=st.sampled_from("pus cyst()[]`*_#-|\n>&<\"'a/:@!"), max_size=60))
def test_marking_changes_no_words_and_nests_no_links(text):
    try:
        plain = markdown.render(text)
    except markdown.MarkdownLimitError:
        return
    html = markdown.render(text, term_marker=page().term_marker)
    html = KEPT_TOGETHER.sub(r"\1\2", html)
    assert MARKED.sub(r"\2", html).replace(ZERO_WIDTH_SPACE, "") == plain
    depth = 0
    for tag in re.findall(r"</?a\b", html):
        depth += 1 if tag == "<a" else -1
        assert depth in {0, 1}


def test_term_mark_escapes_markup():
    class Odd:
        def find(self, text):
            return [("k", 0, len(text))] if text else []

    html = markdown.render(
        "a <b>", term_marker=TermMarker(Odd(), lambda key: TermMark('m-"<x>', 'javascript:"<x>'))
    )
    assert (
        "javascript" not in html
        and "<x>" not in html
        and "<b>" not in html
        and "popover" not in html
    )
