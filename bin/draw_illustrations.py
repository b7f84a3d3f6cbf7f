#!/usr/bin/env python3
"""Writes static/pictures/: skin in section, healthy and as each cause changes it, and a back.

One hand draws them all, so that a reader compares like with like: a change of the base, of a color
or of the lettering is made here, once, and this script writes every file anew. What a drawing
tells, in words, is in education/articles/illustrations.py.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "pictures"
WIDTH, HEIGHT = 320, 220

# a: air, e: outer skin, d: inner skin, f: fat, o: oil, k: dead skin and pus, r: sore skin.
LIGHT = {
    "a": "fffaf2",
    "e": "dca582",
    "d": "f6dfce",
    "f": "fbeec0",
    "o": "ffcf4a",
    "k": "fff",
    "r": "d4483b",
}
DARK = {
    "a": "1a2324",
    "e": "94674b",
    "d": "4d3628",
    "f": "5e5230",
    "o": "c8941c",
    "k": "bfb3a3",
    "r": "ff8d7e",
}
INK, PALE = "2a1a12", "fff3e6"

STYLE = (
    "".join(f".{name}{{fill:#{color}}}" for name, color in LIGHT.items())
    + f"g{{stroke:#{INK};stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}}"
    + f"g .n,text{{stroke:none}}.l,.h{{fill:none}}.i,text{{fill:#{INK}}}.h{{stroke-width:4}}"
    # What a cause changes has a heavy line, and sore skin a pattern, so that it is seen without
    # color.
    + f".c{{stroke-width:3}}.r{{fill-opacity:.35;stroke-dasharray:1 5;stroke-width:3}}.m,.k{{stroke:#{INK}}}"
    + "text{font:13px system-ui,sans-serif}.b{font-weight:700}"
    + "@media(prefers-color-scheme:dark){"
    + "".join(f".{name}{{fill:#{color}}}" for name, color in DARK.items())
    + f"g,.c{{stroke:#{PALE}}}.k,.m{{stroke:#{INK}}}.i,text{{fill:#{PALE}}}}}"
)


def shape(kind: str, d: str) -> str:
    """A shape, or several of one kind."""
    return f'<path class="{kind}" d="{d}"/>'


def dots(kind: str, radius: float, *places: tuple[float, float]) -> str:
    """Small round things."""
    turn = f"a{radius:g} {radius:g} 0 1 0 "
    return shape(
        kind,
        "".join(
            f"M{x - radius:g} {y}{turn}{2 * radius:g} 0{turn}{-2 * radius:g} 0" for x, y in places
        ),
    )


def label(
    x: int,
    y: int,
    words: str,
    to: tuple[int, int] | None = None,
    *,
    strong: bool = False,
    end: bool = False,
) -> str:
    """Words at a place, with a line to what they name. A change is named in strong letters."""
    line = ""
    if to:
        line = shape("l", f"M{x + 4 if end else x - 4} {y - 4}L{to[0]} {to[1]}") + dots(
            "i m", 2.6, to
        )
    more = (' class="b"' if strong else "") + (' text-anchor="end"' if end else "")
    return f'{line}<text x="{x}" y="{y}"{more}>{words}</text>'


# The surface is at y = 60, the border of outer and inner skin at y = 88; the fat begins at y = 206.
RIDGES = "V88q-9 8-18 0" + "t-18 0" * 18 + "V"
FAT = shape("f", "M-5 206q9-9 18 0" + "t18 0" * 18 + "V225H-5z")
SHEATH = shape("e", "M126 60q12 3 12 32v80q-9 14-2 24 14 11 28 0 7-10-2-24V92q0-29 12-32z")
TUBE = shape("a", "M133 60q11 4 11 34l2 84h8l2-84q0-30 11-34z")
WIDE_TUBE = shape("a", "M130 60q4 6-2 24-10 30 18 44v50h8v-50q28-14 18-44-6-18-2-24z")
HAIR = shape("h", "M150 186Q147 90 163 8")
SHORT_HAIR = shape("h", "M150 186Q149 150 151 128")
BULB = shape("i", "M143 190q0-12 7-12t7 12-7 8-7-8z")
GLAND = shape(
    "o",
    "M156 100q12 0 20 4 2-15 18-11 14-9 22 5 16 3 11 18 4 16-13 17-10 13-23 3-17 1-15-14-4-10-20-12z",
)
BIG_GLAND = shape(
    "o c",
    "M156 98q14-3 22 2 4-20 24-14 18-10 27 7 20 5 14 24 5 20-17 22-13 17-29 4-22 1-19-19-5-12-22-16z",
)


def skin(surface: str = "H325") -> str:
    """Air, inner skin, outer skin and fat; `surface` draws the line of the surface,
    from the left.
    """
    return (
        shape("a n", "M0 0H320V220H0z")
        + shape("d n", "M0 80H320V220H0z")
        + shape("e", f"M-5 60{surface}{RIDGES}60z")
        + FAT
    )


def follicle(gland: str = GLAND, tube: str = TUBE, hair: str = HAIR) -> str:
    """The pocket of a hair, with its oil gland, and the hair in it."""
    return SHEATH + gland + tube + BULB + hair


def flakes(*places: tuple[int, int], size: int = 18) -> str:
    """Flakes of dead skin."""
    half = size // 2
    return shape("k", "".join(f"M{x} {y}q{half}-9 {size} 0-{half} 9-{size} 0z" for x, y in places))


def germs(*places: tuple[int, int]) -> str:
    """Germs, as short rods."""
    return shape("l c m", "".join(f"M{x} {y}l5-3" for x, y in places))


def drawing(shapes: str, labels: str) -> str:
    """A whole file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">'
        f"<style>{STYLE}</style><g>{shapes}{labels}</g></svg>\n"
    )


