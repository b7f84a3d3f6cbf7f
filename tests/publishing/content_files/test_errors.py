"""Files with one thing wrong: each is refused with its file, its line and what to write; nothing
changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from education.publishing.content_files.errors import ContentFileErrors, FileError
from education.publishing.content_files.importer import check_files, import_files
from tests.publishing.content_files.sample_folder import (
    ARTICLE,
    GOOD,
    database,
    good_folder,
    write_folder,
)

pytestmark = pytest.mark.django_db

OIL = GOOD["en/causes/oil.md"]


@dataclass(frozen=True)
class Broken:
    """A file of the good folder in which `old` was replaced by `new`, and what must be
    said of it.
    """

    name: str
    file: str
    old: str
    new: str
    line: int
    phrase: str


A, C, L, S, G, Q = (
    "articles/spots.md",
    "causes/oil.md",
    "checklists/skin.yaml",
    "sources.yaml",
    "glossary.yaml",
    "self-checks/skin.yaml",
)
TABLE = "|a" * 100 + "|\n" + "|-" * 100 + "|\n" + ("|b|\n" * 25).strip()

BROKEN = [
    # YAML
    Broken(
        "colon in a value", C, "name: Oily skin", "name: Oily: skin", 2, "quotes around the value"
    ),
    Broken("tab", L, "  urgency: emergency", "\turgency: emergency", 4, "A tab"),
    Broken("open quote", S, "title: A leaflet", "title: 'A leaflet", 4, "quotes end too early"),
    Broken("escape", S, "title: A leaflet", 'title: "A \\leaflet"', 3, "single quotes"),
    Broken("odd start", C, "name: Oily skin", "name: @oily", 2, "Put quotes around"),
    Broken("not closed list", C, "- shiny skin", "- [shiny skin", 4, "never closed"),
    Broken("wrong indent", L, "  text: A lump grows", "   text: A lump grows", 10, "indent"),
    Broken(
        "field twice",
        C,
        "name: Oily skin\n",
        "name: Oily skin\nname: Skin\n",
        3,
        "in line 2 already",
    ),
    Broken(
        "field twice deep",
        S,
        "  title: A leaflet\n",
        "  title: A\n  title: B\n",
        4,
        "in line 3 already",
    ),
    Broken("anchor", C, "name: Oily skin", "name: &n Oily skin", 2, "cannot start with “&”"),
    Broken("alias", C, "name: Oily skin", "name: *n", 2, "cannot start with “&” or “*”"),
    Broken("anchored list", C, "also_called:", "also_called: &also", 3, "cannot start with “&”"),
    Broken(
        "tag", C, "name: Oily skin", "name: !!python/name:os.system x", 2, "cannot start with “!”"
    ),
    Broken("tagged list", S, "sources:\n", "sources: !list\n", 1, "cannot start with “!”"),
    Broken("used anchor", C, "- shiny skin", "- &a shiny\n- *a", 4, "cannot start with “&”"),
    Broken("anchor in brackets", C, "- shiny skin", "- [b, &a b, *a]", 4, "cannot start with “&”"),
    Broken("anchored name", C, "name: Oily skin", "&n name: Oily skin", 2, "cannot start with “&”"),
    Broken("loop", S, "sources:\n", "sources: &s\n- *s\n", 1, "cannot start with “&”"),
    Broken("merge key", S, "- key: leaflet", "- key: leaflet\n  <<: {a: b}", 3, "no field “<<”"),
    Broken("directive", G, "terms:", "%YAML 1.2\n---\nterms:", 1, "start with %"),
    Broken("two documents", G, "terms:", "terms: x\n---\nterms:", 2, "“---” cannot stand here"),
    Broken("no fields", G, GOOD["en/glossary.yaml"], "only words\n", 1, "name: value"),
    Broken("only a comment", G, GOOD["en/glossary.yaml"], "# nothing\n", 1, "nothing here"),
    Broken("deep", C, "name: Oily skin", "name: " + "[" * 30 + "]" * 30, 2, "too deep"),
    Broken("very deep", C, "name: Oily skin", "name: " + "[" * 2000, 2, "too deep"),
    Broken("field without a name", C, "name: Oily skin", "? [a]\n: b", 2, "needs a name"),
    # Fields
    Broken(
        "unknown field",
        C,
        "name: Oily skin\n",
        "name: Oily skin\nflavor: mint\n",
        3,
        "no field “flavor”",
    ),
    Broken("near field", C, "also_called:", "allso_called:", 3, "Did you mean “also_called”?"),
    Broken(
        "unknown inner field", L, "  urgency: emergency", "  urgent: yes", 4, "no field “urgent”"
    ),
    Broken("missing field", C, "name: Oily skin\n", "", 1, "name: This is missing"),
    Broken("missing inner field", S, "  title: A leaflet\n", "", 2, "title: This is missing"),
    Broken("empty field", A, "title: Spots on the shoulder", "title:", 2, "This is empty"),
    Broken("list for text", C, "name: Oily skin", "name: [Oily, skin]", 2, "should be text"),
    Broken(
        "text for list",
        C,
        "also_called:\n- shiny skin",
        "also_called: shiny skin",
        3,
        "should be a list",
    ),
    Broken(
        "text for group",
        S,
        "- key: leaflet\n  title: A leaflet\n  published: '2020'\n",
        "- leaflet\n",
        2,
        "named fields",
    ),
    Broken("not yes or no", S, "  published: '2020'", "  adapted: perhaps", 4, "true or false"),
    Broken("too long", A, "title: Spots", "title: " + "Spots " * 30, 2, "at most 120 characters"),
    Broken("bad key", L, "- key: growing", "- key: Growing lump", 8, "small letters"),
    Broken(
        "key twice",
        L,
        "- key: growing",
        "- key: breathing",
        8,
        "Another sign or combination has this key",
    ),
    Broken("bad address", S, "https://example.org/handbook", "example", 7, "with https://"),
    Broken("bad date", S, "'2020'", "last year", 4, "2025-11-29"),
    Broken(
        "section as field",
        A,
        "checklist: skin",
        "checklist: skin\nsummary: Short",
        6,
        "“## Summary”",
    ),
    # What a checklist and an article must keep to
    Broken("unknown urgency", L, "urgency: routine", "urgency: soon", 9, "not one of the words"),
    Broken("out of order", L, "urgency: emergency", "urgency: self-care", 9, "most urgent first"),
    Broken("color", L, "A lump grows", "A lump turns red", 8, "brown and black skin"),
    Broken(
        "no do not", A, "- Do not scrub.", "- Avoid scrubbing.", 48, "Start this line with “Do not”"
    ),
    Broken("do not in do", A, "- Pat it dry.", "- Never rub it.", 43, "Move it to the Do not list"),
    # References
    Broken("unknown cause", A, "## Cause: oil", "## Cause: oill", 22, "Did you mean “oil”?"),
    Broken(
        "unknown checklist",
        A,
        "checklist: skin",
        "checklist: nails",
        5,
        "There is no checklist “nails”",
    ),
    Broken("unknown adapted source", A, "- leaflet\n---", "- leafs\n---", 7, "no source “leafs”"),
    Broken("unknown citation", A, "[@handbook]", "[@hand]", 20, "no source “hand”"),
    Broken("unknown citation of a cause", C, "[@leaflet]", "[@leaf]", 13, "no source “leaf”"),
    Broken("unknown citation of a term", G, "[@leaflet]", "[@leaf]", 5, "no source “leaf”"),
    Broken("unknown sign source", L, "  - handbook", "  - hand", 12, "no source “hand”"),
    # Sections
    Broken(
        "unknown section",
        A,
        "## Do\n",
        "## Dosage\n\nTwo.\n\n## Do\n",
        40,
        "no section “## Dosage”",
    ),
    Broken(
        "near section",
        A,
        "## Introduction",
        "## Introducton",
        14,
        "Did you mean “## Introduction”?",
    ),
    Broken(
        "missing section",
        A,
        "## Summary\n\nSpots are common. Wash gently.\n\n",
        "",
        10,
        "“## Summary” is missing",
    ),
    Broken(
        "no last section",
        A,
        ARTICLE[ARTICLE.index("## Do not") :],
        "",
        44,
        "“## Do not” is missing",
    ),
    Broken(
        "no inner section",
        A,
        "### What you can do\n\nWash gently. [@leaflet]\n\n",
        "",
        32,
        "“### What you can do” is missing",
    ),
    Broken(
        "section twice",
        A,
        "## Introduction",
        "## Summary\n\nMore.\n\n## Introduction",
        14,
        "in line 10 already",
    ),
    Broken(
        "section too late",
        A,
        "## Do not\n",
        "## Introduction\n\nLate.\n\n## Do not\n",
        45,
        "stands too late",
    ),
    Broken("text first", A, "## Summary", "Hello.\n\n## Summary", 10, "before the first section"),
    Broken(
        "stray text in a cause",
        A,
        "## Cause: oil",
        "## Cause: oil\n\nStray.",
        24,
        "stands in no section",
    ),
    Broken(
        "subsection outside",
        A,
        "Most people",
        "### What happens\n\nMost people",
        16,
        "cannot stand under",
    ),
    Broken("wrong level", A, "### What happens", "## What happens", 24, "Write “### What happens”"),
    Broken("title heading", A, "## Summary", "# Summary", 10, "Write “## Summary”"),
    Broken("empty section", A, "Small and white.\n", "", 28, "is empty. Write its text below it"),
    Broken("empty optional section", A, "A mild wash.\n", "", 36, "or take the heading out"),
    Broken("cause without a name", A, "## Cause: oil", "## Cause:", 22, "nothing after the colon"),
    Broken(
        "cause twice",
        A,
        "## Do\n",
        ARTICLE[ARTICLE.index("## Cause") : ARTICLE.index("## Do\n")] + "## Do\n",
        40,
        "stands in the article already",
    ),
    Broken("text in a list", A, "- Pat it dry.", "Pat it dry.", 43, "“- ”"),
    Broken("empty item", A, "- Pat it dry.", "-", 43, "needs some words"),
    Broken(
        "heading too deep",
        L,
        "  Call at",
        "  #### Call\n\n  Call at",
        17,
        "“#### Call” is too deep",
    ),
    # Front matter
    Broken(
        "no front matter",
        A,
        ARTICLE[: ARTICLE.index("## Summary")],
        "",
        1,
        "The first line must be “---”",
    ),
    Broken("open front matter", A, "- leaflet\n---\n", "- leaflet\n", 1, "not closed"),
    Broken(
        "empty front matter",
        C,
        GOOD["en/causes/oil.md"].partition("\n## ")[0],
        "---\n---\n",
        1,
        "name: This is missing",
    ),
    # Limits of texts
    Broken(
        "deep list",
        A,
        "Nobody knows.",
        "\n".join("  " * n + "- x" for n in range(20)),
        14,
        "12 deep",
    ),
    Broken(
        "long text", C, "Skin makes oil.", "Skin makes oil. " * 300, 11, "at most 4000 characters"
    ),
    Broken("no urgency", L, "  urgency: emergency\n", "", 3, "urgency: This is missing"),
    Broken("big table", C, "Skin makes oil. [@leaflet]", TABLE, 11, "more than 2000 table cells"),
    Broken("raw link", C, "Skin makes oil.", "[x](javascript:alert)", 13, "javascript"),
    # Self-checks
    Broken(
        "lost route", Q, "  - question: '2b'", "  - question: 3c", 21, "no question with this key"
    ),
    Broken(
        "lost outcome", Q, "    outcome: call", "    outcome: shout", 20, "no outcome with this key"
    ),
    Broken("telling key", Q, "- key: '1a'", "- key: breath", 5, "tells nothing"),
    Broken(
        "doubt",
        Q,
        "    counts_as: emergency\n  routes:\n  - at_least: emergency\n",
        "    counts_as: routine\n  routes:\n  - at_least: urgent\n",
        15,
        "not being sure of a warning sign",
    ),
    Broken("unknown page", Q, "  - article/spots", "  - article/spot", 53, "Did you mean “spots”?"),
    Broken("no page", Q, "  - article/spots", "  - spots", 53, "article/my-page"),
]


def mistakes_of(work: Callable[[], object]) -> list[FileError]:
    """The mistakes that `work` is refused for; the database must be as it was."""
    before = database()
    with pytest.raises(ContentFileErrors) as caught:
        work()
    assert database() == before
    return caught.value.errors


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name.replace(" ", "-"))
def test_error_names_file_and_line_and_changes_nothing(broken: Broken, tmp_path: Path) -> None:
    good = GOOD[f"en/{broken.file}"]
    assert broken.old in good
    folder = good_folder(tmp_path / "a")
    (folder / "en" / broken.file).write_text(good.replace(broken.old, broken.new, 1))
    (mistake,) = mistakes_of(lambda: import_files(folder))
    assert (mistake.file, mistake.line) == (str(folder / "en" / broken.file), broken.line), mistake
    assert broken.phrase in mistake.message
    assert mistakes_of(lambda: check_files(folder)) == [mistake]

    import_files(good_folder(tmp_path / "b"))
    assert mistakes_of(lambda: import_files(folder)) == [mistake]


def test_one_bad_file_stops_a_load_with_all_errors_reported(tmp_path: Path) -> None:
    folder = good_folder(
        tmp_path,
        causes__oil=GOOD["en/causes/oil.md"].replace("name: Oily skin\n", "nane: Oily skin\n"),
        articles__spots=ARTICLE.replace("checklist: skin", "checklist: nails").replace(
            "Do not scrub", "Scrub"
        ),
    )
    write_folder(folder, {"en/notes.txt": "x", "en/causes/Bad Name.md": GOOD["en/causes/oil.md"]})
    found = [
        (mistake.file.partition("/en/")[2], mistake.line)
        for mistake in mistakes_of(lambda: import_files(folder))
    ]
    assert found == [
        ("articles/spots.md", 48),
        ("causes/Bad Name.md", 1),
        ("causes/oil.md", 2),
        ("notes.txt", 1),
    ]


def test_errors_of_a_file_are_sorted_by_line(tmp_path: Path) -> None:
    text = ARTICLE.replace("title: Spots", "titel: Spots").replace("## Summary", "## Summery")
    text = text.replace("## Do not", "## Dont").replace("Small and white.\n", "")
    folder = good_folder(tmp_path, articles__spots=text)
    found = mistakes_of(lambda: import_files(folder))
    assert [mistake.line for mistake in found] == [2, 10, 28, 44]
    assert str(found[0]) == f"{folder}/en/articles/spots.md:2: " + found[0].message


def test_invalid_file_causes_no_errors_in_others(tmp_path: Path) -> None:
    """Only the list of sources is told of; not every citation of one of them."""
    folder = good_folder(tmp_path, sources=GOOD["en/sources.yaml"].replace("title:", "titles:", 1))
    (mistake,) = mistakes_of(lambda: import_files(folder))
    assert mistake.file.endswith("sources.yaml") and mistake.line == 3


def test_self_check_with_a_dead_end_is_refused(tmp_path: Path) -> None:
    text = GOOD["en/self-checks/skin.yaml"].replace("  - outcome: watch\n", "")
    found = mistakes_of(lambda: import_files(good_folder(tmp_path, self_checks__skin=text)))
    assert [mistake.line for mistake in found] == [29, 55]
    assert "An answer to question 2 leads nowhere. Add a line for “Any answer”." in found[0].message
    assert "Nobody ever gets the result “Watch the spot”" in found[1].message


@pytest.mark.parametrize(("before", "after"), [("", "\n"), ("", "\n\n\n"), ("\n", "")])
def test_line_ends_at_the_end_of_a_file_are_checked(
    before: str, after: str, tmp_path: Path
) -> None:
    folder = good_folder(tmp_path, causes__oil=OIL.removesuffix(before) + after)
    (mistake,) = mistakes_of(lambda: check_files(folder))
    assert mistake.line >= 13
    assert "empty lines or line ends differ" in mistake.message


# Bytes, names and places of files

BYTES = [
    (
        "bad UTF-8",
        b"---\nname: Oily skin\nalso_called: [\xff]\n---\n",
        3,
        "Save the file with the encoding UTF-8",
    ),
    ("another encoding", GOOD["en/causes/oil.md"].encode("utf-16"), 1, "UTF-8"),
    ("NUL", GOOD["en/causes/oil.md"].encode().replace(b"makes", b"ma\0kes"), 13, "(NUL)"),
    (
        "control",
        GOOD["en/causes/oil.md"].encode().replace(b"Oily", b"Oi\x07ly"),
        2,
        "control character",
    ),
    ("too big", GOOD["en/causes/oil.md"].encode() + b"x" * 1_000_000, 1, "larger than 1 MB"),
    (
        "rare line ends",
        OIL.encode().replace(b"Oily", "\u2028\u0085Oily".encode()).replace(b"also_", b"allso_"),
        3,
        "Did you mean",
    ),
    ("empty", b"", 1, "This file is empty"),
    ("blank", b"\n \n\n", 1, "This file is empty"),
]


@pytest.mark.parametrize(("what", "data", "line", "phrase"), BYTES, ids=[case[0] for case in BYTES])
def test_bytes_that_are_no_text_are_refused(
    what: str, data: bytes, line: int, phrase: str, tmp_path: Path
) -> None:
    folder = good_folder(tmp_path, causes__oil=data)
    (mistake,) = mistakes_of(lambda: import_files(folder))
    assert (mistake.file, mistake.line) == (str(folder / "en/causes/oil.md"), line)
    assert phrase in mistake.message


PLACES = [
    ("capitals", "en/causes/Oil-2.md", 1, "small letters, digits and single hyphens"),
    ("blanks", "en/causes/dry skin.md", 1, "small letters, digits and single hyphens"),
    ("two hyphens", "en/causes/dry--skin.md", 1, "small letters, digits and single hyphens"),
    ("other script", "en/causes/fettige-haut-ü.md", 1, "small letters, digits and single hyphens"),
    ("long name", f"en/causes/{'x' * 81}.md", 1, "at most 80 characters"),
    ("wrong ending", "en/causes/dry.yaml", 1, "Name it “dry.md”"),
    ("no ending", "en/causes/dry", 1, "Name it “dry.md”"),
    ("wrong ending of a list", "en/checklists/dry.md", 1, "Name it “dry.yaml”"),
    ("two for one document", "en/causes/oil.markdown", 1, "Name it “oil.md”"),
    ("unknown single file", "en/sauces.yaml", 1, "Did you mean “sources.yaml”?"),
    ("wrong single file", "en/readme.txt", 1, "Put it into one of the folders"),
    ("folder in a folder", "en/causes/more/dry.md", 1, "not a file that can be read"),
    ("outside a language", "oil.md", 1, "Put it into the folder of a language"),
    ("near folder", "en/cause/dry.md", 0, "Did you mean “causes”?"),
    ("unknown folder", "en/pictures/dry.md", 0, "The folders are"),
    ("unknown language", "xx/causes/dry.md", 0, "“xx” is no language of this site"),
]


@pytest.mark.parametrize(
    ("what", "name", "line", "phrase"), PLACES, ids=[case[0] for case in PLACES]
)
def test_file_name_or_place_is_refused(
    what: str, name: str, line: int, phrase: str, tmp_path: Path
) -> None:
    folder = write_folder(good_folder(tmp_path), {name: OIL})
    found = mistakes_of(lambda: import_files(folder))
    named = folder / name if line else (folder / name).parent
    if name.startswith("xx/"):
        named = folder / "xx"
    elif "/more/" in name:
        named = folder / "en/causes/more"
    elif what == "two for one document":
        assert (
            "“" + str(folder / "en/causes/oil.markdown") + "” says the same document"
            in found.pop().message
        )
    (mistake,) = found
    assert (mistake.file, mistake.line) == (str(named), line)
    assert phrase in mistake.message


def test_names_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    folder = write_folder(good_folder(tmp_path), {"en/causes/OIL.md": OIL})
    assert any(
        "says the same document" in str(found)
        for found in mistakes_of(lambda: import_files(folder))
    )


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text(OIL)
    folder = good_folder(tmp_path / "content")
    link = folder / "en/causes/dry.md"
    link.symlink_to(outside)
    for path in (folder, folder / "en", link):
        (mistake,) = mistakes_of(partial(import_files, path))
        assert (mistake.file, mistake.line) == (str(link), 1)
        assert "leads out of the folder" in mistake.message


def test_broken_links_are_refused(tmp_path: Path) -> None:
    folder = good_folder(tmp_path)
    (folder / "en/causes/loop.md").symlink_to(folder / "en/causes/loop.md")
    (folder / "en/causes/none.md").symlink_to(folder / "en/causes/gone.md")
    found = mistakes_of(lambda: import_files(folder))
    assert [(mistake.file[-7:], mistake.line) for mistake in found] == [
        ("loop.md", 1),
        ("none.md", 1),
    ]


@pytest.mark.parametrize("name", ["missing", "en/articles/missing.md", "empty"])
def test_path_without_files_is_refused(name: str, tmp_path: Path) -> None:
    (good_folder(tmp_path) / "empty").mkdir()
    (mistake,) = mistakes_of(lambda: import_files(tmp_path / name))
    assert mistake.file == str(tmp_path / name)
    assert mistake.line == 0


def test_file_that_needs_a_missing_cause_is_refused(tmp_path: Path) -> None:
    folder = good_folder(tmp_path)
    import_files(folder)
    (mistake,) = mistakes_of(
        lambda: import_files(
            _alone(tmp_path / "b", ARTICLE.replace("## Cause: oil", "## Cause: dry"))
        )
    )
    assert mistake.line == 22
    assert (
        "There is no cause “dry”. Correct the name, or write the file en/causes/dry.md."
        in mistake.message
    )


def _alone(root: Path, article: str) -> Path:
    return write_folder(root, {"en/articles/other.md": article})


def test_only_check_reports_files_that_are_not_canonical(tmp_path: Path) -> None:
    folder = good_folder(
        tmp_path,
        causes__oil=OIL.replace("name: Oily skin", 'name: "Oily skin"'),
        glossary="# words\n" + GOOD["en/glossary.yaml"],
    )
    oil, *glossary = mistakes_of(lambda: check_files(folder))
    assert (oil.file[-6:], oil.line) == ("oil.md", 2)
    assert "canonical form, which has “name: Oily skin” here" in oil.message
    assert {mistake.line for mistake in glossary} == {1}
    assert any("keeps no comments" in mistake.message for mistake in glossary)
    import_files(folder)
