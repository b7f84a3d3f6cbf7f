"""Danger words show urgent help before all results, however they are spelled."""

from __future__ import annotations

import re
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from education.clinic.models import Clinic
from education.publishing import actions
from education.publishing.models import Document
from education.search import red_flags
from education.search.models import FailedSearch
from education.search.red_flags import find_red_flags
from tests import factories
from tests.content.content_files import checklist
from tests.factories import publish_documents

HERE = Path(__file__).parent
YAML_READER = YAML(typ="safe")
QUERIES = YAML_READER.load(HERE / "red_flag_queries.yaml")
HARMLESS = YAML_READER.load(HERE / "harmless_queries.yaml")
CONTENT = HERE.parents[1] / "content" / "en"
CHECKLIST = "/when-to-see-a-doctor/skin/"


@pytest.fixture
def spots(db):
    return factories.make_small_site()


def main_of(client, query):
    page = client.get("/search/", {"q": query}).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return page.split("<main", 1)[1].split("</main", 1)[0]


def hits(main):
    return re.findall(r'<li class="box hit"><h3><a href="([^"]+)"', main)


def test_harmless_queries_number_at_least_forty():
    assert len(HARMLESS) >= 40


@pytest.mark.parametrize("query", HARMLESS)
def test_harmless_query_raises_no_red_flag(query):
    assert [flag.name for flag in find_red_flags(query, "en")] == []


@pytest.mark.parametrize("query", [*QUERIES["danger"], *QUERIES["crisis"]])
def test_danger_query_raises_a_red_flag(query):
    found = find_red_flags(str(query), "en")
    assert found
    assert any(flag.is_crisis for flag in found) == (query in QUERIES["crisis"])


ONE_WORD = (
    "spreading",
    "shivering",
    "chills",
    "suicide",
    "overdose",
    "melanoma",
    "seizure",
    "unconscious",
)


@given(st.data())
def test_danger_word_with_one_letter_wrong_is_understood(data):
    word = data.draw(st.sampled_from(ONE_WORD))
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typed = data.draw(
        st.sampled_from(
            [
                word[:place] + letter + word[place:],
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
            ]
        )
    )
    if typed not in red_flags.ordinary_words("en"):
        assert find_red_flags(typed, "en"), typed


@pytest.mark.parametrize(
    "word", ["shaving", "speeding", "dancer", "rumor", "holes", "chili", "ever", "overdoes"]
)
def test_ordinary_word_is_never_a_misspelled_danger_word(word):
    assert find_red_flags(word, "en") == ()


def test_short_danger_word_must_be_spelled_right():
    assert find_red_flags("mole", "en") and not find_red_flags("pole", "en")


def test_shipped_words_are_never_misspelled_danger_words():
    phrases = [phrase for flag in red_flags.red_flags("en") for phrase in flag.phrases]
    danger = [group for phrase in phrases for group in phrase.groups]
    known = red_flags.words_by_rest(phrases)
    taken = set()
    for path in CONTENT.rglob("*.*"):
        for word in red_flags.Query.from_text(path.read_text("utf-8"), "en", {}).bares - taken:
            typed = red_flags.Query.from_text(word, "en", known)
            if typed.misspelled and not any(group.is_in(typed) for group in danger):
                taken.add(word)
    assert taken == set()


def test_sign_keys_of_red_flags_are_signs_of_the_shipped_list():
    shipped = {sign["key"] for sign in checklist()["signs"]}
    named = {(flag.name, key) for flag in red_flags.red_flags("en") for key in flag.signs}
    assert sorted((name, key) for name, key in named if key not in shipped) == []


def test_every_emergency_sign_is_found_by_a_danger_word():
    # Thoughts of self-harm bring the crisis line and not the sign.
    brought = {key for flag in red_flags.red_flags("en") for key in flag.signs} | {
        "thoughts-of-self-harm"
    }
    emergency = {sign["key"] for sign in checklist()["signs"] if sign["urgency"] == "emergency"}
    assert emergency - brought == set()


def test_language_without_a_file_has_no_red_flags():
    assert find_red_flags("suicide", "fr") == () and find_red_flags("suicide", "en-gb")


def test_site_in_language_without_a_file_answers_as_usual(client, spots, settings):
    settings.LANGUAGE_CODE, settings.LANGUAGES = "es", [("es", "Spanish")]
    Clinic.objects.create(pk=1, emergency_number="911")
    page = client.get("/search/?q=suicide").content.decode()
    assert '<html lang="es"' in page and 'id="red-flags"' not in page
    # The line on emergencies stands above every answer.
    assert page.index('href="tel:911"') < page.index('role="status"')


