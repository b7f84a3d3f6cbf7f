"""Articles, causes and snippets in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from education.articles import content
from education.articles.models import Article, ArticleSnippet, Cause, LeafletImport, Snippet
from education.audit.models import Action
from education.checklists.content import ChecklistContent
from education.checklists.models import Checklist
from education.publishing.content import ContentPart, Problem
from education.publishing.models import Document, WorkingCopy
from education.publishing.workflow.audit_log import log_document_action
from education.publishing.workflow.keys import unique_key
from education.publishing.workflow.pending import problems_with_all_drafts, unpublished_related
from education.staff.admin.article_causes import PAGE_FIELDS, ArticleCauseInline
from education.staff.admin.base import DocumentAdmin
from education.staff.admin.changelist import WorkflowColumnsMixin
from education.staff.admin.checklists import LenientMultipleChoiceField
from education.staff.admin.page_parts import (
    UNLOCK_CHECKLIST,
    NewSourceInline,
    NewTermInline,
    PageSignInline,
    PartFormSet,
    also_on,
    other_uses,
    shown_checklist,
    source_choices,
)
from education.staff.admin_urls import admin_url
from education.staff.drafting.copies import CopyView, can_copy
from education.staff.drafting.templates import (
    add_prompt,
    chosen_template,
    initial_rows,
    template_choices,
)
from education.staff.editor.fields import build_form_field, lazy_label
from education.staff.editor.folded_rows import FoldedInline
from education.staff.editor.forms import WorkingCopyForm


class ArticleSnippetInline(FoldedInline):
    """The snippets that an article includes, in order."""

    model = ArticleSnippet
    part: ClassVar[type[ContentPart]] = content.ArticleContent
    part_field = "snippets"
    verbose_name = _("snippet")
    verbose_name_plural = _("snippets: pieces that pages share, in order")
    fields = ("order", "snippet")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("snippet")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "snippet":
            kwargs["queryset"] = Snippet.objects.order_by("title", "slug")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


# The fields of a new article's checklist that its page asks for.
CHECKLIST_FIELDS = ("none_apply", "safety_net")


def _checklist_field(name: str) -> Any:
    return build_form_field(ChecklistContent, name, lazy_label(ChecklistContent, name))


class ArticleForm(WorkingCopyForm):
    """An article, with the texts of its checklist."""

    slug_fallback = "page"
    none_apply = _checklist_field("none_apply")
    safety_net = _checklist_field("safety_net")
    unlock_checklist = forms.BooleanField(label=_("Change it on all of them"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        article = self.instance if self.instance.pk else None
        checklist = shown_checklist(article, self.data)
        texts = checklist or Checklist(**Checklist.DEFAULT_TEXTS)
        self.initial.update({name: getattr(texts, name) for name in CHECKLIST_FIELDS})
        self.saved_checklist = checklist
        self.use_count = other_uses(checklist, article)
        unlock = self.fields[UNLOCK_CHECKLIST]
        unlock.help_text = also_on(self.use_count) if self.use_count else ""
        if not self.use_count:
            unlock.widget = forms.HiddenInput()
        if "adapted_from" in self.fields:
            field: Any = self.fields["adapted_from"]
            field.choices = source_choices(self.instance.adapted_from)

    def clean(self) -> dict[str, Any]:
        """Refuse a change of a shared checklist that was not unlocked."""
        cleaned = super().clean()
        changed = self.changed_checklist_fields()
        if changed and self.use_count and not cleaned.get(UNLOCK_CHECKLIST):
            message = gettext("{also} Tick “Change it on all of them” to change it.")
            self.add_error(changed[0], message.format(also=also_on(self.use_count)))
        return cleaned

    def changed_checklist_fields(self) -> list[str]:
        return [name for name in CHECKLIST_FIELDS if name in self.changed_data]


@admin.register(Article)
class ArticleAdmin(DocumentAdmin):
    """Articles, each on one page with what it uses."""

    form = ArticleForm
    part: ClassVar[type[ContentPart]] = content.ArticleContent
    search_fields: ClassVar[Any] = ("title", "slug")
    inlines = (
        PageSignInline,
        ArticleCauseInline,
        NewSourceInline,
        NewTermInline,
        ArticleSnippetInline,
    )
    change_form_template = "admin/leaflets/article_form.html"
    workflow_views: ClassVar[Any] = {**DocumentAdmin.workflow_views, "copy": CopyView}
    # Fieldsets by number and inlines by name, in the order of the page that readers see.
    sections: ClassVar[tuple[int | str, ...]] = (
        0,
        1,
        2,
        "signs",
        3,
        4,
        "causes",
        "snippets",
        5,
        "sources",
        "terms",
        6,
        7,
    )
    fieldsets = (
        (None, {"fields": ("seen_version", "title", "also_called")}),
        (
            _("What the page says first"),
            {"fields": ("reassurance", "first_step", "picture", "summary", "introduction")},
        ),
        (
            _("When to see a doctor"),
            {"fields": ("checklist", UNLOCK_CHECKLIST)},
        ),
        (_("What to say after the list of signs"), {"fields": CHECKLIST_FIELDS}),
        (_("Do and Do not"), {"fields": ("do", "do_not")}),
        (_("Where it comes from"), {"fields": ("adapted_from",)}),
        (_("In easy words"), {"classes": ("collapse",), "fields": ("in_easy_words",)}),
        (
            _("How readers find it"),
            {"classes": ("collapse",), "fields": ("areas", "looks_like", "slug")},
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Texts of a checklist that other pages use are folded: they are seldom written here."""
        is_shared = bool(obj and other_uses(obj.checklist, obj))
        return [
            (
                label,
                {**options, "classes": ("collapse",)}
                if is_shared and options["fields"] == CHECKLIST_FIELDS
                else options,
            )
            for label, options in super().get_fieldsets(request, obj)
        ]

    @admin.display(description=_("copy"))
    def copy_link(self, article: Article) -> str:
        """To the page that makes a copy."""
        link = '<a href="{}" aria-label="{}: {}">{}</a>'
        words = gettext("Copy…")
        return format_html(link, admin_url(article, "copy"), words, str(article), words)

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = WorkflowColumnsMixin.list_display
        return (*columns, "copy_link") if _may_copy(request) else columns

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "adapted_from":
            return LenientMultipleChoiceField(
                required=False,
                label=self.label_of("adapted_from"),
                help_text=gettext("A new source is added below."),
                widget=forms.CheckboxSelectMultiple,
            )
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if template := chosen_template(request):
            add_prompt(field, template.prompts.get(db_field.name, ""))
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the template of a new article begins with."""
        template = chosen_template(request)
        return {"introduction": template.introduction} if template else {}

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        rows = initial_rows(chosen_template(request, obj and obj.pk and obj), inline.part_field)
        return {**kwargs, "initial": rows} if rows else kwargs

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "checklist":
            kwargs["queryset"] = Checklist.objects.order_by("title", "slug")
            kwargs["empty_label"] = gettext("A new one, of the signs below")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The form, with its fieldsets and rows in the order of the page."""
        fieldsets = list(context["adminform"])
        inlines = {one.opts.part_field: one for one in context["inline_admin_formsets"]}
        order = [*self.sections, *range(len(self.fieldsets), len(fieldsets))]
        is_new = context["original"] is None
        if is_new and request.method == "GET" and self.unsaved_form is None:
            context["templates"] = template_choices(request)
        context["sections"] = [
            {"fieldset": fieldsets[place]} if isinstance(place, int) else {"inline": inlines[place]}
            for place in order
            if place in inlines or isinstance(place, int)
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the article's parts, then its rows; each document that changed counts the edit."""
        article = form.instance
        parts = {one.prefix: one for one in formsets if isinstance(one, PartFormSet)}
        edited: list[WorkingCopy] = list(self._save_checklist(form, parts.get("signs")))
        # New signs name the sources of the article, new ones among them.
        for name in ("sources", "signs", "terms"):
            formset = parts.get(name)
            if formset is None or not formset.has_changed():
                continue
            formset.prepare(article)
            if formset.changes_document():
                edited.append(formset.instance)
            formset.update_article(article)
        article.save()
        super().save_related(request, form, formsets, change)
        rows = (row for formset in formsets for row in formset.forms)
        edited += [page for row in rows if (page := getattr(row, "changed_page", None))]
        for document in {one.pk: one for one in edited}.values():
            document.record_edit(request.user)
            log_document_action(Action.SAVED, document=document, by=request.user)

    def _save_checklist(self, form: Any, signs: PartFormSet | None) -> Iterator[Checklist]:
        """The checklist, saved, if its texts changed or a new article needs one."""
        article, checklist = form.instance, form.saved_checklist
        is_new = article.checklist_id is None and checklist is None
        has_signs = signs is not None and signs.changes_document()
        if is_new and (has_signs or form.changed_checklist_fields()):
            taken = set(Checklist.objects.values_list("slug", flat=True))
            key = unique_key(article.slug, taken, "signs")
            checklist = Checklist(slug=key, title=Checklist.title_for(article.title))
            article.checklist = checklist
        elif not form.changed_checklist_fields():
            return
        for name in CHECKLIST_FIELDS:
            setattr(checklist, name, form.cleaned_data[name])
        checklist.save()
        yield checklist

    def changes_document(self, form: Any, formsets: Any) -> bool:
        """Whether the article itself changed, and not only what it uses."""
        if set(form.changed_data) - {UNLOCK_CHECKLIST, *CHECKLIST_FIELDS}:
            return True
        if any(
            "shown_first" in row.changed_data or "adapted_here" in row.changed_data
            for formset in formsets
            if isinstance(formset, PartFormSet)
            for row in formset.forms
        ):
            return True
        own = [formset for formset in formsets if not isinstance(formset, PartFormSet)]
        return any(
            set(row.changed_data) - PAGE_FIELDS.keys() - {"unlock_page"}
            or row in formset.deleted_forms
            for formset in own
            for row in formset.forms
        )

    def publication_problems(self, document: Document) -> list[Problem]:
        """What blocks the article, and what blocks the drafts that it uses."""
        found = super().publication_problems(document)
        for part in unpublished_related(document):
            if part.kind != document.kind:
                found += problems_with_all_drafts(part)
        return list(dict.fromkeys(found))

    def _status_context(self, request: HttpRequest, saved: Any) -> dict[str, Any]:
        """And the leaflet that it was made from, while something of it lies beside."""
        leaflet = LeafletImport.objects.filter(article=saved).first()
        more = {"leaflet": leaflet, "can_copy": _may_copy(request)}
        return {**super()._status_context(request, saved), **more}


def _may_copy(request: HttpRequest) -> bool:
    return can_copy(request.user, Document(kind=Article.CONTENT.KIND))


@admin.register(Cause)
class CauseAdmin(DocumentAdmin):
    """Causes, as they are described in general."""

    part: ClassVar[type[ContentPart]] = content.CauseContent
    search_fields: ClassVar[Any] = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("seen_version", "name", "slug", "also_called")}),
        (_("What it is"), {"fields": ("reassurance", "what_it_is", "picture")}),
        (_("For professionals"), {"fields": ("codes",)}),
    )


@admin.register(Snippet)
class SnippetAdmin(DocumentAdmin):
    """Texts that several articles include."""

    part: ClassVar[type[ContentPart]] = content.SnippetContent
    search_fields: ClassVar[Any] = ("title", "slug")
    fieldsets = (
        (
            None,
            {
                "fields": ("seen_version", "title", "slug", "text", "with_medicines"),
                "description": _("A change of this changes every page that includes it."),
            },
        ),
    )
