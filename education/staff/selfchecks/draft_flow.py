"""The flow of an unpublished self-check, with the warning signs it would be published with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.checklists.content import ChecklistContent
from education.publishing.checks import publication_checks
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.composition import Composition, compose_draft, compose_pending
from education.publishing.content import ActionRefused, ContentPart, Path, Problem
from education.publishing.models import Document, Edition
from education.publishing.workflow.pending import problems_with_all_drafts
from education.selfcheck import content
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Flow
from education.selfcheck.flow_builder import build_flow

# Rows of a question: what one of them is called, and its fields.
ROW_LABELS: Mapping[str | int, tuple[Any, type[ContentPart]]] = {
    "choices": (gettext_lazy("choice {number}"), content.Choice),
    "routes": (gettext_lazy("line {number} of where it leads"), content.Route),
}


@dataclass(frozen=True)
class DraftFlow:
    """The content of a self-check, however unfinished, with its checklist and flow."""

    composition: Composition
    content: SelfCheckContent
    checklist: ChecklistContent
    flow: Flow

    @classmethod
    def from_working_copy(cls, document: Document) -> Self:
        return cls._from_composition(compose_draft(document))

    @classmethod
    def from_content(cls, document: Document, content: SelfCheckContent) -> Self:
        """The flow of `document` if it had this content."""
        return cls._from_composition(compose_pending(Edition.unsaved(document, content)))

    @classmethod
    def _from_composition(cls, composition: Composition) -> Self:
        content = composition.content_as(SelfCheckContent)
        checklist = composition.part("checklist", content.checklist, ChecklistContent)
        return cls(composition, content, checklist, build_flow(content, checklist))

    def problems(self) -> list[Problem]:
        """What blocks the publication of the flow, as if its parts were published."""
        edition = self.composition.edition
        site = SiteSnapshot(timezone.now())
        site.prefill(self.composition.parts.values())
        errors: tuple[Problem, ...] = ()
        try:
            SelfCheckContent.validate_values(
                edition.document.slug, self.content.model_dump(mode="json")
            )
        except ActionRefused as refusal:
            errors = refusal.problems
        return [*errors, *publication_checks.run_checks(edition, site)]


def publication_problems(document: Document) -> list[Problem]:
    """All that blocks the publication of a self-check: its flow, and all drafts it needs."""
    found = [*DraftFlow.from_working_copy(document).problems(), *problems_with_all_drafts(document)]
    return list(
        {(_node(problem), problem.message): problem for problem in reversed(found)}.values()
    )[::-1]


def problems_by_node(document: Document) -> Mapping[Path, list[str]]:
    """Problems as messages by question ("questions", 0) or outcome ("outcomes", 0).

    The key () has the rest.
    """
    found: defaultdict[Path, list[str]] = defaultdict(list)
    for problem in publication_problems(document):
        field = field_label(problem.path) if _node(problem) else ""
        found[_node(problem)].append(f"{field}: {problem.message}" if field else problem.message)
    return found


def field_label(path: Path) -> str:
    """The label of the field of a question or outcome; "" for the whole of it."""
    part: type[ContentPart] = content.Question if path[0] == "questions" else content.Outcome
    labels: list[str] = []
    for name, after in pairwise((*path[2:], "")):
        if isinstance(name, int) or name == "__root__":
            continue
        if isinstance(after, int) and name in ROW_LABELS:
            label, part = ROW_LABELS[name]
            labels.append(label.format(number=after + 1))
        elif isinstance(after, int):
            labels.append(
                _("{field}, line {number}").format(field=part.get_label(name), number=after + 1)
            )
        else:
            labels.append(part.get_label(name))
    return ", ".join(labels)


def _node(problem: Problem) -> Path:
    """The question or outcome that a problem is about; () for the whole self-check."""
    return problem.path[:2] if problem.path[:1] in {("questions",), ("outcomes",)} else ()
