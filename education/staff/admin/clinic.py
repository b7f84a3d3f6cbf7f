"""The clinic's settings in the admin: one row, shown as a form."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from education.audit.models import Action
from education.clinic.models import Clinic
from education.handouts.trial import letter_error
from education.media import storage
from education.media.image_processing import ProcessedImage
from education.staff.audited_admin import AuditedAdminMixin
from education.staff.editor import draft_recovery
from education.staff.editor.edit_conflicts import ConflictAwareAdmin, ConflictAwareForm
from education.staff.editor.uploads import ProcessedImageField

LOGO_SIZE = (480, 160)
KEPT_LOGO = "education.staff.kept_logo"
KEPT_LOGO_SECONDS = 24 * 60 * 60


class ClinicForm(ConflictAwareForm):
    """The clinic's settings, with an upload for the logo."""

    new_logo = ProcessedImageField(
        label=_("New logo"),
        required=False,
        within=LOGO_SIZE,
        help_text=_(
            "A JPEG, PNG or WebP file of at most 8 MB. It stands beside the name, on pages and on paper."
        ),
    )
    # An upload that came with a form that was refused: browsers do not send a file twice.
    kept_logo = forms.CharField(required=False, widget=forms.HiddenInput)
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    class Meta:
        model = Clinic
        fields = (
            "name",
            "address",
            "phone",
            "out_of_hours_number",
            "emergency_number",
            "crisis_line_name",
            "crisis_line_number",
            "self_checks_enabled",
            "paper",
            "print_size",
            "packs_for_staff",
            "privacy_statement",
            "accessibility_statement",
            "desk_email",
        )
        help_texts = {
            "name": _("Patients see this at the top of every page and every handout."),
            "address": _("Printed on handouts, one line for each line here."),
        }
        widgets = {
            "address": forms.Textarea(attrs={"rows": 4, "cols": 40}),
            "privacy_statement": forms.Textarea(attrs={"rows": 12}),
            "accessibility_statement": forms.Textarea(attrs={"rows": 12}),
        }

    def full_clean(self) -> None:
        """Keep an uploaded logo while the rest of the form is not right yet."""
        super().full_clean()
        logo = getattr(self, "cleaned_data", {}).get("new_logo")
        if self.errors and logo:
            storage.write(logo.name, logo.data)
            token = signing.dumps([logo.name, logo.width, logo.height], salt=KEPT_LOGO)
            sent: Any = self.data
            self.data = {**sent.dict(), "kept_logo": token}
            self["new_logo"].help_text = _("Your new logo is kept. Choose a file to take another.")

    def clean_new_logo(self) -> ProcessedImage | None:
        """The upload, or else the one that was kept from a form that was refused."""
        sent: ProcessedImage | None = self.cleaned_data.get("new_logo")
        kept = self.data.get("kept_logo", "")
        return sent or (_load_kept_logo(kept) if kept else None)

    def clean_name(self) -> str:
        """Refuse a name that cannot be printed, which would make every PDF fail."""
        return _printable(self.cleaned_data["name"])

    def clean_address(self) -> str:
        return _printable(self.cleaned_data["address"])


def _load_kept_logo(token: str) -> ProcessedImage | None:
    """The logo that a form carries; None for a forged or an old token."""
    try:
        name, width, height = signing.loads(token, salt=KEPT_LOGO, max_age=KEPT_LOGO_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    data = storage.read(name)
    return ProcessedImage(name=name, data=data, width=width, height=height) if data else None


def _printable(text: str) -> str:
    if message := letter_error(text):
        raise ValidationError(message)
    return text


@admin.register(Clinic)
class ClinicAdmin(AuditedAdminMixin, ConflictAwareAdmin):
    """One row: the clinic's name, logo, phone numbers and switches."""

    save_action = Action.SETTINGS
    form = ClinicForm
    change_form_template = "admin/document/change_form.html"
    tracked_columns: ClassVar[dict[str, tuple[str, ...]]] = {"logo": ("new_logo", "remove_logo")}
    readonly_fields = ("current_logo",)
    fieldsets = [
        (
            _("Who you are"),
            {"fields": ("name", "address", "current_logo", "new_logo", "kept_logo", "remove_logo")},
        ),
        (
            _("Whom patients call"),
            {
                "fields": (
                    "phone",
                    "out_of_hours_number",
                    "emergency_number",
                    "crisis_line_name",
                    "crisis_line_number",
                ),
                "description": _(
                    "The first three numbers stand in the advice on every page and handout, from the moment "
                    "you save. Call each number once to check it."
                ),
            },
        ),
        (_("What the site offers"), {"fields": ("self_checks_enabled",)}),
        (_("Handouts"), {"fields": ("paper", "print_size", "packs_for_staff")}),
        (
            _("Statements"),
            {"fields": ("privacy_statement", "accessibility_statement")},
        ),
        (_("The desk"), {"fields": ("desk_email",)}),
    ]

    @admin.display(description=_("logo"))
    def current_logo(self, clinic: Clinic) -> str:
        if not clinic.logo:
            return str(_("There is none yet."))
        return format_html(
            '<img src="{}" alt="{}" width="{}" height="{}">',
            reverse("media", args=[clinic.logo]),
            clinic.name,
            clinic.logo_width,
            clinic.logo_height,
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Clinic.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Clinic | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Redirect to the form of the only row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if Clinic.objects.exists():
            return self._redirect_to_clinic()
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:clinic_clinic_add"))
        return super().changelist_view(request, extra_context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Redirect to the row if it exists by now, with a draft of what was typed."""
        if self.has_view_or_change_permission(request) and Clinic.objects.exists():
            if request.method == "POST":
                draft_recovery.store_draft(
                    request,
                    self._redirect_to_clinic().url,
                    draft_recovery.form_pairs(request.POST, request.FILES),
                    "added",
                )
            return self._redirect_to_clinic()
        return super().add_view(request, form_url, extra_context)

    def _redirect_to_clinic(self) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:clinic_clinic_change", args=[1]))

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        """Save as row 1; the file of a replaced logo is removed after the commit."""
        obj.pk = 1
        old, new = obj.logo, form.cleaned_data.get("new_logo")
        if new:
            storage.write(new.name, new.data)
            obj.logo, obj.logo_width, obj.logo_height = new.name, new.width, new.height
        elif form.cleaned_data.get("remove_logo"):
            obj.logo, obj.logo_width, obj.logo_height = "", 0, 0
        obj.save()
        if old != obj.logo and storage.is_valid_name(old):
            transaction.on_commit(partial(storage.remove, old))
