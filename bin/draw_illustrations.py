#!/usr/bin/env python3
"""Writes static/pictures/: skin from above and cut through, bodies, and what to do, step by step.

One hand draws them all, from shared shapes, so that a reader compares like with like. What each
tells, in words, is in education/media/illustrations.py. `bin/draw_illustrations.py [folder]`
"""

from __future__ import annotations

import sys
from pathlib import Path

from illustrations import bodies, sections, steps, surfaces

FOLDER = Path(__file__).resolve().parent.parent / "static" / "pictures"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for module in (surfaces, sections, bodies, steps):
        for name, text in module.files().items():
            (folder / f"{name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
