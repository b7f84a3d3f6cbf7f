"""Pictures as they come in from forms of staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from education.media.reencoding import ImageRefused, Reencoded, check_bytes, reencode

ACCEPTED = "image/jpeg,image/png,image/webp"


def taken_in(sent: UploadedFile | None, **options: Any) -> Reencoded:
    """The picture in an uploaded file, made anew; raises ImageRefused."""
    if sent is None:
        raise ImageRefused(_("No picture came with this. Choose a file."))
    check_bytes(sent.size or 0)
    return reencode(sent.read(), **options)


class PictureField(forms.FileField):
    """A file that is a picture, made anew; its value is the picture as it will be kept."""

    def __init__(self, *, within: tuple[int, int] | None = None, **options: Any):
        widget = forms.FileInput(attrs={"accept": ACCEPTED})
        super().__init__(**{"widget": widget, **options})
        self.how = {"within": within} if within else {}

    def clean(self, data: Any, initial: Any = None) -> Reencoded | None:
        """The picture, or None if none was sent and none is needed."""
        sent: UploadedFile | None = super().clean(data, initial)
        if not sent:
            return None
        try:
            return taken_in(sent, **self.how)
        except ImageRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
