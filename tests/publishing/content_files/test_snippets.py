"""Content files of snippets, and of articles that include them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from education.articles.models import Article, Snippet
from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.importer import import_files
from education.publishing.models import Edition
from tests.publishing.content_files.sample_folder import GOOD, database, write_folder

pytestmark = pytest.mark.django_db

SNIPPET = """\
---
title: After washing
---

## Text

Pat the skin dry. [@leaflet]

#### With a towel

Use a clean one.
"""
SPOTS = GOOD["en/articles/spots.md"]


def folder_with(root: Path, *keys: str, **files: str) -> Path:
    """The valid folder, with these keys in the article's `snippets:`, and files of snippets."""
    listed = "".join(f"- {key}\n" for key in keys)
    spots = SPOTS.replace("checklist: skin\n", f"checklist: skin\nsnippets:\n{listed}")
    written = {f"en/snippets/{name.replace('_', '-')}.md": text for name, text in files.items()}
    return write_folder(root, {**GOOD, **written, "en/articles/spots.md": spots})


def test_snippet_is_loaded_published_and_exported_unchanged(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "in", "after-washing", after_washing=SNIPPET)
    call_command("check_content", folder)
    import_files(folder)
    assert (
        Snippet.objects.get().text
        == "Pat the skin dry. [@leaflet]\n\n# With a towel\n\nUse a clean one."
    )
    assert Article.objects.get().to_values()["snippets"] == ["after-washing"]
    assert Edition.objects.live().filter(document__kind="snippet").count() == 1
    call_command("export_content", tmp_path / "out")
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
    out = tmp_path / "out"
    assert {path.relative_to(out): path.read_bytes() for path in out.rglob("*.*")} == files


@pytest.mark.parametrize(
    ("keys", "text", "where", "message"),
    [
        (("after-wash",), SNIPPET, "articles/spots.md:7", "Did you mean “after-washing”?"),
        (
            ("after-washing", "after-washing"),
            SNIPPET,
            "articles/spots.md:8",
            "stands in the list already",
        ),
        (
            ("after-washing",),
            SNIPPET.replace("leaflet", "leaf"),
            "after-washing.md:7",
            "no source “leaf”",
        ),
        (
            ("after-washing",),
            SNIPPET.replace("## Text", "## Words"),
            "after-washing.md:5",
            "## Words",
        ),
        (
            ("after-washing",),
            SNIPPET.replace("Use a clean one.", "Take 200 mg of ibuprofen."),
            "after-washing.md:11",
            "200 mg",
        ),
        (
            ("after-washing",),
            SNIPPET.replace("Use a clean one.", "See [this](/conditions/none/)."),
            "after-washing.md:11",
            "leads nowhere",
        ),
    ],
    ids=["unknown", "twice", "no-source", "no-section", "dose", "link"],
)
def test_snippet_error_names_its_line_and_changes_nothing(keys, text, where, message, tmp_path):
    before = database()
    with pytest.raises(ContentFileErrors) as caught:
        import_files(folder_with(tmp_path, *keys, after_washing=text))
    told = [str(mistake) for mistake in caught.value.errors]
    assert any(f"{where}:" in line and message in line for line in told), told
    assert database() == before
