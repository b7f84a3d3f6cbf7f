"""A condition page for templates: the article with its parts, sources and credits."""

from __future__ import annotations

from dataclasses import dataclass

from education.articles.content import ArticleCause, ArticleContent, CauseContent, SnippetContent
from education.articles.illustrations import HEALTHY_SKIN, Illustration
from education.checklists.content import ChecklistContent
from education.publishing.composition import Composition
from education.references.citations import Citations
from education.references.content import Source


@dataclass(frozen=True)
class ExplainedCause:
    """A cause with the article's own explanation of it."""

    slug: str
    content: CauseContent
    explanation: ArticleCause


@dataclass(frozen=True)
class IncludedSnippet:
    """A snippet that the article includes."""

    slug: str
    content: SnippetContent

    @property
    def anchor(self) -> str:
        """The id of its section; prefixed, because a cause may have the same slug."""
        return f"snippet-{self.slug}"


@dataclass(frozen=True)
class ConditionPage:
    """Everything that a condition page or its handout shows."""

    composition: Composition
    article: ArticleContent
    checklist: ChecklistContent
    causes: tuple[ExplainedCause, ...]
    snippets: tuple[IncludedSnippet, ...]
    citations: Citations
    credits: list[Source]

    @property
    def healthy_skin(self) -> Illustration | None:
        """The drawing of healthy skin, if the page has a drawing of a cause to compare it with."""
        return HEALTHY_SKIN if any(cause.content.illustration for cause in self.causes) else None

    @property
    def causes_with_suggestions(self) -> list[ExplainedCause]:
        return [cause for cause in self.causes if cause.explanation.may_suggest]

    @classmethod
    def from_composition(cls, composition: Composition) -> ConditionPage:
        article = composition.content_as(ArticleContent)
        # The page uses about thirty glossary terms: their meanings would add a tenth to its size.
        citations = Citations.from_composition(composition, show_meanings=False)
        return cls(
            composition=composition,
            article=article,
            checklist=composition.part("checklist", article.checklist, ChecklistContent),
            causes=tuple(
                ExplainedCause(tag.cause, composition.part("cause", tag.cause, CauseContent), tag)
                for tag in article.causes
            ),
            snippets=tuple(
                IncludedSnippet(slug, composition.part("snippet", slug, SnippetContent))
                for slug in article.snippets
            ),
            citations=citations,
            credits=citations.get_sources(article.adapted_from),
        )
