"""The admin site: Django's own with a stricter policy, draft recovery and retries."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from education.handouts.views.packs import staff_pack
from education.staff.accounts.login_audit import log_failed_login, log_logout
from education.staff.accounts.login_throttling import (
    ThrottledLoginForm,
    ThrottledPasswordChangeForm,
)
from education.staff.db_retry import retry_on_lock
from education.staff.editor import draft_recovery
from education.staff.leaflets import can_import, import_leaflet, imported_leaflet
from education.staff.outcomes import outcomes_for
from education.staff.overview.dashboard import MAX_ITEMS, dashboard_sections
from education.staff.overview.outcome_pages import outcomes
from education.staff.overview.outdated_handouts import outdated_handouts, viewable_printed_kinds
from education.staff.overview.owners import change_owner
from education.staff.overview.worklist_pages import worklist_page
from education.staff.sign_in import guards, setup
from education.staff.sign_in.guards import sign_in_again
from education.staff.sign_in.sessions import record_input, session_list
from education.staff.sign_in.steps import StaffLoginView, ask_for_code
from education.staff.workflow.permissions import current_user
from education.staff.workflow.wording_checks import WordingChecksView
from education.web.slots import NoFreeSlot

ViewType = TypeVar("ViewType", bound=Callable[..., HttpResponseBase])

APP_ORDER = [
    "articles",
    "checklists",
    "selfcheck",
    "references",
    "media",
    "clinic",
    "publishing",
    "feedback",
    "audit",
]
# Public pages run no script; the admin runs only files from this site, and frames its own previews.
ADMIN_CSP = {"script-src": [SELF], "connect-src": [SELF], "frame-src": [SELF]}


class StaffAdminSite(AdminSite):
    """The admin site, under `/admin/`."""

    site_header = _("Patient education: staff")
    site_title = _("Staff")
    index_title = _("What would you like to do?")
    login_form = staticmethod(ThrottledLoginForm.of_request)  # type: ignore[assignment]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Django's context, and who opens the forms of the page."""
        return {**super().each_context(request), "opened_by": draft_recovery.opened_by(request)}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps that staff use most come first; the accounts come last."""
        found = super().get_app_list(request, app_label)
        return sorted(found, key=lambda app: [*APP_ORDER, app["app_label"]].index(app["app_label"]))

    def admin_view(self, view: ViewType, cacheable: bool = False) -> ViewType:
        """Add the CSP of the admin, draft recovery after a lost session, and retries on a lock."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request) and draft_recovery.is_recoverable(request):
                return draft_recovery.login_with_draft(self, request)
            record_input(request)
            if guards.needs_set_up(request):
                return guards.lead_to_set_up(request)
            if guards.needs_signing_in_again(request):
                return guards.lead_to_signing_in_again(request)
            # For the page of packs, which public pages share and which knows no admin.
            vars(request)["opened_by"] = draft_recovery.opened_by(request)
            try:
                return guarded(request, *args, **kwargs)
            except (OverflowError, DataError) as error:
                # Only a forged form or address names a row by a number that no database can hold.
                raise SuspiciousOperation("A number is too large.") from error

        return cast(ViewType, csp_update(ADMIN_CSP)(retry_on_lock(page)))

    def get_urls(self) -> list[Any]:
        """Django's URLs, and those that belong to no kind of document.

        Packs of handouts are here too: public pages do not know who is signed in.
        """
        return [
            path("handouts/", self.admin_view(staff_pack), name="handouts"),
            path("lists/<slug:key>/", self.admin_view(worklist_page), name="worklist"),
            path("outcomes/", self.admin_view(outcomes), name="outcomes"),
            path("owners/", self.admin_view(change_owner), name="owners"),
            path("wording/", self.admin_view(WordingChecksView.as_view()), name="wording"),
            path("login/code/", self.sign_in_code, name="sign_in_code"),
            path("sign-in-again/", self.admin_view(sign_in_again), name="sign_in_again"),
            path("second-factor/", self.admin_view(setup.overview), name="second_factor"),
            path("second-factor/app/", self.admin_view(setup.set_up_app), name="second_factor_app"),
            path(
                "auth/user/<int:pk>/second-factor/",
                self.admin_view(setup.reset_for_colleague),
                name="auth_user_second_factor",
            ),
            path("sessions/", self.admin_view(session_list), name="sessions"),
            path("import/", self.admin_view(import_leaflet), name="import_leaflet"),
            path("import/<int:pk>/", self.admin_view(imported_leaflet), name="imported_leaflet"),
            path(
                "outdated-handouts/",
                self.admin_view(outdated_handouts),
                name="outdated_handouts",
            ),
            *super().get_urls(),
        ]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The sign-in page; a draft that came with it is stored for its form."""

        def check(request: HttpRequest) -> HttpResponseBase | None:
            try:
                if request.method == "POST":
                    ThrottledLoginForm.check(request)
            except NoFreeSlot:
                return _busy_sign_in_page(request)
            return None

        def signed_in(request: HttpRequest) -> HttpResponseBase:
            if request.method == "GET" and self.has_permission(request):
                return HttpResponseRedirect(reverse("admin:index"))
            context = {**self._login_context(request), **(extra_context or {})}
            view = StaffLoginView.as_view(
                authentication_form=self.login_form,
                template_name="admin/login.html",
                extra_context=context,
            )
            response = view(request)
            form = ThrottledLoginForm.of_request(request)
            if request.method == "POST" and response.status_code == 200 and not form.is_throttled:
                log_failed_login(request.POST.get("username", ""))
            return response

        return cast(
            HttpResponse, csp_update(ADMIN_CSP)(retry_on_lock(signed_in, before=check))(request)
        )

    @method_decorator((csp_update(ADMIN_CSP), never_cache))
    def login_page(self, request: HttpRequest, extra_context: dict[str, Any]) -> HttpResponse:
        """An empty sign-in form in answer to any request; `extra_context` has at least `next`."""
        context = {
            **self._login_context(request),
            "form": self.login_form(request),
            **extra_context,
        }
        return TemplateResponse(request, "admin/login.html", context)

    def _login_context(self, request: HttpRequest) -> dict[str, Any]:
        """What each sign-in page shows: who is signed in, and the draft that came with a form."""
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **draft_recovery.login_context(request),
        }
        if not {REDIRECT_FIELD_NAME} & {*request.GET, *request.POST}:
            context[REDIRECT_FIELD_NAME] = reverse("admin:index")
        return context

    @method_decorator((csp_update(ADMIN_CSP), never_cache, csrf_protect, retry_on_lock))
    def sign_in_code(self, request: HttpRequest) -> HttpResponse:
        """The page that asks for the code, after the password."""
        return ask_for_code(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Django's page for one's own password, where wrong old passwords are counted."""
        view = PasswordChangeView.as_view(
            form_class=ThrottledPasswordChangeForm,
            success_url=reverse("admin:password_change_done"),
            template_name="registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return cast(TemplateResponse, view(request))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user = request.user
        response = super().logout(request, extra_context)
        log_logout(user)
        return response

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The dashboard."""
        shown = {
            "outcomes": outcomes_for(current_user(request), MAX_ITEMS, only_new=True),
            "sections": dashboard_sections(request),
            "can_import": can_import(request.user),
            "sees_outdated_handouts": bool(viewable_printed_kinds(request.user)),
        }
        return super().index(request, {**shown, **(extra_context or {})})


def _busy_sign_in_page(request: HttpRequest) -> HttpResponse:
    """The sign-in form in short, quickly made: many may get it at once."""
    context = {
        "csrf_token": get_token(request),
        "app_path": request.get_full_path(),
        "next": request.POST.get(REDIRECT_FIELD_NAME, ""),
        "username": request.POST.get("username", ""),
        **draft_recovery.login_context(request),
    }
    page = render_to_string("admin/sign_in_busy.html", context)
    response = HttpResponse(page, status=503, headers={"Retry-After": "2"})
    add_never_cache_headers(response)
    return response
