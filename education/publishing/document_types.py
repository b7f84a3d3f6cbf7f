"""The registry of document types; each package registers its own in `publishing_hooks`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from education.publishing.content import Content
from education.publishing.file_layout import Layout
from education.publishing.preview import PreviewContext
from education.web.url_template import url_template

_ANY_SLUG = "any-slug"


@dataclass(frozen=True)
class DocumentType:
    """One kind of document: names, model, content type, file layout and public address."""

    name: str
    label: str | Promise
    label_plural: str | Promise
    # App label and name of the working copy, for example "articles.Article".
    model: str
    content: type[Content]
    file_layout: Layout
    get_url: Callable[[str], str]
    # Called with request, composition and `preview` (a PreviewContext or None).
    render_page: Callable[..., HttpResponse] | None = None
    # The preview for staff of a kind that readers see only on other pages.
    render_preview: Callable[..., HttpResponse] | None = None
    # Pages that use a document of this kind offer this one as well, without depending on it.
    offered_with: str = ""
    # Every page of its language may show part of it, without depending on it.
    is_site_wide: bool = False

    def url_template(self) -> Callable[[str], str]:
        """Like `get_url`, for many slugs in the current language. A slug needs no quoting."""
        return url_template(self.get_url(_ANY_SLUG), _ANY_SLUG)

    def model_class(self) -> type[models.Model]:
        """The model of the working copy; needs a loaded app registry."""
        return apps.get_model(self.model)

    def render(
        self, request: HttpRequest, composition: Any, preview: PreviewContext | None = None
    ) -> HttpResponse:
        """`composition` as readers see it, with a banner if `preview` is given.

        Raises LookupError for a kind that has no page.
        """
        view = self.render_page or self.render_preview
        if view is None:
            raise LookupError(self.name)
        return view(request, composition, preview=preview)

    @property
    def can_be_previewed(self) -> bool:
        return bool(self.render_page or self.render_preview)


_REGISTRY: dict[str, DocumentType] = {}


def register(document_type: DocumentType) -> DocumentType:
    """Add a type to the registry; raises ValueError for a name that is registered."""
    if document_type.name in _REGISTRY:
        raise ValueError(f"the kind {document_type.name!r} is registered twice")
    _REGISTRY[document_type.name] = document_type
    return document_type


def get(name: str) -> DocumentType:
    """The type called `name`; raises KeyError when there is none."""
    return _REGISTRY[name]


def offered_types() -> tuple[tuple[str, str], ...]:
    """The kinds that pages offer as further reading, each with the kind that both use."""
    return tuple(
        (document_type.name, document_type.offered_with)
        for document_type in _REGISTRY.values()
        if document_type.offered_with
    )


def site_wide_types() -> tuple[str, ...]:
    """The kinds of which every page may show something."""
    return tuple(
        document_type.name for document_type in _REGISTRY.values() if document_type.is_site_wide
    )


def names() -> tuple[str, ...]:
    """The names of all types, in the order of registration: a type follows those it builds on."""
    return tuple(_REGISTRY)
