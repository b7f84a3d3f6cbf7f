"""schema.org data as a block of JSON inside a page, which no browser executes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString

# JSON escapes, so that no text can end the element or open a comment in it.
_ESCAPES = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


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
