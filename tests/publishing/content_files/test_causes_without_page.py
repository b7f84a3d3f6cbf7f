"""Content files of articles with a cause that has no page."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from education.articles.models import Article
from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.importer import import_files
from tests.publishing.content_files.sample_folder import GOOD, write_folder

pytestmark = pytest.mark.django_db

SPOTS = GOOD["en/articles/spots.md"]
SHOES = """\
## Cause: "5" heels": tight

### Picture

acne

### What happens

A shoe rubs the skin.

### How it looks or feels

A sore heel.

### What you can do

Wear wide shoes. [@leaflet]

### What a doctor or pharmacist may suggest

A soft pad.

"""


def folder_with(root: Path, cause: str) -> Path:
    """The valid folder, with this cause last in its article."""
    return write_folder(
        root, {**GOOD, "en/articles/spots.md": SPOTS.replace("## Do\n", f"{cause}## Do\n")}
    )


@pytest.mark.parametrize("name", ["Tight shoes", "tight", '5" heels: tight', "Schuhe, zu eng"])
def test_named_cause_is_loaded_and_exported_unchanged(tmp_path, name):
    cause = SHOES.replace('"5" heels": tight', f'"{name}"')
    folder = folder_with(tmp_path / "in", cause)
    call_command("check_content", folder)
    import_files(folder)
    row = Article.objects.get().to_values()["causes"][1]
    assert (row["cause"], row["name"], row["picture"]) == ("", name, "acne")
    assert row["may_suggest"] == "A soft pad."
    call_command("export_content", tmp_path / "out")
    exported = (tmp_path / "out/en/articles/spots.md").read_bytes()
    assert exported == (folder / "en/articles/spots.md").read_bytes()


def test_typographic_quotes_mark_a_name_too(tmp_path):
    import_files(folder_with(tmp_path, SHOES.replace('"5" heels": tight', "“Tight shoes”")))
    assert Article.objects.get().to_values()["causes"][1]["name"] == "Tight shoes"


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ('""', "Choose a cause. If it has no page of its own, write its name instead."),
        ("Tight shoes", "Use only small letters, digits and single hyphens here"),
        (f'"{"x" * 81}"', "This is too long. Use at most 80 characters."),
        ("oil", "This cause stands in the article already. Keep one of the two."),
        ('"OIL"', "This cause stands in the article already. Keep one of the two."),
        ("hair", "The page of this cause has its own drawing. Leave this empty."),
    ],
)
def test_wrong_cause_is_named_with_its_line(tmp_path, heading, message):
    folder = folder_with(tmp_path, SHOES.replace('"5" heels": tight', heading))
    lines = (folder / "en/articles/spots.md").read_text().split("\n")
    line = max(n for n, text in enumerate(lines, start=1) if text == f"## Cause: {heading}")
    with pytest.raises(ContentFileErrors) as refused:
        import_files(folder)
    found = [error for error in refused.value.errors if message in error.message]
    assert found and (heading == "hair" or found[0].line == line)
