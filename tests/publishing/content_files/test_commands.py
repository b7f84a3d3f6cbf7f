"""The commands as people type them: what they say, and how they end."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from education.articles.models import Cause
from education.publishing.models import Edition, Publication
from tests.publishing.content_files.sample_folder import GOOD, database, good_folder, write_folder

pytestmark = pytest.mark.django_db

OIL = GOOD["en/causes/oil.md"]
SAID = {"note": "Said more plainly."}


def output(*command: Any, **options: Any) -> str:
    """What a command answers."""
    answer = StringIO()
    call_command(*map(str, command), stdout=answer, stderr=StringIO(), **options)
    return answer.getvalue()


def refusal(*command: Any, **options: Any) -> tuple[str, str]:
    """What a command that fails ends with, and what it lists before."""
    listed = StringIO()
    before = database()
    with pytest.raises(CommandError) as caught:
        call_command(*map(str, command), stdout=StringIO(), stderr=listed, **options)
    assert caught.value.returncode == 1
    assert database() == before
    return str(caught.value), listed.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good folder, loaded."""
    output("load_content", good_folder(tmp_path / "content"))
    return tmp_path / "content"


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# load_content, check_content


def test_shipped_content_is_valid_and_loads_by_default() -> None:
    assert output("check_content").endswith("files are in order.\n")
    assert output("load_content").startswith("Published ")
    assert output("load_content").startswith("Nothing changed: ")


def test_check_counts_the_files_in_order(tmp_path: Path) -> None:
    assert output("check_content", good_folder(tmp_path)) == "6 files are in order.\n"
    assert output("check_content", tmp_path / "en/sources.yaml") == "1 file is in order.\n"


@pytest.mark.parametrize("command", ["load_content", "check_content"])
def test_errors_are_listed_and_counted(command: str, tmp_path: Path) -> None:
    broken = OIL.replace("name:", "nane:").replace("## What it is", "## What is it")
    folder = good_folder(tmp_path, causes__oil=broken)
    error, listed = refusal(command, folder)
    assert error == "2 mistakes; nothing was changed."
    assert [line.partition(": ")[0] for line in listed.splitlines()] == [
        f"{folder}/en/causes/oil.md:2",
        f"{folder}/en/causes/oil.md:11",
    ]


