"""A condition page for templates: the article with its parts, sources and credits."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from education.articles.article_cause import ArticleCause
from education.articles.content import ArticleContent, CauseContent, SnippetContent
from education.checklists.content import ChecklistContent
from education.checklists.warning_cards import WarningCard, warning_cards
from education.media.illustrations import HEALTHY_SKIN, Illustration, Picture
from education.publishing.composition import Composition
from education.publishing.models import Edition
from education.references.citations import Citations
from education.references.content import Source
from education.web.kept_results import key_of


@dataclass(frozen=True)
class ExplainedCause:
    """A cause with the article's own explanation of it; `content`: of its page, if it has one."""

    content: CauseContent | None
    explanation: ArticleCause

    @property
    def slug(self) -> str:
        return self.explanation.slug

    @property
    def name(self) -> str:
        return self.content.name if self.content else self.explanation.name

    @property
    def illustration(self) -> Illustration:
        return (self.content or self.explanation).illustration


@dataclass(frozen=True)
class Explanation:
    """What one live article says about a cause."""

    edition: Edition
    article: ArticleContent
    cause: ArticleCause


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
class CausePage:
    """Everything that the page of a cause shows: what it is in general, and what each article that
    explains it says about it.
    """

    composition: Composition
    cause: CauseContent
    explanations: tuple[Explanation, ...]
    citations: Citations

    @property
    def kept_key(self) -> Hashable:
        return self.composition.kept_key, key_of([one.edition for one in self.explanations])

    @property
    def warning_cards(self) -> tuple[WarningCard, ...]:
        """The signs of the checklist of the first article, those first that matter most there."""
        if not self.explanations:
            return ()
        article = self.explanations[0].article
        checklist = self.composition.part("checklist", article.checklist, ChecklistContent)
        return warning_cards(checklist, article.key_signs)

    @property
    def medicines(self) -> tuple[Explanation, ...]:
        """The explanations that say what a doctor or pharmacist may suggest."""
        return tuple(one for one in self.explanations if one.cause.may_suggest)

    @property
    def medicine_snippets(self) -> tuple[IncludedSnippet, ...]:
        """What to read before medicines, as the articles that name them include it."""
        slugs = dict.fromkeys(slug for one in self.medicines for slug in one.article.snippets)
        found = (
            IncludedSnippet(slug, self.composition.part("snippet", slug, SnippetContent))
            for slug in slugs
        )
        return tuple(one for one in found if one.content.with_medicines)

    @property
    def healthy_skin(self) -> Picture | None:
        """Healthy skin to compare with, beside what the cause changes."""
        return HEALTHY_SKIN.section if self.cause.illustration.section else None

    @property
    def checklist(self) -> str:
        """The slug of that checklist; empty without an article."""
        return self.explanations[0].article.checklist if self.explanations else ""

    @classmethod
    def from_composition(cls, composition: Composition, articles: Sequence[Edition]) -> CausePage:
        """The page of a composed cause; `articles`: live editions that `composition` includes."""
        slug = composition.edition.document.slug
        explanations = tuple(
            Explanation(edition, content, tag)
            for edition in articles
            if isinstance(content := edition.content, ArticleContent)
            for tag in content.causes
            if tag.cause == slug
        )
        return cls(
            composition=composition,
            cause=composition.content_as(CauseContent),
            explanations=explanations,
            citations=Citations.from_composition(composition),
        )


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
    def kept_key(self) -> Hashable:
        return self.composition.kept_key

    @property
    def warning_cards(self) -> tuple[WarningCard, ...]:
        """The signs of the checklist, those first that matter most for this article."""
        return warning_cards(self.checklist, self.article.key_signs)

    @property
    def causes_with_page(self) -> list[ExplainedCause]:
        return [cause for cause in self.causes if cause.content]

    @classmethod
    def from_composition(cls, composition: Composition) -> ConditionPage:
        article = composition.content_as(ArticleContent)
        citations = Citations.from_composition(composition)
        return cls(
            composition=composition,
            article=article,
            checklist=composition.part("checklist", article.checklist, ChecklistContent),
            causes=tuple(
                ExplainedCause(
                    composition.part("cause", tag.cause, CauseContent) if tag.cause else None, tag
                )
                for tag in article.causes
            ),
            snippets=tuple(
                IncludedSnippet(slug, composition.part("snippet", slug, SnippetContent))
                for slug in article.snippets
            ),
            citations=citations,
            credits=citations.get_sources(article.adapted_from),
        )
