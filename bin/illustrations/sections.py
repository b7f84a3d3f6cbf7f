"""Skin cut through: healthy, and as each cause changes it.

The outer skin is brown and the deeper layers are neutral; what a cause changes has a heavy line and
bold words, so that it is seen without color.
"""

from __future__ import annotations

from illustrations.shapes import FONT, INK, PALE, label, path, ring, svg

WIDE, DEEP, TOP = 330, 190, 64
# a: air, e: outer skin, d: inner skin, f: fat, o: oil, k: dead skin and pus, r: sore skin.
LIGHT = {
    "a": "fffdf9",
    "e": "b67b53",
    "d": "f3cfbe",
    "f": "fbe9ae",
    "o": "ffcf4a",
    "k": "fff",
    "r": "d4483b",
}
DARK = {
    "a": "1b2527",
    "e": "9a6542",
    "d": "55362d",
    "f": "6a5a2c",
    "o": "d9a21f",
    "k": "efe4d2",
    "r": "ff8d7e",
}
SECTION_STYLE = (
    "".join(f".{part}{{fill:#{color}}}" for part, color in LIGHT.items())
    + f"g{{stroke:{INK};stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}}g .z,text{{stroke:none}}"
    + f".l,.h{{fill:none}}.h{{stroke-width:4}}.c{{stroke-width:3.2}}.i,text{{fill:{INK}}}.j{{fill:#fff;stroke:{INK};stroke-width:1.6}}.k,.m{{stroke:{INK}}}"
    + f".t{{fill:#b59b6a}}.r{{fill-opacity:.4;stroke-width:3;stroke-dasharray:.1 6}}text{{font:17px {FONT}}}.b{{font-weight:700}}"
    + "@media(prefers-color-scheme:dark){"
    + "".join(f".{part}{{fill:#{color}}}" for part, color in DARK.items())
    + f"g{{stroke:{PALE}}}.k,.m{{stroke:{INK}}}.i,text{{fill:{PALE}}}}}"
)


def ground(line: str = f"H{WIDE + 9}") -> str:
    """Air, inner skin, fat and outer skin; `line` draws the surface from the left."""
    return (
        path("a z", f"M0 0H{WIDE}V{DEEP}H0z")
        + path("d z", f"M0 80H{WIDE}V{DEEP}H0z")
        + path("f", f"M-9 {DEEP - 12}q9-7 18 0" + "t18 0" * 18 + f"V{DEEP + 9}H-9z")
        + path("e", f"M-9 {TOP}{line}V92q-9 8-18 0" + "t-18 0" * 18 + "z")
    )


# The hair pocket stands at x = 150; its gland is to the right of it.
SHEATH = path("e", "M124 64q13 3 13 32v56q-8 13 0 21 13 9 26 0 8-8 0-21V96q0-29 13-32z")
TUBE = path("a", "M131 64q12 4 12 34l2 62h10l2-62q0-30 12-34z")
WIDE_TUBE = path("a", "M130 64q4 6-3 22-9 28 18 42v32h10v-32q27-14 18-42-7-16-3-22z")
BULB = path("i", "M142 164q0-10 8-10t8 10-8 7-8-7z")
LONG_HAIR = path("h", "M150 160Q147 90 164 8")
SHORT_HAIR = path("h", "M150 160v-26")
GLAND = path(
    "o",
    "M157 102q13 0 21 4 2-15 18-11 14-9 22 5 16 3 11 18 4 16-13 17-10 13-23 3-17 1-15-14-5-10-21-12z",
)
BIG_GLAND = path(
    "o c",
    "M157 100q15-3 23 2 4-20 24-14 18-10 27 7 20 5 14 22 5 18-17 20-13 15-29 3-22 1-19-17-6-11-23-14z",
)


def shed(*places: tuple[int, int]) -> str:
    """Flakes of dead skin."""
    return path("k", "".join(f"M{x} {y}q10-9 20 0-10 9-20 0z" for x, y in places))


def germs(*places: tuple[int, int]) -> str:
    return path("l c m", "".join(f"M{x} {y}l5-4" for x, y in places))


def raised(half: int, height: int) -> str:
    """A surface that is lifted around the pocket."""
    return f"H{150 - half}Q150 {TOP - height} {150 + half} {TOP}H{WIDE + 9}"


