"""Images as staff upload them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from education.media.image_processing import (
    InvalidImage,
    ProcessedImage,
    process_upload,
    validate_size,
)

ACCEPTED_TYPES = "image/jpeg,image/png,image/webp"


def process_uploaded_file(sent: UploadedFile | None, **options: Any) -> ProcessedImage:
    """Re-encode the image in an uploaded file; raises InvalidImage."""
    if sent is None:
        raise InvalidImage(_("No picture came with this. Choose a file."))
    validate_size(sent.size or 0)
    return process_upload(sent.read(), **options)


class ProcessedImageField(forms.FileField):
    """A file field whose value is a re-encoded image; `within` is its largest (width, height)."""

    def __init__(self, *, within: tuple[int, int] | None = None, **options: Any):
        widget = forms.FileInput(attrs={"accept": ACCEPTED_TYPES})
        super().__init__(**{"widget": widget, **options})
        self.processing_options = {"max_size": within} if within else {}

    def clean(self, data: Any, initial: Any = None) -> ProcessedImage | None:
        """Return the image, or None if none was sent and none is required."""
        sent: UploadedFile | None = super().clean(data, initial)
        if not sent:
            return None
        try:
            return process_uploaded_file(sent, **self.processing_options)
        except InvalidImage as refusal:
            raise ValidationError(str(refusal)) from refusal
