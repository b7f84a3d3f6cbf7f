"""What the checklists contribute to publishing: their kind, and that every sign has a source."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy

from education.checklists.content import ChecklistContent
from education.checklists.models import Checklist
from education.checklists.views import checklist_page
from education.publishing import kinds
from education.publishing.content import Problem
from education.publishing.files.layout import YamlLayout
from education.publishing.kinds import Kind
from education.publishing.models import Edition
from education.publishing.rules import rule
from education.publishing.site import SiteAt
from education.references.content import SOURCES, SourceListContent
from education.references.publication import unknown_source

kinds.register(
    Kind(
        name="checklist",
        label=gettext_lazy("checklist"),
        label_plural=gettext_lazy("checklists"),
        model=Checklist,
        content=ChecklistContent,
        layout=YamlLayout(folder="checklists"),
        address=lambda slug: reverse("checklist", args=[slug]),
        show=checklist_page,
    )
)


@rule
def signs_have_sources(edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """Every warning sign and combination names the authority it comes from, and that source is live."""
    content = edition.content
    if not isinstance(content, ChecklistContent):
        return
    sources = site.content(SOURCES, edition.document.language)
    for path, key in content.sign_citations():
        if not isinstance(sources, SourceListContent) or sources.get(key) is None:
            yield Problem(edition.key, path, unknown_source(key))
