"""The names that fields may have, read off the content types."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, get_args, get_type_hints

from django.utils.translation import gettext as _

from education.publishing.content import ContentPart, Path
from education.publishing.files.mistakes import nearest, quoted


def drop_unknown(
    values: dict[str, Any], part: type[ContentPart], allowed: Collection[str], path: Path = ()
) -> Iterator[tuple[Path, str, Path | None]]:
    """Take out of `values`, at every depth, each field that the content type does not have.

    Yields where it stood, what to write instead, and the field that it was most likely meant to be.
    """
    hints = get_type_hints(part)
    for name in list(values):
        here = (*path, name)
        if name not in allowed:
            near = nearest(name, [known for known in allowed if known not in values])
            del values[name]
            yield here, _no_such_field(name, near, allowed), (*path, near) if near else None
            continue
        inner = part_in(hints[name])
        if inner is None:
            continue
        value = values[name]
        for index, entry in enumerate(value if isinstance(value, list) else []):
            if isinstance(entry, dict):
                yield from drop_unknown(entry, inner, inner.model_fields, (*here, index))
        if isinstance(value, dict):
            yield from drop_unknown(value, inner, inner.model_fields, here)


def part_in(hint: Any) -> type[ContentPart] | None:
    """The kind of part that a field of this type holds, one or many."""
    if isinstance(hint, type) and issubclass(hint, ContentPart):
        return hint
    return next((found for inner in get_args(hint) if (found := part_in(inner))), None)


def _no_such_field(name: str, near: str | None, allowed: Collection[str]) -> str:
    if near:
        return _("There is no field “{name}” here. Did you mean “{near}”?").format(name=name, near=near)
    return _("There is no field “{name}” here. The fields are {known}.").format(
        name=name, known=quoted(allowed)
    )
