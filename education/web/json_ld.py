"""schema.org data as a block of JSON inside a page, which no browser executes."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from education.web.kept_results import key_of

# JSON escapes, so that no text can end the element or open a comment in it.
_ESCAPES = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


class JsonLd:
    """Data that are made only when a page shows them: `make` of `values`, which name them."""

    def __init__(self, make: Callable[..., Mapping[str, Any]], *values: Any):
        self._make = make
        self._values = values

    @property
    def kept_key(self) -> Hashable:
        return self._make, key_of(self._values)

    def data(self) -> Mapping[str, Any]:
        return self._make(*self._values)


def json_ld_script(data: Mapping[str, Any]) -> SafeString:
    """`data` in a `script` element of type application/ld+json; empty values are left out."""
    text = json.dumps(
        _without_empty({"@context": "https://schema.org", **data}),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return SafeString(f'<script type="application/ld+json">{text.translate(_ESCAPES)}</script>')


def _without_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _without_empty(inner)
            for name, inner in value.items()
            if inner not in (None, "", [], (), {})
        }
    if isinstance(value, (list, tuple)):
        return [_without_empty(inner) for inner in value]
    return value if isinstance(value, (int, float)) else str(value)
