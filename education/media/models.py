"""Images that texts may show."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from education.media import storage

if TYPE_CHECKING:
    # Loaded only for uploads, so that pages for readers do not wait for Pillow.
    from education.media.image_processing import ProcessedImage

_MARKDOWN_SPECIAL = re.compile(r"([\\\[\]*_`<>&~^=$@])")


class ImageQuerySet(models.QuerySet["Image"]):
    """Sets of images."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows, and their files on commit."""
        names = list(self.values_list("name", flat=True))
        deleted = super().delete()
        for name in names:
            transaction.on_commit(partial(storage.remove, name))
        return deleted


class Image(models.Model):
    """A stored image, under a random name."""

    name = models.CharField(max_length=60, unique=True, editable=False)
    alternative_text = models.CharField(_("alternative text"), max_length=300, blank=True)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    bytes = models.PositiveIntegerField(_("size of the file"), editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.alternative_text or self.name

    @property
    def url(self) -> str:
        return f"{settings.MEDIA_URL}{self.name}"

    @property
    def markdown(self) -> str:
        """The Markdown that shows the image in a text."""
        text = _MARKDOWN_SPECIAL.sub(r"\\\1", " ".join(self.alternative_text.split()))
        return f"![{text}]({self.url})"

    def store(self, picture: ProcessedImage) -> None:
        """Write the file of a new image, then its row; if the row fails, the file is removed."""
        self.name, self.bytes = picture.name, len(picture.data)
        self.width, self.height = picture.width, picture.height
        storage.write(picture.name, picture.data)
        try:
            with transaction.atomic():
                self.save(force_insert=True)
        except BaseException:
            storage.remove(picture.name)
            raise

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, and the file on commit."""
        deleted = super().delete(*args, **kwargs)
        transaction.on_commit(partial(storage.remove, self.name))
        return deleted
