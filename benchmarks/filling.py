"""Fills the site of a data folder: filling.py <number of articles>, each with the text of the
shipped one.

Straight into the log, because what is measured is reading. Run by the other benchmarks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "education.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from education.articles.facets import LABELS  # noqa: E402
from education.publishing.content import sha256  # noqa: E402
from education.publishing.models import (  # noqa: E402
    Document,
    Edition,
    EditionDependency,
    EditionFacet,
    EditionName,
    Publication,
)
from education.publishing.models.edition_names import build_names  # noqa: E402

FIRST = "white-discharge-from-back-spots"
PARTS = (
    "Acne",
    "Boil",
    "Cyst",
    "Dermal",
    "Eczema",
    "Follicle",
    "Gland",
    "Hair",
    "Itch",
    "Keratin",
    "Lump",
)
PLACES = [f"{group}/{value}" for group, labels in LABELS.items() for value in labels]


def fill(number: int, begin: int = 0) -> None:
    """Articles `bench-<begin>` to `bench-<number - 1>`, live."""
    first = Edition.objects.select_related("document").get(
        document__slug=FIRST, number=1, document__kind="article"
    )
    uses = list(EditionDependency.objects.filter(edition=first).values_list("document", flat=True))
    causes = list(
        EditionFacet.objects.filter(edition=first, facet__startswith="cause/").values_list(
            "facet", flat=True
        )
    )
    at = Publication.objects.get(edition=first).at
    documents = Document.objects.bulk_create(
        Document(kind="article", language="en", slug=f"bench-{count}")
        for count in range(begin, number)
    )
    editions = Edition.objects.bulk_create(
        [_edition(first, document, count) for count, document in enumerate(documents, begin)],
        batch_size=200,
    )
    EditionDependency.objects.bulk_create(
        (
            EditionDependency(edition=edition, document_id=used)
            for edition in editions
            for used in uses
        ),
        batch_size=400,
    )
    EditionFacet.objects.bulk_create(
        (
            EditionFacet(edition=edition, facet=facet)
            for count, edition in enumerate(editions, begin)
            # Every area and look has some of the articles.
            for facet in (*causes, *(PLACES[(count + step) % len(PLACES)] for step in (0, 1)))
        ),
        batch_size=400,
    )
    EditionName.objects.bulk_create(
        (name for edition in editions for name in build_names(edition)), batch_size=100
    )
    Publication.objects.bulk_create(
        (
            Publication(document=edition.document, edition=edition, at=at, act=act)
            for act, edition in enumerate(editions, Publication.objects.next_act())
        ),
        batch_size=400,
    )


def _edition(first: Edition, document: Document, count: int) -> Edition:
    # The letters of the alphabet come as evenly as may be.
    title = f"{chr(65 + count % 26)}{PARTS[count % len(PARTS)].lower()} {count}"
    # Texts of its own, as every page has them.
    own = {
        "title": title,
        "introduction": f"{first.data['introduction']} This is page {count}.",
        "do": [f"{text} (Page {count}.)" for text in first.data["do"]],
    }
    data = {**first.data, **own}
    return Edition(
        document=document,
        number=1,
        schema=first.schema,
        data=data,
        sha256=sha256(data),
        change=first.change,
        note=first.note,
        frozen_at=first.frozen_at,
        heading=title,
        synonyms=[f"{title} spots"],
        abstract=first.abstract,
        search_text="",
    )


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not Document.objects.exists():
        call_command("load_content", verbosity=0)
    with transaction.atomic():
        fill(int(sys.argv[1]))
