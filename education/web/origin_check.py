"""Forms of readers, who have no CSRF cookie: refuse a POST that another site sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the headers allow that this site itself sent the request.

    Browsers send `Origin` with every POST, and current ones `Sec-Fetch-Site`; either can show
    another origin. A request with neither comes from no browser, so no reader was tricked into
    sending it.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    return origin in {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}


def has_origin_headers(request: HttpRequest) -> bool:
    """Whether a POST has the headers that every browser sends."""
    return "Origin" in request.headers or "Sec-Fetch-Site" in request.headers


def same_origin_post(view: View[P]) -> View[P]:
    """Let readers POST to `view` without a CSRF cookie, from this site's own pages only."""

    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not is_same_origin(request):
            raise PermissionDenied("A form on another site sent this.")
        return view(request, *args, **kwargs)

    vars(checked)["same_origin_post"] = True
    return cast("View[P]", csrf_exempt(checked))


def same_origin_post_only(view: View[P]) -> View[P]:
    """`same_origin_post` for a view that answers POST alone, so that no link can lead to it."""
    checked = require_POST(same_origin_post(view))
    vars(checked)["post_only"] = True
    return checked


def is_post_only(view: object) -> bool:
    """Whether a view, decorated or not, has no page to GET."""
    return getattr(view, "post_only", False)
