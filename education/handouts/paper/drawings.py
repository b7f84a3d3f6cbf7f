"""The drawings of the site for paper: cropped, in grays, with their labels apart.

Lettering in an SVG would be run-together words at a few points: paper sets the labels in real type,
beside the drawing, each with a line to the point that it names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from education.media.illustrations import Picture

# The part of a cut through the skin that shows what is wrong; it goes on alike to both sides.
_SECTION_BOX = (62, 0, 190, 190)
_LABEL = re.compile(
    r'<path class="l" d="M[^"]*"/><path class="j" d="M(?P<left>[\d.]+) (?P<y>[\d.]+)a(?P<r>[\d.]+) [^"]*"/>'
    r"(?P<lines>(?:<text[^>]*>[^<]*</text>)+)"
)
_LINE = re.compile(r"<text[^>]*>([^<]*)</text>")
_DARK_SCHEME = re.compile(r"@media\([^)]*\)\{(?:[^{}]*\{[^{}]*\})*\}")
_COLOR = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")
# Darker fills turn black on a bad copy; what is darker than this is ink already.
_LIGHTEST_INK, _DARKEST_FILL = 0.25, 0.74


def drawing_data(picture: Picture) -> dict[str, Any]:
    """The data of a drawing for `templates/paper/causes.typ`.

    `box`: what is shown, in its own units: left, top, width, height. `labels`: each with the point
    that it names.
    """
    svg, labels = _drawing(picture)
    return {
        "kind": "drawing",
        "svg": svg,
        "labels": labels,
        "box": _SECTION_BOX,
        "alt": str(picture.alt_text),
    }


@lru_cache(maxsize=64)
def _drawing(picture: Picture) -> tuple[str, list[dict[str, Any]]]:
    svg = picture.read_svg()
    labels = [
        {
            "text": " ".join(_LINE.findall(found["lines"])),
            "at": [float(found["left"]) + float(found["r"]), float(found["y"])],
        }
        for found in _LABEL.finditer(svg)
    ]
    bare = _COLOR.sub(_gray, _DARK_SCHEME.sub("", _LABEL.sub("", svg)))
    left, top, width, height = _SECTION_BOX
    size = f'viewBox="{left} {top} {width} {height}" width="{width}" height="{height}"'
    return re.sub(r'viewBox="[^"]*" width="[^"]*" height="[^"]*"', size, bare, count=1), labels


def _gray(found: re.Match[str]) -> str:
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    gray = 0.0 if light < _LIGHTEST_INK else _DARKEST_FILL + (1 - _DARKEST_FILL) * light
    return "#" + f"{round(gray * 255):02x}" * 3
