"""Editions, and the publication log that says which were live when."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from education.publishing.content import Content, DocumentKey
from education.publishing.models.documents import Document
from education.web.kept_results import NotKept


class Change(models.TextChoices):
    """The kind of change of an edition, computed; see `change_kinds.ChangeKind`."""

    SAME_TEXT = "same-text", _("Same text")
    CHECKED_TEXT = "checked-text", _("Wording")
    ADVICE = "advice", _("Advice")


def _live_edition_id(at: datetime | None) -> Subquery:
    """The id of the edition of a row's document that is live at `at`, by default now."""
    begun = Publication.objects.filter(document=OuterRef("document"), at__lte=at or timezone.now())
    return Subquery(begun.order_by("-at", "-pk").values("edition")[:1])


class EditionIdentity(NamedTuple):
    """What names one edition, also after a transaction was rolled back or an older copy of the
    database was put in place, and its number was given again.
    """

    pk: int
    sha256: str
    frozen_at: datetime


class EditionQuerySet(models.QuerySet["Edition"]):
    """Queries of editions."""

    def live(self, at: datetime | None = None) -> Self:
        """The editions that readers see at the moment `at`, by default now."""
        return self.filter(pk=_live_edition_id(at))

    def ever_live(self, at: datetime | None = None) -> Self:
        """The editions that were live at any time until the moment `at`, by default now."""
        return self.filter(
            pk__in=Publication.objects.started(at).filter(edition__isnull=False).values("edition")
        )

    def not_recalled(self) -> Self:
        """Without the editions that their authors took back."""
        return self.filter(recall__isnull=True)

    def of_kind(self, kind: str, language: str) -> Self:
        return self.filter(document__kind=kind, document__language=language)

    def identities(self, *more: str) -> QuerySet[Edition, Any]:
        """The values that name the editions, and `more` values after them."""
        return self.values_list(*EditionIdentity._fields, *more)

    def for_listing(self) -> Self:
        """With the document, and without the large columns."""
        return self.select_related("document").defer("data", "search_text", "note")


class Edition(models.Model):
    """An immutable copy of a working copy: content, hash, author, kind of change, note."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    schema = models.PositiveSmallIntegerField()
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    lock_version = models.PositiveIntegerField(default=0)
    change = models.CharField(max_length=20, choices=Change)
    note = models.CharField(max_length=500)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    frozen_at = models.DateTimeField(default=timezone.now)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    heading = models.CharField(max_length=200)
    synonyms = models.JSONField(default=list, blank=True)
    abstract = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    dependencies = models.ManyToManyField(
        Document, through="EditionDependency", related_name="dependents"
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        permissions = [
            ("submit_edition", _("Can submit for review")),
            ("restore_edition", _("Can restore an edition into the working copy")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="edition_number_is_unique"),
            models.CheckConstraint(
                condition=Q(change__in=Change.values), name="edition_change_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.heading} ({self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert a new edition; raises TypeError for a saved one."""
        if not self._state.adding:
            raise TypeError("an edition is never changed")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The public address of its document."""
        return self.document.get_absolute_url()

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError: an edition is never deleted."""
        raise TypeError("an edition is never deleted")

    @classmethod
    def unsaved(cls, document: Document, content: Content, number: int = 0) -> Self:
        """`content` as an edition that is never saved: for checks and previews."""
        edition = cls(
            document=document, number=number, heading=content.heading, frozen_at=timezone.now()
        )
        edition.content = content
        return edition

    @property
    def key(self) -> DocumentKey:
        return self.document.key

    @property
    def kept_key(self) -> EditionIdentity:
        """What names it; raises NotKept for one that was never saved."""
        if self.pk is None:
            raise NotKept("an edition that is not frozen")
        return EditionIdentity(self.pk, self.sha256, self.frozen_at)

    @property
    def is_recalled(self) -> bool:
        """Whether its author took it back."""
        return hasattr(self, "recall")

    @cached_property
    def content(self) -> Content:
        """The frozen content, upgraded to the current schema of its type."""
        return self.document.document_type.content.from_stored(self.schema, self.data)