@pytest.mark.parametrize("command", ["load_content", "check_content"])
def test_unreadable_path_is_reported_in_a_sentence(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error, listed = refusal(command, tmp_path / "nowhere")
    assert error == "1 mistake; nothing was changed."
    assert listed == (
        f"{tmp_path}/nowhere: This cannot be read (No such file or directory). "
        "Check the path and who may read it.\n"
    )
    folder = good_folder(tmp_path)

    def denied(path: Path, *args: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", denied)
    _error, listed = refusal(command, folder / "en/causes/oil.md")
    assert listed.startswith(
        f"{folder}/en/causes/oil.md:1: This cannot be read (Permission denied)."
    )
    monkeypatch.setattr(Path, "iterdir", denied)
    _error, listed = refusal(command, folder)
    assert listed.startswith(f"{folder}: This cannot be read (Permission denied).")


def test_fix_rewrites_valid_files_without_comments(tmp_path: Path) -> None:
    folder = good_folder(
        tmp_path,
        causes__oil=OIL.replace("name: Oily skin", 'name: "Oily skin"') + "\n\n",
        glossary="# words\n" + GOOD["en/glossary.yaml"],
    )
    commented = (folder / "en/glossary.yaml").read_bytes()
    error, listed = refusal("check_content", folder, "--fix")
    assert error.startswith("2 mistakes") and "oil.md" not in listed
    assert (folder / "en/causes/oil.md").read_text() == OIL
    assert (folder / "en/glossary.yaml").read_bytes() == commented
    (folder / "en/glossary.yaml").write_text(GOOD["en/glossary.yaml"])
    (folder / "en/causes/oil.md").write_text(OIL.replace("\n", "\r\n"), newline="")
    answer = output("check_content", folder, "--fix")
    assert answer == f"Rewrote {folder}/en/causes/oil.md.\n6 files are in order.\n"
    assert not Edition.objects.exists()


# export_content


def test_export_of_the_shipped_content_gives_the_same_bytes(tmp_path: Path) -> None:
    output("load_content")
    output("export_content", tmp_path / "out")
    assert files_below(tmp_path / "out" / "en") == files_below(settings.CONTENT_DIR / "en")
    before = database()
    assert output("load_content", tmp_path / "out").startswith("Nothing changed: ")
    assert database() == before


def test_export_writes_live_editions(folder: Path, tmp_path: Path) -> None:
    Cause.objects.filter(slug="oil").update(name="At work on this")
    assert output("export_content", tmp_path / "out") == f"Wrote 6 files into {tmp_path}/out.\n"
    assert files_below(tmp_path / "out") == {name: text.encode() for name, text in GOOD.items()}
    before = database()
    assert output("load_content", tmp_path / "out").startswith("Nothing changed: ")
    assert database() == before


def test_export_needs_an_empty_folder_or_force(folder: Path, tmp_path: Path) -> None:
    output("load_content", folder)
    out = write_folder(
        tmp_path / "out", {"en/causes/dry.md": OIL, "en/causes/oil.md": "old", "notes.txt": "n"}
    )
    before = files_below(out)
    error, _listed = refusal("export_content", out)
    assert (
        error
        == f"The folder {out} is not empty. Choose another, or replace its files with --force."
    )
    assert files_below(out) == before
    answer = output("export_content", out, "--force")
    assert answer == (
        f"Wrote 6 files into {out}.\n"
        f"{out}/en/causes/dry.md was left as it is: readers do not see this document.\n"
    )
    assert files_below(out)["en/causes/oil.md"] == OIL.encode()
    assert files_below(out)["notes.txt"] == b"n"


def test_export_into_a_file_is_refused_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    error, _listed = refusal("export_content", tmp_path / "file")
    assert error.startswith(f"The folder {tmp_path}/file cannot be written to (")


# publish, withdraw


def update(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / "en" / name
        path.write_text(path.read_text().replace("skin", "hide").replace("Spots are", "Bumps are"))
    output("load_content", folder)


def test_publish_takes_documents_of_several_kinds(folder: Path) -> None:
    update(folder, "causes/oil.md")
    (folder / "en/causes/dry.md").write_text(OIL.replace("Oily", "Dry"))
    output("load_content", folder)
    (folder / "en/articles/spots.md").write_text(
        GOOD["en/articles/spots.md"].replace("Spots on", "Bumps on")
    )
    output("load_content", folder)
    assert output("publish", "cause", "oil", "article:spots", **SAID) == "Published 2 documents.\n"
    latest = Publication.objects.order_by("-pk")[:2]
    assert {entry.document.slug for entry in latest} == {"oil", "spots"}
    assert latest[0].at == latest[1].at
    assert Edition.objects.live().get(document__slug="oil").heading == "Oily hide"


def test_publish_at_a_later_time(folder: Path) -> None:
    update(folder, "causes/oil.md")
    answer = output("publish", "cause", "oil", at="2999-01-31T08:00", **SAID)
    assert answer.startswith("Published 1 document, for readers from 2999-01-31 08:00 ")
    assert Edition.objects.live().get(document__slug="oil").heading == "Oily skin"
    assert Publication.objects.upcoming().count() == 1


@pytest.mark.parametrize(
    ("command", "phrase"),
    [
        (["cause", "oill"], "There is no cause “oill”. Did you mean “oil”?"),
        (["cause", "xyz", "drug:oil"], "There is no kind “drug”. The kinds are "),
        (["cause", "oil", "checklist:nails"], "There is no checklist “nails”."),
        (["cause", "oil"], "Nothing has changed since the edition that readers see then."),
        (["cause", "oil", "--at", "tomorrow"], "--at tomorrow is no time"),
        (["cause", "oil", "--at", "2001-01-01"], "This time has passed"),
        (["cause", "oil", "--at", "9999-12-31T23:59:59-14:00"], "is no time"),
        (["cause", "oil", "--note", " "], "Write what changed"),
        (["cause", "oil", "--note", "x" * 501], "at most 500 characters"),
    ],
)
def test_publish_refusal_gives_the_reason(command: list[str], phrase: str, folder: Path) -> None:
    words = ["publish", *command]
    words += [] if "--note" in command else ["--note", "Plainer."]
    if phrase != "Nothing has changed since the edition that readers see then.":
        update(folder, "causes/oil.md")
    error, _listed = refusal(*words)
    assert phrase in error


def test_publish_takes_all_documents_or_none(folder: Path) -> None:
    update(folder, "causes/oil.md")
    error, _listed = refusal("publish", "cause", "oil", "article:spots", **SAID)
    assert error.splitlines()[0] == "Refused; nothing was changed."
    assert "- article spots: Nothing has changed" in error


def test_publish_refuses_an_unknown_kind(folder: Path) -> None:
    assert "invalid choice: 'drug'" in refusal("publish", "drug", "oil", "--note", "N")[0]


# P10: what somebody chose by mistake could not be taken back. Nobody chooses any more.
def test_publish_refuses_the_removed_change_option(folder: Path) -> None:
    update(folder, "causes/oil.md")
    error, _listed = refusal("publish", "cause", "oil", "--change", "wording", "--note", "N")
    assert "--change is no longer asked for: the program finds out what changes." in error
    assert Edition.objects.filter(document__slug="oil").count() == 1


@pytest.fixture
def spare(folder: Path) -> Cause:
    """A live cause that nothing uses."""
    output("load_content", write_folder(folder, {"en/causes/dry.md": OIL.replace("Oily", "Dry")}))
    return Cause.objects.get(slug="dry")


def test_withdraw_stores_reason_and_redirect(spare: Cause) -> None:
    assert (
        output("withdraw", "cause", "dry", reason="It was wrong.", redirect_to="oil")
        == "Withdrew the cause dry.\n"
    )
    entry = spare.publications.latest("pk")
    assert entry.is_withdrawal and entry.reason == "It was wrong."
    assert entry.redirect_to is not None and entry.redirect_to.slug == "oil"


def test_withdraw_later_with_a_redirect_to_another_kind(spare: Cause) -> None:
    at = (timezone.now() + timedelta(days=30)).isoformat()
    answer = output("withdraw", "cause", "dry", reason="Old.", redirect_to="article:spots", at=at)
    assert answer.startswith("Withdrew the cause dry, for readers from ")
    assert Edition.objects.live().filter(document=spare).exists()


def test_withdraw_also_takes_dependents_at_the_same_moment(spare: Cause) -> None:
    answer = output(
        "withdraw", "cause", "oil", reason="Wrong.", also=["article:spots", "self-check:skin"]
    )
    assert answer.split("\n")[:3] == [
        "Withdrew the cause oil.",
        "Withdrew the article spots.",
        "Withdrew the self-check skin.",
    ]
    gone = Publication.objects.filter(edition=None)
    assert {str(entry.document) for entry in gone} == {
        "cause oil",
        "article spots",
        "self-check skin",
    }
    assert len({(entry.at, entry.reason) for entry in gone}) == 1


@pytest.mark.parametrize(
    ("command", "phrase"),
    [
        (["cause", "dray", "--reason", "R"], "Did you mean “dry”?"),
        (["cause", "dry", "--reason", " "], "Write why"),
        (
            ["cause", "dry", "--reason", "R", "--redirect-to", "nowhere"],
            "There is no cause “nowhere”",
        ),
        (["cause", "dry", "--reason", "R", "--redirect-to", "drug:x"], "There is no kind “drug”"),
        (["cause", "oil", "--reason", "R"], "Take this away together with it"),
        (["cause", "oil", "--reason", "R", "--also", "dry"], "Take this away together with it"),
        (
            [
                "cause",
                "oil",
                "--reason",
                "R",
                "--also",
                "article:spots",
                "--redirect-to",
                "article:spots",
            ],
            "is not live then",
        ),
        (["cause", "dry", "--reason", "R", "--at", "2001-01-01T00:00"], "This time has passed"),
    ],
)
def test_withdraw_refusal_gives_the_reason(command: list[str], phrase: str, spare: Cause) -> None:
    assert phrase in refusal("withdraw", *command)[0]


def test_withdraw_again_is_refused(spare: Cause) -> None:
    output("withdraw", "cause", "dry", reason="It was wrong.")
    assert "there is nothing to withdraw" in refusal("withdraw", "cause", "dry", reason="Again.")[0]


def test_long_command_shows_its_progress(tmp_path: Path) -> None:
    many = {f"en/causes/cause-{n}.md": OIL.replace("Oily", f"Oily {n}") for n in range(60)}
    told = StringIO()
    folder = write_folder(good_folder(tmp_path), many)
    call_command("load_content", str(folder), stdout=StringIO(), stderr=told)
    assert "Reading 66/66\n" in told.getvalue()
    assert "Publishing 66/66\n" in told.getvalue()
