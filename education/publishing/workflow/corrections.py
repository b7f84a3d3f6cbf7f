"""Corrections of what readers see, beside a draft with other changes.

The live text with the correction becomes an edition. The working copy, which is the draft, keeps
its changes, and gets the correction merged in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing.checks import publication_checks
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import Content, Path, Problem
from education.publishing.diff.merge import ContentConflict, ContentEdit, merge_content
from education.publishing.models import Document, Edition, WorkingCopy
from education.publishing.workflow.comments import MAX_TEXT, comment_on
from education.publishing.workflow.freezing import freeze_content


@dataclass(frozen=True)
class Correction:
    """What became of a correction: its edition, and where the draft says something else."""

    edition: Edition
    conflicts: tuple[ContentConflict, ...]


def live_edition(document: Document) -> Edition | None:
    """The edition of `document` that readers see now."""
    return Edition.objects.live().filter(document=document).select_related("document").first()


def correction_problems(document: Document, content: Content) -> list[Problem]:
    """What would refuse publishing `content` in place of the live edition, now."""
    edition = Edition.unsaved(document, content)
    found = publication_checks.run_checks(edition, SiteSnapshot(timezone.now()))
    return [problem for problem in found if not problem.can_be_confirmed]


def freeze_correction(live: Edition, content: Content, *, note: str, by: User) -> Correction:
    """Make `content`, the live text with a correction, an edition; merge it into the draft.

    Call it in a transaction, under the publishing lock. Raises ActionRefused.
    """
    document = Document.objects.get(pk=live.document_id)
    working = document.working_copy()
    edits, conflicts = merge_content(live.content, content, working.draft_content())
    _apply(working, edits)
    working = document.working_copy()
    is_same = not conflicts and working.draft_content() == content
    # Whoever wrote the draft stays its editor: the rule of four eyes asks who wrote its changes.
    document.record_edit(by if is_same else document.edited_by)
    version = Document.objects.values_list("lock_version", flat=True).get(pk=document.pk)
    edition = freeze_content(
        document,
        content,
        note=note,
        by=by,
        lock_version=version if is_same else version - 1,
        edited_by=by.pk,
    )
    for conflict in conflicts:
        comment_on(
            edition,
            by=by,
            path=_passage_path(live.content, content, conflict.path),
            quote="",
            text=_conflict_text(conflict),
        )
    return Correction(edition, tuple(conflicts))


def _apply(working: WorkingCopy, edits: Iterable[ContentEdit]) -> None:
    """Write `edits` into the columns and rows where they belong: rows keep their ids, by which
    open forms know them.
    """
    for edit in edits:
        target: Any = working
        for name, index in zip(edit.path[:-1:2], edit.path[1:-1:2], strict=True):
            target = getattr(target, str(name)).all()[int(index)]
        setattr(target, str(edit.path[-1]), edit.value)
        target.save()


def _passage_path(before: Content, after: Content, path: Path) -> Path:
    """The path of a passage; in a list, of the first line that changed."""
    old, new = (_value_at(content, path) for content in (before, after))
    if not isinstance(new, tuple):
        return path
    pairs = enumerate(zip(old, new, strict=False))
    return (*path, next((index for index, (one, other) in pairs if one != other), len(new) - 1))


def _value_at(content: Content, path: Path) -> Any:
    value: Any = content
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def _conflict_text(conflict: ContentConflict) -> str:
    if conflict.theirs is None:
        sentence = _("What readers see was corrected here. The draft does not have this part.")
    else:
        sentence = _(
            "What readers see was corrected here, and the draft has other words. Bring both together, "
            "so that the correction is not lost:"
        )
    return f"{sentence}\n{conflict.ours}"[:MAX_TEXT]
