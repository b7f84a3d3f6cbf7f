"""The admin site: Django's own, with a security policy that lets its scripts run on its own pages alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

ViewType = TypeVar("ViewType", bound=Callable[..., HttpResponseBase])

# Reader pages run no script; the admin runs Django's own files and nothing from anywhere else.
ORDER = ["articles", "checklists", "selfcheck", "references", "media", "clinic", "publishing"]
POLICY = {"script-src": [SELF], "connect-src": [SELF]}


class StaffSite(AdminSite):
    """Where staff work, under `/admin/`."""

    site_header = _("Patient education: staff")
    site_title = _("Staff")
    index_title = _("What would you like to do?")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What staff work on most comes first; the accounts come last."""
        found = super().get_app_list(request, app_label)
        return sorted(found, key=lambda app: [*ORDER, app["app_label"]].index(app["app_label"]))

    def admin_view(self, view: ViewType, cacheable: bool = False) -> ViewType:
        """A staff page, under the staff's policy."""
        return cast(ViewType, csp_update(POLICY)(super().admin_view(view, cacheable)))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The sign-in page, under the staff's policy."""
        response = super().login(request, extra_context)
        return cast(HttpResponse, csp_update(POLICY)(lambda _request: response)(request))
