"""Pages that are the same for every reader: marked here, kept whole by the door of the server."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def kept_whole(view: View[P]) -> View[P]:
    """Let the page that `view` answers a GET with be kept, until something that readers see changes.

    Such a page is made from its path, what is live, the clinic's row and the day, and from nothing else: not
    from the question in the address, a cookie, or a header. It is made for the door without any of them. A
    browser may keep it too, and asks each time whether it is still right.
    """
    return _marked(view, "whatever is asked")


def kept_unless_asked(view: View[P]) -> View[P]:
    """The same for a page that a question in the address changes: with a question it is made each time."""
    return _marked(view, "unless asked")


def _marked(view: View[P], kept: str) -> View[P]:
    @wraps(view)
    def marked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and response.status_code == 200:
            patch_cache_control(response, public=True, no_cache=True)
        return response

    vars(marked)["kept_whole"] = kept
    return cast("View[P]", marked)


def is_kept(view: object) -> bool:
    """Whether the answers of a view may be kept whole."""
    return bool(getattr(view, "kept_whole", ""))


def heeds_questions(view: object) -> bool:
    """Whether a question in the address changes a page that may be kept."""
    return getattr(view, "kept_whole", "") == "unless asked"
