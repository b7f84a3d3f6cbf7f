"""The form of a reader's comment."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from education.feedback.models import MAX_COMMENT_LENGTH
from education.publishing.content import clean_line

# A URL, or the markup of a link.
_LINK = re.compile(
    r"://|\bwww\.|</?a\b|\[/?url|\b[a-z0-9-]{2,}\.(?:[a-z]{2,}/|(?:com|net|org|info|biz|ru|cn|top|xyz|shop|site|online|io|co)\b)",
    re.IGNORECASE,
)
_E_MAIL = re.compile(r"\S@\S")
# Seven digits or more: a telephone number, a record or insurance number, a date of birth.
_LONG_NUMBER = re.compile(r"(?:\d[\s().+/-]*){7}")


class SingleLineField(forms.CharField):
    """A text on one line, without invisible characters."""

    def to_python(self, value: Any) -> str:
        return str(clean_line(super().to_python(value)))


class CommentForm(forms.Form):
    """A comment on how to improve a page."""

    comment = SingleLineField(
        required=False,
        max_length=MAX_COMMENT_LENGTH,
        error_messages={
            "max_length": _(
                "Please make it shorter. It has %(show_value)d characters, and we can take %(limit_value)d."
            )
        },
    )

    def clean_comment(self) -> str:
        """Refuse advertising and data that could identify a person."""
        comment = str(self.cleaned_data["comment"])
        if _E_MAIL.search(comment):
            raise forms.ValidationError(
                _("Please take out the e-mail address. We cannot answer you from here.")
            )
        if _LINK.search(comment):
            raise forms.ValidationError(_("Please take out the web address."))
        if _LONG_NUMBER.search(comment):
            raise forms.ValidationError(
                _("Please take out the long number. It could tell who somebody is.")
            )
        return comment
