"""What could be plainer is found, named with what to do, and pointed at."""

import pytest

from education import markdown
from education.plain_language.report import analyze

LONG = "You may see " + "small red spots and " * 5 + "bumps."


def found(text, code, **options):
    return [each for each in analyze(text, **options).findings if each.code == code]


def places(text, code, **options):
    return [text[each.start : each.end] for each in found(text, code, **options)]


def test_sentence_over_twenty_words_is_found_with_its_span():
    assert places("word " * 19 + "end.", "long-sentence") == []
    text = f"- Wash.\n- **First** dry. {LONG} Then go."
    assert places(text, "long-sentence") == [LONG]
    assert "24 words" in found(text, "long-sentence")[0].message


def test_paragraph_over_three_sentences_is_found():
    assert places("One. Two. Three.", "long-paragraph") == []
    assert places("Fine.\n\nOne. Two.\nThree. [@a] Four.\n\nFine.", "long-paragraph") == [
        "One. Two.\nThree. [@a] Four."
    ]


def test_list_over_seven_items_is_found():
    assert found("- a\n" * 7, "long-list") == []
    (long,) = found("Intro:\n\n" + "- a\n" * 8 + "\nEnd.", "long-list")
    assert "8 items" in long.message
    (numbered,) = found("".join(f"{number}. a\n" for number in range(1, 10)), "long-list")
    assert "9 items" in numbered.message
    assert found("- a\n" * 5 + "\nBetween.\n\n" + "- a\n" * 5, "long-list") == []
    assert found("- a\n  - b\n  - c\n" * 3, "long-list") == []


def test_long_list_span_includes_nested_items_only():
    nested = "- a\n" * 8 + "  - b"
    text = f"Intro\n\n{nested}\n\n> Quote\n"
    assert places(text, "long-list") == [nested]
    assert places("* a\n" * 4 + "\n> Quote\n\n" + "* a\n" * 4, "long-list") == []


def test_text_beyond_a_limit_has_findings_by_paragraph():
    text = f"> {LONG}\n\n" + "word " * 2_000 + "\n\n- Take **500 mg**.\n- Take 5\n  ml."
    with pytest.raises(markdown.MarkdownLimitError):
        markdown.render(text)
    assert places(text, "long-sentence")[0] == LONG
    assert places(text, "dose") == ["500 mg", "5\n  ml"]


def test_medical_word_is_found_once_with_its_alternative():
    text = "Your doctor may name **pruritus**. Pruritus is a word, as are papules and bursitis."
    assert places(text, "medical-word") == ["pruritus", "bursitis"]
    pruritus, bursitis = found(text, "medical-word")
    assert "“itching”" in pruritus.message and "glossary" in pruritus.message
    assert "glossary" in bursitis.message


def test_glossary_word_is_known_in_all_its_forms():
    known = {"pruritus", "seborrheic dermatitis", "cyst's name"}
    text = "Pruritus and Seborrheic\nDermatitis."
    assert places(text, "medical-word") == ["Pruritus", "Dermatitis"]
    assert places(text, "medical-word", known=known) == []
    assert places("Dermatitis is a word.", "medical-word", known=known) == ["Dermatitis"]
    assert places("Two pustules.", "medical-word", known={"pustule"}) == []


@pytest.mark.parametrize(
    "word", ["coma", "aroma", "sympathy", "diarrhea", "analysis", "infection", "aromas"]
)
def test_everyday_word_with_medical_ending_is_not_found(word):
    assert places(f"This {word} is known.", "medical-word") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Acne is treated at home.", "is treated"),
        ("The lump was not found.", "was not found"),
        ("It has been often shown.", "been often shown"),
        ("It is being taken out.", "is being taken"),
        ("The skin is infected by germs.", "is infected"),
        ("The spots are caused by oil.", "are caused"),
    ],
)
def test_passive_is_found(text, place):
    assert places(text, "passive") == [place]


@pytest.mark.parametrize(
    "text",
    [
        "This is called acne.", "The skin is red.", "You are tired and worried.", "It is swollen.",
        "There is need.",
        "It is, indeed, late.", "You are in bed.", "Spots are common.", "The doctor treated it.",
        "It is a hundred.",
        "The skin is infected.", "Is it dried up?", "They are skin-colored.", "The cut is healed now.",
    ],
)  # fmt: skip
def test_state_is_not_a_passive(text):
    assert places(text, "passive") == []


@pytest.mark.parametrize(
    "text",
    [
        "About 90 % of people get spots.", "One in ten people has it.", "Studies say so.",
        "Oil can cause spots.",
        "This increases the risk.", "Most people get spots.", "Acne is very common.",
        "It is 3 times more painful.",
        "There is no proof that it helps. There is no evidence.", "Smoking causes more spots.",
    ],
)  # fmt: skip
def test_claim_without_source_is_found_once(text):
    assert len(found(text, "no-citation")) == 1
    assert found(f"{text} [@leaflet]", "no-citation") == []
    assert found(f"# {text}", "no-citation") == []


@pytest.mark.parametrize(
    "text",
    [
        "Wash twice a day.",
        "Here are five possible causes.",
        "Find the cause first.",
        "Call in 2 weeks.",
    ],
)
def test_advice_and_plain_words_need_no_source(text):
    assert found(text, "no-citation") == []


def test_finding_blocks_only_for_a_dose():
    text = f"{LONG} One. Two. Three. Acne is treated with 500 mg Accutane for pruritus.\n\nOil can cause spots."
    findings = analyze(text).findings
    assert {each.code for each in findings} == {
        "long-sentence", "long-paragraph", "medical-word", "passive", "no-citation", "dose", "brand",
    }  # fmt: skip
    assert {each.code for each in findings if each.blocking} == {"dose"}
    assert all(each.message.endswith((".", "”.")) for each in findings)
    assert [each.start for each in findings] == sorted(each.start for each in findings)


def test_problems_of_validate_are_not_repeated():
    text = "![](/media/a.webp) and ![](https://elsewhere.example/a.png)"
    assert markdown.validate(text)
    assert analyze(text).findings == ()


def test_long_excerpt_is_cut_and_on_one_line():
    (long,) = found(LONG.replace("and", "and\n"), "long-sentence")
    assert "\n" not in long.excerpt
    assert long.excerpt.endswith("…") and len(long.excerpt) <= 81


def test_spans_are_right_after_wide_characters():
    text = "🦵🏽 é\n\n- [a 🧴](/x) **500 mg**"
    assert places(text, "dose") == ["500 mg"]
