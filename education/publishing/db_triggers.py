"""Database triggers that refuse to change history: editions, reviews, audit entries, the log.

They also protect against code that bypasses the models and against a database shell; for SQLite and
PostgreSQL.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NEVER_CHANGED = (
    "publishing_edition",
    "publishing_editiondependency",
    "publishing_editionfacet",
    "publishing_editionname",
    "publishing_review",
    "publishing_changerequest",
    "publishing_recall",
    "publishing_comment",
    "publishing_replacement",
    "publishing_wordingcheck",
    "audit_auditlogentry",
)

_SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"

SQLITE = {
    **{
        f"{table}_no_{verb.lower()}": (
            table,
            f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, '{verb} of {table} is refused: it is never changed or deleted'); END""",
        )
        for table in NEVER_CHANGED
        for verb in ("UPDATE", "DELETE")
    },
    "publishing_publication_no_update": (
        "publishing_publication",
        """
        CREATE TRIGGER publishing_publication_no_update BEFORE UPDATE ON publishing_publication
        BEGIN SELECT RAISE(ABORT, 'a publication is never changed'); END""",
    ),
    "publishing_publication_no_delete": (
        "publishing_publication",
        f"""
        CREATE TRIGGER publishing_publication_no_delete BEFORE DELETE ON publishing_publication
        WHEN OLD.at <= {_SQLITE_NOW}
        BEGIN SELECT RAISE(ABORT, 'a publication that has begun is never deleted'); END""",
    ),
    "publishing_publication_own_edition": (
        "publishing_publication",
        """
        CREATE TRIGGER publishing_publication_own_edition BEFORE INSERT ON publishing_publication
        WHEN NEW.edition_id IS NOT NULL AND NEW.document_id IS NOT
            (SELECT document_id FROM publishing_edition WHERE id = NEW.edition_id)
        BEGIN SELECT RAISE(ABORT, 'a publication shows an edition of its own document'); END""",
    ),
}

_POSTGRESQL_FUNCTIONS = """
    CREATE FUNCTION publishing_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN RAISE EXCEPTION '% on % is refused: it is never changed or deleted', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation'; END $body$;
    CREATE FUNCTION publishing_own_edition() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF NEW.edition_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM
            (SELECT document_id FROM publishing_edition WHERE id = NEW.edition_id) THEN
            RAISE EXCEPTION 'a publication shows an edition of its own document'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $body$;
"""

POSTGRESQL = {
    **{
        f"{table}_no_change": (
            table,
            f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION publishing_refuse()""",
        )
        for table in NEVER_CHANGED
    },
    **{
        f"{table}_no_truncate": (
            table,
            f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION publishing_refuse()""",
        )
        for table in (*NEVER_CHANGED, "publishing_publication")
    },
    "publishing_publication_no_update": (
        "publishing_publication",
        """CREATE TRIGGER publishing_publication_no_update BEFORE UPDATE ON publishing_publication
            FOR EACH ROW EXECUTE FUNCTION publishing_refuse()""",
    ),
    "publishing_publication_no_delete": (
        "publishing_publication",
        """CREATE TRIGGER publishing_publication_no_delete BEFORE DELETE ON publishing_publication
            FOR EACH ROW WHEN (OLD.at <= clock_timestamp()) EXECUTE FUNCTION publishing_refuse()""",
    ),
    "publishing_publication_own_edition": (
        "publishing_publication",
        """CREATE TRIGGER publishing_publication_own_edition BEFORE INSERT ON publishing_publication
            FOR EACH ROW EXECUTE FUNCTION publishing_own_edition()""",
    ),
}


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of every table that exists, replacing existing triggers.

    Raises NotImplementedError for another database.
    """
    connection = schema_editor.connection
    if connection.vendor not in {"sqlite", "postgresql"}:
        raise NotImplementedError(f"no triggers are written for {connection.vendor}")
    remove(schema_editor)
    tables = set(connection.introspection.table_names())
    if connection.vendor == "sqlite":
        for table, statement in SQLITE.values():
            if table in tables:
                schema_editor.execute(statement)
    else:
        schema_editor.execute(_POSTGRESQL_FUNCTIONS, params=None)
        for table, statement in POSTGRESQL.values():
            if table in tables:
                schema_editor.execute(statement)


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop every trigger: for migrations that rebuild a table, and for the flush between tests."""
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
    else:
        tables = set(schema_editor.connection.introspection.table_names())
        for name, (table, _statement) in POSTGRESQL.items():
            if table in tables:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        schema_editor.execute(
            "DROP FUNCTION IF EXISTS publishing_refuse(), publishing_own_edition()"
        )
