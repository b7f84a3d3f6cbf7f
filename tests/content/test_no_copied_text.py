"""The content carries the facts of the adapted documents, never their sentences."""

from pathlib import Path

import pytest

from tests.content.content_files import CONTENT, HERE, ROOT, content_files, load_yaml
from tests.content.source_fingerprints import (
    HASH_LENGTH,
    build_fingerprints,
    copied_runs,
    fingerprint,
    load_fingerprints,
    runs,
)

# Names of medicines stay as they are, and a credit has to quote the title.
MEDICINE_LISTS = (
    "mupirocin ointment, fusidic acid cream, or cephalexin capsules",
    "erythromycin ointment, amoxicillin capsules, or metronidazole tablets",
    "adapalene gel, clindamycin phosphate gel, or doxycycline dispersible tablets",
    "tretinoin cream, urea ointment, or salicylic acid ointment",
    "isotretinoin gel, adapalene gel, or vitamin A and E cream",
    "ketoconazole shampoo, selenium sulfide shampoo, or tacrolimus ointment",
)


def source_titles() -> list[str]:
    return [
        source["title"]
        for source in load_yaml(CONTENT / "sources.yaml")["sources"]
        if source.get("adapted")
    ]


def allowed_runs() -> frozenset[str]:
    return frozenset(build_fingerprints([*MEDICINE_LISTS, *source_titles()]))


def own_files() -> list[Path]:
    return [*content_files(), ROOT / "content" / "README.md", HERE / "facts.yaml"]


@pytest.mark.parametrize("path", own_files(), ids=lambda path: path.name)
def test_no_run_of_eight_words_is_copied_from_a_source(path: Path) -> None:
    forbidden = load_fingerprints() - allowed_runs()
    assert copied_runs(path.read_text(encoding="utf-8"), forbidden) == []


def test_only_titles_and_medicine_lists_may_be_copied() -> None:
    assert len(source_titles()) == 2
    assert all(len(list(runs(text))) <= 8 for text in [*MEDICINE_LISTS, *source_titles()])


def test_fingerprints_of_both_documents_are_present() -> None:
    known = load_fingerprints()
    assert len(known) > 600
    assert all(
        len(value) == HASH_LENGTH and set(value) <= set("0123456789abcdef") for value in known
    )
    for title in source_titles():
        first = next(iter(runs(title)), None)
        assert first is None or fingerprint(first) in known


def test_copied_run_is_found_despite_case_and_markup() -> None:
    invented = "Seven sleepy otters counted every purple lantern beside the quiet harbor."
    known = frozenset(build_fingerprints([invented]))
    planted = (
        "We add this. SEVEN sleepy *otters* counted [@some-key] every\n"
        "[purple lantern](/causes/acne/) - beside the quiet harbor!"
    )
    assert copied_runs(planted, known)
    assert copied_runs(
        "Seven sleepy otters counted every purple lantern beside a quiet harbor.", known
    )


def test_seven_words_in_a_row_are_not_a_run() -> None:
    known = frozenset(
        build_fingerprints(
            ["Seven sleepy otters counted every purple lantern beside the quiet harbor."]
        )
    )
    assert copied_runs("Seven sleepy otters counted every purple lantern, then slept.", known) == []
