"""What a load does with files that are new, the same, changed, or changed by staff too; and what it
says.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from education.articles.models import Article, Cause
from education.publishing import actions
from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.importer import check_files, import_files
from education.publishing.models import Change, Document, Edition, Publication, Review
from education.references.models import SourceList
from tests.publishing.content_files.sample_folder import GOOD, database, good_folder, write_folder

pytestmark = pytest.mark.django_db

OIL = GOOD["en/causes/oil.md"]
SPOTS = GOOD["en/articles/spots.md"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good folder, loaded."""
    import_files(good_folder(tmp_path))
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def edit_name(name: str) -> None:
    """What staff do to the cause."""
    cause = Cause.objects.get(slug="oil")
    cause.name = name
    cause.save()
    cause.record_edit()


def live_heading(kind: str, slug: str) -> str:
    return Edition.objects.live().get(document__kind=kind, document__slug=slug).heading


def test_load_into_an_empty_site_publishes_all_at_one_moment(folder: Path) -> None:
    assert Document.objects.count() == Edition.objects.live().count() == len(GOOD)
    assert Publication.objects.values("at").distinct().count() == 1
    assert {edition.number for edition in Edition.objects.all()} == {1}
    assert set(Edition.objects.values_list("note", "change")) == {
        ("First published.", Change.ADVICE)
    }
    assert not Review.objects.exists()


def test_report_names_what_was_published(tmp_path: Path) -> None:
    (sentence,) = import_files(good_folder(tmp_path)).messages()
    start, names = sentence.removesuffix(".").split(": ")
    assert start == "Published 6 new documents"
    expected = [
        "article spots",
        "cause oil",
        "checklist skin",
        "glossary",
        "self-check skin",
        "sources",
    ]
    assert sorted(names.split(", ")) == expected


def test_load_again_changes_nothing(folder: Path) -> None:
    before = database()
    for path in (folder, folder / "en", folder / "en/causes/oil.md"):
        report = import_files(path)
        assert report.changed_nothing
        assert database() == before
    assert report.messages() == ["Nothing changed: the site has what the 1 file says."]


def test_check_never_changes_the_database(folder: Path) -> None:
    change(folder, "en/causes/oil.md", "Oily skin", "Shiny skin")
    write_folder(folder, {"en/causes/dry.md": OIL.replace("Oily", "Dry")})
    before = database()
    report = check_files(folder)
    assert [key.slug for key, _language in report.published] == ["dry"]
    assert [key.slug for _file, (key, _language) in report.updated] == ["oil"]
    assert database() == before


def test_changed_file_updates_only_the_working_copy(
    folder: Path,
) -> None:
    change(folder, "en/causes/oil.md", "Oily skin", "Shiny skin")
    before, revision = Publication.objects.count(), Document.objects.get(slug="oil").lock_version
    report = import_files(folder)
    (sentence,) = report.messages()
    assert sentence == (
        f"{folder}/en/causes/oil.md: updated the working copy. Readers see it after: "
        'manage.py publish cause oil --note "…"'
    )
    cause = Cause.objects.get(slug="oil")
    assert (cause.name, cause.lock_version) == ("Shiny skin", revision + 1)
    assert live_heading("cause", "oil") == "Oily skin"
    assert Publication.objects.count() == before
    after = database()
    assert import_files(folder).changed_nothing
    assert database() == after


def test_edit_by_staff_is_not_overwritten(folder: Path) -> None:
    edit_name("Greasy skin")
    change(folder, "en/causes/oil.md", "Oily skin", "Shiny skin")
    change(folder, "en/articles/spots.md", "Spots on the shoulder", "Spots")
    before = database()
    with pytest.raises(ContentFileErrors) as caught:
        import_files(folder)
    (mistake,) = caught.value.errors
    assert str(mistake).startswith(
        f"{folder}/en/causes/oil.md:1: Staff have edited the cause “oil” since this file was last loaded."
    )
    assert "--overwrite" in mistake.message
    assert database() == before


def test_overwrite_replaces_an_edit_by_staff_and_reports_it(folder: Path) -> None:
    edit_name("Greasy skin")
    change(folder, "en/causes/oil.md", "Oily skin", "Shiny skin")
    report = import_files(folder, overwrite=True)
    assert Cause.objects.get(slug="oil").name == "Shiny skin"
    assert live_heading("cause", "oil") == "Oily skin"
    (sentence,) = report.messages()
    assert (
        "oil.md: overwrote what staff had edited. Readers see it after: manage.py publish cause oil"
        in sentence
    )


def test_edit_by_staff_with_an_unchanged_file_is_kept(folder: Path) -> None:
    edit_name("Greasy skin")
    before = database()
    assert import_files(folder).changed_nothing
    assert import_files(folder, overwrite=True).changed_nothing
    assert database() == before


def test_same_change_by_staff_and_file_is_acknowledged(folder: Path) -> None:
    edit_name("Shiny skin")
    change(folder, "en/causes/oil.md", "Oily skin", "Shiny skin")
    revision = Document.objects.get(slug="oil").lock_version
    report = import_files(folder)
    assert (report.acknowledged, report.updated, report.overwritten) == (1, [], [])
    assert Document.objects.get(slug="oil").lock_version == revision
    edit_name("Shiny, greasy skin")
    change(folder, "en/causes/oil.md", "Shiny skin", "Oily skin and hair")
    with pytest.raises(ContentFileErrors):
        import_files(folder)


