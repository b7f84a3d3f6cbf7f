"""How to look at one's own back, how to press a glass on a rash, and how to use a warm cloth."""

from __future__ import annotations

from illustrations.shapes import FONT, INK, PALE, label, path, ring, svg

WIDE, DEEP = 330, 174
STEP_STYLE = (
    ".g{fill:#e2efeb}.s{fill:#b67b53}.d{fill:#8a5537}.n{fill:#2b1d17}.t{fill:#0b4f4d}.w{fill:#fffaec}"
    f".m{{fill:#cfe3ea}}.p{{fill:#f3d2bc}}.k{{fill:#633f2c}}.r{{fill:#b3324a}}.x{{fill:#3a0f24}}g .x{{stroke:#e3b692;stroke-width:1.4}}.a{{fill:#ffc54d;stroke:{INK}}}.i,text{{fill:{INK}}}.j{{fill:#fff;stroke:{INK};stroke-width:1.6}}"
    f"g{{stroke:{INK};stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}}g .z,text{{stroke:none}}"
    ".l,.q{fill:none}.q{stroke-width:2.6;stroke-dasharray:2 6}.b{stroke-width:3.4}"
    ".v{fill:#cfe3ea;fill-opacity:.3;stroke-width:4}.y{fill:none;stroke:#fff;stroke-width:3}"
    f"text{{font:700 17px {FONT}}}"
    f"@media(prefers-color-scheme:dark){{.g{{fill:#16302f}}.l,.q{{stroke:{PALE}}}.m{{stroke:{INK}}}.i,text{{fill:{PALE}}}.t{{fill:#3f8d86}}}}"
)
RASH = (
    (-56, -30), (-48, 4), (-60, 30), (-34, -40), (-30, 36), (-8, -44), (2, 44), (20, -38),
    (30, 38), (46, -26), (52, 10), (58, 36), (60, -44), (-14, -14), (6, -4), (-6, 16),
    (18, 14), (16, -18), (-22, 4),
)  # fmt: skip
GLASS_RADIUS = 34


def ground(height: int) -> str:
    return path("g z", f"M0 0H{WIDE}V{height}H0z")


def mirrors() -> str:
    """A person with a hand mirror, the back turned to a mirror on the wall."""
    person = (
        path(
            "s",
            "M150 66q-6 6-4 16-14 4-18 22l-4 54q-2 30-2 32h60q2-26 0-44 10-30 4-52-4-18-18-22-1-4 0-10z",
        )
        + path("t", "M122 172q30 8 62 0l2 20h-66z")
        + path("s", "M134 34q-2 8-2 14l-5 7 5 2 1 9q2 6 12 5h24V26q-24-10-35 8z")
        + path("n", "M136 34q2-18 22-18 28 2 28 34 0 18-8 24-8-6-8-20-10-4-12-16-12 2-22-4z")
        + path("n", ring(140, 46, 2))
        + path("l", "M134 64h7")
        + path("s", "M152 92q-16 4-20 20l-6 20-40-26q-8-3-10 4-1 4 4 7l46 34q10 5 16-6l14-30z")
        + path("m b", "M66 46q-18 2-18 24t18 24 18-24-18-24z")
        + path("l b", "M70 94l8 20")
        + path("w", ring(181, 112, 3) + ring(184, 126, 3) + ring(180, 138, 3))
    )
    wall = path("m b", "M252 14h40v166h-40z") + path("l m", "M262 40l14-14M262 60l20-20")
    sight = path("q", "M136 48L76 70M74 84Q160 132 250 106M250 120L190 124")
    labels = label(62, 140, "hand mirror", (60, 102), end=True) + label(
        238, 152, "wall mirror", (262, 150), end=True
    )
    scene = f'<g transform="translate(0 -10)">{wall}{person}{sight}{labels}</g>'
    return svg(WIDE, DEEP, STEP_STYLE, f"<g>{ground(DEEP)}{scene}</g>")


def rash(kind: str, x: float, y: float, *, fades: bool) -> str:
    seen = [(a, b) for a, b in RASH if not (fades and a * a + b * b < GLASS_RADIUS**2)]
    return path(
        kind if kind == "x" else f"{kind} z", "".join(ring(x + a, y + b, 3.6) for a, b in seen)
    )


def glass_test() -> str:
    """A clear glass on a rash: above, the spots under it are gone; below, they are as before."""
    drawn = ""
    for tone, spot, x in (("p", "r", 84), ("k", "x", 246)):
        for y, fades in ((86, True), (234, False)):
            drawn += (
                path(f"{tone} z", f"M{x - 72} {y - 52}h144v104h-144z")
                + path("v", ring(x, y, GLASS_RADIUS))
                + rash(spot, x, y, fades=fades)
                + path("y", f"M{x - 22} {y - 14}q6-12 18-14")
            )
    tick = path("l b", "M14 18l6 6 12-14")
    alarm = path("a", "M22 154l13 22H9z") + path("l b", "M22 162v6M22 172v.1")
    words = label_line(44, 24, "fades") + label_line(44, 174, "stays")
    return svg(WIDE, 292, STEP_STYLE, f"<g>{ground(292)}{drawn}{tick}{alarm}{words}</g>")


def label_line(x: int, y: int, key: str) -> str:
    """Words without a line: what stands above them is what they name."""
    return label(x, y, key, None)


def warm_cloth() -> str:
    """A hand that holds a warm, damp cloth on the skin, and a clock."""
    skin = path("s", "M0 112Q70 82 150 86q80 2 180 34v70H0z")
    cloth = path("w b", "M84 100q50-34 112-6l10 34q-54 20-132 8z") + path(
        "l m",
        "M96 110q50-20 96-2M92 122q54-10 106 2M110 94q-6 20-14 40M134 86q-2 24-8 50M160 84q4 24 2 50M182 90q8 18 8 40",
    )
    hand = path(
        "s b",
        "M334 36q-64-4-96 18-30 8-46 20-6 8 4 10l24-6-34 18q-8 8 2 12l40-14-34 22q-4 8 6 10l42-20-24 20q0 8 8 8 40-10 62-36l46-10z",
    )
    steam = path("l b", "M108 72q-8-10 0-18t0-18M136 64q-8-10 0-18t0-18M164 64q-8-10 0-18t0-18")
    clock = path("w b", ring(34, 38, 22)) + path("l b m", "M34 38V24M34 38l10-6")
    words = label_line(12, 84, "minutes") + label_line(12, 208, "cloth")
    return svg(
        WIDE, 216, STEP_STYLE, f"<g>{ground(216)}{skin}{cloth}{hand}{steam}{clock}{words}</g>"
    )


def files() -> dict[str, str]:
    """The name of each drawing and its text."""
    return {
        "look-at-your-back": mirrors(),
        "glass-test": glass_test(),
        "warm-cloth": warm_cloth(),
    }
