"""The edition of a document that a reviewer decided on last, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, QuerySet

from education.publishing.diff.fields import FieldChange, diff_content
from education.publishing.models import ChangeRequest, Edition, Review, WordingCheck


@dataclass(frozen=True)
class LastLook:
    """What one person last decided on: an edition, when, and whether they asked for changes."""

    edition: Edition
    at: datetime
    asked_for_changes: bool

    def changes_to(self, edition: Edition) -> tuple[FieldChange, ...]:
        """What differs in `edition` from what they saw."""
        return diff_content(self.edition.content, edition.content)


def last_looks(editions: Iterable[Edition], user: User) -> dict[int, LastLook]:
    """By edition id: the earlier edition of its document that `user` decided on last; four queries.

    An edition that they decided on itself is left out: they have seen it.
    """
    numbers = {edition.document_id: edition for edition in editions}
    newest: dict[int, tuple[datetime, int, bool]] = {}
    for document, number, pk, at, asked in _decisions(numbers, user):
        shown = numbers[document]
        is_later = document not in newest or at > newest[document][0]
        if number <= shown.number and is_later:
            newest[document] = (at, pk, asked)
    seen = Edition.objects.select_related("document").in_bulk(
        [pk for _at, pk, _ in newest.values()]
    )
    return {
        numbers[document].pk: LastLook(seen[pk], at, asked)
        for document, (at, pk, asked) in newest.items()
        if pk != numbers[document].pk
    }


def _decisions(
    documents: Iterable[int], user: User
) -> Iterator[tuple[int, int, int, datetime, bool]]:
    """Document, number and id of each edition that `user` decided on, when, and whether they
    asked for changes.
    """
    models: tuple[tuple[Any, str], ...] = (
        (Review, "recorded_at"),
        (WordingCheck, "recorded_at"),
        (ChangeRequest, "at"),
    )
    for model, moment in models:
        rows: QuerySet[Any] = model.objects.filter(by=user, edition__document__in=list(documents))
        found = rows.values_list("edition__document", "edition__number", "edition", F(moment))
        for document, number, pk, at in found:
            yield document, number, pk, at, model is ChangeRequest
