"""Shapes and words that all drawings share.

The words in the drawings stand once, in LABELS, so that another language is another table.
"""

from __future__ import annotations

import re

LABELS = {
    "pimples": ["Pimples"],
    "lump": ["Lump"],
    "rough": ["Rough", "bumps"],
    "flakes": ["Flaky", "rash"],
    "hair bumps": ["Hair", "bumps"],
    "hair": ["Hair"],
    "pore": ["Open pore"],
    "gland": ["Oil gland"],
    "plug": ["Plugged pore"],
    "oil": ["Oil, germs"],
    "swollen": ["Swollen"],
    "pus": ["Pus, germs"],
    "sore": ["Sore skin"],
    "blocked": ["Blocked"],
    "paste": ["Soft paste"],
    "sac": ["Closed", "sac"],
    "hard plug": ["Hard plug"],
    "trapped": ["Trapped hair"],
    "much oil": ["Too much oil"],
    "busy": ["Busy gland"],
    "dead skin": ["Old skin"],
    "behind": ["Oil behind"],
    "film": ["Sweat and oil"],
    "free": ["Pore not", "blocked"],
    "cream": ["Thick cream"],
    "covered": ["Covered pore"],
    "tube": ["Blocked tube"],
    "trapped oil": ["Trapped oil"],
    "greasy": ["Greasy flakes"],
    "yeast": ["Yeast"],
    "pocket": ["Pocket", "of pus"],
    "fat": ["Soft fat"],
    "shell": ["Thin", "shell"],
    "hand mirror": ["Hand", "mirror"],
    "wall mirror": ["Wall", "mirror"],
    "fades": ["Spots are gone"],
    "stays": ["Spots still there: call now"],
    "minutes": ["10 minutes"],
    "cloth": ["Clean, warm cloth"],
}
FONT = "-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
# How wide a drawing is where no style sheet says so: beside the margins of a figure on a phone.
SHOWN = 264
INK, PALE = "#2a1a12", "#fff3e6"


def num(value: float) -> str:
    """A coordinate, as short as it can be."""
    return f"{value:.1f}".removesuffix(".0").replace("-0.", "-.").removeprefix("0") or "0"


def svg(width: int, height: int, style: str, body: str) -> str:
    """A whole file, with those rules of `style` that the shapes of `body` need."""
    style = _used_rules(style, body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{SHOWN}" height="{SHOWN * height / width:.0f}">'
        f"<style>{style}</style>{body}</svg>\n"
    )


def _used_rules(style: str, body: str) -> str:
    used = {name for names in re.findall(r'class="([^"]*)"', body) for name in names.split()}

    def kept(rule: re.Match[str]) -> str:
        selectors = [
            one for one in rule[1].split(",") if used.issuperset(re.findall(r"\.([\w-]+)", one))
        ]
        return f"{','.join(selectors)}{{{rule[2]}}}" if selectors else ""

    return re.sub(r"([^{}@]+)\{([^{}]*)\}", kept, style)


def path(kind: str, d: str) -> str:
    """A shape, or several of one kind."""
    # A minus sign parts two numbers by itself.
    return f'<path class="{kind}" d="{d.replace(" -", "-")}"/>' if d else ""


def ring(x: float, y: float, r: float) -> str:
    """A circle, as a piece of a path: circles of one kind share one path."""
    # One arc that ends a hair's breadth beside its start.
    return f"M{num(x)} {num(y - r)}a{num(r)} {num(r)} 0 1 0 .1 0z"


def label(
    x: float,
    y: float,
    key: str,
    to: tuple[float, float] | None,
    *,
    bold: bool = False,
    end: bool = False,
) -> str:
    """Words at a place, and a line with a dot on what they name (none without `to`).

    What a cause changes has bold words.
    """
    start = x + (5 if end else -5)
    more = (' class="b"' if bold else "") + (' text-anchor="end"' if end else "")
    lines = "".join(
        f'<text x="{num(x)}" y="{num(y + 18 * i)}"{more}>{line}</text>'
        for i, line in enumerate(LABELS[key])
    )
    if to is None:
        return lines
    return (
        path("l", f"M{num(start)} {num(y - 6)}L{to[0]} {to[1]}") + path("j", ring(*to, 3.4)) + lines
    )
