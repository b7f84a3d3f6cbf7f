"""The causes of an article, each with the text of its own page, edited on the article's page."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.articles import article_cause
from education.articles.content import CauseContent
from education.articles.models import ArticleCause, Cause
from education.publishing.content import ContentPart
from education.publishing.models import Document
from education.publishing.workflow.keys import unique_key
from education.staff.admin.page_parts import also_on
from education.staff.drafting.templates import TemplateRowsMixin, add_prompt, chosen_template
from education.staff.editor.fields import build_form_field, lazy_label
from education.staff.editor.folded_rows import FoldedInline, FoldedRowForm, ShutFold


def _page_field(name: str) -> Any:
    return build_form_field(CauseContent, name, lazy_label(CauseContent, name), level=5)


# The fields of a row that are those of the cause's own page.
PAGE_FIELDS = {
    f"page_{name}": name for name in ("name", "also_called", "reassurance", "what_it_is", "picture")
}


def _as_text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class ArticleCauseForm(FoldedRowForm):
    """A cause of an article, and the page of that cause."""

    make_page = forms.BooleanField(
        label=gettext_lazy("Give it a page of its own"),
        required=False,
        help_text=gettext_lazy(
            "For a cause that other pages may share. Then write below what it is in general. A few "
            "words on tight shoes need no page."
        ),
    )
    unlock_page = forms.BooleanField(label=gettext_lazy("Change it on all of them"), required=False)
    page_name = _page_field("name")
    page_also_called = _page_field("also_called")
    page_reassurance = _page_field("reassurance")
    page_what_it_is = _page_field("what_it_is")
    page_picture = _page_field("picture")
    inner_folds = {"page": ("make_page", "unlock_page", *PAGE_FIELDS)}
    ticked_by = {"page": "unlock_page"}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        count = self._other_uses()
        if self.instance.cause_id and "make_page" in self.fields:
            self.fields["make_page"].widget = forms.HiddenInput()
        if "unlock_page" in self.fields:
            self.fields["unlock_page"].help_text = also_on(count) if count else ""
            if not count:
                self.fields["unlock_page"].widget = forms.HiddenInput()
        self.changed_page: Cause | None = None

    def part_values(self, instance: Any) -> dict[str, Any]:
        page = instance.cause if instance is not None and instance.cause_id else Cause()
        return {key: getattr(page, name) for key, name in PAGE_FIELDS.items()}

    def has_fold(self, name: str) -> bool:
        """A page that others use opens by a press of its own."""
        return self._other_uses() > 0

    @property
    def summary(self) -> list[str]:
        """Its name, and whether other pages explain it, too."""
        count = self._other_uses()
        if count:
            return [str(self.instance), also_on(count).rstrip(".")]
        alone = _("page of its own") if self.instance.cause_id else _("only named here")
        return [str(self.instance), alone]

    def shut_folds(self) -> list[ShutFold]:
        """The page that others use, as it is, until it is opened to be changed on all of them."""
        if not self.has_fold("page") or not self._is_shut("page"):
            return []
        values = self.part_values(self.instance)
        shown = [
            (CauseContent.get_label(PAGE_FIELDS[name]), _as_text(values[name]))
            for name in PAGE_FIELDS
            if values[name] and name != "page_picture"
        ]
        also = also_on(self._other_uses())
        heading, button = _("The page of this cause"), _("Change it on all of them")
        return [ShutFold("page", f"{heading}. {also}", button, shown)]

    def _other_uses(self) -> int:
        return max(0, getattr(self.instance, "page_count", 1) - 1)

    def _changed_page_fields(self) -> list[str]:
        return [name for name in PAGE_FIELDS if name in self.changed_data]

    def clean(self) -> dict[str, Any]:
        """Refuse words for a page that there is none of, or that is not unlocked."""
        cleaned = super().clean() or {}
        changed, chosen = self._changed_page_fields(), cleaned.get("cause")
        message = ""
        if not changed:
            pass
        elif not self.instance.cause_id and chosen:
            if any(cleaned[key] != getattr(chosen, name) for key, name in PAGE_FIELDS.items()):
                message = _("This cause has a page already. Save first; then it stands here.")
        elif not self.instance.cause_id:
            if not cleaned.get("make_page"):
                message = _("Tick “Give it a page of its own”, or leave this empty.")
        elif "cause" in self.changed_data:
            message = _("You chose another cause. Save that first; then its page stands here.")
        elif self._other_uses() and not cleaned.get("unlock_page"):
            also = also_on(self._other_uses())
            message = _("{also} Tick “Change it on all of them” to change it.").format(also=also)
        if message:
            self.add_error(changed[0], message)
        self._had_page = bool(self.instance.cause_id)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the row, and the page of the cause if it changed or is new."""
        row = super().save(commit=False)
        changed = self._changed_page_fields()
        if self.cleaned_data.get("make_page") and not row.cause_id:
            self.changed_page = self._make_page(row)
            row.cause, row.name = self.changed_page, ""
        elif changed and self._had_page:
            self.changed_page = row.cause
        if self.changed_page:
            for field_name in changed:
                setattr(self.changed_page, PAGE_FIELDS[field_name], self.cleaned_data[field_name])
            self.changed_page.save()
        if commit:
            row.cause = self.changed_page or row.cause
            row.save()
        return row

    def _make_page(self, row: ArticleCause) -> Cause:
        name = self.cleaned_data.get("page_name") or row.name
        taken = set(Document.objects.filter(kind=Cause.CONTENT.KIND).values_list("slug", flat=True))
        cause = Cause(
            slug=unique_key(name, taken, "cause"), language=row.article.language, name=name
        )
        cause.save()
        return cause


class ArticleCauseInline(TemplateRowsMixin, FoldedInline):
    """The causes of an article, in order, each with the article's own explanation."""

    model = ArticleCause
    form = ArticleCauseForm
    part: ClassVar[type[ContentPart]] = article_cause.ArticleCause
    part_field = "causes"
    heading_level = 5
    verbose_name = gettext_lazy("cause")
    verbose_name_plural = gettext_lazy("causes, in order")
    fieldsets = (
        (None, {"fields": ("order", "cause", "name", "picture")}),
        # These texts follow a heading of level 4, here as on the page.
        (
            None,
            {
                "description": format_html(
                    "<h4>{}</h4>", gettext_lazy("What this page says about it")
                ),
                "fields": (
                    "what_happens",
                    "looks",
                    "self_care",
                    "self_care_picture",
                    "may_suggest",
                    "may_suggest_in_short",
                ),
            },
        ),
        (
            gettext_lazy("At a glance: a row of the table of causes"),
            {"classes": ("collapse",), "fields": article_cause.GLANCE_FIELDS},
        ),
        (
            gettext_lazy("The page of this cause"),
            {"classes": ("collapse",), "fields": ("make_page", "unlock_page", *PAGE_FIELDS)},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("cause")
        counted: QuerySet[Any] = rows.annotate(
            page_count=Count("cause__tagged_on__article", distinct=True)
        )
        return counted

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        template = chosen_template(request)
        if template is not None and db_field.name == "name":
            add_prompt(field, template.cause_prompt)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "cause":
            kwargs["queryset"] = Cause.objects.order_by("name", "slug")
            kwargs["empty_label"] = _("None: it is only named here, or gets a new page")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