def test_unreadable_file_is_named(tmp_path, monkeypatch):
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "red_flags.toml").write_text('[fever]\nphrase = "fever"\n')
    monkeypatch.setattr(red_flags, "DATA_DIR", tmp_path)
    with pytest.raises(ValueError, match=r"xx/red_flags\.toml"):
        red_flags.red_flags("xx")


def test_warning_signs_come_before_results(client, spots):
    publish_documents(factories.cause("ribs", text="A rib.", also_called=["chest pain"]))
    main = main_of(client, "Chest PAIN!")
    block = main.index('<section aria-labelledby="red-flags">')
    assert block < main.index('role="search"') < main.index("/causes/ribs/")
    assert "You find it hard to breathe" in main and f'href="{CHECKLIST}"' in main
    assert main.count("In an emergency, call your local emergency number now.") == 1
    assert 'id="red-flags"' not in main_of(client, "chest")


def test_leading_checklist_is_not_repeated_in_results(client, spots):
    assert hits(main_of(client, "breathing")) == []


def test_signs_are_in_cards_most_urgent_first(client, spots):
    main = main_of(client, "short of breath and is spreading")
    assert re.findall(r'class="care" data-urgency="([a-z-]+)"', main) == ["emergency", "urgent"]


def test_emergency_number_is_shown_without_a_checklist(client, spots):
    for document in (spots, Document.objects.get(kind="checklist")):
        actions.withdraw(document, reason="Old.")
    Clinic.objects.create(pk=1, emergency_number="911")
    main = main_of(client, "chest pain")
    assert (
        "Do you need help now?" in main and 'href="tel:911"' in main and 'class="care"' not in main
    )


def test_checklists_with_most_signs_come_first(client, spots):
    signs = [{**factories.SIGNS[2], "text": "A spot bleeds, changes, or has not healed"}]
    others = [{**factories.SIGNS[2], "text": "An ear hurts"}]
    publish_documents(
        factories.checklist("moles", title="Moles", signs=signs),
        *(
            factories.checklist(f"ears-{number}", title=f"Ears {number}", signs=others)
            for number in range(5)
        ),
        *(factories.checklist(f"lumps-{number}", title=f"Lumps {number}") for number in range(5)),
    )
    found = re.findall(r'href="/when-to-see-a-doctor/([^"/]+)/"', main_of(client, "melanoma"))
    assert found[0] == "moles" and len(found) == 3
    assert not [slug for slug in found if "ears" in slug]


@pytest.mark.parametrize(
    "query", ["suicide", "sucide", "kill myself", "chest pain okapi", "overdoze"]
)
def test_danger_word_gets_no_spelling_advice(query, client, spots):
    main = main_of(client, query)
    for words in ("Check the spelling", "Did you mean", "No page says", "We found nothing"):
        assert words not in main


def test_crisis_without_a_line_has_number_and_kind_words(client, spots):
    Clinic.objects.create(pk=1, emergency_number="911")
    main = main_of(client, "suicide")
    assert "You are not alone." in main and 'call <a href="tel:911">911</a> now' in main
    assert "stay with you" in main and "someone who will listen" not in main


def test_crisis_line_is_shown_with_the_emergency_number(client, spots):
    Clinic.objects.create(
        pk=1, emergency_number="911", crisis_line_name="The Listeners", crisis_line_number="116 123"
    )
    main = main_of(client, "i want to die")
    assert (
        'call The Listeners: <a href="tel:116123">116 123</a>' in main and 'href="tel:911"' in main
    )
    assert "The Listeners" not in main_of(client, "chest pain")
    about = client.get("/about/").content.decode()
    assert 'The Listeners, <a href="tel:116123">116 123</a>' in about


@pytest.mark.parametrize("query", ["suicide okapi", "sucide", "okapi overdose", "zebra chills"])
def test_words_next_to_a_danger_word_are_never_counted(query, client, spots):
    for _time in range(6):
        client.get("/search/", {"q": query})
    assert not FailedSearch.objects.exists()


def test_danger_words_are_in_no_log(client, spots, caplog):
    caplog.set_level("DEBUG")
    client.get("/search/", {"q": "suicide chills okapi"})
    logged = "".join(record.getMessage() for record in caplog.records if "db" not in record.name)
    assert not {"suicide", "chills", "okapi"} & set(re.findall(r"\w+", logged))
