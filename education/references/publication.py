"""What the references contribute to publishing: two kinds, and that every citation leads to a source."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education import markdown
from education.publishing import kinds
from education.publishing.content import Problem, markdown_texts
from education.publishing.files.layout import YamlLayout
from education.publishing.kinds import Kind
from education.publishing.models import Edition
from education.publishing.rules import rule_of_texts
from education.publishing.site import SiteAt
from education.references.content import GLOSSARY, SOURCES, GlossaryContent, SourceListContent
from education.references.models import Glossary, SourceList
from education.references.views import glossary_page

kinds.register(
    Kind(
        name="sources",
        label=gettext_lazy("list of sources"),
        label_plural=gettext_lazy("lists of sources"),
        model=SourceList,
        content=SourceListContent,
        layout=YamlLayout(folder="", slug=SOURCES.slug),
        address=lambda slug: reverse("about"),
    )
)
kinds.register(
    Kind(
        name="glossary",
        label=gettext_lazy("glossary"),
        label_plural=gettext_lazy("glossaries"),
        model=Glossary,
        content=GlossaryContent,
        layout=YamlLayout(folder="", slug=GLOSSARY.slug),
        address=lambda slug: reverse("glossary"),
        show=glossary_page,
        is_everywhere=True,
    )
)


@rule_of_texts
def citations_lead_to_sources(edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """Every [@key] stands in the list of sources that is live with the page."""
    sources = site.content(SOURCES, edition.document.language)
    for text in markdown_texts(edition.content):
        for key in markdown.cited_keys(text.text):
            if not isinstance(sources, SourceListContent) or sources.get(key) is None:
                yield Problem(edition.key, text.path, unknown_source(key))


def unknown_source(key: str) -> str:
    """What to say of a key that no source has, in the list that is meant."""
    return _(
        "There is no source “{key}”. Add it to the list of sources and publish the list with this, "
        "or correct the key."
    ).format(key=key)
