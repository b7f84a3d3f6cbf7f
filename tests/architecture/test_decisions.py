"""Decision records: each has its date and status, and the index lists all of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"
HEAD = re.compile(
    r"# (?P<number>\d+)\. (?P<title>.+)\n\n"
    r"Date: (?P<date>\d{4}-\d\d-\d\d)\n"
    r"Status: (?P<status>accepted|(?:accepted; superseded in part|superseded) by \d{4}(?:, \d{4})*)\n"
    r"Replaces: (?P<replaces>none|\d{4}(?: in part)?(?:, \d{4}(?: in part)?)*)\n\n"
)
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))


class Record(NamedTuple):
    number: str
    title: str
    date: str
    status: str
    replaces: str


def read(path: Path) -> Record:
    head = HEAD.match(path.read_text())
    assert head, f"{path.name} begins with its title, Date, Status and Replaces"
    return Record(**head.groupdict())


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_record_has_title_date_status_and_replaces(path):
    assert int(read(path).number) == int(path.name[:4])


def test_record_and_the_one_it_replaces_name_each_other():
    records = {path.name[:4]: read(path) for path in RECORDS}
    replaced_by = {
        (old, new) for new, record in records.items() for old in number_list(record.replaces)
    }
    superseded = {
        (old, new) for old, record in records.items() for new in number_list(record.status)
    }
    assert superseded == replaced_by


def number_list(text: str) -> list[str]:
    return re.findall(r"\d{4}", text)


def test_index_lists_every_record():
    rows = re.findall(r"^\| \[.*$", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert rows == [
        f"| [{path.name[:4]}]({path.name}) | {record.title} | {record.date} | {record.status} |"
        for path, record in ((path, read(path)) for path in RECORDS)
    ]
