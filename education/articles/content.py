"""What an article and a cause say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from education import prose
from education.publishing.content import (
    BlockMarkdown,
    Content,
    DocumentKey,
    InlineMarkdown,
    Key,
    Line,
    Part,
    Path,
    repeated,
)
from education.references.content import SOURCES, cited_keys

Synonyms = tuple[Line, ...]


class Code(Part):
    """What professionals call a cause, in a coding system."""

    system: Literal["ICD-10-CM"]
    code: Line = Field(min_length=1, max_length=20)
    title: Line = Field(min_length=1, max_length=200)


class CauseContent(Content):
    """A cause, in general: each article explains for itself what it has to do with the complaint."""

    KIND: ClassVar[str] = "cause"

    name: Line = Field(min_length=1, max_length=80)
    also_called: Synonyms = Field((), max_length=20)
    codes: tuple[Code, ...] = Field((), max_length=10)
    what_it_is: BlockMarkdown = Field(min_length=1, max_length=4000)

    @property
    def heading(self) -> str:
        """The name."""
        return self.name

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other names for it."""
        return self.also_called

    @property
    def abstract(self) -> str:
        """The first paragraph."""
        return prose.plain_text(self.what_it_is.split("\n\n")[0])

    def uses(self) -> tuple[DocumentKey, ...]:
        """The sources, when the text cites one."""
        return (SOURCES,) if cited_keys(self) else ()


class ArticleCause(Part):
    """A cause as one article explains it."""

    cause: Key
    what_happens: BlockMarkdown = Field(min_length=1, max_length=3000)
    looks: BlockMarkdown = Field(min_length=1, max_length=3000)
    self_care: BlockMarkdown = Field(min_length=1, max_length=3000)
    may_suggest: BlockMarkdown = Field("", max_length=3000)


class ArticleContent(Content):
    """An article about a complaint: what may be the cause, when to see a doctor, what to do now."""

    KIND: ClassVar[str] = "article"

    title: Line = Field(min_length=1, max_length=120)
    also_called: Synonyms = Field((), max_length=20)
    checklist: Key = Field(description="The checklist of warning signs that belongs to this page.")
    adapted_from: tuple[Key, ...] = Field((), max_length=5)
    summary: BlockMarkdown = Field(min_length=1, max_length=800)
    introduction: BlockMarkdown = Field(min_length=1, max_length=6000)
    causes: tuple[ArticleCause, ...] = Field(min_length=1, max_length=20)
    do: tuple[InlineMarkdown, ...] = Field(min_length=1, max_length=12)
    do_not: tuple[InlineMarkdown, ...] = Field(min_length=1, max_length=12)

    @property
    def heading(self) -> str:
        """The title."""
        return self.title

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other words that readers look for."""
        return self.also_called

    @property
    def abstract(self) -> str:
        """The summary in plain words."""
        return prose.plain_text(self.summary)

    def uses(self) -> tuple[DocumentKey, ...]:
        """The checklist, the causes and the sources."""
        causes = (DocumentKey("cause", cause.cause) for cause in self.causes)
        return tuple(dict.fromkeys((DocumentKey("checklist", self.checklist), *causes, SOURCES)))

    def mistakes(self) -> Iterator[tuple[Path, str]]:
        """Causes given twice, and lines of the Do not list that would read as advice to do it."""
        for index in repeated(cause.cause for cause in self.causes):
            yield (
                ("causes", index, "cause"),
                _("This cause stands in the article already. Keep one of the two."),
            )
        for name in ("do", "do_not"):
            for index, item in enumerate(getattr(self, name)):
                if not item or len(item) > 300:
                    yield (name, index), _("Each line of this list needs some words, at most 300 characters.")
        for index, item in enumerate(self.do_not):
            if not item.startswith("Do not "):
                yield (
                    ("do_not", index),
                    _("Start this line with “Do not”, so that it is safe when read alone."),
                )
        for index, item in enumerate(self.do):
            if item.casefold().startswith(("do not ", "don't ", "never ")):
                yield ("do", index), _("This says what not to do. Move it to the Do not list.")
