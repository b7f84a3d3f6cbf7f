"""The shipped content keeps the plain-language and safety rules, whatever the site does with it."""

import re
from pathlib import Path

import pytest

from education.plain_language.report import find_brands, find_doses
from tests.content.content_files import (
    CITATION,
    CONTENT,
    LINK,
    ROOT,
    all_texts,
    article_sections,
    blocks,
    checklist,
    content_files,
    load_yaml,
    self_check,
    self_check_texts,
    sentences,
    split_page,
    words,
)

COLOR = re.compile(
    r"\b(red|redness|reddish|pink|blue|gray|purple|black|brown|yellow|pale|blotchy|color|rash)\b",
    re.IGNORECASE,
)
BRITISH = (
    "colour",
    r"\bgrey\b",
    "moisturis",
    "recognis",
    "oedema",
    "cefalexin",
    "seborrhoeic",
    "behaviour",
)
ARTICLES = sorted((CONTENT / "articles").glob("*.md"))
PAGES = sorted(CONTENT.rglob("*.md"))
SITE_PATHS = {"/glossary/", "/when-to-see-a-doctor/back-skin/"}
CAUSE_PARTS = [
    "What happens",
    "How it looks or feels",
    "What you can do",
    "What a doctor or pharmacist may suggest",
]


IN_SHORT = "What they may suggest, in short"
GLANCE = [
    f"At a glance: {asked}"
    for asked in ("how it looks", "does it hurt", "what comes out", "what helps")
]


def test_sentences_have_at_most_twenty_words() -> None:
    long = [
        (where, len(words(sentence)), sentence)
        for where, text in all_texts()
        for block in blocks(text)
        for sentence in sentences(block)
        if len(words(sentence)) > 20
    ]
    assert long == []


def test_paragraphs_have_at_most_three_sentences() -> None:
    long = [
        (where, block)
        for where, text in all_texts()
        for block in blocks(text)
        if len(sentences(block)) > 3
    ]
    assert long == []


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_do_and_do_not_lists_read_safely_aloud(path: Path) -> None:
    sections = article_sections(split_page(path)[1])
    for name in ("Do", "Do not"):
        bullets = sections[name].splitlines()
        assert 3 <= len(bullets) <= 12
        for bullet in bullets:
            assert bullet.startswith("- ")
            assert len(bullet) <= 302
            assert bullet.startswith("- Do not ") == (name == "Do not")


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_articles_have_the_known_sections_within_their_limits(path: Path) -> None:
    front, body = split_page(path)
    majors = re.findall(r"^## (.+)$", body, re.MULTILINE)
    causes = [name for name in majors if name.startswith("Cause: ")]
    assert majors == ["Summary", "Introduction", *causes, "Do", "Do not", "In easy words"]
    known = [
        "title",
        "also_called",
        "areas",
        "looks_like",
        "checklist",
        "snippets",
        "adapted_from",
        "picture",
        "reassurance",
        "first_step",
        "key_signs",
    ]
    assert list(front) == [name for name in known if name in front]
    assert set(known) - set(front) <= {"snippets", "picture"}
    sections = article_sections(body)
    assert len(front["title"]) <= 120
    assert len(sections["Summary"]) <= 800
    assert len(sections["Introduction"]) <= 6000
    for cause in causes:
        parts = [name.split(" / ")[1] for name in sections if name.startswith(f"{cause} / ")]
        parts = [part for part in parts if part != "Drawing of what you can do"]
        if IN_SHORT in parts:
            parts.remove(IN_SHORT)
            assert len(sections[f"{cause} / {IN_SHORT}"]) <= 700
        assert parts in ([*CAUSE_PARTS, *GLANCE], CAUSE_PARTS)
        assert all(len(sections[f"{cause} / {part}"]) <= 3000 for part in CAUSE_PARTS)
        assert all(len(sections.get(f"{cause} / {part}", "")) <= 120 for part in GLANCE)


def test_no_two_articles_say_the_same_about_a_cause() -> None:
    shown: dict[str, str] = {}
    for path in ARTICLES:
        for name, text in article_sections(split_page(path)[1]).items():
            if name.startswith("Cause: ") and "At a glance" not in name:
                for paragraph in (part for part in text.split("\n\n") if len(words(part)) > 8):
                    assert shown.setdefault(paragraph, path.stem) == path.stem, (name, paragraph)


def test_cause_name_is_plain_words_then_a_term_in_brackets() -> None:
    for path in (CONTENT / "causes").glob("*.md"):
        assert re.fullmatch(r"[A-Z][a-z, ]+ \([a-z -]+\)", split_page(path)[0]["name"]), path.name


SYMPTOMS = {
    *(
        "spot",
        "spots",
        "lump",
        "lumps",
        "lump under the skin",
        "fatty lump",
        "bump",
        "bumps",
        "hair bumps",
    ),
    *(
        "rough, bumpy skin",
        "round lump full of soft paste",
        "greasy, flaky rash",
        "rash",
        "gunk",
        "pus",
    ),
}


