"""The forms of the workflow pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing.models import Document, Edition
from education.publishing.workflow.audit_log import describe_act, display_name
from education.publishing.workflow.reviews import one_year_later
from education.publishing.workflow.schedule import Act


def _note_field(
    label: Any, help_text: Any, required_message: Any, max_length: int = 500
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        max_length=max_length,
        error_messages={"required": required_message},
    )


class ChangeNoteForm(forms.Form):
    """The change note for readers. The kind of change is detected by the program."""

    note = _note_field(
        gettext_lazy("What changed, in words for readers?"),
        gettext_lazy("One or two plain sentences. They stand in the history of the page."),
        gettext_lazy("Write what changed, in words for readers."),
    )


class PublicationSetForm(ChangeNoteForm):
    """A change note, and the changed documents that belong to this one."""

    together_label = gettext_lazy("Submit together with it")
    together = forms.ModelMultipleChoiceField(
        help_text=gettext_lazy("These belong to it and have changed, too."),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, related: list[Document], **kwargs: Any):
        super().__init__(*args, **kwargs)
        together: Any = self.fields["together"]
        together.label = self.together_label
        together.queryset = Document.objects.filter(pk__in=[other.pk for other in related])
        together.label_from_instance = display_name
        if not related:
            del self.fields["together"]


class RecallForm(forms.Form):
    """Why a submission is taken back."""

    reason = _note_field(
        gettext_lazy("Why? You may leave this empty"),
        gettext_lazy("Reviewers and publishers see this. Readers do not."),
        "",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


class PublishForm(PublicationSetForm):
    """What goes live, together with what, and when."""

    together_label = gettext_lazy("Publish together with it")
    which = forms.ChoiceField(
        label=gettext_lazy("What should readers see?"), widget=forms.RadioSelect
    )
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
    take_back = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Scheduled already. Take back:"),
        help_text=gettext_lazy(
            "What is ticked, and due after what you publish now, will not happen. Take a tick away, and it "
            "will take the place of what you publish now."
        ),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("which", "note", "together", "take_back", "at")

    def __init__(
        self,
        *args: Any,
        pending_edition: Edition | None,
        is_unchanged: bool,
        related: list[Document],
        scheduled: Sequence[Act] = (),
        **kwargs: Any,
    ):
        """`pending_edition`: what was submitted; `is_unchanged`: the working copy equals it.

        `scheduled`: future acts of these documents. Those that publish an edition are ticked to be
        cancelled.
        """
        super().__init__(*args, related=related, **kwargs)
        self.pending_edition = pending_edition
        take_back: Any = self.fields["take_back"]
        take_back.choices = [(act.number, describe_act(act)) for act in scheduled]
        take_back.initial = [act.number for act in scheduled if not act.is_withdrawal]
        if not scheduled:
            del self.fields["take_back"]
        if pending_edition is None or is_unchanged:
            del self.fields["which"]
        else:
            which: Any = self.fields["which"]
            which.choices = [
                (
                    "edition",
                    _("Edition {number}, as it was submitted").format(
                        number=pending_edition.number
                    ),
                ),
                ("working", _("The working copy as it is now, with what was changed since")),
            ]
            which.initial = "edition"
        if pending_edition is not None:
            self._relax_note(is_unchanged)
        day, time = self.fields["at"].widget.widgets
        day.attrs["aria-label"], time.attrs["aria-label"] = _("Day"), _("Time")
        self.fields["at"].help_text = _(
            "In the time zone of the site ({zone}). Now: {now}."
        ).format(
            zone=timezone.get_current_timezone_name(),
            now=date_format(timezone.localtime(), "DATETIME_FORMAT"),
        )

    def _relax_note(self, is_unchanged: bool) -> None:
        note = self.fields["note"]
        note.required = False
        if is_unchanged and "together" not in self.fields:
            del self.fields["note"]
        elif is_unchanged:
            note.help_text = _("Only needed for what you tick below and nobody has submitted.")
        else:
            note.help_text = _("Only needed when you publish the working copy.")

    @property
    def publishes_pending(self) -> bool:
        """Whether the submitted edition goes live, not the working copy."""
        return (
            self.pending_edition is not None
            and self.cleaned_data.get("which", "edition") == "edition"
        )

    def require_change_note(self) -> bool:
        """Require the note, because a working copy will be frozen. True if the form is valid."""
        if (
            "note" in self.fields
            and not self.cleaned_data.get("note")
            and "note" not in self.errors
        ):
            self.add_error(
                "note", str(ChangeNoteForm.base_fields["note"].error_messages["required"])
            )
        return not self.errors

    def clean(self) -> dict[str, Any]:
        """Require a time for scheduling, and refuse one for publishing now."""
        cleaned = super().clean() or {}
        wants_time = "_schedule" in self.data
        if wants_time and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Give the day and the time."))
        if not wants_time and cleaned.get("at"):
            self.add_error("at", _("You gave a time. Press “Schedule”, or take the time away."))
        return cleaned

    @property
    def publish_at(self) -> datetime | None:
        """When it goes live; None for now."""
        return self.cleaned_data.get("at")


class ReviewForm(forms.Form):
    """The name shown to readers, the next review, and the parts that were read."""

    shown_as = forms.CharField(
        label=gettext_lazy("Your name and title, as readers see them"),
        help_text=gettext_lazy("Such as “Dr. Ada Park, dermatologist”."),
        max_length=120,
        error_messages={
            "required": gettext_lazy("Write your name and title, as readers should see them.")
        },
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
    confirmed = forms.BooleanField(
        label=gettext_lazy("I have read these sentences. They are safe here."),
        error_messages={
            "required": gettext_lazy(
                "Read the sentences, then tick this. Or ask for changes, further below."
            )
        },
    )
    read = forms.BooleanField(
        label=gettext_lazy("I have read this edition as readers see it, and it is right and safe."),
        error_messages={"required": gettext_lazy("Read it first, then tick this.")},
    )

    def __init__(
        self, *args: Any, parts: list[Edition], to_confirm: bool, today: date, **kwargs: Any
    ):
        """`to_confirm`: the edition has sentences that may tell people in danger to wait."""
        super().__init__(*args, **kwargs)
        if not to_confirm:
            del self.fields["confirmed"]
        self.fields["next_due"].initial = one_year_later(today)
        together: Any = self.fields["together"]
        together.queryset = Edition.objects.filter(pk__in=[part.pk for part in parts])
        together.label_from_instance = lambda part: _("{name}, edition {number}").format(
            name=display_name(part.document, part.heading), number=part.number
        )
        if not parts:
            del self.fields["together"]


class ChangeRequestForm(forms.Form):
    """What should change."""

    comment = _note_field(
        gettext_lazy("What should change, and why?"),
        gettext_lazy("The writers see this. Readers do not."),
        gettext_lazy("Write what should change."),
        2000,
    )

    def __init__(self, *args: Any, has_comments: bool, **kwargs: Any):
        """`has_comments`: open comments on passages go along, and may say it all."""
        super().__init__(*args, **kwargs)
        if has_comments:
            self.fields["comment"].required = False
            self.fields["comment"].help_text = _(
                "The open comments go along. You may leave this empty. The writers see it. Readers do not."
            )


class CancelForm(forms.Form):
    """Scheduled acts to cancel, each as a whole."""

    acts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Take back"),
        help_text=gettext_lazy(
            "What stands in one line was decided together. It is taken back together."
        ),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick what should not happen.")},
    )

    def __init__(self, *args: Any, scheduled: Sequence[Act], **kwargs: Any):
        super().__init__(*args, **kwargs)
        acts: Any = self.fields["acts"]
        acts.choices = [(act.number, describe_act(act)) for act in scheduled]
        acts.initial = [act.number for act in scheduled]


class WithdrawForm(forms.Form):
    """Why a page is withdrawn, what goes with it, and where readers are sent.

    Valid as it is shown: wrong advice can be withdrawn at once.
    """

    reason = _note_field(
        gettext_lazy("Why, in words for readers?"),
        gettext_lazy("Readers who come to the address see this. Leave it, or say it better."),
        gettext_lazy("Write why, in words for readers."),
    )
    together = forms.ModelMultipleChoiceField(
        label=gettext_lazy("These cannot be shown without it. Take away, too:"),
        help_text=gettext_lazy(
            "Readers see these. To keep one, change it first, so that it does without."
        ),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    along = forms.ModelMultipleChoiceField(
        label=gettext_lazy("These came with it, and nothing else needs them. Take away, too:"),
        help_text=gettext_lazy(
            "Readers saw them for the first time when this came. Take a tick away to keep one."
        ),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    redirect_to = forms.ModelChoiceField(
        label=gettext_lazy("A page to send them to"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=gettext_lazy("No other page"),
    )

    def __init__(
        self,
        *args: Any,
        document: Document,
        dependents: list[Document],
        along: list[Document],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["reason"].initial = _(
            "We took this page away while we check it. If you are worried, call your doctor or nurse."
        )
        for name, documents in (("together", dependents), ("along", along)):
            field: Any = self.fields[name]
            field.queryset = Document.objects.filter(pk__in=[other.pk for other in documents])
            field.label_from_instance = display_name
            field.initial = [other.pk for other in documents]
            if not documents:
                del self.fields[name]
        live = Edition.objects.live().of_kind(document.kind, document.language).values("document")
        redirect_to: Any = self.fields["redirect_to"]
        redirect_to.queryset = Document.objects.filter(pk__in=live).exclude(pk=document.pk)
        redirect_to.label_from_instance = display_name


FORMS: tuple[type[forms.Form], ...] = (PublishForm, ReviewForm, ChangeRequestForm, WithdrawForm)
