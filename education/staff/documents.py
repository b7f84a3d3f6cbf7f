"""The admin of documents: list, form, and what leads from the form to publishing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing.actions import obstacles
from education.publishing.content import Problem
from education.publishing.models import Document, Publication, Publishable, State
from education.staff import desk
from education.staff.editing import WorkingCopyAdmin


class DocumentAdmin(WorkingCopyAdmin):
    """A kind of document: its list with states, its form, and its desk."""

    list_display = ("heading", "state", "live_edition")
    search_fields: ClassVar[Any] = ("slug",)
    prepopulated_fields = {"slug": ("title",)}
    fixed_slug = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the state of each document, in the same query."""
        documents: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", documents.with_state())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Under the name of what it lists; straight to the form where there is only one."""
        if self.fixed_slug and self.has_view_or_change_permission(request):
            only = self.model._default_manager.first()
            if only is not None:
                return HttpResponseRedirect(self.desk_address("change", only.pk))
        title = str(self.model._meta.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @display(description=gettext_lazy("name"))
    def heading(self, document: Publishable) -> str:
        """The name, or the address while there is none."""
        return str(document)

    @display(description=gettext_lazy("state"))
    def state(self, document: Document) -> str:
        """Where it stands."""
        return str(document.state.label)

    @display(description=gettext_lazy("live edition"))
    def live_edition(self, document: Document) -> str:
        """The number of the edition that readers see."""
        return str(vars(document)["live_number"] or "–")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The address does not change once it was published: readers and papers point at it."""
        was_published = obj is not None and Publication.objects.filter(document=obj).exists()
        return ("slug",) if was_published else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The address is suggested from the title while it can still change."""
        return {} if "slug" in self.get_readonly_fields(request, obj) else self.prepopulated_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A list that there is only one of is added once."""
        is_there = bool(self.fixed_slug) and self.model._default_manager.exists()
        return super().has_add_permission(request) and not is_there

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has editions is withdrawn, never deleted."""
        return super().has_delete_permission(request, obj) and not (obj and obj.editions.exists())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the columns; the first who saves becomes the owner."""
        obj.slug = self.fixed_slug or obj.slug
        obj.owner = obj.owner or request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """Stay with the document that was just begun."""
        return self._after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go on to what the button said."""
        return self._after_saving(request, obj) or super().response_change(request, obj)

    def _after_saving(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        for button in ("preview", "publish"):
            if f"_{button}" in request.POST:
                return HttpResponseRedirect(self.desk_address(button, obj.pk))
        if "_addanother" in request.POST:
            return None
        messages.success(request, _("Saved. Readers do not see this until you publish it."))
        address = self.desk_address("change", obj.pk) if "_continue" in request.POST else None
        return HttpResponseRedirect(address or self.desk_address("changelist"))

    def desk_address(self, page: str, *arguments: int) -> str:
        """The address of one of this kind's own pages."""
        options = self.model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=arguments)

    def get_urls(self) -> list[URLPattern]:
        """With the desk's pages: preview, publish, withdraw, editions, restore."""
        options = self.model._meta
        own = [
            path(
                f"<int:pk>/{page}/",
                self.admin_site.admin_view(view(self)),
                name=f"{options.app_label}_{options.model_name}_{page}",
            )
            for page, view in desk.PAGES.items()
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With where the document stands, and what blocks its publication."""
        saved = context.get("original")
        if saved is not None:
            document = Document.objects.with_state().get(pk=saved.pk)
            context |= {
                "state": document.state,
                "is_live": document.state in {State.LIVE, State.CHANGED},
                "obstacles": [self.linked(problem, saved) for problem in obstacles(document)],
                "pages": {page: self.desk_address(page, saved.pk) for page in desk.PAGES},
                "public_address": document.get_absolute_url(),
                "may_publish": desk.may_publish(self, request, saved),
                "has_page": document.kind_of.show is not None,
            }
        if self.fixed_slug:
            context["close_address"] = reverse("admin:index")
        return super().render_change_form(request, context, *args, **kwargs)

    def linked(self, problem: Problem, document: Document) -> str:
        """A problem as a sentence that links to its field."""
        address, label = self.field_of(problem, document)
        return format_html('<a href="{}">{}</a>: {}', address, label, problem.message)

    def field_of(self, problem: Problem, document: Document) -> tuple[str, str]:
        """Where the field of a problem is edited, and what it is called."""
        asked = {**desk.PublishForm.base_fields, **desk.WithdrawForm.base_fields}
        if problem.path and problem.path[0] in asked:
            return f"#id_{problem.path[0]}", str(asked[str(problem.path[0])].label)
        if problem.key != document.key:
            other = Document.objects.filter(kind=problem.key.kind, slug=problem.key.slug).first()
            if other is None:
                return "#", f"{problem.key.kind} {problem.key.slug}"
            return change_address(other), desk.named(other)
        form = change_address(document)
        match [step for step in problem.path if step != "__root__"]:
            case []:
                return f"{form}#content-start", _("This document")
            case [str(name), int(index), *rest] if inline := self._rows_named(name):
                row = (
                    f"{str(inline.verbose_name or inline.model._meta.verbose_name).capitalize()} {index + 1}"
                )
                if not rest:
                    return f"{form}#{name}-{index}", row
                return f"{form}#id_{name}-{index}-{rest[0]}", ", ".join((row, *self._names(inline, rest)))
            case [str(name)] if self._rows_named(name):
                return f"{form}#{name}-group", name.capitalize()
            case [name, *rest]:
                return f"{form}#id_{name}", ", ".join(self._names(self, [name, *rest]))
        raise AssertionError(problem.path)

    def _rows_named(self, name: str) -> Any:
        """The inline of a list of rows, or None."""
        return next((inline for inline in self.inlines if inline.part_field == name), None)  # type: ignore[attr-defined]

    def _names(self, described: Any, steps: Iterable[Any]) -> list[str]:
        """Fields as the form calls them, and lines by their number."""
        return [
            _("line {number}").format(number=step + 1) if isinstance(step, int) else described.label_of(step)
            for step in steps
        ]


def change_address(document: Document) -> str:
    """Where a document is edited."""
    options = document.kind_of.model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[document.pk])