def test_no_other_name_of_a_cause_or_term_is_a_symptom() -> None:
    names = [
        name
        for path in (CONTENT / "causes").glob("*.md")
        for name in split_page(path)[0]["also_called"]
    ]
    names += [
        form
        for term in load_yaml(CONTENT / "glossary.yaml")["terms"]
        for form in term.get("also", [])
    ]
    assert sorted(SYMPTOMS.intersection(names)) == []


def test_snippet_is_included_and_not_repeated_by_an_article() -> None:
    included = {path.stem: split_page(path)[0].get("snippets", []) for path in ARTICLES}
    snippets = {path.stem: split_page(path)[1] for path in (CONTENT / "snippets").glob("*.md")}
    assert {name for names in included.values() for name in names} == set(snippets)
    for slug, names in included.items():
        own = set(blocks(split_page(CONTENT / "articles" / f"{slug}.md")[1]))
        for name in names:
            assert not own.intersection(blocks(snippets[name])), (slug, name)


def test_no_text_speaks_of_the_article_that_was_adapted() -> None:
    assert [where for where, text in all_texts() if "we adapted" in text] == []


def test_signs_that_name_a_color_describe_darker_skin() -> None:
    for sign in checklist()["signs"]:
        if COLOR.search(sign["text"]) and sign["key"] != "flaky-rash-not-better":
            assert "brown and black skin" in sign["on_darker_skin"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_sections_on_redness_describe_darker_skin(path: Path) -> None:
    for name, text in article_sections(split_page(path)[1]).items():
        if (
            re.search(r"\b(red|redness)\b", text)
            and "may suggest" not in name
            and "can do" not in name
        ):
            assert "brown and black skin" in text, name


@pytest.mark.parametrize("outcome", self_check()["outcomes"], ids=lambda outcome: outcome["key"])
def test_outcomes_that_name_a_color_describe_darker_skin(
    outcome: dict[str, str],
) -> None:
    for part in ("do_now", "when", "safety_net"):
        if re.search(r"\b(blue|pale|redness|color change)\b", outcome[part]):
            assert "brown and black skin" in outcome[part].lower().replace("on brown", "brown")


def test_the_self_check_names_no_medicine_number_or_likelihood() -> None:
    for where, text in self_check_texts():
        assert not re.search(
            r"\b(cream|gel|ointment|tablets?|capsules?|shampoo|steroid)\b", text
        ), where
        assert not re.search(r"\d{3}", text), where
        assert not re.search(
            r"\b(probably|likely|unlikely|chances?|usually|harmless|nothing serious)\b", text
        ), where
        assert [form for form in BRITISH if re.search(form, text, re.IGNORECASE)] == [], where


def test_every_outcome_says_where_to_go_if_it_gets_worse() -> None:
    for outcome in self_check()["outcomes"]:
        net = outcome["safety_net"]
        assert re.search(r"emergency number|call again", net), outcome["key"]
        if outcome["urgency"] in {"routine", "self-care"}:
            assert "Get medical help today" in net, outcome["key"]


@pytest.mark.parametrize("path", content_files(), ids=lambda path: path.name)
def test_no_dose_and_no_brand_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [found.excerpt for found in find_doses(text)] == []
    assert [found.excerpt for found in find_brands(text)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_spelling_is_american(path: Path) -> None:
    text = CITATION.sub("", path.read_text(encoding="utf-8"))
    assert [form for form in BRITISH if re.search(form, text, re.IGNORECASE)] == []


def test_citations_and_listed_sources_match() -> None:
    listed = {source["key"] for source in load_yaml(CONTENT / "sources.yaml")["sources"]}
    used = {key for _, text in all_texts() for key in CITATION.findall(text)}
    used |= {key for sign in checklist()["signs"] for key in sign["sources"]}
    for path in ARTICLES:
        used |= set(split_page(path)[0]["adapted_from"])
    assert used == listed


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_stay_on_the_site_and_reach_a_page(path: Path) -> None:
    known = SITE_PATHS | {f"/causes/{cause.stem}/" for cause in (CONTENT / "causes").glob("*.md")}
    known |= {f"/conditions/{article.stem}/" for article in ARTICLES}
    assert {target for _, target in LINK.findall(path.read_text(encoding="utf-8"))} <= known


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path.parent.name != "snippets"], ids=lambda path: path.stem
)
def test_every_page_points_to_when_to_see_a_doctor(path: Path) -> None:
    assert "(/when-to-see-a-doctor/back-skin/)" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", content_files(), ids=lambda path: path.name)
def test_files_are_tidy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\r" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    if path.suffix == ".md":
        assert "\n\n\n" not in text
        assert not re.search(r"^#.*\n(?!\n)", text, re.MULTILINE)
        assert not re.search(r"[^\n]\n#", text)


def medicine_text(slug: str, cause: str) -> str:
    _, body = split_page(CONTENT / "articles" / f"{slug}.md")
    return article_sections(body)[f"Cause: {cause} / {CAUSE_PARTS[3]}"]


