"""The kinds of document there are. Each package names its own in its `publishing_hooks` module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from education.publishing.content import Content
from education.publishing.file_layout import Layout
from education.publishing.preview import PreviewContext

if TYPE_CHECKING:
    from education.publishing.models import WorkingCopy


@dataclass(frozen=True)
class DocumentType:
    """One kind of document: its names, its rows, its content type, its file and its
    public address.
    """

    name: str
    label: str | Promise
    label_plural: str | Promise
    model: type[WorkingCopy]
    content: type[Content]
    file_layout: Layout
    get_url: Callable[[str], str]
    # Called with request, composition and `preview` (a PreviewContext or None).
    render_page: Callable[..., HttpResponse] | None = None
    # How staff look at a document of a kind that readers find only on the pages of others.
    render_preview: Callable[..., HttpResponse] | None = None
    # Pages that use a document of this kind offer this document beside their text, without needing
    # it.
    offered_with: str = ""
    # Every page of its language may show something of this one, without needing it.
    is_site_wide: bool = False

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
        """Whether `page` has something to show."""
        return bool(self.render_page or self.render_preview)


_REGISTRY: dict[str, DocumentType] = {}


def register(document_type: DocumentType) -> DocumentType:
    """Make `kind` known; each name once."""
    if document_type.name in _REGISTRY:
        raise ValueError(f"the kind {document_type.name!r} is registered twice")
    _REGISTRY[document_type.name] = document_type
    return document_type


def get(name: str) -> DocumentType:
    """The kind called `name`; raises KeyError when there is none."""
    return _REGISTRY[name]


def offered_types() -> tuple[tuple[str, str], ...]:
    """Each kind that pages offer beside their text, with the kind that both use."""
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
    """The names of all kinds, those that others build on first."""
    return tuple(_REGISTRY)
