"""What the desk asks before it submits, reviews, publishes, cancels or withdraws."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing.models import Change, Document, Edition, Publication
from education.publishing.recording import named
from education.publishing.reviewing import a_year_after


def _words(label: Any, help_text: Any, missing: Any, most: int = 500) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        max_length=most,
        error_messages={"required": missing},
    )


class ChangeForm(forms.Form):
    """What kind of change it is, and the note that readers see."""

    change = forms.ChoiceField(
        label=gettext_lazy("What changes for readers?"),
        choices=[
            (Change.WORDING, gettext_lazy("Only the wording. The advice is the same.")),
            (Change.ADVICE, gettext_lazy("The advice. It needs a new clinical review.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the wording or the advice changed.")},
    )
    note = _words(
        gettext_lazy("What changed, in words for readers?"),
        gettext_lazy("One or two plain sentences. They stand in the history of the page."),
        gettext_lazy("Write what changed, in words for readers."),
    )


class SetForm(ChangeForm):
    """With what else goes along: documents that belong to it and have changed, too."""

    together_label = gettext_lazy("Submit together with it")
    together = forms.ModelMultipleChoiceField(
        help_text=gettext_lazy("These belong to it and have changed, too."),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, neighbours: list[Document], **kwargs: Any):
        super().__init__(*args, **kwargs)
        together: Any = self.fields["together"]
        together.label = self.together_label
        together.queryset = Document.objects.filter(pk__in=[other.pk for other in neighbours])
        together.label_from_instance = named
        if not neighbours:
            del self.fields["together"]


class PublishForm(SetForm):
    """What goes live, together with what, and when."""

    together_label = gettext_lazy("Publish together with it")
    which = forms.ChoiceField(label=gettext_lazy("What should readers see?"), widget=forms.RadioSelect)
    at = forms.SplitDateTimeField(
        label=gettext_lazy("Day and time"),
        required=False,
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
        ),
        error_messages={
            "invalid_date": gettext_lazy("Write the day as 2030-01-31."),
            "invalid_time": gettext_lazy("Write the time as 08:00."),
        },
    )
    field_order = ("which", "change", "note", "together", "at")

    def __init__(
        self,
        *args: Any,
        waiting: Edition | None,
        is_same: bool,
        neighbours: list[Document],
        **kwargs: Any,
    ):
        """`waiting`: the edition that was submitted; `is_same`: the working copy says just what it says."""
        super().__init__(*args, neighbours=neighbours, **kwargs)
        self.waiting = waiting
        if waiting is None or is_same:
            del self.fields["which"]
        else:
            which: Any = self.fields["which"]
            which.choices = [
                ("edition", _("Edition {number}, as it was submitted").format(number=waiting.number)),
                ("working", _("The working copy as it is now, with what was changed since")),
            ]
            which.initial = "edition"
        if waiting is not None:
            self._only_where_needed(is_same)
        day, time = self.fields["at"].widget.widgets
        day.attrs["aria-label"], time.attrs["aria-label"] = _("Day"), _("Time")
        self.fields["at"].help_text = _("In the time zone of the site ({zone}). Now: {now}.").format(
            zone=timezone.get_current_timezone_name(),
            now=date_format(timezone.localtime(), "DATETIME_FORMAT"),
        )

    def _only_where_needed(self, is_same: bool) -> None:
        for name in ("change", "note"):
            field = self.fields[name]
            field.required = False
            if is_same and "together" not in self.fields:
                del self.fields[name]
            elif is_same:
                field.help_text = _("Only needed for what you tick below and nobody has submitted.")
            else:
                field.help_text = _("Only needed when you publish the working copy.")

    @property
    def publishes_waiting(self) -> bool:
        """Whether the edition that was submitted goes live, and not the working copy."""
        return self.waiting is not None and self.cleaned_data.get("which", "edition") == "edition"

    def require_change(self) -> bool:
        """Ask for the kind of change and the note after all: something has to be frozen. True if given."""
        asked = ChangeForm.base_fields
        for name in ("change", "note"):
            if name in self.fields and not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, str(asked[name].error_messages["required"]))
        return not self.errors

    def clean(self) -> dict[str, Any]:
        """A time is only for what is scheduled."""
        cleaned = super().clean() or {}
        wants_time = "_schedule" in self.data
        if wants_time and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Give the day and the time."))
        if not wants_time and cleaned.get("at"):
            self.add_error("at", _("You gave a time. Press “Schedule”, or take the time away."))
        return cleaned

    @property
    def moment(self) -> datetime | None:
        """When it goes live; None is now."""
        return self.cleaned_data.get("at")


class ReviewForm(forms.Form):
    """The name that readers see, when to look again, and what else was read."""

    edition = forms.IntegerField(widget=forms.HiddenInput, max_value=10**6)
    shown_as = forms.CharField(
        label=gettext_lazy("Your name and title, as readers see them"),
        help_text=gettext_lazy("Such as “Dr. Ada Park, dermatologist”."),
        max_length=120,
        error_messages={"required": gettext_lazy("Write your name and title, as readers should see them.")},
    )
    next_due = forms.DateField(
        label=gettext_lazy("Next review due"),
        help_text=gettext_lazy("12 months from now, unless you choose another day."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Give the day.")},
    )
    together = forms.ModelMultipleChoiceField(
        label=gettext_lazy("I have read these parts of the page, too"),
        help_text=gettext_lazy("A page counts as reviewed when every part of it is."),
        queryset=Edition.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    read = forms.BooleanField(
        label=gettext_lazy("I have read this edition as readers see it, and it is right and safe."),
        error_messages={"required": gettext_lazy("Read it first, then tick this.")},
    )

    def __init__(self, *args: Any, parts: list[Edition], today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["next_due"].initial = a_year_after(today)
        together: Any = self.fields["together"]
        together.queryset = Edition.objects.filter(pk__in=[part.pk for part in parts])
        together.label_from_instance = lambda part: _("{name}, edition {number}").format(
            name=named(part.document, part.heading), number=part.number
        )
        if not parts:
            del self.fields["together"]


class RequestForm(forms.Form):
    """What should change."""

    asked_edition = forms.IntegerField(widget=forms.HiddenInput, max_value=10**6)
    comment = _words(
        gettext_lazy("What should change, and why?"),
        gettext_lazy("The writers see this. Readers do not."),
        gettext_lazy("Write what should change."),
        2000,
    )


class CancelForm(forms.Form):
    """What is scheduled, to be taken back."""

    entries = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Take back"),
        queryset=Publication.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick what should not happen.")},
    )

    def __init__(self, *args: Any, scheduled: list[Publication], **kwargs: Any):
        super().__init__(*args, **kwargs)
        entries: Any = self.fields["entries"]
        entries.queryset = Publication.objects.filter(pk__in=[entry.pk for entry in scheduled])
        entries.label_from_instance = _scheduled_words


def _scheduled_words(entry: Publication) -> str:
    moment = date_format(timezone.localtime(entry.at), "DATETIME_FORMAT")
    if entry.edition is None:
        return _("{moment}: withdraw {name}").format(moment=moment, name=named(entry.document))
    return _("{moment}: {name}, edition {number}").format(
        moment=moment, name=named(entry.document, entry.edition.heading), number=entry.edition.number
    )


class WithdrawForm(forms.Form):
    """Why readers can no longer see a page, and where to send them."""

    reason = _words(
        gettext_lazy("Why, in words for readers?"),
        gettext_lazy("Readers who come to the address see this."),
        gettext_lazy("Write why, in words for readers."),
    )
    send_to = forms.ModelChoiceField(
        label=gettext_lazy("A page to send them to"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=gettext_lazy("No other page"),
    )

    together = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Take away together with it"),
        help_text=gettext_lazy(
            "Readers see these, and they cannot be shown without it. Tick them, or change them first."
        ),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("reason", "together", "send_to")

    def __init__(self, *args: Any, document: Document, needing: list[Document], **kwargs: Any):
        super().__init__(*args, **kwargs)
        together: Any = self.fields["together"]
        together.queryset = Document.objects.filter(pk__in=[other.pk for other in needing])
        together.label_from_instance = named
        if not needing:
            del self.fields["together"]
        live = Edition.objects.live().of_kind(document.kind, document.language).values("document")
        field: Any = self.fields["send_to"]
        field.queryset = Document.objects.filter(pk__in=live).exclude(pk=document.pk)
        field.label_from_instance = named


FORMS: tuple[type[forms.Form], ...] = (PublishForm, ReviewForm, RequestForm, WithdrawForm)
