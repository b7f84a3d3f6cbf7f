"""What the articles contribute to publishing: three kinds, and that adapted material is credited."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy

from education.articles.content import ArticleContent, CauseContent, SnippetContent
from education.articles.models import Article, Cause, Snippet
from education.articles.views import cause_page, condition_page, snippet_preview
from education.publishing import kinds
from education.publishing.content import Problem
from education.publishing.files.layout import MarkdownLayout, Repeated, Section
from education.publishing.kinds import Kind
from education.publishing.models import Edition
from education.publishing.rules import rule
from education.publishing.site import SiteAt
from education.references.content import SOURCES, SourceListContent
from education.references.publication import unknown_source

kinds.register(
    Kind(
        name="cause",
        label=gettext_lazy("cause"),
        label_plural=gettext_lazy("causes"),
        model=Cause,
        content=CauseContent,
        layout=MarkdownLayout(
            folder="causes",
            front=("name", "also_called", "codes", "picture"),
            body=(Section("What it is", "what_it_is"),),
        ),
        address=lambda slug: reverse("cause", args=[slug]),
        show=cause_page,
    )
)
kinds.register(
    Kind(
        name="snippet",
        label=gettext_lazy("snippet"),
        label_plural=gettext_lazy("snippets"),
        model=Snippet,
        content=SnippetContent,
        layout=MarkdownLayout(folder="snippets", front=("title",), body=(Section("Text", "text"),)),
        # Readers find it on the pages that include it.
        address=lambda slug: reverse("conditions"),
        preview=snippet_preview,
    )
)
kinds.register(
    Kind(
        name="article",
        label=gettext_lazy("article"),
        label_plural=gettext_lazy("articles"),
        model=Article,
        content=ArticleContent,
        layout=MarkdownLayout(
            folder="articles",
            front=(
                "title",
                "also_called",
                "areas",
                "looks_like",
                "checklist",
                "snippets",
                "adapted_from",
                "picture",
            ),
            body=(
                Section("Summary", "summary"),
                Section("Introduction", "introduction"),
                Repeated(
                    word="Cause",
                    field="causes",
                    key="cause",
                    sections=(
                        Section("What happens", "what_happens"),
                        Section("How it looks or feels", "looks"),
                        Section("What you can do", "self_care"),
                        Section("What a doctor or pharmacist may suggest", "may_suggest", required=False),
                        Section("At a glance: how it looks", "glance_looks", required=False),
                        Section("At a glance: does it hurt", "glance_hurts", required=False),
                        Section("At a glance: what comes out", "glance_comes_out", required=False),
                        Section("At a glance: what helps", "glance_helps", required=False),
                    ),
                ),
                Section("Do", "do", items=True),
                Section("Do not", "do_not", items=True),
            ),
        ),
        address=lambda slug: reverse("condition", args=[slug]),
        show=condition_page,
    )
)


@rule
def adapted_material_is_credited(edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """What an article was adapted from stands in the list of sources."""
    content = edition.content
    if not isinstance(content, ArticleContent):
        return
    sources = site.content(SOURCES, edition.document.language)
    for index, key in enumerate(content.adapted_from):
        if not isinstance(sources, SourceListContent) or sources.get(key) is None:
            yield Problem(edition.key, ("adapted_from", index), unknown_source(key))
