"""Writes a small database of this release as SQL into tests/upgrade/<version>.sql.

Run it once for each release, with its final migrations. The rows are made by the program itself,
and hold no personal data.
"""

# ruff: noqa: PLC0415  Django is set up with a data folder of its own before anything imports models.

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The site itself writes nothing of its own into these.
EMPTY_TABLES = {
    "auth_user_user_permissions",
    "django_admin_log",
    "django_session",
}


def fill() -> None:
    """Publish, review, schedule and withdraw a few documents, and add a row to each other table."""
    from django.contrib.auth.models import Group, User
    from django.utils import timezone

    from education.clinic.models import Clinic
    from education.feedback.models import FeedbackAnswer
    from education.media.models import Image
    from education.publishing import actions
    from education.publishing.models import Edition
    from education.publishing.workflow.reviews import record_review, request_changes
    from education.references.models import CheckedLink
    from education.search.models import FailedSearch
    from education.web.models import ThrottleCounter
    from tests import factories

    day = date(2026, 11, 29)
    reviewer = User.objects.create_user("reviewer", is_staff=True)
    reviewer.groups.set(Group.objects.all()[:1])
    Clinic(name="Clinic of Release", emergency_number="112", phone="(555) 010-0199").save()
    combination = {
        "key": "lump-and-breath",
        "together": ["spreading", "growing"],
        "counts_as": "emergency",
        "text": "A lump grows and the pain is spreading",
        "sources": ["leaflet"],
    }
    published = factories.publish_documents(
        factories.sources(),
        factories.glossary(),
        factories.checklist(),
        factories.checklist("together", combinations=[combination]),
        factories.cause(),
        factories.cause("hair", "A hair grew back into the skin."),
        factories.snippet(),
        factories.article(snippets=["if-it-bursts"]),
        factories.self_check(),
    )
    spots = next(edition for edition in published if edition.heading == "About spots")
    oil = next(edition for edition in published if edition.heading == "Oil")
    for edition in published:
        record_review([edition], by=reviewer, shown_as="A Reviewer", confirms=edition)
    factories.publish_documents(factories.cause(text="Our skin makes oil."), **factories.WORDING)
    factories.check_wording(oil.document)
    request_changes(
        actions.freeze(
            factories.article(title="Spots", snippets=["if-it-bursts"]), **factories.ADVICE
        ),
        by=reviewer,
        comment="Say where.",
    )
    actions.withdraw(
        factories.cause("hair"), reason="It said too little.", redirect_to=oil.document
    )
    later = timezone.now().replace(year=2100)
    actions.publish([factories.cause("pore", "A pore is closed.")], at=later, **factories.ADVICE)
    Image.objects.create(name="release.png", alternative_text="Skin", width=1, height=1, bytes=1)
    FeedbackAnswer.objects.create(edition=spots, useful=True, comment="Clear.", day=day)
    ThrottleCounter.objects.try_add("logins", window=1, bucket=1, number=1, limit=10)
    FailedSearch.objects.create(day=day, digest="0" * 64, word="eczema")
    link = CheckedLink.objects.create(
        url="https://clinic.example/leaflet",
        status=CheckedLink.Status.UNSURE,
        http_status=403,
        problem="It refuses programs.",
        checked_at=timezone.now() - timedelta(days=1),
    )
    link.editions.add(Edition.objects.get(pk=published[0].pk))


def dump(database: sqlite3.Connection) -> Iterator[str]:
    """The statements that make the database again: tables with their rows, then all else."""
    yield "PRAGMA foreign_keys = OFF;"
    yield "BEGIN;"
    tables = database.execute(
        "SELECT name, sql, type FROM pragma_table_list JOIN sqlite_schema USING (name, type) "
        "WHERE schema = 'main' AND name NOT LIKE 'sqlite%' ORDER BY name"
    ).fetchall()
    virtual = database.execute(
        "SELECT name, sql, 'virtual' FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL %' ORDER BY name"
    ).fetchall()
    for table, definition, kind in [*tables, *virtual]:
        yield f"{definition};"
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        names = ["rowid", *columns] if kind == "virtual" else columns
        values = " || ', ' || ".join(f'quote("{name}")' for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        rows = database.execute(f'SELECT {values} FROM "{table}" ORDER BY rowid').fetchall()  # noqa: S608  names of tables
        for (row,) in rows:
            yield f'INSERT INTO "{table}" ({listed}) VALUES ({row});'  # noqa: S608  quoted by SQLite
        if not rows and table not in EMPTY_TABLES:
            raise SystemExit(f"No row is made for {table}: add one to fill().")
    yield from (
        f"{definition};"
        for (definition,) in database.execute(
            "SELECT sql FROM sqlite_schema WHERE type IN ('index', 'trigger', 'view') "
            "AND sql IS NOT NULL ORDER BY type, name"
        )
    )
    yield "COMMIT;"


def main() -> None:
    """Make the database in a folder of its own, and write the file of this version."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "education.settings",
            "EDUCATION_DATA_DIR": folder,
            "DATABASE_URL": "",
        }
        sys.path.insert(0, str(ROOT))
        import django
        from django.core.management import call_command
        from django.db import connection, transaction
        from django.test import override_settings

        django.setup()
        call_command("migrate", verbosity=0)
        with override_settings(HANDOUT_TRIAL_RENDER=False), transaction.atomic():
            fill()
        connection.close()
        with sqlite3.connect(Path(folder) / "site.sqlite3") as database:
            text = "\n".join(dump(database)) + "\n"
    target = ROOT / "tests" / "upgrade" / f"{version}.sql"
    target.write_text(text)
    print(f"{target.relative_to(ROOT)}: {len(text) // 1000} KB")


if __name__ == "__main__":
    main()
