"""Images in the admin: uploaded, described, and deleted once no text shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from education.media.models import Image
from education.staff.admin_urls import admin_url
from education.staff.audited_admin import AuditedAdminMixin
from education.staff.cross_references.images import deletion_problem
from education.staff.editor.edit_conflicts import ConflictAwareAdmin, ConflictAwareForm
from education.staff.editor.uploads import ProcessedImageField

_THUMBNAIL = 120
_LARGE = 480


class ImageForm(ConflictAwareForm):
    """The alternative text of an image."""

    class Meta:
        model = Image
        fields = ("alternative_text",)
        help_texts = {
            "alternative_text": _(
                "Say what the picture tells, in one sentence, for people who cannot see it: “A red bump with "
                "a white tip on the upper back.” Do not begin with “Picture of”."
            )
        }
        widgets = {"alternative_text": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "alternative_text" in self.fields:
            self.fields["alternative_text"].required = True


class NewImageForm(ImageForm):
    """An upload with its alternative text."""

    file = ProcessedImageField(
        label=_("Picture"),
        help_text=_(
            "A JPEG, PNG or WebP file of at most 8 MB. It is made smaller if it is wide, and whatever else "
            "the file holds is removed, such as the place where a photograph was taken. Use no picture by "
            "which a patient could be recognized."
        ),
    )


def image_tag(image: Image, max_size: int) -> str:
    """An `<img>` of at most `max_size` pixels on each side."""
    scale = min(1.0, max_size / max(image.width, image.height))
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}">',
        image.url,
        image.alternative_text or _("Picture without alternative text"),
        max(1, round(image.width * scale)),
        max(1, round(image.height * scale)),
    )


@admin.register(Image)
class ImageAdmin(AuditedAdminMixin, ConflictAwareAdmin):
    """Images. The file of an image never changes, because texts refer to it."""

    form = ImageForm
    change_form_template = "admin/document/change_form.html"
    list_display = ("thumbnail", "alternative_text", "size", "uploaded_at", "uploaded_by")
    search_fields = ("alternative_text", "name")
    list_select_related = ("uploaded_by",)
    list_per_page = 50
    readonly_fields = ("picture", "how_to_use", "size", "uploaded_at", "uploaded_by")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form; with an upload only for a new image."""
        return super().get_form(
            request, obj, change=change, **{**kwargs, "form": self.form if obj else NewImageForm}
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("file", "alternative_text")})]
        details = {"fields": ("size", "uploaded_at", "uploaded_by")}
        return [
            (None, {"fields": ("picture", "alternative_text", "how_to_use")}),
            (_("Details"), details),
        ]

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> str:
        return image_tag(image, _THUMBNAIL)

    @admin.display(description=_("picture"))
    def picture(self, image: Image) -> str:
        return image_tag(image, _LARGE)

    @admin.display(description=_("To use it, copy this into a text"))
    def how_to_use(self, image: Image) -> str:
        """The Markdown that shows the image."""
        return format_html(
            '<input type="text" class="to-copy" readonly value="{}" aria-label="{}">',
            image.markdown,
            _("To use it, copy this into a text"),
        )

    @admin.display(description=_("size"))
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}, {filesizeformat(image.bytes)}"

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        """Store the file of a new image; an existing one changes its text only."""
        if change:
            obj.save()
            return
        obj.uploaded_by = request.user  # type: ignore[assignment]  # the admin lets no stranger in
        obj.store(form.cleaned_data["file"])

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Redirect with the reason why an image cannot be deleted, if there is one."""
        image = self.get_object(request, object_id)
        reason = (
            deletion_problem(image) if image and self.has_delete_permission(request, image) else ""
        )
        if image and reason:
            messages.error(request, reason)
            return HttpResponseRedirect(admin_url(image))
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """Add the reasons to the protected objects, so that the admin deletes none."""
        images = list(objs)
        to_delete, counts, needed, protected = super().get_deleted_objects(images, request)
        reasons = [f"{image}: {reason}" for image in images if (reason := deletion_problem(image))]
        return to_delete, counts, needed, [*protected, *reasons]
