"""Findings of the editorial check that a program can hold the texts to; see
docs/clinical/findings.md.
"""

import re

import pytest

from tests.content.content_files import (
    CONTENT,
    ROOT,
    article_sections,
    load_yaml,
    self_check,
    split_page,
)

WHITE, FATTY = "articles/white-discharge-from-back-spots.md", "articles/fatty-bumps-on-the-back.md"
LUMP, MEDICINES = "articles/a-lump-on-your-back.md", "articles/medicines-for-spots-on-the-back.md"
FLOW, GLOSSARY, SOURCES = "self-checks/back-skin.yaml", "glossary.yaml", "sources.yaml"
REACTION, BURST = "snippets/bad-reaction-to-a-medicine.md", "snippets/burst-or-squeezed.md"

SAID = [
    ("S3", FLOW, r"text: White stuff comes out of a lump\n +counts_as: routine"),
    ("S4", WHITE, r"the spot itself is sore"),
    ("S6", REACTION, r"lips, tongue, or throat swell.*\[@nhs-anaphylaxis\]"),
    ("S6", REACTION, r"rash blisters or peels.*\[@nhs-wales-stevens-johnson\]"),
    ("S6", REACTION, r"bad or bloody diarrhea.*\[@fda-clindamycin\]"),
    ("S7", WHITE, r"adapalene if you are pregnant or plan to be"),
    ("S7", WHITE, r"use birth control if you could get pregnant"),
    ("S7", FATTY, r"With tretinoin, use birth control if you could get pregnant"),
    ("S7", MEDICINES, r"use birth control if you could get pregnant"),
    ("S8", MEDICINES, r"Isotretinoin capsules are not the gel"),
    (
        "S9",
        WHITE,
        r"Clindamycin gel or doxycycline alone is not the standard choice. The two are not used together",
    ),
    ("S9", WHITE, r"can stop working \(resistance\)"),
    ("S10", LUMP, r"hard and does not move, or it grew back"),
    ("S11", LUMP, r"pink, dark, or skin-colored, and it bleeds"),
    ("S13", GLOSSARY, r"soft lump of fat under the skin. Most are harmless, but let a doctor look"),
    ("S14", FLOW, r"If no one can see you today, go to an emergency department"),
    ("S15", FLOW, r"Say if you are on chemotherapy"),
    ("S16", BURST, r"Wash towels and bedding hot.*\[@nhs-boils\]"),
    ("S17", WHITE, r"makes you very unhappy"),
    ("S17", WHITE, r"Call \{emergency number\} now if you think about harming yourself"),
    ("S18", FATTY, r"for a short time only, and not for children under 2"),
    ("S19", FATTY, r"many yellow bumps came up over days or weeks"),
    ("C1", WHITE, r"If it makes more oil is not known"),
    ("C2", WHITE, r"epidermoid cyst\. \[@mayo-epidermoid-symptoms\]"),
    ("C5", WHITE, r"If it smells bad, that can mean an infection"),
    ("C6", WHITE, r"6 to 8 weeks to work. \[@nice-acne\]"),
    ("C8", FATTY, r"You may rub very gently with a soft cloth"),
    ("C9", WHITE, r"not usually given to children under 12"),
    ("C10", FATTY, r"vitamin A too.*\[@royal-devon-vitamins\]"),
    ("C11", FATTY, r"broken skin\. .*\[@medlineplus-selenium\]"),
    ("C12", FATTY, r"lighter or darker than the skin around it\. \[@jdd-seborrheic-dermatitis\]"),
    ("C13", FATTY, r"it may fade with age\. \[@nhs-keratosis-pilaris\]"),
    ("C18", WHITE, r"\(molluscum\).*\[@nhs-wales-molluscum\]"),
    (
        "D1",
        SOURCES,
        r"Neutropenic sepsis: prevention and management in people with cancer \(CG151\)",
    ),
    ("D3", SOURCES, r"NG198\), updated May 17, 2023"),
    ("E", FLOW, r"text: A lump, and nothing comes out\n +counts_as: routine"),
]

# In no text that a reader can meet, and in no other name.
NEVER = [
    ("C7", r"nice-impetigo"),
    ("C20", r"out-of-hours|\bA&E\b|\bGP\b"),
    ("F", r"[Tt]he article we adapted"),
    ("G", r"\b(zits?|gunk|bacne)\b"),
]


@pytest.mark.parametrize(("finding", "file", "pattern"), SAID, ids=lambda value: str(value)[:40])
def test_text_says_what_a_finding_asks(finding: str, file: str, pattern: str) -> None:
    assert re.search(pattern, (CONTENT / file).read_text(encoding="utf-8")), finding


@pytest.mark.parametrize(("finding", "pattern"), NEVER, ids=lambda value: str(value)[:40])
def test_no_text_says_what_a_finding_rules_out(finding: str, pattern: str) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in CONTENT.rglob("*.*")}
    assert [name for name, text in texts.items() if re.search(pattern, text)] == [], finding


def test_no_result_of_the_self_check_leads_to_one_cause() -> None:  # S21
    read = [page for outcome in self_check()["outcomes"] for page in outcome.get("read", [])]
    assert read and not [page for page in read if page.startswith("cause/")]


def test_only_white_stuff_from_a_spot_can_end_at_home() -> None:  # S3, S22
    question = next(each for each in self_check()["questions"] if each["key"] == "9b")
    assert [each["text"] for each in question["choices"] if "counts_as" not in each] == [
        "White stuff comes out of a spot"
    ]


def test_no_other_name_of_a_cause_speaks_of_a_lump() -> None:  # S13
    for path in (CONTENT / "causes").glob("*.md"):
        assert not [name for name in split_page(path)[0]["also_called"] if "lump" in name], (
            path.name
        )


def test_words_that_findings_missed_are_explained() -> None:  # G
    words = {term["word"] for term in load_yaml(CONTENT / GLOSSARY)["terms"]}
    assert {
        "abscess",
        "mole",
        "shingles",
        "carbuncle",
        "retinoid",
        "resistance",
        "molluscum",
    } <= words


def test_each_medicine_is_listed_as_an_antibiotic_or_not() -> None:  # S9, H
    # Two columns: of a third, a phone shows only the beginning.
    introduction = article_sections(split_page(CONTENT / MEDICINES)[1])["Introduction"]
    antibiotics, others = introduction.split("#### Which are not\n")
    row = re.compile(r"^\| [A-Z][^|]+ \| [a-z][^|]+ \|$", re.MULTILINE)
    assert (len(row.findall(antibiotics)), len(row.findall(others))) == (8, 9)


FINDINGS = (ROOT / "docs" / "clinical" / "findings.md").read_text(encoding="utf-8")


def test_every_finding_has_a_row_with_what_was_decided() -> None:
    rows = re.findall(r"^\| ([A-HS][0-9A-HS ]*) \| .+ \|$", FINDINGS, re.MULTILINE)
    items = [item for row in rows for item in row.split()]
    asked = (
        [f"S{n}" for n in range(1, 23)]
        + [f"C{n}" for n in range(1, 22)]
        + [f"D{n}" for n in range(1, 11)]
    )
    assert items == [*asked, "E", "F", "G", "H"]


def test_sources_of_findings_are_listed_sources() -> None:
    listed = {source["key"] for source in load_yaml(CONTENT / SOURCES)["sources"]}
    named = {
        key
        for line in FINDINGS.splitlines()
        if re.match(r"\| [SC]\d", line)
        for key in re.findall(r"`([a-z0-9-]+)`", line.rstrip(" |").rsplit("|", 1)[1])
    }
    assert len(named) > 30 and named <= listed