def test_unfinished_edit_by_staff_is_not_overwritten(folder: Path) -> None:
    edit_name("")
    change(folder, "en/causes/oil.md", "Oily skin", "Shiny skin")
    with pytest.raises(ContentFileErrors, match="Staff have edited"):
        import_files(folder)
    import_files(folder, overwrite=True)
    assert Cause.objects.get(slug="oil").name == "Shiny skin"


def test_document_begun_by_staff_is_not_overwritten(tmp_path: Path) -> None:
    Cause(slug="oil", name="Begun by hand").save()
    with pytest.raises(ContentFileErrors, match="Staff have edited the cause “oil”"):
        import_files(good_folder(tmp_path))
    assert Document.objects.count() == 1


def test_withdrawn_document_is_not_published_again(folder: Path) -> None:
    write_folder(folder, {"en/causes/dry.md": OIL.replace("Oily", "Dry")})
    import_files(folder)
    dry = Cause.objects.get(slug="dry")
    actions.withdraw(dry, reason="It was wrong.")
    change(folder, "en/causes/dry.md", "Dry skin", "Very dry skin")
    report = import_files(folder)
    assert report.published == []
    assert not Edition.objects.live().filter(document=dry).exists()


def test_new_document_is_published_while_another_is_updated(folder: Path) -> None:
    write_folder(folder, {"en/causes/dry.md": OIL.replace("Oily", "Dry")})
    change(folder, "en/causes/oil.md", "Oily skin", "Shiny skin")
    report = import_files(folder)
    assert [key.slug for key, _language in report.published] == ["dry"]
    assert live_heading("cause", "dry") == "Dry skin"
    assert live_heading("cause", "oil") == "Oily skin"


def needing_an_update(folder: Path) -> None:
    """A new cause that cites a source which readers do not have yet."""
    write_folder(
        folder, {"en/causes/dry.md": OIL.replace("Oily", "Dry").replace("@leaflet", "@study")}
    )
    sources = folder / "en/sources.yaml"
    sources.write_text(sources.read_text() + "- key: study\n  title: A study\n")


def test_new_document_that_needs_an_update_stays_a_working_copy(folder: Path) -> None:
    needing_an_update(folder)
    before = Publication.objects.count()
    report = import_files(folder)
    assert report.published == []
    assert Publication.objects.count() == before
    assert Cause.objects.get(slug="dry").name == "Dry skin"
    command = 'manage.py publish sources sources cause:dry --note "…"'
    assert report.messages()[1:] == [
        "Kept 1 new document as a working copy, because it needs what is not live yet: cause dry.",
        f"To publish all together: {command}",
    ]
    documents = [SourceList.objects.get(), Cause.objects.get(slug="dry")]
    actions.publish(documents, note="A new cause.")
    assert live_heading("cause", "dry") == "Dry skin"
    after = database()
    assert import_files(folder).changed_nothing
    assert database() == after


def test_load_neither_records_nor_moves_a_review(folder: Path, django_user_model: Any) -> None:
    reviewer = django_user_model.objects.create_user("dr")
    edition = Edition.objects.live().get(document__slug="oil")
    today = timezone.localdate()
    Review.objects.create(
        edition=edition,
        by=reviewer,
        shown_as="Dr. R",
        on=today,
        next_due=today.replace(year=today.year + 1),
    )
    change(folder, "en/causes/oil.md", "Oily skin", "Shiny skin")
    import_files(folder)
    assert Review.objects.count() == 1
    assert Review.objects.get().edition == edition


def test_single_file_is_checked_against_the_site(folder: Path, tmp_path: Path) -> None:
    alone = write_folder(
        tmp_path / "alone", {"en/articles/other.md": SPOTS.replace("shoulder", "arm")}
    )
    report = import_files(alone / "en/articles/other.md")
    assert [key.slug for key, _language in report.published] == ["other"]
    assert Article.objects.get(slug="other").title == "Spots on the arm"


def test_progress_counts_files_read_written_and_published(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    import_files(good_folder(tmp_path), progress=lambda *step: told.append(step))
    count = len(GOOD)
    for doing in ("Reading", "Writing", "Publishing"):
        assert [step for step in told if step[0] == doing] == [
            (doing, n, count) for n in range(1, count + 1)
        ]


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_and_a_bom_are_no_change(ending: str, folder: Path) -> None:
    before = database()
    (folder / "en/causes/oil.md").write_bytes(b"\xef\xbb\xbf" + OIL.replace("\n", ending).encode())
    assert import_files(folder).changed_nothing
    assert database() == before


def test_readme_and_hidden_files_are_ignored(folder: Path) -> None:
    write_folder(
        folder, {"README.md": "About.", ".gitignore": "x", "en/causes/.oil.md.swp": b"\x00"}
    )
    assert import_files(folder).changed_nothing
