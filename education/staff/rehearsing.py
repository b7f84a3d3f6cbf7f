"""A self-check as a flow, before it is published: with the warning signs that it would be published with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.utils import timezone

from education.checklists.content import ChecklistContent
from education.publishing import rules
from education.publishing.composition import Composition, preview, proof
from education.publishing.content import Path, Problem, Refused
from education.publishing.models import Document, Edition
from education.publishing.site import SiteAt
from education.selfcheck.assembly import flow_of
from education.selfcheck.content import SelfCheckContent
from education.selfcheck.flow import Flow


@dataclass(frozen=True)
class Rehearsal:
    """What a self-check says, however unfinished, put together with its parts."""

    composition: Composition
    said: SelfCheckContent
    checklist: ChecklistContent
    flow: Flow

    @classmethod
    def of(cls, document: Document) -> Self:
        """The working copy of `document`."""
        return cls._of(preview(document))

    @classmethod
    def saying(cls, document: Document, said: SelfCheckContent) -> Self:
        """As if `document` said this."""
        return cls._of(proof(Edition.unfrozen(document, said)))

    @classmethod
    def _of(cls, composition: Composition) -> Self:
        said = composition.said(SelfCheckContent)
        checklist = composition.part("checklist", said.checklist, ChecklistContent)
        return cls(composition, said, checklist, flow_of(said, checklist))

    def problems(self) -> Mapping[Path, list[str]]:
        """What is wrong, by question ("questions", 0) or outcome ("outcomes", 0); by () what concerns it all.

        Its parts are taken for published: whether they are is no matter of the flow.
        """
        edition = self.composition.edition
        site = SiteAt(timezone.now())
        site.remember(self.composition.parts.values())
        mistakes: tuple[Problem, ...] = ()
        try:
            SelfCheckContent.check(edition.document.slug, self.said.model_dump(mode="json"))
        except Refused as refusal:
            mistakes = refusal.problems
        found: defaultdict[Path, list[str]] = defaultdict(list)
        for problem in (*mistakes, *rules.problems(edition, site)):
            where = problem.path[:2] if problem.path[:1] in {("questions",), ("outcomes",)} else ()
            if problem.message not in found[where]:
                found[where].append(problem.message)
        return found
