"""The doctor's look at the site: database, migrations, content, and what is seen from outside."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from education.operations.health import probes
from education.operations.health.findings import Finding, green, red, yellow
from education.publishing import db_triggers
from education.publishing.content import sha256
from education.publishing.models import Edition
from education.references.models import CheckedLink
from education.search import indexing

_TIMEOUT = 10
_MAX_BODY = 200
# What every page has to send, and a part of its value.
_HEADERS = {
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=()",
}


def examine_database() -> Iterator[Finding]:
    """Whether it can be read and written, and is whole."""
    if problem := probes.reading_problem() or probes.writing_problem():
        yield red("database", problem, "See “Is it well?” in docs/deploying.md.")
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(1)")
            if (answer := cursor.fetchone()[0]) != "ok":
                yield red("database", f"It is damaged ({answer}).", "Restore a backup.")
                return
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            expected = set(db_triggers.SQLITE)
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            expected = set(db_triggers.POSTGRESQL)
        missing = sorted(expected - {row[0] for row in cursor.fetchall()})
    connection.check_constraints()
    if missing:
        yield red(
            "database",
            f"Nothing keeps history from being changed: {missing[0]} is missing.",
            "Restore a backup, which puts it back.",
        )
    else:
        yield green("database", f"{connection.vendor}: it can be read and written, and is whole.")


def examine_migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield red("migrations", f"{len(plan)} were not run.", "Restart the site, or run migrate.")
    else:
        yield green("migrations", "All were run.")


def examine_content() -> Iterator[Finding]:
    """Editions against their hashes, the search, and broken links."""
    altered = [
        edition.pk
        for edition in Edition.objects.only("data", "sha256").iterator(chunk_size=200)
        if sha256(edition.data) != edition.sha256
    ]
    if altered:
        yield red("content", f"Edition {altered[0]} is not as it was frozen.", "Restore a backup.")
    if not indexing.is_up_to_date():
        yield red("content", "The search lacks some pages.", "manage.py rebuild_search_index")
    broken = CheckedLink.objects.filter(status=CheckedLink.Status.BROKEN).count()
    if broken:
        yield yellow("content", f"{broken} links are broken.", "See the staff's start page.")
    if not Edition.objects.live().exists():
        yield red("content", "Nothing is published.", "manage.py load_content, or publish a page.")
    elif not altered:
        yield green("content", f"{Edition.objects.count()} editions are as they were frozen.")


def examine_from_outside(url: str) -> Iterator[Finding]:
    """What a reader's browser gets: health, headers, and the certificate by asking at all."""
    try:
        status, _headers, body = _fetch(url, "/healthz")
        home, headers, _page = _fetch(url, "/")
    except (OSError, http.client.HTTPException) as error:
        yield red(
            "from outside", f"{url} does not answer ({error}).", "Is the site started, and nginx?"
        )
        return
    if status != 200:
        yield red("from outside", f"{url}/healthz answers {status}: {body}", "See the journal.")
    if home != 200:
        yield red("from outside", f"{url}/ answers {home}.", "See the journal.")
    expected = dict(_HEADERS)
    if url.startswith("https:"):
        expected["strict-transport-security"] = "max-age="
    bad = [name for name, part in expected.items() if part not in headers.get(name, "")]
    for name in bad:
        yield red("from outside", f"The header {name} is missing or weaker.", "Does nginx drop it?")
    if "set-cookie" in headers:
        yield red("from outside", "A page for readers sets a cookie.", "Does nginx add it?")
    if status == home == 200 and not bad:
        yield green("from outside", f"{url} answers, with all headers.")


def _fetch(url: str, path: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and the beginning of the body; redirects are not followed."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    client: http.client.HTTPConnection = (
        http.client.HTTPSConnection(
            host, port, timeout=_TIMEOUT, context=ssl.create_default_context()
        )
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
    )
    try:
        client.request("GET", path)
        response = client.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        body = response.read(_MAX_BODY).decode("utf-8", "replace").strip()
        return response.status, headers, body
    finally:
        client.close()
