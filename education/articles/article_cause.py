"""A cause as one article explains it: one with a page of its own, or one that it only names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from django.utils.text import slugify
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field

from education.media import illustrations
from education.publishing.content import (
    BlockMarkdown,
    ChangeRole,
    ContentPart,
    InlineMarkdown,
    Line,
    OptionalKey,
    clean_line,
)

# A section of a file has line ends around its words.
_SectionIllustrationName = Annotated[illustrations.IllustrationName, BeforeValidator(clean_line)]
GLANCE_FIELDS = ("glance_looks", "glance_hurts", "glance_comes_out", "glance_helps")


class ArticleCause(ContentPart):
    """A cause as one article explains it. Either `cause` or `name` says which."""

    IDENTITY: ClassVar[str] = "cause"
    LABELS: ClassVar[Mapping[str, Mapping[str, Any]]] = dict.fromkeys(
        ("picture", "self_care_picture"), illustrations.LABELS
    )
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = dict.fromkeys(
        ("picture", "self_care_picture"), "presentation"
    )

    cause: OptionalKey = Field(
        "",
        description="The cause that this page explains, if it has a page of its own. If it has none, leave "
        "this empty.",
    )
    name: Line = Field(
        "",
        max_length=80,
        description="The everyday name of a cause that has no page of its own, such as “Tight shoes”.",
    )
    picture: _SectionIllustrationName = Field(
        "",
        description="A drawing for a cause that has no page of its own. A page brings its own drawing.",
    )
    what_happens: BlockMarkdown = Field(
        min_length=1, max_length=3000, description="How this cause leads to the complaint."
    )
    looks: BlockMarkdown = Field(
        min_length=1,
        max_length=3000,
        title="How it looks or feels",
        description="Say how every color looks on brown and black skin, too.",
    )
    self_care: BlockMarkdown = Field(
        min_length=1,
        max_length=3000,
        title="What you can do",
        description="What readers can do at home, safely.",
    )
    self_care_picture: _SectionIllustrationName = Field(
        "",
        title="A drawing of what you can do",
        description="A drawing that comes with the site and shows how to do it, such as a warm cloth. The text "
        "must say the same.",
    )
    may_suggest: BlockMarkdown = Field(
        "",
        max_length=3000,
        title="What a doctor or pharmacist may suggest",
        description="Name medicines only as what they may suggest. No doses, no brands.",
    )
    may_suggest_in_short: BlockMarkdown = Field(
        "",
        max_length=700,
        title="What they may suggest, in short",
        description="The same in a few words, for the handout on one sheet. Each medicine keeps its cautions. "
        "While it is empty, the sheet has the whole text.",
    )
    glance_looks: InlineMarkdown = Field(
        "",
        max_length=120,
        title="At a glance: how it looks",
        description="A few words for the table that compares the causes. Fill in all four, for every cause.",
    )
    glance_hurts: InlineMarkdown = Field(
        "",
        max_length=120,
        title="At a glance: does it hurt",
        description="A few words, such as “Not usually”.",
    )
    glance_comes_out: InlineMarkdown = Field(
        "",
        max_length=120,
        title="At a glance: what comes out",
        description="A few words, such as “Nothing” or “White paste”.",
    )
    glance_helps: InlineMarkdown = Field(
        "",
        max_length=120,
        title="At a glance: what helps",
        description="A few words on the first thing to do. No medicines.",
    )

    @property
    def self_care_illustration(self) -> illustrations.Illustration:
        return illustrations.get_illustration(self.self_care_picture)

    @property
    def has_comparison_row(self) -> bool:
        return all(getattr(self, name) for name in GLANCE_FIELDS)

    @property
    def named_by(self) -> str:
        """The field that says which cause it is."""
        return "cause" if self.cause else "name"

    @property
    def slug(self) -> str:
        """Its name in addresses, unique in its article; empty for a name without letters."""
        return self.cause or slugify(self.name, allow_unicode=True)

    @property
    def identity(self) -> str:
        return self.slug.casefold()

    @property
    def illustration(self) -> illustrations.Illustration:
        return illustrations.get_illustration(self.picture)

    def errors(self) -> Iterator[tuple[str, str]]:
        """What is wrong with this cause alone: the field, and a sentence for the writer."""
        if self.cause and self.name:
            yield (
                "name",
                _("The page of this cause gives it its name. Leave the name empty, or the cause."),
            )
        if self.cause and self.picture:
            yield "picture", _("The page of this cause has its own drawing. Leave this empty.")
        if not self.slug:
            yield (
                "name" if self.name else "cause",
                _("Choose a cause. If it has no page of its own, write its name instead."),
            )
