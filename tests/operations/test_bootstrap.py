"""Each step of preparing the site is taken only when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from education.operations.startup import bootstrap
from education.operations.startup.errors import StartupError
from education.operations.static_assets import collectstatic
from education.publishing.content_files import importer
from education.publishing.content_files.errors import ContentFileErrors, FileError
from education.publishing.content_files.import_report import ImportReport
from education.publishing.models import Document


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> list[Path]:
    """What was loaded by `bootstrap`, which collects no static files here."""
    found: list[Path] = []

    def load(path: Path, **_: Any) -> ImportReport:
        found.append(path)
        return ImportReport()

    monkeypatch.setattr(importer, "import_files", load)
    monkeypatch.setattr(collectstatic, "collect_if_changed", lambda: False)
    settings.DATA_DIR = tmp_path / "data"
    return found


@pytest.mark.django_db
def test_empty_site_is_filled(loaded: list[Path], settings: Settings) -> None:
    output: list[str] = []
    bootstrap.bootstrap(output.append)
    assert loaded == [settings.CONTENT_DIR]
    assert output[0] == "Loading the content …"


@pytest.mark.django_db
def test_site_with_a_document_is_not_filled(loaded: list[Path]) -> None:
    Document.objects.create(kind="cause", slug="acne")
    output: list[str] = []
    bootstrap.bootstrap(output.append)
    assert loaded == []
    assert output == []


@pytest.mark.django_db
def test_database_error_during_bootstrap_is_one_sentence(
    loaded: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("database or disk is full\nand more")

    monkeypatch.setattr(importer, "import_files", full)
    with pytest.raises(
        StartupError, match=r"^The database cannot be used \(database or disk is full\)$"
    ):
        bootstrap.bootstrap(lambda line: None)


@pytest.mark.django_db
def test_mistakes_in_shipped_content_are_listed(
    loaded: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ContentFileErrors([FileError("content/en/causes/acne.md", 7, "this is too long")])

    monkeypatch.setattr(importer, "import_files", broken)
    with pytest.raises(StartupError, match=r"content/en/causes/acne\.md:7: this is too long"):
        bootstrap.bootstrap(lambda line: None)


@pytest.mark.django_db
def test_missing_migration_is_found() -> None:
    recorder = MigrationRecorder(connection)
    assert not bootstrap._has_migrations_to_run(recorder.applied_migrations().keys())
    recorder.record_unapplied("feedback", "0001_initial")
    assert bootstrap._has_migrations_to_run(recorder.applied_migrations().keys())


@pytest.mark.django_db
def test_database_from_before_first_release_is_refused(loaded: list[Path]) -> None:
    MigrationRecorder(connection).record_applied("publishing", "0002_triggers")
    with pytest.raises(StartupError, match=r"before version 0\.1\.0.*export_content.*load_content"):
        bootstrap.bootstrap(lambda line: None)
    assert not loaded


@pytest.fixture
def source(settings: Settings, tmp_path: Path) -> Path:
    """A folder with one style sheet, collected as the served program collects it."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "page.css").write_text("p { color: #111 }")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {
            "BACKEND": "education.operations.static_assets.storage.LenientManifestStorage"
        },
    }
    return folder


def test_static_files_are_collected_once(source: Path) -> None:
    assert collectstatic.collect_if_changed()
    assert not collectstatic.collect_if_changed()


def test_static_files_are_collected_again_after_a_change(source: Path) -> None:
    collectstatic.collect_if_changed()
    (source / "page.css").write_text("p { color: #222222 }")
    assert collectstatic.collect_if_changed()
    (source / "more.css").write_text("p { margin: 0 }")
    assert collectstatic.collect_if_changed()


def test_interrupted_collection_is_repeated(source: Path, settings: Settings) -> None:
    collectstatic.collect_if_changed()
    (settings.STATIC_ROOT / ".collected").unlink()
    assert collectstatic.collect_if_changed()
    (settings.STATIC_ROOT / "staticfiles.json").unlink()
    assert collectstatic.collect_if_changed()
