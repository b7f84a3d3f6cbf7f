"""Export of all handouts as files. A run that was stopped continues where it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.template.loader import render_to_string

from education.clinic.models import Clinic
from education.handouts.handout import Handout, printable_kinds
from education.handouts.paper.document import printed_on
from education.handouts.paper.typesetting import TYPESETTER, Unprintable
from education.handouts.pdf import content_key, render_data
from education.handouts.print_options import PrintOptions
from education.publishing.models import Edition
from education.web.atomic_write import atomic_write

MANIFEST = ".handouts.json"
INDEX = "index.html"

Progress = Callable[[int, int], None]


@dataclass
class ExportResult:
    """The names of files by what happened to them; `failed` has the reason for each."""

    made: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def export(folder: Path, options: PrintOptions, language: str, progress: Progress) -> ExportResult:
    """Write the handout of every live document of one language into `folder`, with an index.

    Deletes files of an earlier run whose documents are no longer live; touches no other file.
    `progress` gets the numbers done and in total. Raises Busy if others print too much,
    OSError if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest, result, clinic = _load_manifest(folder), ExportResult(), Clinic.load()
    editions = list(_live_editions(language, clinic))
    for count, edition in enumerate(editions, start=1):
        name = file_name(edition)
        handout = Handout.from_editions([edition], options, clinic)
        data = render_data(handout, clinic)
        # The date is printed, and files are compared as if all were of one day.
        content_hash = content_key(data.replace(printed_on(handout), ""))
        if manifest.get(name) == content_hash and (folder / name).exists():
            result.unchanged.append(name)
        else:
            try:
                atomic_write(folder / name, TYPESETTER.make_pdf(data).data)
            except Unprintable as error:
                # An old file would look like the handout of what is live now.
                (folder / name).unlink(missing_ok=True)
                result.failed[name] = str(error)
                manifest.pop(name, None)
            else:
                result.made.append(name)
                manifest[name] = content_hash
            _save_manifest(folder, manifest)
        progress(count, len(editions))
    by_name = {file_name(edition): edition for edition in editions}
    for name in sorted(manifest.keys() - by_name.keys()):
        (folder / name).unlink(missing_ok=True)
        result.removed.append(name)
        del manifest[name]
    _save_manifest(folder, manifest)
    files = [(name, edition) for name, edition in by_name.items() if name in manifest]
    context = {"files": files, "clinic": clinic, "language": language}
    atomic_write(folder / INDEX, render_to_string("handouts/index.html", context).encode())
    return result


def file_name(edition: Edition) -> str:
    """The name of the file of a document; that of an article is without its kind."""
    document = edition.document
    prefix = "" if document.kind == "article" else f"{document.kind}-"
    return f"{prefix}{document.slug}.pdf"


def _live_editions(language: str, clinic: Clinic) -> Iterator[Edition]:
    for kind in printable_kinds(clinic):
        live = (
            Edition.objects.live()
            .of_kind(kind, language)
            .select_related("document")
            .defer("search_text")
        )
        yield from live.order_by("heading", "pk")


def _load_manifest(folder: Path) -> dict[str, str]:
    """The content hashes of the files of earlier runs, by name; empty if missing or invalid."""
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {
        name: str(content_hash)
        for name, content_hash in data.items()
        if name == Path(name).name and name.endswith(".pdf")
    }


def _save_manifest(folder: Path, manifest: dict[str, str]) -> None:
    atomic_write(folder / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