class EditionDependency(models.Model):
    """A document that an edition cannot be shown without."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "document"], name="edition_dependency_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} uses {self.document_id}"


class EditionFacet(models.Model):
    """A category of an edition, such as "area/back" or "cause/acne", stored on freezing."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="facets")
    facet = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["facet", "-edition"], name="editionfacet_facet")]
        constraints = [
            models.UniqueConstraint(fields=["edition", "facet"], name="edition_facet_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.facet}"


class PassedChecks(models.Model):
    """What the checks asked when an edition passed them, see `checks.passed_checks`.

    `version`: of the program; `lines`: the name of a check, an answer and its question each, as
    JSON. It can be deleted at any time: then they run again.
    """

    edition = models.OneToOneField(
        Edition, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    version = models.CharField(max_length=64)
    lines = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.edition_id} passed {self.version}"


class EditionNameQuerySet(models.QuerySet["EditionName"]):
    """Queries of names."""

    def live(self, at: datetime | None = None) -> Self:
        """The names of the editions that readers see at the moment `at`, by default now."""
        return self.filter(edition=_live_edition_id(at))


class EditionName(models.Model):
    """A name of an edition, title or synonym, stored on freezing for the A to Z.

    Document, kind and language never change and are stored here as well, so that one index finds a
    page of the list without reading the large table of editions.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="names")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    letter = models.CharField(max_length=8)
    sort_key = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    is_synonym = models.BooleanField()

    objects = EditionNameQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "language", "letter", "sort_key", "edition", "document"],
                name="editionname_place",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="edition_name_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.name}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Queries of the publication log."""

    def started(self, at: datetime | None = None) -> Self:
        """The entries that began until the moment `at`, by default now."""
        return self.filter(at__lte=at or timezone.now())

    def upcoming(self, at: datetime | None = None) -> Self:
        """The entries scheduled after the moment `at`, by default now."""
        return self.filter(at__gt=at or timezone.now())

    def next_act(self) -> int:
        """The number of the next act; call it under the publishing lock."""
        last: int | None = self.aggregate(last=models.Max("act"))["last"]
        return (last or 0) + 1

    def annotate_change(self) -> Self:
        """Add `replaced`, the id of the previous live edition, and `change`, the kind of change.

        `replaced` is None for the first publication; `change` (a value of Change) is None for a
        withdrawal.
        """
        earlier = Publication.objects.filter(
            Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk")),
            document=OuterRef("document"),
            edition__isnull=False,
        )
        recorded = Replacement.objects.filter(
            edition=OuterRef("edition"), replaced=OuterRef("replaced")
        )
        return self.annotate(
            replaced=Subquery(earlier.order_by("-at", "-pk").values("edition")[:1]),
        ).annotate(
            change=Case(
                When(edition=None, then=None),
                When(edition=F("replaced"), then=Value(Change.SAME_TEXT)),
                default=Coalesce(Subquery(recorded.values("change")[:1]), Value(Change.ADVICE)),
            )
        )

    def latest_for(
        self, key: DocumentKey, language: str, at: datetime | None = None
    ) -> Publication | None:
        """The entry that decides what readers of a document see at `at`, by default now."""
        return (
            self.started(at)
            .filter(document__kind=key.kind, document__slug=key.slug, document__language=language)
            .select_related("document", "edition", "redirect_to")
            .order_by("-at", "-pk")
            .first()
        )


class Publication(models.Model):
    """An entry of the append-only log: from a moment on readers see this edition, or nothing.

    `act`: entries that were decided together and begin at one moment share one number; later acts
    have higher numbers.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="publications")
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="publications"
    )
    act = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)
    redirect_to = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    # Set by `annotate_change` only.
    replaced: int | None
    change: str | None

    objects = PublicationQuerySet.as_manager()

    class Meta:
        indexes = [
            # Covers the most frequent query: which edition is live.
            models.Index(fields=["document", "-at", "-id", "edition"], name="publication_latest"),
            models.Index(fields=["at"], name="publication_at"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["act", "document"], name="publication_once_in_an_act"),
            models.CheckConstraint(
                condition=Q(edition__isnull=False, reason="", redirect_to__isnull=True)
                | (Q(edition__isnull=True) & ~Q(reason="")),
                name="publication_shows_or_withdraws_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} at {self.at.isoformat()}"

    @property
    def is_withdrawal(self) -> bool:
        return self.edition_id is None


class Replacement(models.Model):
    """The computed change for readers when one edition of a document replaces another.

    There is one for every two consecutive editions in the publication log.
    """

    replaced = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="replacements")
    change = models.CharField(max_length=20, choices=Change)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "replaced"], name="replacement_is_unique"),
            models.CheckConstraint(
                condition=Q(change__in=Change.values), name="replacement_change_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} in place of {self.replaced_id}: {self.change}"
