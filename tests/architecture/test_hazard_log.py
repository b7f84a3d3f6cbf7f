"""The hazard log names existing tests for every hazard."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / "docs" / "clinical" / "hazards.md"
GROUPS = ("Wrong", "Stale", "Unread", "Misrouted", "Mistranslated", "Misprinted")
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in LOG.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


def names_of_tests() -> set[str]:
    return {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_hazard_log_has_all_groups_and_unique_numbers():
    headings = re.findall(
        r"^## (\d)\. (\w+) advice$", LOG.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert headings == [(str(number), word) for number, word in enumerate(GROUPS, start=1)]
    numbers = [row[0] for row in ROWS]
    assert len(numbers) == len(set(numbers)) and {number[0] for number in numbers} == set("123456")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_hazard_log_rows_have_cause_harm_control_proof(row):
    assert len(row) == 5 and all(row)
    assert re.findall(r"`(test_\w+)`", row[4])


def test_hazard_log_names_only_existing_tests():
    named = {name for row in ROWS for name in re.findall(r"`(test_\w+)`", row[4])}
    assert len(named) > len(ROWS)
    assert named - names_of_tests() == set()
