"""Prepares the data folder and the database so that the site can be served."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from pkgutil import iter_modules

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import Error, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from education.operations.file_lock import AlreadyLocked, file_lock
from education.operations.startup.errors import StartupError
from education.operations.static_assets import collectstatic
from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.models import Document
from education.search import failed_searches, indexing
from education.search.backends.sqlite import has_full_text_search

Log = Callable[[str], None]

# The name of the SQLite file that was there at the last start.
_HAD_DATABASE = ".had_database"
# What no waiting changes: another password, or a database that nobody has made.
_NEVER_READY = ("authentication failed", "does not exist", "no password supplied")
# A migration that only databases from before the first release have.
_BEFORE_FIRST_RELEASE = ("publishing", "0002_triggers")


def bootstrap(log: Log) -> None:
    """Collect static files, migrate, load content into an empty site; each only when needed.

    Raises StartupError when the data folder, the database or the shipped content does not allow it.
    """
    with _startup_lock(settings.DATA_DIR):
        _check_database(log)
        # First: content is published only when its handout can be rendered, drawings included.
        if not settings.DEBUG and collectstatic.collect_if_changed():
            log("Collected the style sheets and images.")
        try:
            _bootstrap_database(log)
        except OperationalError as error:
            raise StartupError(f"The database cannot be used ({_first_line(error)})") from error


@contextmanager
def _startup_lock(folder: Path) -> Iterator[None]:
    """Serialize starts on one data folder, so that only one of them migrates and loads content."""
    with _writable(folder), file_lock(folder / ".starting"):
        yield


@contextmanager
def serving_lock(folder: Path) -> Iterator[None]:
    """Held while the site runs, by all its processes; raises StartupError during a restore."""
    try:
        with _writable(folder), file_lock(folder / ".serving", shared=True, wait=False):
            yield
    except AlreadyLocked as error:
        raise StartupError("A backup is being restored. Start again when it is done.") from error


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".starting").touch()
    except OSError as error:
        raise StartupError(
            f"The data folder {folder} cannot be written to ({error.strerror}). "
            "Choose a folder you may write to: EDUCATION_DATA_DIR=/path make run"
        ) from error
    yield


def _check_database(log: Log) -> None:
    if connection.vendor == "sqlite" and not has_full_text_search():
        raise StartupError(
            "The SQLite of this Python has no full-text search (FTS5), which the search needs. "
            "Use Debian's own Python, or PostgreSQL: see docs/deploying.md"
        )
    _refuse_to_replace_a_lost_database()
    try:
        _connect_when_ready(log)
    except Error as error:
        if connection.vendor == "sqlite":
            name = connection.settings_dict["NAME"]
            raise StartupError(
                f"The database file {name} cannot be opened ({_first_line(error)}). Is it yours, and whole?"
            ) from error
        raise StartupError(
            f"The database does not answer ({_first_line(error)}). Check DATABASE_URL."
        ) from error


def _refuse_to_replace_a_lost_database() -> None:
    """Raise StartupError when the SQLite file is gone: readers would get an empty site."""
    name = Path(str(connection.settings_dict["NAME"]))
    marker = settings.DATA_DIR / _HAD_DATABASE
    if connection.vendor == "sqlite" and not name.exists() and _read_marker(marker) == str(name):
        raise StartupError(
            f"The database file {name} is gone, and it was there before. Nothing was changed. Restore a backup: "
            f"manage.py restore FILE. To begin anew with an empty site instead, delete {marker}"
        )


def _read_marker(marker: Path) -> str:
    return marker.read_text() if marker.exists() else ""


def _connect_when_ready(log: Log) -> None:
    """Connect; a PostgreSQL that is still starting is waited for. Raises Error."""
    end = time.monotonic() + settings.DATABASE_WAIT_SECONDS
    has_logged = False
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as error:
            is_refused = any(words in str(error) for words in _NEVER_READY)
            if connection.vendor == "sqlite" or is_refused or time.monotonic() >= end:
                raise
            if not has_logged:
                log(
                    f"Waiting for the database, {settings.DATABASE_WAIT_SECONDS} seconds at most "
                    f"({_first_line(error)}) …"
                )
            has_logged = True
            time.sleep(1)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _bootstrap_database(log: Log) -> None:
    applied = MigrationRecorder(connection).applied_migrations().keys()
    if _BEFORE_FIRST_RELEASE in applied:
        raise StartupError(
            "This database was made before version 0.1.0. This program cannot read it. Nothing was changed. "
            "With the program that made it, run 'manage.py export_content FOLDER'. Then choose an empty data "
            "folder or database, and before the first start run 'manage.py migrate' and "
            "'manage.py load_content FOLDER'."
        )
    if _has_migrations_to_run(applied):
        log("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
    if not Document.objects.exists():
        _load_initial_content(log)
    if not indexing.is_up_to_date():
        log("Preparing the search …")
        indexing.rebuild()
    failed_searches.delete_expired()
    if connection.vendor == "sqlite":
        (settings.DATA_DIR / _HAD_DATABASE).write_text(str(connection.settings_dict["NAME"]))


def _has_migrations_to_run(applied: AbstractSet[tuple[str, str]]) -> bool:
    # Loading every migration is slow, and the names show in most cases that all were run.
    if _migrations_on_disk() <= applied:
        return False
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrations_on_disk() -> set[tuple[str, str]]:
    """The app label and the name of each migration of the installed apps."""
    packages = {app.label: Path(app.path, "migrations") for app in apps.get_app_configs()}
    return {
        (label, name)
        for label, folder in packages.items()
        for _finder, name, _is_package in iter_modules([str(folder)])
        if not name.startswith(("_", "~"))
    }


def _load_initial_content(log: Log) -> None:
    if not settings.CONTENT_DIR.is_dir():
        log(f"The site is empty: there is no content in {settings.CONTENT_DIR}.")
        return
    # Imported here, because only the first start reads files.
    from education.publishing.content_files.importer import import_files  # noqa: PLC0415

    log("Loading the content …")
    try:
        report = import_files(settings.CONTENT_DIR)
    except ContentFileErrors as error:
        raise StartupError(
            f"The content to begin with has mistakes; nothing was loaded.\n{error}"
        ) from error
    for line in report.messages():
        log(line)
