"""The admin of documents: list, form, and what leads from the form to publishing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from education.publishing.content import Content, Problem
from education.publishing.models import ChangeRequest, Document, Edition, Publication
from education.publishing.workflow.audit_log import describe_act, display_name
from education.publishing.workflow.pending import problems_with_all_drafts
from education.publishing.workflow.reviews import change_requests_for_text
from education.publishing.workflow.schedule import scheduled_acts_for
from education.publishing.workflow.states import WorkflowState, annotate_state, get_state
from education.staff import comparing, deciding, desk, earlier_editions, page_previews, taking_back, using
from education.staff.admin_urls import admin_url
from education.staff.advice import advice_of
from education.staff.auditing import Audited
from education.staff.comparing import ChangedBesides
from education.staff.desk_forms import FORMS
from education.staff.editing import WorkingCopyAdmin
from education.staff.listing import StateColumns, review_words

PAGES: dict[str, Callable[[DocumentAdmin], desk.View]] = {
    "preview": page_previews.preview,
    "editions": earlier_editions.editions,
    "changes": comparing.changes,
    "restore": earlier_editions.restore,
    "submit": deciding.submit,
    "review": deciding.review,
    "publish": deciding.publish,
    "cancel": taking_back.cancel,
    "withdraw": taking_back.withdraw,
    "uses": using.uses,
}


class DocumentAdmin(using.KeptWhileUsed, Audited, StateColumns, WorkingCopyAdmin):
    """A kind of document: its list with states, its form, and its desk."""

    search_fields: ClassVar[Any] = ("slug",)
    prepopulated_fields = {"slug": ("title",)}
    fixed_slug = ""
    # Pages of the desk that only this kind has.
    more_pages: ClassVar[dict[str, Callable[[DocumentAdmin], desk.View]]] = {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """For the list, with the state of each document, in the same query."""
        found = super().get_queryset(request)
        is_list = request.resolver_match and str(request.resolver_match.url_name).endswith("_changelist")
        return annotate_state(found) if is_list else found

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Under the name of what it lists; straight to the form where there is only one."""
        if self.fixed_slug and self.has_view_or_change_permission(request):
            only = self.model._default_manager.first()
            if only is not None:
                return HttpResponseRedirect(self.desk_address("change", only.pk))
        title = str(self.model._meta.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The address does not change once it was published: readers and papers point at it."""
        was_published = obj is not None and Publication.objects.filter(document=obj).exists()
        return ("slug",) if was_published else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the owner, after everything that readers see."""
        return [*super().get_fieldsets(request, obj), (_("Who looks after this"), {"fields": ("owner",)})]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An owner is somebody who works here."""
        if db_field.name == "owner":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

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
        for button in ("preview", "submit", "publish"):
            if f"_{button}" in request.POST:
                return HttpResponseRedirect(self.desk_address(button, obj.pk))
        if "_addanother" in request.POST:
            return None
        messages.success(request, _("Saved. Readers do not see this until it is published."))
        address = self.desk_address("change", obj.pk) if "_continue" in request.POST else None
        return HttpResponseRedirect(address or self.desk_address("changelist"))

    def pages(self, pk: int) -> dict[str, str]:
        """The addresses of the desk's pages for one document."""
        return {page: self.desk_address(page, pk) for page in (*PAGES, *self.more_pages)}

    def desk_address(self, page: str, *arguments: int) -> str:
        """The address of one of this kind's own pages."""
        options = self.model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=arguments)

    def get_urls(self) -> list[URLPattern]:
        """With the desk's pages."""
        options = self.model._meta
        own = [
            path(
                f"<int:pk>/{page}/",
                self.admin_site.admin_view(view(self)),
                name=f"{options.app_label}_{options.model_name}_{page}",
            )
            for page, view in (*PAGES.items(), *self.more_pages.items())
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With where the document stands, and what blocks its publication."""
        saved = context.get("original")
        if saved is not None:
            context |= self._standing(request, saved)
        if self.fixed_slug:
            context["close_address"] = reverse("admin:index")
        return super().render_change_form(request, context, *args, **kwargs)

    def _standing(self, request: HttpRequest, saved: Any) -> dict[str, Any]:
        document = annotate_state(Document.objects.select_related("edited_by")).get(pk=saved.pk)
        row = vars(document)
        waiting = Edition.objects.select_related("frozen_by").filter(
            pk=row["newest_edition"], publications=None
        )
        asked = ChangeRequest.objects.select_related("by").filter(edition=row["newest_edition"])
        may = {
            "may_submit": desk.may_submit(self, request),
            "may_review": desk.may_review(self, request) and row["newest_edition"] is not None,
            "may_publish": desk.may_publish(self, request),
            "may_withdraw": desk.may_withdraw(self, request),
        }
        return may | {
            "state": get_state(document),
            "standing": document,
            "review_words": review_words(document),
            "is_live": row["live_number"] is not None,
            "is_settled": get_state(document) in {WorkflowState.LIVE, WorkflowState.OVERDUE},
            "waiting": waiting.first(),
            "asked": list(asked.order_by("-at")),
            "sent_back": [
                one
                for one in change_requests_for_text(document, saved.content_hash())
                if one.edition_id != row["newest_edition"]
            ],
            "scheduled": [describe_act(act) for act in scheduled_acts_for([saved.pk])],
            "advice": advice_of(saved).linked(
                lambda path: self.field_of(Problem(document.key, path, ""), saved)
            ),
            "obstacles": [self.linked(problem, saved) for problem in self.to_mend(document)],
            "pages": self.pages(saved.pk),
            # What readers find only on the pages of others is looked at through “Where it is used”.
            "public_address": "" if document.document_type.render_preview else document.get_absolute_url(),
            "has_page": document.document_type.can_be_previewed,
        }

    def to_mend(self, document: Document) -> list[Problem]:
        """What must be mended before the working copy can be published, with all that belongs to it."""
        return problems_with_all_drafts(document)

    def also_changed(self, document: Document, before: Content, after: Content) -> ChangedBesides | None:
        """What else differs for readers between two versions, beyond what they say; None for most kinds."""
        return None

    def linked(self, problem: Problem, document: Document) -> str:
        """A problem as a sentence that links to its field."""
        address, label = self.field_of(problem, document)
        return format_html('<a href="{}">{}</a>: {}', address, label, problem.message)

    def field_of(self, problem: Problem, document: Document) -> tuple[str, str]:
        """Where the field of a problem is edited, and what it is called."""
        asked = {name: field for form in FORMS for name, field in form.base_fields.items()}
        if problem.path and problem.path[0] in asked:
            return f"#id_{problem.path[0]}", str(asked[str(problem.path[0])].label)
        if problem.key != document.key:
            other = Document.objects.filter(kind=problem.key.kind, slug=problem.key.slug).first()
            if other is None:
                return "#", f"{problem.key.kind} {problem.key.slug}"
            return admin_url(other), display_name(other)
        address, label = self._field_in_form(problem, document)
        return address, self.in_edition(label, problem, document)

    def in_edition(self, label: str, problem: Problem, document: Document) -> str:
        """`label`, with the edition it speaks of, when the working copy says something else by now."""
        edition = document.editions.filter(number=problem.edition).first()
        if edition is None or edition.sha256 == document.working_copy().content_hash():
            return label
        return _("{label} (in edition {number})").format(label=label, number=edition.number)

    def _field_in_form(self, problem: Problem, document: Document) -> tuple[str, str]:
        form = admin_url(document)
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