SECTIONS = {
    "healthy-skin": ground()
    + SHEATH + GLAND + TUBE + BULB + LONG_HAIR
    + label(180, 28, "hair", (161, 22))
    + label(106, 40, "pore", (138, 64), end=True)
    + label(246, 136, "gland", (216, 120)),
    "acne": ground(raised(44, 36))
    + path("r", "M150 50q50 8 46 54-6 44-46 50-40-6-46-50-4-46 46-54z")
    + SHEATH + BIG_GLAND
    + path("o c", "M131 60q0 12-6 27-8 31 20 41v34h10v-34q28-10 20-41-6-15-6-27z")
    + BULB + SHORT_HAIR
    + shed((130, 70), (140, 61), (131, 53), (149, 70), (147, 52))
    + germs((133, 90), (144, 104), (157, 90), (163, 102), (148, 120))
    + label(190, 30, "plug", (160, 50), bold=True)
    + label(94, 156, "oil", (138, 112), bold=True, end=True)
    + label(94, 122, "swollen", (112, 92), end=True),
    "folliculitis": ground(raised(42, 40))
    + path("r", "M150 48q48 6 44 54-4 42-44 50-40-8-44-50-4-48 44-54z")
    + SHEATH + GLAND + WIDE_TUBE
    + path("k c", "M125 86q2-48 25-48t25 48q0 30-25 36-25-6-25-36z")
    + germs((131, 84), (142, 98), (136, 108), (161, 90), (166, 78), (158, 110), (137, 68))
    + BULB + LONG_HAIR
    + label(194, 32, "pus", (162, 60), bold=True)
    + label(92, 132, "sore", (112, 108), bold=True, end=True),
    "sebaceous-cyst": ground(raised(72, 52))
    + path("e c", "M143 40q5 22-5 32-46 4-46 48 4 44 58 44t58-44q0-44-46-48-10-10-5-32z")
    + path("k", "M150 80q-47 0-49 42 4 34 49 34t49-34q-2-42-49-42z")
    + path("l m", "M113 108q37-20 74 0m-80 15q43-18 86 0m-80 16q37-14 74 0")
    + path("i", "M144 38h12v11h-12z")
    + label(190, 30, "blocked", (154, 42), bold=True)
    + label(72, 124, "sac", (95, 124), bold=True, end=True)
    + label(220, 134, "paste", (184, 124), bold=True),
    "follicular-keratosis": ground(f"H24Q50 42 76 {TOP}H110Q150 26 190 {TOP}H230Q256 42 282 {TOP}H{WIDE + 9}")
    + SHEATH + GLAND
    + path("a", "M138 64q-4 32 4 48l3 48h10l3-48q8-16 4-48z")
    + BULB
    + path("h", "M150 160q-2-28 5-38t-7-12-2 10 9 2")
    + path("k c", "M136 98l-4-40q18-30 36 0l-4 40q-14 14-28 0zM43 70l-1-15q8-12 16 0l-1 15q-7 6-14 0zM249 70l-1-15q8-12 16 0l-1 15q-7 6-14 0z")
    + path("l m", "M137 64q13 7 26 0m-25 12q12 7 24 0m-23 12q11 6 22 0")
    + label(194, 28, "hard plug", (158, 50), bold=True)
    + label(118, 148, "trapped", (147, 122), bold=True, end=True),
    "excess-sebum": ground()
    + SHEATH + BIG_GLAND
    + path("o c", "M129 65q15 5 15 36l2 60h8l2-60q0-31 15-36-2-19-21-19t-21 19z")
    + path("l m", "M150 148v-24m-4 6 4-6 4 6m-4-20V92m-4 6 4-6 4 6")
    + BULB
    + path("h", "M158 48Q161 28 165 8")
    + label(184, 34, "much oil", (160, 56), bold=True)
    + label(222, 166, "busy", (216, 124), bold=True),
    "keratin-build-up": ground()
    + SHEATH + GLAND + TUBE
    + path("o c", "M143 98v34h14V98z")
    + BULB + SHORT_HAIR
    + shed((139, 94), (134, 85), (141, 76), (132, 67), (144, 60), (130, 55), (70, 60), (206, 60), (240, 60))
    + label(184, 34, "dead skin", (154, 58), bold=True)
    + label(116, 142, "behind", (147, 120), end=True),
    "incomplete-cleansing": ground()
    + SHEATH + GLAND + TUBE + BULB + LONG_HAIR
    + path("c t", "M-4 64q10-9 22-4t24-2 26 0 24-3 26 2 26 0 26-4 24 4 26-2 26 2 26-3 24 4 26-2 30 3v7H-4z")
    + path("l c m", "".join(f"M{x} {y}l4-3" for x, y in ((20, 62), (60, 61), (96, 61), (178, 62), (214, 61), (262, 62), (302, 61))))
    + label(206, 34, "film", (192, 60), bold=True)
    + label(110, 134, "free", (146, 112), end=True),
    "heavy-skin-products": ground()
    + SHEATH + GLAND + TUBE + BULB
    + path("h", "M150 160Q148 110 151 74")
    + path("k c", "M24 64q10-24 40-24 24-18 60-6 36-8 60 6 30-6 46 8 26 2 32 16h-98q-6 2-10 18h-10q-4-16-10-18z")
    + path("l m", "M64 48q20-8 40-2m24 0q24-6 44 2m30 2q16-2 26 4")
    + label(196, 26, "cream", (176, 42), bold=True)
    + label(112, 134, "covered", (148, 80), bold=True, end=True),
    "blocked-sebaceous-ducts": ground()
    + SHEATH + TUBE + BULB + LONG_HAIR
    + path("o c", "M176 100q10 0 16 6 6-24 30-14 24-6 30 16 18 8 8 28 4 22-22 20-20 14-36-2-24-2-18-26-4-10-8-14z")
    + path("e c", "M157 98q8-3 19 2v16q-10-2-19 0z")
    + path("i", "M160 101q5-2 12 1v10q-6-2-12 0z")
    + label(196, 34, "tube", (168, 100), bold=True)
    + label(116, 150, "trapped oil", (206, 130), bold=True, end=True),
    "seborrheic-dermatitis": ground()
    + path("r", "M40 66h250v30q-20 12-60 8t-70 2-70 0-50-8z")
    + SHEATH + GLAND + TUBE + BULB + LONG_HAIR
    + path("k c", "M46 62l16-14 26 2-4 10zM98 60l10-14 24 0 4 14zM172 60l12-16 28 4-6 13zM226 62l14-14 26 0-8 14zM270 62l12-10 20 4-8 8z")
    + path("i", ring(66, 58, 2.2) + ring(76, 55, 2.2) + ring(112, 55, 2.2) + ring(190, 55, 2.2) + ring(200, 54, 2.2) + ring(240, 57, 2.2))
    + label(196, 26, "greasy", (200, 48), bold=True)
    + label(92, 150, "sore", (70, 92), bold=True, end=True)
    + label(84, 28, "yeast", (112, 53), end=True),
    "abscess": ground(raised(80, 60))
    + path("r", "M160 40q84 8 80 66-8 58-80 58-72 0-80-58-4-58 80-66z")
    + path("k c", "M160 58q54 8 52 50-6 40-52 42-46-2-52-42-2-42 52-50z")
    + germs((122, 96), (138, 84), (160, 78), (182, 90), (198, 108), (170, 112), (146, 116), (128, 126), (160, 136), (186, 132), (152, 98))
    + label(236, 26, "pocket", (194, 92), bold=True)
    + label(86, 152, "sore", (96, 124), bold=True, end=True),
    "lipoma": ground(raised(90, 44))
    + path("o c", "M150 84q72 2 74 32-6 36-74 38-68-2-74-38 2-30 74-32z")
    + path("l m", "M96 112q14-10 28 0 14-10 26 0 12-10 26 0 12-8 26 0M104 132q14-10 26 0 12-10 24 0 12-10 24 0 10-8 20 0")
    + label(240, 34, "fat", (190, 100), bold=True)
    + label(58, 138, "shell", (78, 120), bold=True, end=True),
}  # fmt: skip


def files() -> dict[str, str]:
    """The name of each drawing and its text."""
    return {
        f"{name}-section": svg(WIDE, DEEP, SECTION_STYLE, f"<g>{shapes}</g>")
        for name, shapes in SECTIONS.items()
    }