DRAWINGS = {
    "healthy-skin": drawing(
        skin() + follicle(),
        label(178, 22, "Hair", (161, 18))
        + label(96, 40, "Pore", (141, 62), end=True)
        + label(10, 79, "Outer skin")
        + label(10, 130, "Inner skin")
        + label(238, 134, "Oil gland", (216, 120))
        + label(112, 186, "Hair pocket", (139, 168), end=True),
    ),
    "excess-sebum": drawing(
        skin()
        + follicle(
            BIG_GLAND,
            shape("o c", "M130 61q14 5 14 36l2 81h8l2-81q0-31 14-36-3-17-20-17t-20 17z")
            + shape("l", "M150 170v-26m-3 5 3-6 3 6m-3-17v-24m-3 5 3-6 3 6"),
            SHORT_HAIR[:0],
        )
        + shape("h", "M158 44Q160 26 163 8"),
        label(178, 30, "Too much oil", (160, 52), strong=True)
        + label(224, 172, "Busy gland", (222, 134), strong=True)
        + label(108, 40, "Pore", (131, 60), end=True),
    ),
    "keratin-build-up": drawing(
        skin()
        + follicle(hair=SHORT_HAIR)
        + shape("o", "M144 98v34h12V98z")
        + flakes((138, 92), (135, 82), (140, 73), (133, 64), (142, 56), (128, 54))
        + flakes((84, 56), (190, 55), (216, 57)),
        label(184, 34, "Plug of dead skin", (152, 60), strong=True)
        + label(108, 136, "Oil behind it", (146, 118), end=True)
        + label(238, 134, "Oil gland", (216, 120)),
    ),
    "folliculitis": drawing(
        skin("H112Q150 26 188 60H325")
        + shape("r", "M150 50q46 6 42 54-4 44-42 50-38-6-42-50-4-48 42-54z")
        + follicle(tube=WIDE_TUBE)
        + shape("k c", "M126 86q2-50 24-50t24 50q0 32-24 38-24-6-24-38z")
        + germs((132, 84), (142, 96), (136, 104), (160, 90), (165, 78), (158, 108), (138, 70))
        + HAIR,
        label(182, 30, "Pus and germs", (160, 62), strong=True)
        + label(90, 140, "Sore skin", (114, 116), strong=True, end=True)
        + label(112, 186, "Hair pocket", (139, 168), end=True),
    ),
    "sebaceous-cyst": drawing(
        skin("H84Q150 18 216 60H325")
        + shape("e c", "M144 44q4 22-4 34-46 4-46 54 4 50 56 50t56-50q0-50-46-54-8-12-4-34z")
        + shape("k", "M150 84q-46 0-48 48 4 42 48 42t48-42q-2-48-48-48z")
        + shape("l m", "M112 116q38-22 76 0m-80 16q42-20 84 0m-80 18q38-18 76 0m-64 14q26-10 52 0")
        + shape("i", "M145 40h10v11h-10z"),
        label(180, 26, "Blocked opening", (154, 42), strong=True)
        + label(80, 128, "Closed sac", (98, 140), strong=True, end=True)
        + label(220, 134, "Soft paste", (186, 128), strong=True),
    ),
    "acne": drawing(
        skin("H112Q150 30 188 60H325")
        + shape("r", "M150 52q50 8 46 54-6 46-46 52-40-6-46-52-4-46 46-54z")
        + follicle(
            BIG_GLAND,
            shape("o c", "M132 58q0 12-6 28-8 32 20 42v50h8v-50q28-10 20-42-6-16-6-28z"),
            SHORT_HAIR,
        )
        + flakes((132, 66), (139, 58), (134, 50), (148, 66), (146, 50))
        + germs((134, 90), (144, 102), (156, 86), (162, 98), (150, 116)),
        label(182, 28, "Plugged pore", (158, 50), strong=True)
        + label(92, 150, "Oil, germs", (138, 106), strong=True, end=True)
        + label(92, 114, "Swollen skin", (114, 92), end=True),
    ),
    "incomplete-cleansing": drawing(
        skin()
        + follicle()
        + shape("o c", "M-5 60V52q26-9 48-2t46 0 40 0 42 0 46 0 50 0 58 0v10z")
        + dots(
            "i n",
            2.4,
            (22, 54),
            (66, 55),
            (98, 53),
            (126, 55),
            (176, 54),
            (206, 53),
            (252, 54),
            (296, 54),
        )
        + shape("k c", "M60 44q-8-10 0-18 8 8 0 18zM296 40q-8-10 0-18 8 8 0 18z")
        + HAIR,
        label(176, 22, "Sweat, oil, dirt", (196, 49), strong=True)
        + label(106, 30, "Pore", (141, 58), end=True)
        + label(238, 134, "Oil gland", (216, 120)),
    ),
    "heavy-skin-products": drawing(
        skin()
        + follicle()
        + shape(
            "k c",
            "M-5 61V40q20-12 42 0t42 0 42-2 40 2 42-2 42 2 44 0 40 0v21H167q-9 4-10 22h-14q-1-18-10-22z",
        )
        + shape("l m", "M12 50q14-7 28 0m28 0q14-7 28 0m92 0q14-7 28 0m28 0q14-7 28 0")
        + HAIR,
        label(176, 20, "Thick cream", (192, 44), strong=True)
        + label(112, 116, "Covered pore", (146, 76), strong=True, end=True)
        + label(238, 134, "Oil gland", (216, 120)),
    ),
    "follicular-keratosis": drawing(
        skin("H20Q44 40 68 60H112Q150 28 188 60H232Q256 40 280 60H325")
        + follicle(
            tube=shape("a", "M138 60q-4 36 4 56l4 62h8l4-62q8-20 4-56z"),
            hair=shape("h", "M150 186q-2-40 4-52t-6-14-2 10 8 2"),
        )
        + shape(
            "k c",
            "M136 96l-4-40q18-30 36 0l-4 40q-14 14-28 0z"
            "M38 66l-1-14q7-12 14 0l-1 14q-6 6-12 0zM250 66l-1-14q7-12 14 0l-1 14q-6 6-12 0z",
        )
        + shape("l m", "M137 62q13 7 26 0m-25 12q12 7 24 0m-23 12q11 6 22 0"),
        label(186, 26, "Hard plug", (156, 48), strong=True)
        + label(108, 138, "Trapped hair", (146, 126), strong=True, end=True)
        + label(8, 32, "Rough bumps"),
    ),
    "blocked-sebaceous-ducts": drawing(
        skin()
        + SHEATH
        + shape(
            "o c",
            "M182 112q-2-22 22-22 18-12 30 5 22 4 17 25 6 20-17 23-13 17-30 5-22 3-19-18l-3-4z",
        )
        + shape("o", "M156 98q14 2 28 14l-3 10q-11-13-25-15z")
        + dots("k c", 7, (172, 109))
        + dots("k", 4.5, (206, 112), (222, 106), (232, 122), (214, 130))
        + TUBE
        + BULB
        + HAIR,
        label(184, 34, "Blocked tube", (172, 105), strong=True)
        + label(206, 176, "Trapped oil", (218, 140), strong=True)
        + label(96, 40, "Pore", (141, 62), end=True),
    ),
    "seborrheic-dermatitis": drawing(
        skin("H40Q60 50 96 58T150 56 210 58 270 60H325")
        + shape("r", "M40 62h232q18 22-6 40-60 12-110 8T52 102q-26-20-12-40z")
        + follicle()
        + shape("o c", "M58 52l26-12 8 12zM98 50l30-8-4 12zM172 50l30-10 6 14zM214 52l28-14 8 14z")
        + dots("k m", 4, (52, 44), (138, 44), (144, 38), (250, 44), (256, 38)),
        label(178, 22, "Greasy flakes", (188, 46), strong=True)
        + label(100, 24, "Yeast", (137, 42), end=True)
        + label(110, 136, "Sore skin", (92, 102), strong=True, end=True)
        + label(238, 134, "Oil gland", (216, 120)),
    ),
    "back": drawing(
        shape("a n", "M0 0H320V220H0z")
        + shape(
            "d",
            "M98-5v20q0 20-22 28-36 6-46 30-8 24-12 76l-6 76h34l6-60 10-34 8 40-4 54"
            "h100l-4-54 8-40 10 34 6 60h34l-6-76"
            "q-4-52-12-76-10-24-46-30-22-8-22-28V-5z",
        )
        + shape("l", "M116 54v126M70 84q26 2 34 34M162 84q-26 2-34 34")
        + shape("e c", "M82 58h68l-12 52H94z")
        + shape("l c", "M18 92l16 4m-18 8 16 4m-18 8 16 4M214 92l-16 4m18 8-16 4m18 8-16 4")
        + shape(
            "l c", "M80 152l6 6m0-6-6 6M146 152l6 6m0-6-6 6M100 176l6 6m0-6-6 6M126 176l6 6m0-6-6 6"
        )
        + dots("o c", 8, (127, 26), (148, 130)),
        label(222, 28, "Cyst", (129, 26), strong=True)
        + label(222, 56, "Acne, flakes", (142, 70), strong=True)
        + label(234, 108, "Rough", (210, 104), strong=True)
        + label(234, 124, "bumps", strong=True)
        + label(244, 172, "Hair", (150, 155), strong=True)
        + label(244, 188, "bumps", strong=True),
    ),
}


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in DRAWINGS.items():
        (FOLDER / f"{name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
