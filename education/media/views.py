"""Serves uploaded images."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from education.media import storage

HEADERS = {
    "Content-Disposition": "inline; filename={name}",
    # The file of a name never changes.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    """The image called `name`, always as WebP."""
    data = storage.read(name)
    if data is None:
        raise Http404
    headers = {header: value.format(name=name) for header, value in HEADERS.items()}
    return HttpResponse(data, content_type="image/webp", headers=headers)
