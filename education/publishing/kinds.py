"""The kinds of document there are. Each package names its own in its `publication` module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from education.publishing.content import Content
from education.publishing.files.layout import Layout

if TYPE_CHECKING:
    from education.publishing.models import WorkingCopy


@dataclass(frozen=True)
class Kind:
    """One kind of document: its names, its rows, its content type, its file and its public address."""

    name: str
    label: str | Promise
    label_plural: str | Promise
    model: type[WorkingCopy]
    content: type[Content]
    layout: Layout
    address: Callable[[str], str]
    show: Callable[..., HttpResponse] | None = None
    # How staff look at a document of a kind that readers find only on the pages of others.
    preview: Callable[..., HttpResponse] | None = None
    # Pages that use a document of this kind offer this document beside their text, without needing it.
    beside: str = ""
    # Every page of its language may show something of this one, without needing it.
    is_everywhere: bool = False

    def page(self, request: HttpRequest, composition: Any) -> HttpResponse:
        """`composition` as readers see it; raises LookupError for a kind that is never shown by itself."""
        view = self.show or self.preview
        if view is None:
            raise LookupError(self.name)
        return view(request, composition)

    @property
    def can_be_previewed(self) -> bool:
        """Whether `page` has something to show."""
        return bool(self.show or self.preview)


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make `kind` known; each name once."""
    if kind.name in _KINDS:
        raise ValueError(f"the kind {kind.name!r} is registered twice")
    _KINDS[kind.name] = kind
    return kind


def get(name: str) -> Kind:
    """The kind called `name`; raises KeyError when there is none."""
    return _KINDS[name]


def beside() -> tuple[tuple[str, str], ...]:
    """Each kind that pages offer beside their text, with the kind that both use."""
    return tuple((kind.name, kind.beside) for kind in _KINDS.values() if kind.beside)


def everywhere() -> tuple[str, ...]:
    """The kinds of which every page may show something."""
    return tuple(kind.name for kind in _KINDS.values() if kind.is_everywhere)


def names() -> tuple[str, ...]:
    """The names of all kinds, those that others build on first."""
    return tuple(_KINDS)
