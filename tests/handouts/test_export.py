"""`manage.py export_handouts`: every handout as a file, made once."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from education.handouts.paper.typesetting import TYPESETTER, WHY, Busy, Unprintable
from education.publishing import actions
from tests import factories

pytestmark = pytest.mark.django_db
FILES = {"spots.pdf", "checklist-skin.pdf", "index.html", ".handouts.json"}


def export(folder: Path, **options: str) -> str:
    shown = StringIO()
    call_command("export_handouts", folder, stdout=shown, stderr=StringIO(), **options)
    return shown.getvalue().strip()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that is not there yet, and a small site."""
    factories.make_small_site()
    return tmp_path / "not there" / "out"


def test_export_has_a_file_for_every_live_handout_in_an_index(out):
    assert export(out) == "2 made, 0 unchanged, 0 removed."
    assert {path.name for path in out.iterdir()} == FILES
    assert (out / "spots.pdf").read_bytes().startswith(b"%PDF")
    assert '<a href="spots.pdf">About spots</a> (Edition 1' in (out / "index.html").read_text()


def test_unchanged_handout_is_not_exported_again(out):
    export(out)
    before = (out / "checklist-skin.pdf").read_bytes()
    factories.publish_documents(factories.cause(text="Skin makes much oil."))
    assert export(out) == "1 made, 1 unchanged, 0 removed."
    assert (out / "checklist-skin.pdf").read_bytes() == before
    assert export(out, print_size="large") == "2 made, 0 unchanged, 0 removed."


def test_stopped_export_continues_where_it_was(out, monkeypatch):
    make_pdf, count = TYPESETTER.make_pdf, iter(range(9))

    def stopped(data, **how):
        if next(count) == 1:
            raise KeyboardInterrupt
        return make_pdf(data, **how)

    monkeypatch.setattr(TYPESETTER, "make_pdf", stopped)
    with pytest.raises(KeyboardInterrupt):
        export(out)
    assert export(out) == "1 made, 1 unchanged, 0 removed."


def test_handout_no_longer_live_is_removed_and_no_other_file(out):
    export(out)
    (out / "mine.pdf").write_text("mine")
    page = factories.article()
    actions.withdraw(page, reason="It was wrong.")
    assert export(out) == "0 made, 1 unchanged, 1 removed."
    assert {path.name for path in out.iterdir()} == FILES - {"spots.pdf"} | {"mine.pdf"}


def test_export_continues_after_a_handout_that_fails(out, monkeypatch):
    make_pdf = TYPESETTER.make_pdf

    def fails(data, **how):
        if "About spots" in data:
            raise Unprintable(WHY["time"])
        return make_pdf(data, **how)

    monkeypatch.setattr(TYPESETTER, "make_pdf", fails)
    with pytest.raises(CommandError, match="could not be made"):
        export(out)
    assert {path.name for path in out.iterdir()} == FILES - {"spots.pdf"}
    assert "spots.pdf" not in (out / "index.html").read_text()


def test_export_says_when_others_print(out, monkeypatch):
    def busy(data, **how):
        raise Busy("Others are printing.")

    monkeypatch.setattr(TYPESETTER, "make_pdf", busy)
    with pytest.raises(CommandError, match="Others are printing"):
        export(out)
