"""Fixtures that every room shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings

from education.publishing import db_triggers

hypothesis_settings.register_profile(
    "test",
    max_examples=int(os.environ.get("PROVE_EXAMPLES", "40")),
    deadline=None,
    derandomize="PROVE_EXAMPLES" not in os.environ,
    # Making a failing example small can take minutes, on every machine that runs into it.
    phases=list(Phase) if "PROVE_EXAMPLES" in os.environ else [Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("test")

# Playwright keeps an event loop running in the thread of the tests.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", action="store_true", help="only tests that use the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--database`, leave out what cannot differ between two databases."""
    if not config.getoption("--database"):
        return
    chosen = {True: [], False: []}
    for item in items:
        names = getattr(item, "fixturenames", ())
        uses = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(names)
        chosen[bool(uses)].append(item)
    config.hook.pytest_deselected(items=chosen[False])
    items[:] = chosen[True]


@pytest.fixture(scope="session", autouse=True)
def _flush_may_empty_the_log() -> Iterator[None]:
    """The one door past the triggers: the flush between tests lifts them and puts them back."""
    flush: Any = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        connection = connections["default"]
        with connection.schema_editor(atomic=False) as editor:
            db_triggers.remove(editor)
        try:
            flush(case)
        finally:
            with connection.schema_editor(atomic=False) as editor:
                db_triggers.install(editor)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _plain_static_files() -> Iterator[None]:
    """Tests serve static files from where they lie; only the served program has
    collected copies.
    """
    storages = {**settings.STORAGES}
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES=storages, WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_trial_prints() -> Iterator[None]:
    """Tests publish thousands of pages; those of the trial print itself switch it on."""
    with override_settings(HANDOUT_TRIAL_RENDER=False):
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A good hash is slow by design, and tests make hundreds of people."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _limits_of_this_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The processes of a test run are different sites: none takes a slot of another."""
    with override_settings(LIMITS_DIR=tmp_path_factory.mktemp("limits")):
        yield


@pytest.fixture
def uploads(settings: Any, tmp_path: Path) -> Path:
    """The folder of uploaded pictures: its own for this test, and empty."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"
