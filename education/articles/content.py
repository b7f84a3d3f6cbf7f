"""The content types of articles, causes and snippets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field

from education import markdown
from education.articles import facets
from education.articles.article_cause import GLANCE_FIELDS, ArticleCause
from education.articles.facets import Area, Look
from education.media import illustrations
from education.publishing.content import (
    BlockMarkdown,
    ChangeRole,
    Content,
    ContentPart,
    DocumentKey,
    InlineMarkdown,
    Key,
    Line,
    Path,
    duplicate_positions,
)
from education.references.content import SOURCES, cited_keys

Synonyms = tuple[Line, ...]


class MedicalCode(ContentPart):
    """The code of a cause in a coding system."""

    IDENTITY: ClassVar[str] = "code"
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = dict.fromkeys(
        ("system", "code", "title"), "presentation"
    )

    system: Literal["ICD-10-CM"]
    code: Line = Field(min_length=1, max_length=20)
    title: Line = Field(min_length=1, max_length=200)


class CauseContent(Content):
    """A cause in general; each article adds its own explanation, `ArticleCause`."""

    KIND: ClassVar[str] = "cause"
    LABELS: ClassVar[Mapping[str, Mapping[str, Any]]] = {"picture": illustrations.LABELS}
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = {"picture": "presentation"}

    name: Line = Field(
        min_length=1, max_length=80, description="The everyday name first, such as “Acne”."
    )
    also_called: Synonyms = Field(
        (), max_length=20, description="Other names that readers may look for, one on each line."
    )
    codes: tuple[MedicalCode, ...] = Field(
        (),
        max_length=10,
        description="For professionals: an ICD-10-CM code and its title, one on each line.",
    )
    picture: illustrations.IllustrationName = Field(
        "",
        description="A drawing that comes with the site and shows what this cause does to the skin.",
    )
    reassurance: Line = Field(
        "",
        max_length=160,
        title="One kind sentence",
        description="The first words under the name. Warm and true, such as “Acne is very common, and you "
        "cannot catch it.” No blame, no fear, no promise.",
    )
    what_it_is: BlockMarkdown = Field(
        min_length=1,
        max_length=4000,
        description="What it is in general. Say the everyday word first.",
    )

    @property
    def heading(self) -> str:
        return self.name

    @property
    def synonyms(self) -> tuple[str, ...]:
        return self.also_called

    @property
    def abstract(self) -> str:
        return markdown.plain_text(self.what_it_is.split("\n\n")[0])

    @property
    def illustration(self) -> illustrations.Illustration:
        return illustrations.get_illustration(self.picture)

    def clinical_meaning(self) -> object:
        return None

    def dependencies(self) -> tuple[DocumentKey, ...]:
        return (SOURCES,) if cited_keys(self) else ()


class SnippetContent(Content):
    """A text that several articles include."""

    KIND: ClassVar[str] = "snippet"
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = {"with_medicines": "presentation"}

    title: Line = Field(
        min_length=1,
        max_length=120,
        description="The heading that readers see on every page that includes it.",
    )
    with_medicines: bool = Field(
        default=False,
        title="Read before medicines",
        description="The page of a cause shows it with the medicines, if an article that names them includes it.",
    )
    text: BlockMarkdown = Field(
        min_length=1,
        max_length=4000,
        description="It must be right on every page that includes it. Name no page and no cause as “this”.",
    )

    @property
    def heading(self) -> str:
        return self.title

    def clinical_meaning(self) -> object:
        return None

    def dependencies(self) -> tuple[DocumentKey, ...]:
        return (SOURCES,) if cited_keys(self) else ()


class ArticleContent(Content):
    """An article about a condition: possible causes, when to see a doctor, what to do now."""

    KIND: ClassVar[str] = "article"
    LABELS: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "picture": illustrations.LABELS,
        "areas": facets.AREAS,
        "looks_like": facets.LOOKS,
    }
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = {
        "picture": "presentation",
        "areas": "presentation",
        "looks_like": "presentation",
        "adapted_from": "citations",
    }

    title: Line = Field(
        min_length=1, max_length=120, description="In the words a reader would use."
    )
    also_called: Synonyms = Field(
        (), max_length=20, description="Other words that readers may look for, one on each line."
    )
    areas: tuple[Area, ...] = Field(
        (),
        max_length=20,
        title="Where on the body",
        description="Where on the body readers have it. They can look for pages by this.",
    )
    looks_like: tuple[Look, ...] = Field(
        (),
        max_length=20,
        title="How it may look or feel, in short",
        description="What readers may see or feel. They can look for pages by this.",
    )
    checklist: Key = Field(description="The checklist of warning signs that belongs to this page.")
    snippets: tuple[Key, ...] = Field(
        (),
        max_length=10,
        description="Pieces that several pages share, in the order in which this page ends with them.",
    )
    adapted_from: tuple[Key, ...] = Field(
        (),
        max_length=5,
        description="Keys of the sources this page was adapted from, one on each line.",
    )
    picture: illustrations.IllustrationName = Field(
        "",
        description="A drawing that comes with the site, shown where the page says what it is about.",
    )
    reassurance: Line = Field(
        "",
        max_length=160,
        title="One kind sentence",
        description="The first words under the title. Tell readers that they are not alone. Warm and true; no "
        "blame, no fear, no promise.",
    )
    first_step: InlineMarkdown = Field(
        "",
        max_length=140,
        title="The first thing to do",
        description="What everybody with this should do first, such as “**Do not squeeze it.**”",
    )
    key_signs: tuple[Key, ...] = Field(
        (),
        max_length=12,
        title="Signs that the page shows first",
        description="Keys of the urgent and routine warning signs that matter most for this page, one on each "
        "line. Emergency signs are always shown. The others are one tap away, and whole on paper.",
    )
    summary: BlockMarkdown = Field(
        min_length=1,
        max_length=800,
        description="What the page is about, for whom, and the one thing to do. For lists, search and paper.",
    )
    introduction: BlockMarkdown = Field(
        min_length=1,
        max_length=6000,
        description="What to know first. Short sentences, one idea each.",
    )
    causes: tuple[ArticleCause, ...] = Field(min_length=1, max_length=20)
    do: tuple[InlineMarkdown, ...] = Field(
        min_length=1, max_length=12, description="One action on each line. Start with what to do."
    )
    do_not: tuple[InlineMarkdown, ...] = Field(
        min_length=1, max_length=12, description="One on each line. Start each line with “Do not”."
    )
    in_easy_words: tuple[InlineMarkdown, ...] = Field(
        (),
        max_length=24,
        description="The page once more for people who find reading hard: one idea on each line, very short "
        "words. For the easy-read sheet.",
    )

    @property
    def heading(self) -> str:
        return self.title

    @property
    def synonyms(self) -> tuple[str, ...]:
        return self.also_called

    @property
    def abstract(self) -> str:
        return markdown.plain_text(self.summary)

    def facets(self) -> tuple[str, ...]:
        return (
            *(f"area/{area}" for area in self.areas),
            *(f"look/{look}" for look in self.looks_like),
            *(f"cause/{cause.cause}" for cause in self.causes if cause.cause),
        )

    def row_names(self) -> Iterator[tuple[Path, str]]:
        for index, cause in enumerate(self.causes):
            if cause.name:
                yield ("causes", index, "name"), cause.name

    @property
    def illustration(self) -> illustrations.Illustration:
        return illustrations.get_illustration(self.picture)

    def dependencies(self) -> tuple[DocumentKey, ...]:
        causes = (DocumentKey("cause", cause.cause) for cause in self.causes if cause.cause)
        snippets = (DocumentKey("snippet", key) for key in self.snippets)
        return tuple(
            dict.fromkeys((DocumentKey("checklist", self.checklist), *causes, *snippets, SOURCES))
        )

    def clinical_meaning(self) -> object:
        """The checklist, the causes, the snippets, and the lengths of the Do and Do not lists."""
        causes = {cause.slug for cause in self.causes}
        return self.checklist, causes, set(self.snippets), len(self.do), len(self.do_not)

    @classmethod
    def lenient(cls, values: Mapping[str, Any]) -> Self:
        """As for any draft; a missing checklist gets a placeholder, because a key is required."""
        return super().lenient({**values, "checklist": values.get("checklist") or "to-be-chosen"})

    def errors(self) -> Iterator[tuple[Path, str]]:
        """Invalid causes, duplicates, invalid lines of Do and Do not, and a table of causes with
        gaps.
        """
        for index, cause in enumerate(self.causes):
            yield from ((("causes", index, name), message) for name, message in cause.errors())
        for index in duplicate_positions(cause.slug for cause in self.causes):
            yield (
                ("causes", index, self.causes[index].named_by),
                _("This cause stands in the article already. Keep one of the two."),
            )
        for name in ("areas", "looks_like", "snippets", "key_signs"):
            for index in duplicate_positions(getattr(self, name)):
                yield (name, index), _("This stands in the list already. Keep one of the two.")
        yield from self._line_errors()
        yield from self._incomplete_comparison_errors()

    def _line_errors(self) -> Iterator[tuple[Path, str]]:
        for name in ("do", "do_not", "in_easy_words"):
            for index, item in enumerate(getattr(self, name)):
                if not item or len(item) > 300:
                    yield (
                        (name, index),
                        _("Each line of this list needs some words, at most 300 characters."),
                    )
        for index, item in enumerate(self.do_not):
            if not item.startswith("Do not "):
                yield (
                    ("do_not", index),
                    _("Start this line with “Do not”, so that it is safe when read alone."),
                )
        for index, item in enumerate(self.do):
            if item.casefold().startswith(("do not ", "don't ", "never ")):
                yield ("do", index), _("This says what not to do. Move it to the Do not list.")

    def _incomplete_comparison_errors(self) -> Iterator[tuple[Path, str]]:
        """The empty cells of a table with text: a reader would take an empty cell for an answer."""
        cells = [(index, name) for index in range(len(self.causes)) for name in GLANCE_FIELDS]
        empty = [(index, name) for index, name in cells if not getattr(self.causes[index], name)]
        if len(empty) == len(cells):
            return
        for index, name in empty:
            yield (
                ("causes", index, name),
                _("Write this for every cause, or leave “At a glance” empty for all of them."),
            )
