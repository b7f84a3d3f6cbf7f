"""The endpoints of the text editor: the guard of its texts, and what its windows search."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from education.media.models import Image
from education.publishing import document_types
from education.publishing.models import Edition
from education.references.content import SOURCES
from education.references.models import Source
from education.staff.editor.access import can_preview, json_error, staff_only
from education.staff.editor.text_guard import renders_alike

MAX_PAIRS = 500
MAX_FOUND = 20
MAX_WORDS = 8
MAX_KEYS = 200


@staff_only(can_preview, json_error)
def compare_texts(request: HttpRequest) -> HttpResponse:
    """For each of the JSON `pairs`: whether `before` and `after` are shown alike (`inline`)."""
    try:
        pairs = [_read_pair(pair) for pair in json.loads(request.body)["pairs"]]
    except (ValueError, KeyError, TypeError):
        return json_error(_("These texts cannot be read. Reload the page and try again."), 400)
    if len(pairs) > MAX_PAIRS:
        return json_error(_("These are too many texts at once."), 400)
    return JsonResponse(
        {"same": [renders_alike(before, after, inline=inline) for before, after, inline in pairs]}
    )


def _read_pair(pair: Any) -> tuple[str, str, bool]:
    before, after, inline = pair["before"], pair["after"], pair["inline"]
    if not (isinstance(before, str) and isinstance(after, str) and isinstance(inline, bool)):
        raise TypeError(pair)
    return before, after, inline


@staff_only(can_preview, json_error, "GET")
def find_sources(request: HttpRequest) -> HttpResponse:
    """The sources of the working copy, published or not, with the words of `q`, or with `keys`."""
    rows = Source.objects.filter(
        source_list__slug=SOURCES.slug, source_list__language=settings.LANGUAGE_CODE
    ).exclude(key="")
    keys = request.GET.get("keys", "").replace("\0", "").split()
    if keys:
        return _found(rows.filter(key__in=keys[:MAX_KEYS]).values("key", "title"))
    found = _with_words(rows, request, "key", "title", "publisher", "author", "url")
    return _found(found.values("key", "title", "publisher", "withdrawn")[:MAX_FOUND])


@staff_only(can_preview, json_error, "GET")
def find_pages(request: HttpRequest) -> HttpResponse:
    """The live pages whose heading or slug has the words of `q`."""
    with_page = [
        name for name in document_types.names() if document_types.get(name).render_page is not None
    ]
    rows = (
        Edition.objects.live()
        .filter(document__kind__in=with_page, document__language=settings.LANGUAGE_CODE)
        .select_related("document")
        .order_by("heading")
    )
    found = _with_words(rows, request, "heading", "document__slug", "synonyms")
    return _found(
        {
            "title": edition.heading,
            "url": edition.get_absolute_url(),
            "kind": str(edition.document.document_type.label),
        }
        for edition in found.only("heading", "document")[:MAX_FOUND]
    )


def _may_choose_pictures(user: Any) -> bool:
    return can_preview(user) and user.has_perm("media.view_image")


@staff_only(_may_choose_pictures, json_error, "GET")
def find_pictures(request: HttpRequest) -> HttpResponse:
    """The uploaded pictures whose words or name have the words of `q`, newest first."""
    found = _with_words(Image.objects.all(), request, "alternative_text", "name")
    return _found(
        {"url": image.url, "words": image.alternative_text} for image in found[:MAX_FOUND]
    )


def _with_words(rows: QuerySet, request: HttpRequest, *columns: str) -> QuerySet:
    """The rows that have each word in one of these columns."""
    words = request.GET.get("q", "").replace("\0", "").split()
    for word in words[:MAX_WORDS]:
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__icontains": word[:100]})
        rows = rows.filter(found)
    return rows


def _found(items: Iterator[Any] | QuerySet) -> HttpResponse:
    return JsonResponse({"items": list(items)})
