"""Writes the layers of pyproject.toml as a picture into docs/architecture.md; `--check` only
compares.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- layers: bin/draw_layers.py -->", "<!-- end of layers -->"


def picture() -> str:
    """A Mermaid diagram: a box for each layer, which may import from those below it only."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = settings["tool"]["importlinter"]["contracts"][0]
    boxes = [layer.replace(" | ", " · ") for layer in contract["layers"]]
    lines = [f'  l{number}["{box}"]' for number, box in enumerate(boxes)]
    chain = "  " + " --> ".join(f"l{number}" for number in range(len(boxes)))
    return "\n".join(["```mermaid", "flowchart TD", *lines, chain, "```"])


def main() -> None:
    """Raises SystemExit when `--check` finds another picture than there should be."""
    before, _begin, rest = PAGE.read_text().partition(BEGIN)
    _old, _end, after = rest.partition(END)
    text = f"{before}{BEGIN}\n{picture()}\n{END}{after}"
    if "--check" not in sys.argv:
        PAGE.write_text(text)
    elif text != PAGE.read_text():
        raise SystemExit(
            "docs/architecture.md has other layers than pyproject.toml: run bin/draw_layers.py"
        )


if __name__ == "__main__":
    main()
