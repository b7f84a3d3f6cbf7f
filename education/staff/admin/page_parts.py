"""What an article uses, edited on the article's own page: signs, new sources, new words.

The rows belong to other documents: the article's checklist, the list of sources, the glossary.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from education import markdown
from education.articles.models import Article
from education.checklists import content as checklist_content
from education.checklists.models import Checklist, WarningSign
from education.publishing.content import ContentPart
from education.publishing.models import WorkingCopy
from education.publishing.workflow.keys import unique_key
from education.references import content as references
from education.references.models import Glossary, Source, SourceList, Term
from education.selfcheck.models import SelfCheck
from education.staff.admin.checklists import LenientMultipleChoiceField
from education.staff.admin.protection import SignFormSet
from education.staff.drafting.templates import TemplateRowsMixin
from education.staff.editor.fields import URGENCY_LABELS
from education.staff.editor.folded_rows import FoldedInline, FoldedRowForm
from education.staff.editor.forms import OrderedFormSet
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.workflow.permissions import can_edit
from education.urgency import BY_KEY, Urgency

UNLOCK_CHECKLIST = "unlock_checklist"

Choices = Sequence[tuple[str, str]]


def other_uses(checklist: Checklist | None, article: Article | None) -> int:
    """How many other articles and self-checks use a checklist."""
    if checklist is None:
        return 0
    articles = Article.objects.filter(checklist=checklist)
    if article:
        articles = articles.exclude(pk=article.pk)
    return articles.count() + SelfCheck.objects.filter(checklist=checklist).count()


def shown_checklist(article: Article | None, data: Any) -> Any:
    """The saved checklist of an article; of a new one, that which the submitted form chooses."""
    if article is not None:
        return Checklist.objects.filter(articles=article.pk).first()
    pk = parse_small_int((data or {}).get("checklist", ""))
    return Checklist.objects.filter(pk=pk).first() if pk else None


def also_on(count: int) -> str:
    return ngettext("Also on {count} other page.", "Also on {count} other pages.", count).format(
        count=count
    )


def source_choices(stored: Collection[str], *, offers_others: bool = True) -> Choices:
    """Sources as choices by title: the stored ones, whatever became of them, and unless told
    otherwise all that can be relied on.
    """
    wanted = Q(key__in=stored)
    if offers_others:
        wanted |= Q(withdrawn="")
    rows = Source.objects.filter(wanted)
    found = [(row.key, ", ".join(filter(None, (row.title, row.publisher)))) for row in rows]
    unknown = set(stored) - {key for key, _label in found}
    return [
        *sorted(found, key=lambda choice: choice[1].casefold()),
        *(
            (key, _("{key} (not in the list of sources)").format(key=key))
            for key in sorted(unknown)
        ),
    ]


class PartFormSet(OrderedFormSet):
    """Rows of a document that an article uses; made with the article, or None for a new one."""

    article: Article | None
    instance: Any

    def __init__(self, data: Any = None, files: Any = None, instance: Any = None, **kwargs: Any):
        self.article = instance if instance is not None and instance.pk else None
        super().__init__(data, files, instance=self.find_document(self.article, data), **kwargs)

    def find_document(self, article: Article | None, data: Any) -> Any:
        """The document that the rows belong to; None if there is none yet.

        `data`: the submitted form, for a new article.
        """
        raise NotImplementedError

    def prepare(self, article: Article) -> None:
        """Make the document if it is missing, and the keys of new rows."""
        raise NotImplementedError

    def changes_document(self) -> bool:
        """Whether the document that the rows belong to changes."""
        return bool(self.has_changed())

    def update_article(self, article: Article) -> None:
        """Write into the article what it says about these rows; it is saved afterwards."""


class PartInline(FoldedInline):
    """Rows of a document of the kind `document_model`, on the page of an article."""

    document_model: ClassVar[type[WorkingCopy]]

    def __init__(self, parent_model: Any, admin_site: Any):
        super().__init__(self.document_model, admin_site)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_edit(request.user, self.document_model(kind=self.document_model.CONTENT.KIND))

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


class PageSignForm(FoldedRowForm):
    """A warning sign, and whether this article's page shows it first."""

    shown_first = forms.BooleanField(
        label=gettext_lazy("Show it first"),
        required=False,
        help_text=gettext_lazy(
            "Urgent and routine signs that matter most for this page. The others are one tap away. "
            "Emergency signs are always shown."
        ),
    )

    def __init__(
        self, *args: Any, article: Article | None = None, sources: Choices = (), **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        if article and self.instance.pk:
            self.initial["shown_first"] = self.instance.key in article.key_signs
        if "sources" in self.fields:
            field: Any = self.fields["sources"]
            field.choices = sources

    @property
    def summary(self) -> list[str]:
        """How urgent it is, and its words."""
        sign = self.instance
        words = Truncator(markdown.plain_text(sign.text, inline=True)).chars(90)
        notes = [_("shown first")] if self.initial.get("shown_first") else []
        return [f"{URGENCY_LABELS.get(sign.urgency, sign.urgency)}: {words}", *notes]

    def has_changed(self) -> bool:
        """A new row of which nothing but the urgency is chosen is not a sign yet."""
        if not self.instance.pk and set(self.changed_data) <= {"order", "urgency"}:
            return False
        return super().has_changed()


class PageSignFormSet(PartFormSet, SignFormSet):
    """The warning signs of the article's checklist."""

    def find_document(self, article: Article | None, data: Any) -> Any:
        # As it is saved: what the form chooses instead is shown after the next save.
        return shown_checklist(article, data)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(index),
            "article": self.article,
            "sources": self.offered_sources,
        }

    @cached_property
    def offered_sources(self) -> Choices:
        """Those that the page or one of its signs names: a list of all would be hundreds a sign."""
        named = self.instance.signs.values_list("sources", flat=True) if self.instance.pk else ()
        keys = {key for row in named for key in row}
        keys |= set(self.article.adapted_from if self.article else ())
        return source_choices(keys, offers_others=False)

    def clean(self) -> None:
        """Refuse a change of a shared list that was not unlocked."""
        super().clean()
        if not self.changes_document():
            return
        count = other_uses(self.instance if self.instance.pk else None, self.article)
        if count and not self.data.get(UNLOCK_CHECKLIST):
            raise ValidationError(
                _("{also} Tick “Change it on all of them” to change these signs.").format(
                    also=also_on(count)
                )
            )

    def changes_document(self) -> bool:
        """Whether the checklist changes, and not only what the page shows first."""
        return any(
            set(form.changed_data) - {"shown_first"} or self._is_deleted(form)
            for form in self.forms
            if form.has_changed()
        )

    def prepare(self, article: Article) -> None:
        """Make the checklist of a new article, and the keys of its new signs."""
        if self.instance.pk is None:
            self.instance = article.checklist or self.instance
        taken = (
            set(self.instance.signs.values_list("key", flat=True)) if self.instance.pk else set()
        )
        for form in self.extra_forms:
            if form.has_changed() and not self._is_deleted(form):
                form.instance.key = unique_key(form.cleaned_data.get("text", ""), taken, "sign")
                form.instance.sources = (
                    form.cleaned_data.get("sources") or article.adapted_from[:10]
                )
                taken.add(form.instance.key)

    def save(self, commit: bool = True) -> Any:
        """Save the signs: the most urgent first, signs of a topic together, those without one
        before them. So nobody has to sort them.
        """
        saved = super().save(commit)
        if commit and self.changes_document():
            rows = list(self.instance.signs.all())
            topics = list(dict.fromkeys(("", *(row.topic for row in rows))))
            rows.sort(
                key=lambda row: (
                    -BY_KEY.get(row.urgency, Urgency.SELF_CARE),
                    topics.index(row.topic),
                )
            )
            for position, row in enumerate(rows):
                row.order = position
            WarningSign.objects.bulk_update(rows, ["order"])
        return saved

    def update_article(self, article: Article) -> None:
        """The signs that its page shows first; those of before keep their order."""
        chosen = [
            form.instance.key
            for form in self.forms
            if form.cleaned_data.get("shown_first") and not self._is_deleted(form)
        ]
        shown = {
            form.instance.key
            for form in self.forms
            if "shown_first" in form.fields or self._is_deleted(form)
        }
        kept = [key for key in article.key_signs if key in chosen or key not in shown]
        article.key_signs = [*kept, *(key for key in chosen if key not in kept)]


