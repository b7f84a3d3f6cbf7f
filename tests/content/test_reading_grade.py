"""The SMOG grade of each shipped article, without its medicine parts."""

from pathlib import Path

import pytest

from education.plain_language.report import TextStatistics, analyze
from tests.content.content_files import CONTENT, article_sections, split_page

ARTICLES = sorted((CONTENT / "articles").glob("*.md"))
LIMIT = 7
LEFT_OUT = ("may suggest", "At a glance", "In easy words")


def running_text(path: Path) -> list[str]:
    """Return the opening, the sections and the snippets, without parts on medicines, table cells
    and fragments, which would lower the grade.
    """
    front, body = split_page(path)
    snippets = [
        split_page(CONTENT / "snippets" / f"{key}.md")[1] for key in front.get("snippets", [])
    ]
    sections = [
        text
        for name, text in article_sections(body).items()
        if not any(left_out in name for left_out in LEFT_OUT)
    ]
    return [
        "\n".join(line for line in text.splitlines() if not line.startswith("|"))
        for text in (front["reassurance"], front["first_step"], *sections, *snippets)
    ]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_smog_outside_the_medicine_parts_is_within_limit(path: Path) -> None:
    statistics = sum((analyze(text).statistics for text in running_text(path)), TextStatistics())
    assert statistics.smog is not None
    assert statistics.smog <= LIMIT
