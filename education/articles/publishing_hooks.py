"""The hooks of articles in publishing: three kinds of document, and the check of credits."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.articles.content import ArticleContent, CauseContent, SnippetContent
from education.articles.views import cause_page, condition_page, snippet_preview
from education.checklists.content import ChecklistContent
from education.publishing import document_types
from education.publishing.checks.publication_checks import publication_check
from education.publishing.checks.site_snapshot import SiteSnapshot, site_question
from education.publishing.content import DocumentKey, Problem
from education.publishing.document_types import DocumentType
from education.publishing.file_layout import MarkdownLayout, RepeatedSection, Section
from education.publishing.models import Edition
from education.references.content import SOURCES
from education.references.publishing_hooks import has_source, unknown_source_message
from education.urgency import Urgency

document_types.register(
    DocumentType(
        name="cause",
        label=gettext_lazy("cause"),
        label_plural=gettext_lazy("causes"),
        model="articles.Cause",
        content=CauseContent,
        file_layout=MarkdownLayout(
            folder="causes",
            front=("name", "also_called", "codes", "picture", "reassurance"),
            body=(Section("What it is", "what_it_is"),),
        ),
        get_url=lambda slug: reverse("cause", args=[slug]),
        render_page=cause_page,
    )
)
document_types.register(
    DocumentType(
        name="snippet",
        label=gettext_lazy("snippet"),
        label_plural=gettext_lazy("snippets"),
        model="articles.Snippet",
        content=SnippetContent,
        file_layout=MarkdownLayout(
            folder="snippets", front=("title", "with_medicines"), body=(Section("Text", "text"),)
        ),
        # Readers find it on the pages that include it.
        get_url=lambda slug: reverse("conditions"),
        render_preview=snippet_preview,
    )
)
document_types.register(
    DocumentType(
        name="article",
        label=gettext_lazy("article"),
        label_plural=gettext_lazy("articles"),
        model="articles.Article",
        content=ArticleContent,
        file_layout=MarkdownLayout(
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
                "reassurance",
                "first_step",
                "key_signs",
            ),
            body=(
                Section("Summary", "summary"),
                Section("Introduction", "introduction"),
                RepeatedSection(
                    word="Cause",
                    field="causes",
                    key="cause",
                    name="name",
                    sections=(
                        Section("Picture", "picture", required=False),
                        Section("What happens", "what_happens"),
                        Section("How it looks or feels", "looks"),
                        Section("What you can do", "self_care"),
                        Section("Drawing of what you can do", "self_care_picture", required=False),
                        Section(
                            "What a doctor or pharmacist may suggest", "may_suggest", required=False
                        ),
                        Section(
                            "What they may suggest, in short",
                            "may_suggest_in_short",
                            required=False,
                        ),
                        Section("At a glance: how it looks", "glance_looks", required=False),
                        Section("At a glance: does it hurt", "glance_hurts", required=False),
                        Section("At a glance: what comes out", "glance_comes_out", required=False),
                        Section("At a glance: what helps", "glance_helps", required=False),
                    ),
                ),
                Section("Do", "do", items=True),
                Section("Do not", "do_not", items=True),
                Section("In easy words", "in_easy_words", items=True, required=False),
            ),
        ),
        get_url=lambda slug: reverse("condition", args=[slug]),
        render_page=condition_page,
    )
)


@site_question
def why_no_key_sign(checklist: Edition | None, key: str) -> str:
    """Why a page may not show a sign first: "unknown", "emergency", or "" if it may."""
    content = checklist.content if checklist else None
    # Without its checklist no page goes live: another check says so.
    if not isinstance(content, ChecklistContent):
        return ""
    sign = next((sign for sign in content.signs if sign.key == key), None)
    if sign is None:
        return "unknown"
    return "emergency" if sign.level is Urgency.EMERGENCY else ""


@publication_check()
def check_key_signs(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """The signs that an article shows first are on its checklist, and no emergencies."""
    content = edition.content
    if not isinstance(content, ArticleContent):
        return
    messages = {
        "unknown": _("The checklist has no sign “{key}”. Correct it."),
        "emergency": _("“{key}” is an emergency sign, which every page shows. Take it out here."),
    }
    checklist = DocumentKey("checklist", content.checklist)
    for index, key in enumerate(content.key_signs):
        reason = site.ask(why_no_key_sign, checklist, edition.document.language, key)
        if reason:
            message = messages[str(reason)].format(key=key)
            yield Problem(edition.key, ("key_signs", index), message)


@site_question
def is_named(cause: Edition | None, name: str) -> bool:
    """Whether the page of a cause has this name, ignoring case."""
    return cause is not None and cause.content.heading.casefold() == name.casefold()


@publication_check()
def check_cause_names(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """A cause without a page has no name of a cause with a page in the same article."""
    content = edition.content
    if not isinstance(content, ArticleContent):
        return
    language = edition.document.language
    pages = [key for key in content.dependencies() if key.kind == "cause"]
    for path, name in content.row_names():
        if any(site.ask(is_named, key, language, name) for key in pages):
            message = _(
                "“{name}” stands in the article already, with its page. Keep one of the two."
            )
            yield Problem(edition.key, path, message.format(name=name))


@publication_check()
def check_credits(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Require that the list of sources has every source that an article was adapted from."""
    content = edition.content
    if not isinstance(content, ArticleContent):
        return
    for index, key in enumerate(content.adapted_from):
        if not site.ask(has_source, SOURCES, edition.document.language, key):
            yield Problem(edition.key, ("adapted_from", index), unknown_source_message(key))
