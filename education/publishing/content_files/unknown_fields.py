"""The names that fields may have, read off the content types."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, get_args, get_type_hints

from django.utils.translation import gettext as _

from education.publishing.content import ContentPart, Path
from education.publishing.content_files.errors import closest_match, quote_list


def pop_unknown_fields(
    values: dict[str, Any], part: type[ContentPart], allowed: Collection[str], path: Path = ()
) -> Iterator[tuple[Path, str, Path | None]]:
    """Take out of `values`, at every depth, each field that the content type does not have.

    Yields where it stood, what to write instead, and the field that it was most likely meant to be.
    """
    hints = get_type_hints(part)
    for name in list(values):
        here = (*path, name)
        if name not in allowed:
            closest = closest_match(name, [known for known in allowed if known not in values])
            del values[name]
            yield (
                here,
                _unknown_field_message(name, closest, allowed),
                (*path, closest) if closest else None,
            )
            continue
        inner = get_part_type(hints[name])
        if inner is None:
            continue
        value = values[name]
        for index, entry in enumerate(value if isinstance(value, list) else []):
            if isinstance(entry, dict):
                yield from pop_unknown_fields(entry, inner, inner.model_fields, (*here, index))
        if isinstance(value, dict):
            yield from pop_unknown_fields(value, inner, inner.model_fields, here)


def get_part_type(hint: Any) -> type[ContentPart] | None:
    """The kind of part that a field of this type holds, one or many."""
    if isinstance(hint, type) and issubclass(hint, ContentPart):
        return hint
    return next((found for inner in get_args(hint) if (found := get_part_type(inner))), None)


def _unknown_field_message(name: str, closest: str | None, allowed: Collection[str]) -> str:
    if closest:
        return _("There is no field “{name}” here. Did you mean “{near}”?").format(
            name=name, near=closest
        )
    return _("There is no field “{name}” here. The fields are {known}.").format(
        name=name, known=quote_list(allowed)
    )
