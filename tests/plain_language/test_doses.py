"""Doses, strengths and brands are found however they are written, and harmless numbers are left
alone.
"""

import pytest

from education.plain_language.report import find_brands, find_doses

DOSES = [
    "500 mg", "2.5 % benzoyl peroxide", "5 ml", "two tablets", "take 2 capsules 3 times a day",
    "10,000 IU", "250 micrograms", "500mg", "500-mg tablets", "0,5 mg", ".5 mg", "½ tablet",
    "half a tablet", "one or two pills", "2 paracetamol tablets", "two of the tablets", "250 to 500 mg",
    "250–500 mg", "5 mg/kg", "hydrocortisone 1%", "hydrocortisone (1%) cream", "Dapsone 5%",
    "a cream with 10 percent urea", "70 % alcohol", "1% w/w", "five hundred milligrams",
    "5% of benzoyl peroxide", "Take the antibiotic twice a day", "one teaspoon",
    "apply the ointment 3 times a day", "take it, the medicine, every 6 hours", "2 drops in each eye",
    "1 g", "10 units of insulin", "1 fingertip unit", "2 puffs", "5 MG", "5 mL",
    "no more than 8 tablets in a day", "1 x 500 mg", "5 µg", "100 mcg", "two 5 ml spoonfuls",
    "salicylic acid wash (2 %)", "2-3 tablets", "2 tabs", "500 mg with food",
    "use the adapalene gel once a day", "3 doses a day", "5 milliliters", "50 mcg/day",
    "Amoxicillin-500 mg", "x500mg",
    # As Markdown shows them to a reader.
    "500 **mg**", "**500** `mg`", "500&nbsp;mg", "500\u00a0mg", "500\u200bmg", "500\nmg",
    "[500 mg](/conditions/)", "![Take 500 mg](/media/a.png)", "# Take 500 mg", "- 500 mg",
    "| 500 mg | once |\n|---|---|", "50\\0 mg",
]  # fmt: skip
HARMLESS = [
    "2 weeks", "wash two times a day", "38 °C", "1 in 10 people", "5 minutes", "about 90 %  of people",
    "SPF 30", "100.4 °F", "take breaks 3 times a day", "one of these tablets", "vitamin B12 tablets",
    "6 g of salt", "126 mg/dL", "1 teaspoon of salt", "Some people take tablets for 4 weeks",
    "There are 3 kinds of tablets", "1 in 10 people take tablets", "14 units of alcohol",
    "half of people", "reduced by 50%", "20% more likely", "creams help 50% of people",
    "50 percent of adults use a cream", "Use a moisturizer twice a day",
    "Put a warm cloth on it three times a day", "wash twice a day", "call 911", "2 to 3 days", "4 mm",
    "5 cm", "10 kg", "8 glasses of water", "COVID-19 tablets", "30 minutes after the gel",
    "In 90% it heals", "Take your temperature 2 times a day", "This is step 2. Tablets may help",
    "1. Tablets", "80 % cotton", "tablets, capsules and drops", "ask 3 doctors", "under 2 years",
    "a few drops of water", "every 6 months", "metronidazole tablets", "5 megabytes", "5 men",
    "Wash your hands 5 times a day with soap", "[@dose-500-mg]", "[leaflet](/media/500-mg)",
    "I take a pill. Wash twice a day",
]  # fmt: skip
BRANDS = [
    "Accutane", "Absorica", "Amoxil", "Bactroban", "Centany", "CeraVe", "Cetaphil", "Cleocin",
    "Dalacin", "Differin", "Doryx", "Duac", "Epiduo", "Flagyl", "Fucidin", "Head & Shoulders",
    "Isotrex", "Keflex", "Nizoral", "PanOxyl", "Protopic", "Retin-A", "Selsun", "Stievamycin",
    "Vibramycin", "Zineryt", "Tylenol", "TYLENOL", "advil", "Accutane’s", "Accutane®", "**Accutane**",
    "[Accutane](/causes/acne/)",
]  # fmt: skip


@pytest.mark.parametrize("text", DOSES)
def test_dose_or_strength_is_found_and_blocks(text):
    found = find_doses(f"Ask first. {text}" if text[0].isalnum() and "\n" not in text else text)
    assert found
    assert all(each.code == "dose" and each.blocking for each in found)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_numbers_are_not_doses(text):
    assert [each.excerpt for each in find_doses(text)] == []
    assert [each.excerpt for each in find_doses(f"{text} at home, and call us on 555 0100.")] == []


def test_dose_is_found_whole_and_once():
    text = "Ask. Then take 2 capsules 3 times a day, or 2.5 % benzoyl peroxide."
    assert [(each.excerpt, text[each.start : each.end]) for each in find_doses(text)] == [
        ("take 2 capsules 3 times a day", "take 2 capsules 3 times a day"),
        ("2.5 %", "2.5 %"),
    ]


def test_doses_of_a_text_are_all_found():
    text = "Take 500 mg.\n\n- two tablets\n- 5 ml\n\nThen 250 mg."
    assert [each.excerpt for each in find_doses(text)] == [
        "500 mg",
        "two tablets",
        "5 ml",
        "250 mg",
    ]


@pytest.mark.parametrize("brand", BRANDS)
def test_brand_name_is_found_and_does_not_block(brand):
    (found,) = find_brands(f"You may know it as {brand} or so.")
    assert (found.code, found.blocking) == ("brand", False)


@pytest.mark.parametrize(
    "text", ["head, shoulders and back", "head and shoulders", "a dual action", "retina"]
)
def test_word_similar_to_a_brand_is_not_found(text):
    assert find_brands(text) == []
