"""Who may use the editor's endpoints, and how others are refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from education.publishing import document_types

View = Callable[[HttpRequest], HttpResponse]
RequestUser = User | AnonymousUser


def can_preview(user: RequestUser) -> bool:
    """Whether the user may add or change any kind of document."""
    models = [document_types.get(name).model_class()._meta for name in document_types.names()]
    return any(
        user.has_perm(f"{options.app_label}.{get_permission_codename(action, options)}")
        for options in models
        for action in ("change", "add")
    )


def can_upload(user: RequestUser) -> bool:
    return user.has_perm("media.add_image")


def staff_only(
    allowed: Callable[[RequestUser], bool],
    refusal: Callable[[str, int], HttpResponse],
    method: str = "POST",
) -> Callable[[View], View]:
    """Decorate a view of one method for staff who are `allowed`; others get `refusal` with 403."""

    def decorate(view: View) -> View:
        limited_view = require_http_methods([method])(view)

        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            user = request.user
            if not (user.is_active and user.is_staff and allowed(user)):
                message = _(
                    "Sign in again with an account that may edit, then come back to this text."
                )
                response = refusal(message, 403)
            else:
                response = limited_view(request)
            response["X-Content-Type-Options"] = "nosniff"
            return response

        return never_cache(guarded)

    return decorate


def text_response(message: str, status: int) -> HttpResponse:
    return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")


def json_error(message: str, status: int) -> HttpResponse:
    return JsonResponse({"error": message}, status=status)
