"""The conventions of the code that a program can check."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from education.publishing import db_triggers, document_types

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "education"
MODULES = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
# What makes the pages of readers.
PUBLIC_VIEWS = [
    path
    for path in MODULES
    if "staff" not in path.parts
    and (
        path.parent.name == "views"
        or path.name
        in {
            "views.py",
            "presenters.py",
            "a_to_z.py",
            "card_list.py",
            "search.py",
            "citations.py",
            "handout.py",
        }
    )
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def called_names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(tree)
        if isinstance(node, (ast.Attribute, ast.Name))
    }


@pytest.mark.long
def test_imports_go_down_only():
    program = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout


def test_layer_diagram_is_up_to_date():
    command = [sys.executable, ROOT / "bin" / "draw_layers.py", "--check"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_only_renderer_and_style_sheet_mark_text_safe():
    marking = {
        name(path)
        for path in MODULES
        if called_names(path) & {"mark_safe", "SafeString", "SafeText"}
    }
    allowed = {name(path) for path in MODULES if path.parts[-2] == "markdown"}
    # The style sheet is our own file, and data for machines is escaped JSON; the tag libraries only
    # name the type that they pass on.
    assert marking - allowed <= {
        "education/web/inline_css.py",
        "education/web/json_ld.py",
        "education/references/templatetags/kept_tags.py",
        "education/references/templatetags/markdown_tags.py",
        "education/search/templatetags/search_tags.py",
        "education/pages/templatetags/page_tags.py",
    }
    for library in ("references/templatetags/markdown_tags.py", "pages/templatetags/page_tags.py"):
        tree = ast.parse((PACKAGE / library).read_text())
        assert not [
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "SafeString"
        ]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_escape_and_have_no_inline_script_or_style(path):
    text = path.read_text()
    for forbidden in ("|safe", "autoescape", "<script", " style=", "javascript:", "csrf_token"):
        if forbidden in {"<script", "csrf_token"} and "admin" in path.parts:
            continue
        assert forbidden not in text, forbidden


def test_public_views_start_from_what_is_live():
    for path in PUBLIC_VIEWS:
        assert "objects.all()" not in path.read_text(), name(path)


def test_no_catch_all_modules_and_no_signals():
    for path in MODULES:
        assert path.stem not in {"utils", "core", "common", "helpers", "signals", "misc"}, name(
            path
        )
        assert not called_names(path) & {"post_save", "pre_save", "receiver", "m2m_changed"}, name(
            path
        )


def test_public_modules_import_no_working_copy():
    """Public pages are made of editions alone, so no view or page module names a working-copy
    model.
    """
    models = {
        model.__name__
        for model in apps.get_models()
        if issubclass(
            model, tuple(document_types.get(k).model_class() for k in document_types.names())
        )
    }
    for path in PUBLIC_VIEWS:
        imported = {
            a.name
            for n in ast.walk(ast.parse(path.read_text()))
            if isinstance(n, ast.ImportFrom)
            for a in n.names
        }
        assert not imported & models, name(path)


@pytest.mark.django_db
def test_triggers_are_in_place_after_all_migrations():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            expected = set(db_triggers.SQLITE)
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            expected = set(db_triggers.POSTGRESQL)
        assert expected <= {row[0] for row in cursor.fetchall()}


def test_lock_files_name_no_index_or_path():
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text()
        assert (
            "http" not in text
            and "file:" not in text
            and "--index" not in text
            and "--find" not in text
        )
        assert text.count("--hash=sha256:") > text.count("==")


def test_folders_files_and_functions_are_small():
    folders = Counter(path.parent for path in MODULES)
    assert not {name(folder): number for folder, number in folders.items() if number > 16}
    assert not {name(path) for path in MODULES if len(path.read_text().splitlines()) > 400}
    long = {
        (name(path), node.name)
        for path in MODULES
        for node in ast.parse(path.read_text()).body
        for node in (node.body if isinstance(node, ast.ClassDef) else [node])
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    }
    assert not long