class PageSignInline(TemplateRowsMixin, PartInline):
    """Warning signs, edited on the page of the article."""

    model = WarningSign
    document_model = Checklist
    form = PageSignForm
    formset = PageSignFormSet
    part: ClassVar[type[ContentPart]] = checklist_content.WarningSign
    part_field = "signs"
    verbose_name = gettext_lazy("warning sign")
    verbose_name_plural = gettext_lazy("warning signs, most urgent first")
    # A shared list is long; the script opens a short one.
    classes = ("collapse",)
    fieldsets = (
        (None, {"fields": ("order", "urgency", "text", "on_darker_skin", "shown_first")}),
        (
            gettext_lazy("More about this sign"),
            {
                "classes": ("collapse",),
                "fields": ("topic", "sources", "in_short", "fold_label", "picture", "crisis"),
            },
        ),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "sources":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return LenientMultipleChoiceField(
            required=False,
            label=self.label_of("sources"),
            help_text=_(
                "If none is ticked for a new sign: those this page was adapted from. To tick another, "
                "tick it under “Where it comes from”, and save."
            ),
            widget=forms.CheckboxSelectMultiple,
        )


class NewRowFormSet(PartFormSet):
    """New rows of a long list that all pages share; the list's own page changes the others."""

    document_model: ClassVar[type[WorkingCopy]]

    def find_document(self, article: Article | None, data: Any) -> Any:
        return self.document_model._default_manager.first()

    def prepare(self, article: Article) -> None:
        if self.instance.pk is None:
            self.instance.slug = self.document_model.CONTENT.KIND
            self.instance.save()
        for position, form in enumerate(self._new_forms(), start=self._rows().count()):
            form.instance.order = position

    def _rows(self) -> Any:
        model: Any = self.model
        return model._default_manager.filter(**{self.fk.name: self.instance})

    def _new_forms(self) -> Iterable[Any]:
        return [form for form in self.forms if form.has_changed() and not self._is_deleted(form)]

    def _is_deleted(self, form: Any) -> bool:
        return bool(self.can_delete and self._should_delete_form(form))  # type: ignore[attr-defined]


class NewRowInline(PartInline):
    """New rows of a list that all pages share; none of them is saved, so none is folded."""

    template = "admin/edit_inline/stacked.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).none()


class NewSourceForm(forms.ModelForm):
    """A new source, and whether this article was adapted from it."""

    adapted_here = forms.BooleanField(
        label=gettext_lazy("This page was adapted from it"), required=False
    )


class NewSourceFormSet(NewRowFormSet):
    """New sources."""

    document_model = SourceList

    def prepare(self, article: Article) -> None:
        super().prepare(article)
        taken = set(self._rows().values_list("key", flat=True))
        for form in self._new_forms():
            form.instance.key = unique_key(form.cleaned_data.get("title", ""), taken, "source")
            form.instance.adapted = form.cleaned_data["adapted_here"]
            taken.add(form.instance.key)

    def update_article(self, article: Article) -> None:
        new = [form.instance.key for form in self._new_forms() if form.instance.adapted]
        article.adapted_from = [*article.adapted_from, *new]


class NewSourceInline(NewRowInline):
    """New sources, made on the page of the article that names them."""

    model = Source
    document_model = SourceList
    form = NewSourceForm
    formset = NewSourceFormSet
    part: ClassVar[type[ContentPart]] = references.Source
    part_field = "sources"
    verbose_name = gettext_lazy("new source")
    verbose_name_plural = gettext_lazy("new sources")
    fields = ("title", "publisher", "url", "published", "adapted_here")


class NewTermFormSet(NewRowFormSet):
    """New words of the glossary."""

    document_model = Glossary


class NewTermInline(NewRowInline):
    """New glossary words, made on the page of the article that uses them."""

    model = Term
    document_model = Glossary
    formset = NewTermFormSet
    form = forms.ModelForm
    part: ClassVar[type[ContentPart]] = references.Term
    part_field = "terms"
    verbose_name = gettext_lazy("new word for the glossary")
    verbose_name_plural = gettext_lazy("new words for the glossary")
    fields = ("word", "meaning", "also")
