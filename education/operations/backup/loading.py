"""Filling an empty database from an archive, and bringing it to this version."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from education.operations.backup import tables
from education.operations.backup.archive import Archive, Manifest
from education.operations.backup.errors import BackupError
from education.operations.backup.tables import Table
from education.publishing import db_triggers
from education.search import indexing


def require_known(manifest: Manifest) -> None:
    """Raise BackupError for a backup of a later version, or without the tables of its version."""
    if unknown := tables.unknown_migrations(manifest.migrations):
        raise BackupError(
            f"The backup was made by version {manifest.version}, which is newer than this program "
            f"(it has {unknown[0][0]} {unknown[0][1]}). Nothing was changed. Install that version first."
        )
    expected = {table.name: table.columns for table in tables.tables_after(manifest.migrations)}
    if {name: entry.columns for name, entry in manifest.tables.items()} != expected:
        raise BackupError(
            "The tables in the backup are not those of its version. Nothing was changed. Use another backup."
        )


def load(archive: Archive) -> None:
    """Make the tables, fill them, migrate to this version and index for the search.

    The database is empty: without tables. Raises BackupError for rows that it does not take.
    """
    manifest = archive.manifest
    executor = MigrationExecutor(connection)
    executor.migrate(tables.last_of(manifest.migrations))
    with connection.schema_editor(atomic=False) as editor:
        db_triggers.remove(editor)
    with connection.constraint_checks_disabled():
        _fill(archive, tables.tables_after(manifest.migrations))
    with connection.schema_editor(atomic=False) as editor:
        db_triggers.install(editor)
    # Also when there is none to run: it adds the permissions of this version.
    call_command("migrate", interactive=False, verbosity=0)
    indexing.rebuild()


def _fill(archive: Archive, found: list[Table]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Migrations in the same transaction may have asked for the checks after each row.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    # What migrations have put there is in the backup as well, as it was.
    for table in found:
        table.clear()
    for table in found:
        entry = archive.manifest.tables[table.name]
        try:
            with archive.table_lines(table.name) as lines:
                rows = table.write_lines(lines)
        except (DatabaseError, ValueError, TypeError, ValidationError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise BackupError(
                f"This database does not take the rows of {table.name} ({reason}). Nothing was changed."
            ) from error
        if rows != entry.rows:
            raise BackupError(
                f"{table.name} has {rows} rows in the backup instead of {entry.rows}. Nothing was changed."
            )
        if entry.last_number is not None:
            table.set_last_number(entry.last_number)
    try:
        connection.check_constraints()
    except DatabaseError as error:
        raise BackupError(
            f"The rows of the backup do not belong together ({error}). Nothing was changed."
        ) from error
