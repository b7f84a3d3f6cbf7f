"""Freezing: an immutable edition made of a working copy."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education import markdown
from education.publishing import hooks
from education.publishing.changes.classification import compare_with_editions, overall_change
from education.publishing.checks import publication_checks
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import (
    Content,
    DocumentKey,
    Problem,
    markdown_texts,
    raise_if_problems,
    sha256,
)
from education.publishing.models import (
    Document,
    Edition,
    EditionDependency,
    EditionFacet,
    EditionName,
)
from education.publishing.models.edition_names import build_names
from education.publishing.workflow.locks import lock_publishing
from education.publishing.workflow.pending import get_dependencies


def freeze(document: Document, *, note: str, by: User | None = None) -> Edition:
    """Make a new edition of the working copy of `document`; its kind of change is detected.

    `note`: what changed, for readers. Raises ActionRefused with every reason at once.
    """
    with transaction.atomic():
        lock_publishing()
        content = document.working_copy().content()
        stored = Document.objects.only("lock_version", "edited_by").get(pk=document.pk)
        return freeze_content(
            document,
            content,
            note=note,
            by=by,
            lock_version=stored.lock_version,
            edited_by=stored.edited_by_id,
        )


def freeze_content(
    document: Document,
    content: Content,
    *,
    note: str,
    by: User | None,
    lock_version: int,
    edited_by: int | None,
) -> Edition:
    """Make a new edition of `content`, which need not be that of the working copy.

    `lock_version`: of the working copy that says the same; `edited_by`: whose words they are (id of
    a user). Call it in a transaction, under the publishing lock. Raises ActionRefused.
    """
    raise_if_problems(_note_problems(document.key, note))
    # The search text and the abstract can be taken only from Markdown that renders.
    raise_if_problems(
        publication_checks.check_markdown_renders(
            Edition.unsaved(document, content), SiteSnapshot(timezone.now())
        )
    )
    used = get_dependencies(document, content)
    last_number = (
        document.editions.order_by("-number").values_list("number", flat=True).first() or 0
    )
    edition = Edition(
        document=document,
        number=last_number + 1,
        schema=content.SCHEMA,
        data=content.to_data(),
        sha256=sha256(content.to_data()),
        lock_version=lock_version,
        change=overall_change(compare_with_editions(document, content)),
        note=note.strip(),
        frozen_by=by,
        edited_by_id=edited_by,
        heading=content.heading,
        synonyms=list(content.synonyms),
        abstract=content.abstract,
        search_text=_search_text(content),
    )
    edition.save()
    _store_rows(edition, used)
    hooks.run_after_freeze(edition)
    return edition


def _store_rows(edition: Edition, used: Iterable[Document]) -> None:
    """What the edition uses, and how readers find it."""
    EditionDependency.objects.bulk_create(
        EditionDependency(edition=edition, document=part) for part in used
    )
    EditionFacet.objects.bulk_create(
        EditionFacet(edition=edition, facet=name) for name in edition.content.facets()
    )
    EditionName.objects.bulk_create(build_names(edition))


def _search_text(content: Content) -> str:
    names = (name for _path, name in content.row_names())
    texts = (markdown.plain_text(text.text) for text in markdown_texts(content))
    return "\n".join((*names, *texts))


def _note_problems(key: DocumentKey, note: str) -> list[Problem]:
    if not note.strip():
        return [Problem(key, ("note",), _("Write what changed, in words for readers."))]
    if len(note.strip()) > 500:
        return [Problem(key, ("note",), _("This note is too long. Use at most 500 characters."))]
    return [Problem(key, ("note",), text) for text in markdown.validate_plain_text(note)]
