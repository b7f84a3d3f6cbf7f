"""One command for all that is due, and requests that no page knows."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from education.operations.management.commands import chores, serve
from tests.operations import backup_site
from tests.operations.backup_site import Site
from tests.operations.server_process import run


@pytest.mark.long
def test_chores_run_when_due_and_failed_ones_again(tmp_path: Path) -> None:
    site = Site(tmp_path / "data")
    backup_site.fill(site.folder)
    ended = site.manage("chores", "--skip", "check_links")
    assert ended.returncode == 0, ended.stderr
    assert len(site.backups) == 1 and "can be restored" in ended.stdout
    assert "send_review_reminders" not in ended.stdout
    again = site.manage("chores", "--skip", "check_links")
    assert (again.returncode, again.stdout, len(site.backups)) == (0, "", 1)
    site.backups[0].write_bytes(b"damaged")
    state = site.folder / "chores.json"
    done = json.loads(state.read_text())
    done["restore_drill"] = str(date.fromisoformat(done["restore_drill"]) - timedelta(days=8))
    state.write_text(json.dumps(done))
    for _ in range(2):
        failed = site.manage("chores", "--skip", "check_links")
        assert failed.returncode == 1 and "restore_drill" in failed.stderr
        assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("last", "is_due"),
    [
        (None, True),
        ("no day", True),
        ("2026-11-30", False),
        ("2026-11-24", False),
        ("2026-11-23", True),
        ("2028-01-01", True),
    ],
)
def test_chore_is_due_after_its_days(last: str | None, is_due: bool) -> None:
    assert chores._is_due(last, date(2026, 11, 30), 7) is is_due


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", "GET, HEAD"),
        ("/healthz", "GET, HEAD"),
        ("/self-check/", "GET, HEAD"),
        ("/admin/login/", "GET, HEAD, POST"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_unknown_method_is_not_allowed(path: str, allowed: str, method: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, path)
    assert (answer.status_code, answer["Allow"]) == (405, allowed)


@pytest.mark.long
def test_sign_in_works_with_a_port_in_the_address(tmp_path: Path) -> None:
    code = (
        "import re, django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from django.contrib.auth.models import User\n"
        "from django.test import Client\n"
        "User.objects.create_superuser('boss', password='correct horse battery')\n"
        "client = Client(enforce_csrf_checks=True, headers={'host': 'clinic.example',\n"
        "    'x-forwarded-proto': 'https', 'origin': 'https://clinic.example:8443'})\n"
        "page = client.get('/admin/login/', secure=True)\n"
        "form = {'username': 'boss', 'password': 'correct horse battery',\n"
        "    'csrfmiddlewaretoken': re.search(r'csrfmiddlewaretoken. value=.(\\w+)', page.content.decode())[1]}\n"
        "print(client.post('/admin/login/', form, secure=True).status_code)\n"
        "print(Client(headers={'host': 'clinic.example'}).get('/')['Location'])\n"
    )
    ended = run(
        *(sys.executable, "-c", code),
        EDUCATION_DATA_DIR=str(tmp_path),
        SITE_URL="https://clinic.example:8443",
        DJANGO_SETTINGS_MODULE="education.settings",
    )
    assert ended.stdout.split() == ["302", "https://clinic.example:8443/"], ended.stderr


def test_printed_account_command_names_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://clinic:secret@host/site")
    command = serve._account_command()
    assert "DATABASE_URL=postgres://clinic:PASSWORD@host/site" in command
    assert serve._without_password("postgres://a:b@host/site") == "postgres://a:PASSWORD@host/site"
    assert serve._without_password("postgres:///site") == "postgres:///site"
