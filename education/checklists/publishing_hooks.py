"""Registers checklists with publishing, and checks that every sign has a source."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy

from education.checklists.content import ChecklistContent
from education.checklists.views import checklist_page
from education.publishing import document_types
from education.publishing.checks.publication_checks import publication_check
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import Problem
from education.publishing.document_types import DocumentType
from education.publishing.file_layout import YamlLayout
from education.publishing.models import Edition
from education.references.content import SOURCES
from education.references.publishing_hooks import has_source, unknown_source_message

document_types.register(
    DocumentType(
        name="checklist",
        label=gettext_lazy("checklist"),
        label_plural=gettext_lazy("checklists"),
        model="checklists.Checklist",
        content=ChecklistContent,
        file_layout=YamlLayout(folder="checklists"),
        get_url=lambda slug: reverse("checklist", args=[slug]),
        render_page=checklist_page,
    )
)


@publication_check()
def check_sign_sources(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Every source that a warning sign or combination names is live with it."""
    content = edition.content
    if not isinstance(content, ChecklistContent):
        return
    for path, key in content.sign_citations():
        if not site.ask(has_source, SOURCES, edition.document.language, key):
            yield Problem(edition.key, path, unknown_source_message(key))
