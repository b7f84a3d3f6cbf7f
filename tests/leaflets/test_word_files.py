"""What becomes of Word files: their text, what it lacks, and what was noted."""

from __future__ import annotations

import pytest

from education.articles.leaflets.blocks import to_markdown
from education.articles.leaflets.drafts import find_lacking
from education.articles.leaflets.reader import read_word
from education.articles.leaflets.reading import PLACES, read_word_file
from education.articles.leaflets.sorting import sort_leaflet
from tests.leaflets.samples import SAMPLES, Sample

PICTURES = {number: f"(picture {number})" for number in range(3)}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_word_file_becomes_text_with_nothing_unsaid(sample: Sample):
    leaflet = read_word(sample.build())
    assert to_markdown(leaflet.blocks, PICTURES) == sample.markdown
    lacking = [
        (passage["place"], passage["text"])
        for passage in find_lacking(leaflet, sort_leaflet(leaflet))
    ]
    assert lacking == [(PLACES[place], text) for place, text in sample.lacking]
    assert tuple(note.why for note in leaflet.notes) == sample.notes


def test_footnotes_are_kept_with_the_words_they_belong_to():
    leaflet = read_word(SAMPLES["footnotes"].build())
    kept = [(note.after, to_markdown(note.blocks, {})) for note in leaflet.footnotes]
    assert kept == [("Soak it", "Not with diabetes."), ("Most heal", "NHS, 2025.")]


def test_picture_brings_its_words():
    leaflet = read_word(SAMPLES["pictures"].build())
    (picture,) = [block for block in leaflet.blocks if type(block).__name__ == "Picture"]
    assert picture.alternative_text == "A nail in the skin."
    assert leaflet.pictures[picture.number].startswith(b"\x89PNG")


def test_note_says_what_stood_before_it():
    leaflet = read_word(SAMPLES["what is no text"].build())
    assert leaflet.notes[-1].after.endswith("After a chart.")


@pytest.mark.long
@pytest.mark.parametrize("name", ["ordinary", "pictures", "footnotes"])
def test_program_apart_reads_the_same(name: str):
    data = SAMPLES[name].build()
    assert read_word_file(data) == read_word(data)
