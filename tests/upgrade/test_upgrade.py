"""The database of each release is migrated to this version, keeps its rows and serves its pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import IntegrityError, connection, connections
from django.db.migrations.loader import MigrationLoader

from education.clinic.models import Clinic
from education.publishing.models import Document, Edition, Review

DUMPS = sorted(Path(__file__).parent.glob("*.sql"))
OUTDATED = (
    "{name} does not match the migrations. A migration that was released is never edited: add one. "
    "Before the release itself, run bin/dump_release_database.py again."
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the dumps are for SQLite"),
]


@pytest.fixture(params=DUMPS, ids=lambda path: path.stem)
def release(request, tmp_path, db) -> Iterator[str]:
    """The name of a dump, which is the default database meanwhile."""
    path = tmp_path / "site.sqlite3"
    database = sqlite3.connect(path)
    database.executescript(request.param.read_text())
    database.close()
    default = connections["default"]
    opened = type(default)({**default.settings_dict, "NAME": str(path)}, "default")
    connections["default"] = opened
    ContentType.objects.clear_cache()
    try:
        yield request.param.name
    finally:
        opened.close()
        connections["default"] = default
        ContentType.objects.clear_cache()


@pytest.fixture
def fresh_schema(db) -> dict[str, str]:
    """The schema of a new database; to be requested before `release`."""
    return schema()


def schema() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'")
        return dict(cursor.fetchall())


def test_a_dump_exists_for_the_first_release():
    assert "0.1.0" in {path.stem for path in DUMPS}
    assert all(path.stat().st_size < 200_000 for path in DUMPS)


def test_migrating_a_release_gives_the_current_schema(fresh_schema, release):
    loader = MigrationLoader(connection)
    assert set(loader.applied_migrations) <= set(loader.disk_migrations), OUTDATED.format(
        name=release
    )
    call_command("migrate", verbosity=0)
    migrated = schema()
    different = {
        name
        for name in fresh_schema.keys() | migrated.keys()
        if fresh_schema.get(name) != migrated.get(name)
    }
    assert not different, OUTDATED.format(name=release)
    call_command("check", tags=["models", "database"], databases=["default"])
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_migrated_release_refuses_changes_of_history(release):
    call_command("migrate", verbosity=0)
    assert Edition.objects.exists() and Review.objects.exists()
    for statement in (
        "UPDATE publishing_edition SET note = 'Other'",
        "DELETE FROM publishing_review",
        "UPDATE publishing_publication SET reason = 'Other'",
        "DELETE FROM publishing_publication WHERE at < '2100-01-01'",
        "DELETE FROM audit_auditlogentry",
    ):
        with connection.cursor() as cursor, pytest.raises(IntegrityError):
            cursor.execute(statement)


def test_a_migrated_release_serves_its_pages(release, client):
    call_command("migrate", verbosity=0)
    spots = Document.objects.get(kind="article", slug="spots")
    page = client.get(spots.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    for words in ("About spots", "Most people get spots.", "A Reviewer"):
        assert words in text, words
    assert Clinic.load().name in text
    oil = client.get(Document.objects.get(slug="oil").get_absolute_url())
    assert "Our skin makes oil." in oil.content.decode()
    withdrawn = client.get(Document.objects.get(slug="hair").get_absolute_url())
    assert withdrawn.status_code == 410 and "It said too little." in withdrawn.content.decode()
