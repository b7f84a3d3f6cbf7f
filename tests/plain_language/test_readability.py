"""The reading grade is Flesch-Kincaid, over syllables that are counted well enough."""

import pytest

from education.plain_language.parsing.segmentation import split_sentences
from education.plain_language.report import MIN_WORDS, analyze, is_supported_language
from education.plain_language.syllables import count_syllables

SPOKEN = {
    1: "skin heart spots wash bumps clothes germs through loose squeeze pores use burst cream gel tube "
    "eyes once looks treat white bruise ache head breathe sleep weeks heat blood scar scarred washed "
    "stopped helped months breath cheese rise sore worse whole toes shoes true blue pain years dried "
    "speed friend fruit juice build guide month knee cough tongue lunch shaped walked plant toe "
    "pulse spleen thighs bathe lose bread squeezed",
    2: "doctor itchy redness infect often swollen wanted treated faces washes pages causes causing "
    "table little simple ankle people being going lion diet reuse create fluid ruin itching oily "
    "many moisture pressure fever fluids blisters measures changes places boxes needed started "
    "clothing hairy children water body question station special patient ancient hormone region "
    "lotion ointment tablet gentle muscle treatment statement female likely safely cancer settled "
    "movement careful surgeon million player dryer cement science elbow shoulder kidney vaccine "
    "virus soften towel blanket itches scratching naked cotton nurses bandage wounded",
    3: "infection allergy medical hospital pregnancy important example remember animal medicine vitamin "
    "pharmacist swallowing condition follicle follicles keratin dangerous internal infected "
    "prescription possible terrible chemical nausea area idea tomorrow museum protection period "
    "previous insulin moisturize radio video family physical history violent medium serious easier "
    "opinion severely allergic recovered exercise infectious injury ambulance depression alcohol "
    "iodine poisonous procedure exhausted digestive appointment",
    4: "bacteria emergency diabetes diarrhea information inflammation necessary temperature material "
    "dermatitis professional immediate usually moisturizer ordinary appropriate experience "
    "combination penicillin operation education community variety society anxiety situation "
    "medication psoriasis reality antiseptic dehydrated circulation abdominal melanoma constipation "
    "original epidermis hepatitis ibuprofen",
    5: "antibiotic individual examination communication dermatologist immediately administration "
    "amoxicillin sensitivity possibility opportunity immunization psychological cardiologist "
    "physiology immunology",
    6: "responsibility cardiovascular antibacterial isotretinoin availability",
}


def test_syllables_are_right_for_nineteen_words_in_twenty():
    words = [(word, count) for count, several in SPOKEN.items() for word in several.split()]
    wrong = [
        (word, count, count_syllables(word))
        for word, count in words
        if count_syllables(word) != count
    ]
    assert len(words) > 250
    assert len(wrong) <= len(words) / 20, wrong


@pytest.mark.parametrize(
    ("word", "count"), [("2", 1), ("38 °C", 1), ("", 1), ("skin-colored", 3), ("doctor’s", 2)]
)
def test_numbers_and_compounds_have_syllables(word, count):
    assert count_syllables(word) == count


def test_grade_is_flesch_kincaid():
    # 36 words, 4 sentences, 36 syllables: 0.39 * 9 + 11.8 * 1 - 15.59.
    found = analyze("We wash our hands and we dry them well. " * 4)
    assert (found.words, found.sentences) == (36, 4)
    assert found.grade == pytest.approx(-0.28)
    # 32 words, 2 sentences, 60 syllables: 0.39 * 16 + 11.8 * 60 / 32 - 15.59.
    hard = analyze(
        "The doctor may suggest an antibiotic ointment or a medicine for the infection in that area. "
        * 2
    )
    assert (hard.words, hard.sentences) == (32, 2)
    assert hard.grade == pytest.approx(0.39 * 16 + 11.8 * hard.statistics.syllables / 32 - 15.59)
    assert hard.statistics.syllables == 58


def test_smog_counts_long_words_per_thirty_sentences():
    assert analyze("Wash it well. " * 29).statistics.smog is None
    assert analyze("Wash it well. " * 30).statistics.smog == pytest.approx(3.1291)
    # 40 sentences, 20 words of three syllables: 3.1291 + 1.0430 * the root of 15.
    half = analyze("Ask a pharmacist. Wash it well. " * 20)
    assert half.statistics.smog == pytest.approx(7.1687, abs=1e-4)


def test_short_text_has_no_grade():
    assert analyze("word " * (MIN_WORDS - 1)).grade is None
    assert analyze("word " * MIN_WORDS).grade is not None
    assert analyze("").grade is None


def test_headings_and_citations_do_not_count():
    text = "Wash your back. [@nhs-acne] Pat it dry."
    assert analyze(f"# A heading of several words\n\n{text}").statistics == analyze(text).statistics
    assert analyze(text).words == 6


def test_hard_words_are_ordered_by_their_effect():
    text = (
        "Antibiotics help. "
        + "An infection hurts. " * 3
        + " ".join(
            f"{word} emergency."
            for word in (
                "vitamin",
                "medicine",
                "animal",
                "hospital",
                "allergy",
                "chemical",
                "banana",
            )
        )
    )
    found = analyze(text).hard_words
    assert found[:3] == ("emergency", "infection", "antibiotics")
    assert len(found) == 8
    assert "hurts" not in found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Wash. Dry.", 2),
        ("Ask Dr. Lee now.", 1),
        ("Use soap, e.g. Mild soap.", 1),
        ("It is 38.5 °C. Call.", 2),
        ("Come at 8 a.m. and wait.", 1),
        ("Come at 8 a.m. Then wait.", 2),
        ("They ask (why?) and wait.", 1),
        ("He said “go.” She went.", 2),
        ("Really?! Yes…", 2),
        ("No end", 1),
        ("…", 0),
        ("", 0),
    ],
)
def test_sentences_are_split_at_their_ends(text, count):
    assert len(split_sentences(text)) == count


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", True), ("en-us", True), ("en_GB", True), ("fr", False), ("", False), ("enx", False)],
)
def test_language_is_supported_only_for_english(language, expected):
    assert is_supported_language(language) is expected
