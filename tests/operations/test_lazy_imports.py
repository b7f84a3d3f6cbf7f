"""Readers wait at a start for what their pages need, and for nothing that only staff
or paper need.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.operations.server_process import run

pytestmark = pytest.mark.long

LATER = (
    "education.plain_language.report",
    "education.publishing.content_files.importer",
    "education.staff.admin",
    "PIL",
    "ruamel.yaml",
    "segno",
    "snowballstemmer",
    "typst",
)
LOADED = f"""
import sys
from education.operations.startup import worker
worker.load_application()
from django.urls import resolve, reverse
%s
print(*sorted(set({LATER!r}) & sys.modules.keys()))
"""


def loaded_after(act: str, folder: Path) -> str:
    """What of LATER there is in a process that has loaded the site and then done this."""
    output = run(
        *(sys.executable, "-c", LOADED % act),
        DJANGO_SETTINGS_MODULE="education.settings",
        EDUCATION_DATA_DIR=str(folder),
    )
    assert output.returncode == 0, output.stderr
    return output.stdout.strip()


@pytest.mark.parametrize("act", ["", "reverse('conditions')", "resolve('/conditions/acne/')"])
def test_start_and_reader_urls_do_not_import_the_admin(act: str, tmp_path: Path) -> None:
    assert loaded_after(act, tmp_path) == ""


@pytest.mark.parametrize("act", ["reverse('admin:index')", "resolve('/admin/articles/article/')"])
def test_staff_url_imports_the_admin(act: str, tmp_path: Path) -> None:
    assert "education.staff.admin" in loaded_after(act, tmp_path)


def test_django_checks_import_the_admin(tmp_path: Path) -> None:
    act = "from django.core.management import call_command; call_command('check', tags=['admin'])"
    assert "education.staff.admin" in loaded_after(act, tmp_path)
