"""Nothing goes live with an emergency number that is not filled in for readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from education import markdown
from education.clinic.models import Clinic
from education.publishing import content
from education.publishing.content import ActionRefused
from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.importer import check_files, import_files
from education.publishing.diff.fields import diff_content
from education.publishing.models import Edition
from tests import factories
from tests.factories import publish_documents
from tests.publishing.content_files.sample_folder import GOOD, good_folder

pytestmark = pytest.mark.django_db


def problems_of(**fields: Any) -> dict[content.Path, str]:
    """Where each problem of a cause is, and its message."""
    with pytest.raises(ActionRefused) as refused:
        publish_documents(factories.cause(**fields))
    return {problem.path: problem.message for problem in refused.value.problems}


@pytest.mark.parametrize(
    "written", ["{number}", "{emergency number", "your local emergency number"]
)
def test_unfilled_text_is_refused(written: str) -> None:
    found = problems_of(text=f"Call {written}.")
    assert list(found) == [("what_it_is",)]
    assert "Write {emergency number}" in found["what_it_is",]
    assert not Edition.objects.live().exists()


@pytest.mark.parametrize("written", ["{emergency number}", "your local emergency number"])
def test_emergency_number_in_a_name_is_refused(written: str) -> None:
    found = problems_of(also_called=["Oily skin", f"When to call {written}"])
    assert list(found) == [("also_called", 1)]
    assert "in a name or a title" in found["also_called", 1]


def test_unfilled_note_is_refused() -> None:
    with pytest.raises(ActionRefused, match=r"note: .*{number}.*Write {emergency number}"):
        publish_documents(factories.cause(), note="When to call {number}.")


def test_comparison_is_filled_in_for_readers_only() -> None:
    before, after = (
        factories.cause(text=f"{verb} {{emergency number}}.").draft_content()
        for verb in ("Call", "Ring")
    )
    with markdown.emergency_number_from(lambda: "911"):
        (for_staff,) = diff_content(before, after)
        (for_readers,) = diff_content(before, after, for_readers=True)
    assert "".join(text for text, _marked in for_staff.after) == "Ring {emergency number}."
    assert "".join(text for text, _marked in for_readers.after) == "Ring 911."


def test_source_title_may_have_the_words() -> None:
    sources = factories.sources()
    values = sources.to_values()
    values["sources"][0]["title"] = "When to call your local emergency number"
    sources.load_content(sources.CONTENT.validate_values("sources", values))
    assert publish_documents(sources)


def test_live_text_without_placeholder_does_not_block_others(monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("education.markdown.placeholders.default_emergency_number", lambda: "-")
        factories.make_small_site()
        publish_documents(factories.article(introduction="Call your local emergency number."))
    publish_documents(factories.cause(text="Other words."))


def test_new_emergency_number_is_no_change_of_text() -> None:
    edition = publish_documents(factories.cause(text="Call {emergency number}."))[0]
    Clinic(pk=1, emergency_number="911").save()
    assert edition.abstract == "Call {emergency number}."
    with pytest.raises(ActionRefused, match="Nothing has changed"):
        publish_documents(factories.cause(text="Call {emergency number}."))


@pytest.mark.parametrize("command", [check_files, import_files])
def test_unfilled_text_in_a_file_is_refused_with_its_line(command, tmp_path: Path) -> None:
    oil = f"{GOOD['en/causes/oil.md']}\nCall {{number}}.\n"
    good_folder(tmp_path, causes__oil=oil)
    with pytest.raises(ContentFileErrors) as mistakes:
        command(tmp_path)
    (mistake,) = mistakes.value.errors
    assert mistake.line == oil.split("\n").index("Call {number}.") + 1
    assert "“{number}” is not filled in" in mistake.message
