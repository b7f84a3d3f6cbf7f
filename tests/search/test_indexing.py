"""The search index is kept, checked and rebuilt; the start reports what is missing."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from education.operations.startup import bootstrap
from education.operations.startup.errors import StartupError
from education.operations.static_assets import collectstatic
from education.search import indexing
from education.search.backends import postgresql, sqlite
from education.search.models import IndexEntry
from education.search.search import run_search
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def spots(db):
    return factories.make_small_site()


@pytest.fixture
def output(monkeypatch, settings, tmp_path):
    """What the start says, when it prepares a site."""
    monkeypatch.setattr(collectstatic, "collect_if_changed", lambda: False)
    settings.DATA_DIR = tmp_path / "data"

    def prepare() -> list[str]:
        lines: list[str] = []
        bootstrap.bootstrap(lines.append)
        return lines

    return prepare


def test_start_leaves_a_complete_index_unchanged(spots, output):
    assert indexing.is_up_to_date() and output() == []


@pytest.mark.parametrize("harm", ["rows", "tables", "version"])
def test_start_rebuilds_a_missing_or_outdated_index(harm, spots, output, monkeypatch):
    before = run_search("spots", "en")
    if harm == "rows":
        IndexEntry.objects.all().delete()
    elif harm == "tables":
        indexing.get_backend().drop()
    else:
        monkeypatch.setattr(indexing, "INDEX_VERSION", indexing.INDEX_VERSION + 1)
    assert not indexing.is_up_to_date()
    assert output() == ["Preparing the search …"]
    assert indexing.is_up_to_date() and run_search("spots", "en") == before


def test_command_rebuilds_the_index_and_says_so(spots):
    IndexEntry.objects.all().delete()
    out = StringIO()
    call_command("rebuild_search_index", stdout=out, stderr=StringIO())
    assert out.getvalue().startswith("The search knows 4 editions.")
    assert run_search("spots", "en").count


def test_document_that_cannot_be_indexed_is_not_frozen(spots, monkeypatch):
    def fail(*_editions):
        raise RuntimeError("no room")

    monkeypatch.setattr(indexing, "index_editions", fail)
    editions = spots.document.editions.count()
    with pytest.raises(RuntimeError):
        factories.publish_documents(factories.article("spots", title="About zebras"))
    assert spots.document.editions.count() == editions


def test_sqlite_without_full_text_search_is_one_clear_error(output, monkeypatch):
    monkeypatch.setattr(bootstrap, "has_full_text_search", lambda: False)
    monkeypatch.setattr(connection, "vendor", "sqlite")
    with pytest.raises(StartupError, match=r"no full-text search \(FTS5\)"):
        output()


def test_installed_sqlite_has_full_text_search():
    assert sqlite.has_full_text_search()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="asks PostgreSQL")
def test_similar_spellings_are_found_without_pg_trgm(spots, monkeypatch):
    monkeypatch.setattr(postgresql, "has_trigrams", lambda: False)
    monkeypatch.setattr(
        "education.search.management.commands.rebuild_search_index.has_trigrams", lambda: False
    )
    assert run_search("spotts", "en").corrected[0][1] in {"spot", "spots"}
    out = StringIO()
    call_command("rebuild_search_index", stdout=out, stderr=StringIO())
    assert "PostgreSQL has no pg_trgm here" in out.getvalue()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="asks PostgreSQL")
def test_index_is_built_by_a_role_that_may_not_create_pg_trgm(spots, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("only a superuser can make a role for this")
        cursor.execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
        cursor.execute("DROP ROLE IF EXISTS search_test_role")
        cursor.execute("CREATE ROLE search_test_role")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO search_test_role")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO search_test_role")
        cursor.execute("ALTER TABLE search_words OWNER TO search_test_role")
        cursor.execute("GRANT CREATE ON SCHEMA public TO search_test_role")
        cursor.execute("SET ROLE search_test_role")
        try:
            indexing.rebuild()
            assert not postgresql.has_trigrams()
            assert run_search("spotts", "en").corrected[0][1] in {"spot", "spots"}
        finally:
            cursor.execute("RESET ROLE")
