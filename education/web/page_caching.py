"""Marks for views whose pages are the same for every reader and may be cached whole."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class CachePolicy(Enum):
    """Whether the query string changes a page that may be cached."""

    IGNORES_QUERY = "ignores-query"
    VARIES_ON_QUERY = "varies-on-query"


def cacheable_page(view: View[P]) -> View[P]:
    """Let the page of a GET be cached until something that readers see changes.

    Such a page depends on its path, what is live, the clinic's row and the day, and on nothing
    else: not on the query string, a cookie or a header. The cache requests it without any of them.
    A browser may store it, too, and revalidates it each time.
    """
    return _mark(view, CachePolicy.IGNORES_QUERY)


def cacheable_page_without_query(view: View[P]) -> View[P]:
    """Like `cacheable_page`, for a page that its query string changes: only cached without one."""
    return _mark(view, CachePolicy.VARIES_ON_QUERY)


def _mark(view: View[P], policy: CachePolicy) -> View[P]:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and response.status_code == 200:
            patch_cache_control(response, public=True, no_cache=True)
        return response

    vars(wrapper)["page_cache_policy"] = policy
    return cast("View[P]", wrapper)


def is_cacheable(view: object) -> bool:
    return hasattr(view, "page_cache_policy")


def varies_on_query(view: object) -> bool:
    """Whether the query string changes a cacheable page."""
    return getattr(view, "page_cache_policy", None) is CachePolicy.VARIES_ON_QUERY