ANTIBIOTIC_CAUSES = ["folliculitis", "sebaceous-cyst", "acne"]


@pytest.mark.parametrize("cause", ANTIBIOTIC_CAUSES)
def test_antibiotics_carry_their_caveats(cause: str) -> None:
    text = medicine_text("white-discharge-from-back-spots", cause)
    assert re.search(r"antibiotic", text)
    assert re.search(r"do not .*clear blocked pores", text)
    assert re.search(r"never use leftover or borrowed", text, re.IGNORECASE)
    assert re.search(r"pregnant", text)
    assert re.search(r"breastfeeding", text)
    assert re.search(r"child", text)
    assert re.search(r"not (the )?standard", text)


@pytest.mark.parametrize("cause", ["folliculitis", "sebaceous-cyst"])
def test_penicillins_and_cephalosporins_ask_about_allergy(cause: str) -> None:
    text = medicine_text("white-discharge-from-back-spots", cause)
    assert "allergy to penicillin or to a cephalosporin" in text


@pytest.mark.parametrize(
    "cause", ["follicular-keratosis", "blocked-sebaceous-ducts", "seborrheic-dermatitis"]
)
def test_other_prescription_medicines_carry_their_caveats(cause: str) -> None:
    text = medicine_text("fatty-bumps-on-the-back", cause)
    assert re.search(r"pregnant", text)
    assert re.search(r"breastfeeding", text)
    assert re.search(r"child", text)
    assert re.search(r"not (the )?standard", text)
    assert re.search(r"none .*is an antibiotic", text, re.IGNORECASE)


def test_tacrolimus_is_not_for_infected_skin() -> None:
    assert "Tacrolimus is not for infected skin" in medicine_text(
        "fatty-bumps-on-the-back", "seborrheic-dermatitis"
    )


MEDICINES_PAGE = "medicines-for-spots-on-the-back"


@pytest.mark.parametrize("cause", ANTIBIOTIC_CAUSES)
def test_medicines_page_has_the_caveats_of_each_antibiotic(cause: str) -> None:
    text = medicine_text(MEDICINES_PAGE, cause)
    for word in ("antibiotic", "pregnant", "breastfeeding", "child"):
        assert word in text, word
    assert re.search(r"not (the )?standard|Neither antibiotic is used alone", text)


@pytest.mark.parametrize(
    "cause", ["follicular-keratosis", "blocked-sebaceous-ducts", "seborrheic-dermatitis"]
)
def test_medicines_page_has_the_caveats_of_all_others(cause: str) -> None:
    text = medicine_text(MEDICINES_PAGE, cause)
    for word in ("pregnan", "breastfeeding", "child", "None is an antibiotic"):
        assert word in text, word
    assert re.search(r"not (the )?standard", text)


def test_medicines_page_has_what_antibiotics_have_in_common() -> None:
    shown = split_page(CONTENT / "articles" / f"{MEDICINES_PAGE}.md")[1]
    assert "do not clear blocked pores" in shown and "(resistance)" in shown
    assert "Do not use leftover, borrowed, or shared medicine" in shown


def test_retinoids_are_not_for_people_who_plan_a_pregnancy() -> None:
    for slug, cause in (
        ("white-discharge-from-back-spots", "acne"),
        ("fatty-bumps-on-the-back", "follicular-keratosis"),
        ("fatty-bumps-on-the-back", "blocked-sebaceous-ducts"),
        (MEDICINES_PAGE, "blocked-sebaceous-ducts"),
    ):
        assert re.search(r"plan to be", medicine_text(slug, cause)), (slug, cause)


def test_isotretinoin_gel_is_distinguished_from_capsules() -> None:
    gel = medicine_text("fatty-bumps-on-the-back", "blocked-sebaceous-ducts")
    assert "This is the gel" in gel and "Isotretinoin capsules are a different medicine" in gel


def test_names_that_mislead_are_explained() -> None:
    body = split_page(CONTENT / "articles" / "fatty-bumps-on-the-back.md")[1]
    assert "is not a medical term" in body
    assert "does not mean Darier disease" in body


def test_glossary_is_sorted_and_explains_medical_words() -> None:
    terms = load_yaml(CONTENT / "glossary.yaml")["terms"]
    names = [term["word"] for term in terms]
    assert names == sorted(names, key=str.casefold)
    forms = [form.casefold() for term in terms for form in [term["word"], *term.get("also", [])]]
    assert len(forms) == len(set(forms))
    everything = " ".join(
        text for where, text in all_texts() if not where.startswith("glossary")
    ).casefold()
    bracketed = set(re.findall(r"(?<!\])\(([a-z][a-z -]+)\)", everything)) - {"see above"}
    unexplained = [
        word for word in bracketed if word not in forms and word not in {"a second infection"}
    ]
    assert unexplained == []


def test_nothing_is_called_clinically_reviewed() -> None:
    for path in [*content_files(), ROOT / "content" / "README.md"]:
        assert not re.search(
            r"\b(clinically|medically) reviewed\b", path.read_text(encoding="utf-8"), re.IGNORECASE
        )
