"""Blocks are found with the parser, and for plain searches without it."""

import pytest

from education.plain_language.parsing.blocks import find_paragraphs
from education.plain_language.parsing.markdown_blocks import find_blocks
from education.plain_language.parsing.phrase_matcher import PhraseMatcher
from education.plain_language.parsing.segmentation import split_passages
from tests.content.content_files import all_texts

NAME = PhraseMatcher(["acne vulgaris"])
ONE_BLOCK = [
    "acne vulgaris", "**Acne** vulgaris", "acne\nvulgaris", "> acne\n> vulgaris", "- acne\n  vulgaris",
    "> > - acne\n> >   vulgaris", "[acne](/x) vulgaris", "# acne vulgaris", "| acne vulgaris | b |\n|-|-|",
    "a\n: acne\nvulgaris", "acne [@key] vulgaris",
]  # fmt: skip
TWO_BLOCKS = [
    "acne\n\nvulgaris", "- acne\n- vulgaris", "* acne\n* vulgaris", "1. acne\n2. vulgaris",
    "# acne\nvulgaris", "acne\n# vulgaris", "acne\n\n***\nvulgaris", "> acne\n\nvulgaris",
    "| acne | vulgaris |\n|-|-|", "| acne | b |\n|-|-|\n| vulgaris | c |", "acne\n: vulgaris",
    "acne\n***\nvulgaris",
]  # fmt: skip


def passages(text, find):
    return list(split_passages(text, find(text)))


@pytest.mark.parametrize("find", [find_blocks, find_paragraphs])
@pytest.mark.parametrize(
    ("text", "count"), [*((text, 1) for text in ONE_BLOCK), *((text, 0) for text in TWO_BLOCKS)]
)
def test_phrase_is_found_within_a_block_only(find, text, count):
    assert sum(len(list(NAME.find(passage))) for passage in passages(text, find)) == count


@pytest.mark.parametrize(("where", "text"), list(all_texts()), ids=lambda value: str(value)[:30])
def test_paragraphs_of_shipped_texts_have_the_words_of_blocks(where, text):
    for passage in passages(text, find_blocks):
        assert any(passage.text in other.text for other in passages(text, find_paragraphs))


def test_list_in_a_quote_has_its_items_and_span():
    text = "Intro\n\n> 1. one\n>    - inner\n> 2. two\n>\n> End"
    outer, inner = find_blocks(text).lists
    assert (outer.items, text[slice(*outer.span)]) == (2, "1. one\n>    - inner\n> 2. two")
    assert (inner.items, text[slice(*inner.span)]) == (1, "- inner")
