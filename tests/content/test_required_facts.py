"""Nothing in the adapted documents is lost: each fact is found in the section where it belongs."""

import re
from typing import Any

import pytest

from tests.content.content_files import (
    CONTENT,
    HERE,
    article_sections,
    checklist,
    load_yaml,
    readable,
    split_page,
)

FACTS: list[dict[str, Any]] = load_yaml(HERE / "facts.yaml")["facts"]


def section_text(fact: dict[str, Any]) -> str:
    if fact["kind"] == "checklist":
        assert fact["section"] == "signs"
        return "\n".join(sign["text"] for sign in checklist()["signs"])
    _, body = split_page(CONTENT / "articles" / f"{fact['slug']}.md")
    return re.sub(r"[ \t]+", " ", readable(article_sections(body)[fact["section"]]))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact['source']}: {fact['fact']}")
def test_fact_is_said_where_it_belongs(fact: dict[str, Any]) -> None:
    text = section_text(fact)
    missing = [pattern for pattern in fact["says"] if not re.search(pattern, text, re.IGNORECASE)]
    assert missing == []


@pytest.mark.parametrize("key", ["cainiu-white-discharge", "back-fat-granules"])
def test_each_adapted_document_has_its_facts_listed(key: str) -> None:
    assert sum(fact["source"] == key for fact in FACTS) >= 50


def test_every_fact_names_a_pattern_and_no_fact_is_listed_twice() -> None:
    assert all(fact["says"] for fact in FACTS)
    seen = [(fact["source"], fact["section"], fact["slug"], fact["fact"]) for fact in FACTS]
    assert len(seen) == len(set(seen))


def test_article_causes_are_in_the_order_of_its_sources() -> None:
    expected = {
        "white-discharge-from-back-spots": [
            "excess-sebum", "keratin-build-up", "folliculitis", "sebaceous-cyst", "acne",
        ],
        "fatty-bumps-on-the-back": [
            "incomplete-cleansing", "heavy-skin-products", "follicular-keratosis", "blocked-sebaceous-ducts",
            "seborrheic-dermatitis",
        ],
        "a-lump-on-your-back": ["sebaceous-cyst", "lipoma", "abscess"],
        "caring-for-the-skin-on-your-back": [
            "incomplete-cleansing", "heavy-skin-products", "keratin-build-up",
        ],
        "medicines-for-spots-on-the-back": [
            "folliculitis", "sebaceous-cyst", "acne", "follicular-keratosis", "blocked-sebaceous-ducts",
            "seborrheic-dermatitis",
        ],
    }  # fmt: skip
    for slug, causes in expected.items():
        _, body = split_page(CONTENT / "articles" / f"{slug}.md")
        assert re.findall(r"^## Cause: (.+)$", body, re.MULTILINE) == causes
        assert all((CONTENT / "causes" / f"{cause}.md").is_file() for cause in causes)
