"""Two versions of a self-check compared: the text, and whose outcome changes."""

from __future__ import annotations

from education.publishing.content import Content
from education.selfcheck.content import SelfCheckContent
from education.staff.selfchecks.outcome_changes import outcome_changes
from education.staff.workflow.compare import CompareView, ExtraChanges


class SelfCheckCompareView(CompareView):
    """The comparison page of a self-check, with the changed outcomes."""

    def get_extra_changes(self, before: Content, after: Content) -> ExtraChanges | None:
        if isinstance(before, SelfCheckContent) and isinstance(after, SelfCheckContent):
            found = outcome_changes(self.document, before, after)
            return ExtraChanges("admin/selfcheck/_outcome_changes.html", found) if found else None
        return None
