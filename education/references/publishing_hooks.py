"""The document types of the references, and the check that every citation has a source."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education import markdown
from education.publishing import document_types
from education.publishing.checks.publication_checks import text_check
from education.publishing.checks.site_snapshot import SiteSnapshot, site_question
from education.publishing.content import Problem, markdown_texts
from education.publishing.document_types import DocumentType
from education.publishing.file_layout import YamlLayout
from education.publishing.models import Edition
from education.references.content import GLOSSARY, SOURCES, GlossaryContent, SourceListContent
from education.references.views import glossary_page

document_types.register(
    DocumentType(
        name="sources",
        label=gettext_lazy("list of sources"),
        label_plural=gettext_lazy("lists of sources"),
        model="references.SourceList",
        content=SourceListContent,
        file_layout=YamlLayout(folder="", slug=SOURCES.slug),
        get_url=lambda slug: reverse("about"),
    )
)
document_types.register(
    DocumentType(
        name="glossary",
        label=gettext_lazy("glossary"),
        label_plural=gettext_lazy("glossaries"),
        model="references.Glossary",
        content=GlossaryContent,
        file_layout=YamlLayout(folder="", slug=GLOSSARY.slug),
        get_url=lambda slug: reverse("glossary"),
        render_page=glossary_page,
        is_site_wide=True,
    )
)


@site_question
def has_source(sources: Edition | None, key: str) -> bool:
    """Whether a list of sources has a source with this key."""
    content = sources.content if sources else None
    return isinstance(content, SourceListContent) and content.get_source(key) is not None


@text_check()
def check_citations(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Yield each [@key] that is not in the list of sources that is live with the page."""
    for text in markdown_texts(edition.content):
        for key in markdown.cited_keys(text.text):
            if not site.ask(has_source, SOURCES, edition.document.language, key):
                yield Problem(edition.key, text.path, unknown_source_message(key))


def unknown_source_message(key: str) -> str:
    """Return the message for a key without a source in the list."""
    return _(
        "There is no source “{key}”. Add it to the list of sources and publish the list with this, "
        "or correct the key."
    ).format(key=key)
