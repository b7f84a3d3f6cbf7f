"""All handouts as files: made one by one, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from django.template.loader import render_to_string

from education.clinic.models import Clinic
from education.handouts.handout import PRINTABLE_KINDS, Handout
from education.handouts.pdf import render_html
from education.handouts.print_options import PrintOptions
from education.handouts.rendering import RENDERER, VERSION, Unprintable
from education.publishing.models import Edition
from education.web.atomic_write import atomic_write

MANIFEST = ".handouts.json"
INDEX = "index.html"
# What is printed differs each day by the day alone: files are compared as if all were of one day.
FIXED_DATE = datetime(2000, 1, 1, tzinfo=UTC)

Progress = Callable[[int, int], None]


@dataclass
class ExportResult:
    """What a run did: files by name, and for those that could not be made why."""

    made: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def export(folder: Path, options: PrintOptions, language: str, progress: Progress) -> ExportResult:
    """Write the handout of every live document of one language into `folder`, with an index.

    Files that an earlier run made of documents that are no longer live are deleted; no other is
    touched. Raises NotInstalled or Busy when no PDF can be made, OSError when the folder cannot be
    written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest, done, clinic = _load_manifest(folder), ExportResult(), Clinic.load()
    editions = list(_live_editions(language, clinic))
    for count, edition in enumerate(editions, start=1):
        name = file_name(edition)
        handout = Handout.from_editions([edition], options, clinic)
        content_hash = _content_hash(handout, clinic)
        if manifest.get(name) == content_hash and (folder / name).exists():
            done.unchanged.append(name)
        else:
            try:
                atomic_write(folder / name, RENDERER.pdf_of(render_html(handout, clinic)).data)
            except Unprintable as error:
                # An old file would pass for the handout of what is live now.
                (folder / name).unlink(missing_ok=True)
                done.failed[name] = str(error)
                manifest.pop(name, None)
            else:
                done.made.append(name)
                manifest[name] = content_hash
            _save_manifest(folder, manifest)
        progress(count, len(editions))
    for name in sorted(manifest.keys() - {file_name(edition) for edition in editions}):
        (folder / name).unlink(missing_ok=True)
        done.removed.append(name)
        del manifest[name]
    _save_manifest(folder, manifest)
    files = [
        (file_name(edition), edition) for edition in editions if file_name(edition) in manifest
    ]
    context = {"files": files, "clinic": clinic, "language": language}
    atomic_write(folder / INDEX, render_to_string("handouts/index.html", context).encode())
    return done


def file_name(edition: Edition) -> str:
    """What the file of a document is called: articles, which are most of them, by their address
    alone.
    """
    kind = edition.document.kind
    return f"{'' if kind == PRINTABLE_KINDS[0] else f'{kind}-'}{edition.document.slug}.pdf"


def _live_editions(language: str, clinic: Clinic) -> Iterator[Edition]:
    for kind in PRINTABLE_KINDS if clinic.self_checks_enabled else PRINTABLE_KINDS[:2]:
        live = (
            Edition.objects.live()
            .of_kind(kind, language)
            .select_related("document")
            .defer("search_text")
        )
        yield from live.order_by("heading", "pk")


def _content_hash(handout: Handout, clinic: Clinic) -> str:
    html = render_html(replace(handout, at=FIXED_DATE), clinic)
    return hashlib.sha256(f"{VERSION}\n{html}".encode()).hexdigest()


def _load_manifest(folder: Path) -> dict[str, str]:
    """What earlier runs made, by name; nothing when their record is not there or not whole."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    names = found.items() if isinstance(found, dict) else ()
    return {
        name: str(content_hash)
        for name, content_hash in names
        if name == Path(name).name and name.endswith(".pdf")
    }


def _save_manifest(folder: Path, manifest: dict[str, str]) -> None:
    atomic_write(folder / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
