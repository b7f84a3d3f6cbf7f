"""Documents and their working copies, the rows that staff edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from education.audit.models import Actor
from education.publishing import document_types
from education.publishing.content import ActionRefused, Content, DocumentKey, sha256
from education.publishing.document_types import DocumentType


class DocumentQuerySet(models.QuerySet["Document"]):
    """Queries of documents."""

    def by_keys(self, keys: set[DocumentKey], language: str) -> Self:
        """The documents of one language with one of `keys`."""
        matches = Q(pk__in=())
        for kind in {key.kind for key in keys}:
            matches |= Q(kind=kind, slug__in={key.slug for key in keys if key.kind == kind})
        return self.filter(matches, language=language)


class Document(models.Model):
    """The unit of publication, such as an article, a cause, a checklist or the list of sources."""

    kind = models.CharField(max_length=20, editable=False)
    language = models.CharField(_("language"), max_length=12, default="en", editable=False)
    slug = models.CharField(
        _("address"),
        max_length=80,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
        help_text=_(
            "The last part of the page's address. It cannot change once the page was published."
        ),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Who looks after this, and is told by e-mail when a review is due."),
    )
    translation_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="translations"
    )
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    imported_hash = models.CharField(max_length=64, blank=True, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "slug"], name="document_address_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"

    def get_absolute_url(self) -> str:
        """The public address, whether or not the document is live."""
        return self.document_type.get_url(self.slug)

    @property
    def key(self) -> DocumentKey:
        return DocumentKey(self.kind, self.slug)

    @property
    def document_type(self) -> DocumentType:
        return document_types.get(self.kind)

    def working_copy(self) -> WorkingCopy:
        return working_copy_model(self.kind)._default_manager.get(pk=self.pk)

    def record_edit(self, by: Actor = None) -> None:
        """Increment the lock version, which warns a second editor, and store the editor."""
        Document.objects.filter(pk=self.pk).update(
            lock_version=F("lock_version") + 1,
            edited_by=by if isinstance(by, User) else None,
            edited_at=timezone.now(),
        )


class WorkingCopy(Document):
    """The working copy of a document; its columns accept anything, the content type validates."""

    CONTENT: ClassVar[type[Content]]

    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = self.CONTENT.KIND
        super().save(*args, **kwargs)

    def to_values(self) -> dict[str, Any]:
        """The working copy as values of its content type, valid or not."""
        raise NotImplementedError

    def save_content(self, values: Mapping[str, Any]) -> None:
        """Replace the columns and the child rows by `values`, and save."""
        raise NotImplementedError

    def content(self) -> Content:
        """The working copy as content; raises ActionRefused with each invalid field."""
        return self.CONTENT.validate_values(self.slug, self.to_values())

    def load_content(self, content: Content, by: Actor = None) -> None:
        """Replace the working copy by `content`, and record the edit."""
        self.save_content(content.model_dump(mode="json"))
        self.record_edit(by)

    def draft_content(self) -> Content:
        """The working copy as content that need not be valid, for previews only."""
        return self.CONTENT.lenient(self.to_values())

    def content_hash(self) -> str:
        """The hash of the content, or of the raw values while they are not valid."""
        try:
            return sha256(self.content().to_data())
        except ActionRefused:
            return sha256(self.to_values())


def working_copy_model(kind: str) -> type[WorkingCopy]:
    """The working-copy model of `kind`; raises KeyError for an unknown kind."""
    return cast("type[WorkingCopy]", document_types.get(kind).model_class())
