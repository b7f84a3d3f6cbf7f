"""Skin seen from above, in three tiles: the same spots on pale, brown and black skin.

Sore skin is red on pale skin, and purple or darker on brown and black skin, so height (a shade and
a light), white heads, hairs and plugs tell what it is without color.
"""

from __future__ import annotations

from collections.abc import Callable

from illustrations.shapes import INK, num, path, ring, svg

# s: skin, d: its shade, l: its light, h: changed skin around a sore spot, r: a sore spot, n: a
# hair.
TONES = {
    "p": {"s": "f3d2bc", "d": "d9a585", "l": "fff4ea", "h": "eba796", "r": "cf4740", "n": "5b3a26"},
    "b": {"s": "b67b53", "d": "8a5537", "l": "f0cdae", "h": "8f4b4b", "r": "7a2c44", "n": "2a1710"},
    "k": {"s": "6b4531", "d": "3a2217", "l": "d9ab8c", "h": "4b222f", "r": "8a3355", "n": "140a06"},
}


SIDE, GAP = 106, 6
SURFACE_STYLE = (
    "".join(
        f".{tone} .{part}{{fill:#{color}}}"
        for tone, parts in TONES.items()
        for part, color in parts.items()
    )
    + "".join(
        f".{tone} .{part}l{{stroke:#{TONES[tone][part]}}}" for tone in TONES for part in "dln"
    )
    + ".dl,.ll,.nl{fill:none;stroke-linecap:round;stroke-width:1.7}.h{opacity:.8}.dl{stroke-width:1;opacity:.5}"
    + f".w{{fill:#fffaec;stroke:{INK}}}.k{{fill:{INK}}}.o{{fill:#fff;opacity:.45}}"
    # A flaky rash may be redder, lighter or darker than the skin around it.
    + ".p .z{fill:#eba796}.b .z{fill:#8f4b4b}.k .z{fill:#4b222f}.y{fill:#fff2c4;stroke:#7d5d1e;stroke-linejoin:round}"
    # A film with specks of dirt; cream, the strokes in it, and the finger that spreads it.
    + ".i{fill:#3d2f1c}.x{stroke:#2a1a12;stroke-width:1.6}.f{fill:#9c8f74;opacity:.6}.j{fill:#ffcf4a;stroke:#7d5d1e}.m{fill:#bfe3f2;stroke:#2b6a86}.c{fill:#fffdf6;stroke:#9b8a6e}"
    + ".q{fill:none;stroke:#9b8a6e;stroke-width:1.6;stroke-linecap:round}"
)
# On both sides of the streak where it is wiped off.
FILM = "M0 50V12A12 12 0 0 1 12 0H94a12 12 0 0 1 12 12V18Q50 24 0 50zM0 84Q56 54 106 50V94a12 12 0 0 1-12 12H12A12 12 0 0 1 0 94z"


class Skin:
    """The spots of one tile. What is of one kind becomes one path, so that forty bumps stay a small
    file.
    """

    LAYERS = (
        "z", "f", "i", "h", "d", "s", "r", "ll", "w", "y", "j", "m", "k", "o", "c", "nl", "q", "s x", "l x"
    )  # fmt: skip

    def __init__(self) -> None:
        self.layers = dict.fromkeys(self.LAYERS, "")

    def add(self, kind: str, d: str) -> Skin:
        self.layers[kind] += d
        return self

    def bump(self, x: float, y: float, r: float, kind: str = "s") -> Skin:
        """Something raised: a shade below it, a light above it."""
        q = 0.6 * r
        light = (
            f"M{num(x - q)} {num(y - 0.1 * r)}a{num(q)} {num(q)} 0 0 1 {num(q)} {num(-q + 0.1 * r)}"
        )
        return (
            self.add("d", ring(x + 0.18 * r, y + 0.26 * r, 1.08 * r))
            .add(kind, ring(x, y, r))
            .add("ll", light)
        )

    def head(self, x: float, y: float, r: float, kind: str = "w") -> Skin:
        return self.add(kind, ring(x, y, r))

    def sore(self, x: float, y: float, r: float, head: float = 0) -> Skin:
        """A swollen spot, the changed skin around it, and a white head if it has one."""
        self.add("h", ring(x, y, 1.7 * r)).bump(x, y, r, "r")
        return self.head(x, y, head) if head else self

    def hair(self, x: float, y: float, lean: float = 7) -> Skin:
        return self.add("nl", f"M{num(x)} {num(y)}q{num(lean / 4)}-8 {num(lean)}-14")

    def flake(self, x: float, y: float, flip: int = 1) -> Skin:
        """A thin flake, curled at its ends."""
        return self.add(
            "y",
            f"M{x - 10} {y + 3 * flip}q4 {-13 * flip} 21 {-6 * flip}q-5 {10 * flip}-21 {6 * flip}z",
        )

    def draw(self) -> str:
        return "".join(path(kind, d) for kind, d in self.layers.items())


def acne() -> Skin:
    skin = Skin()
    for x, y, r, head in ((31, 33, 9, 4), (77, 64, 10, 0), (28, 82, 7.5, 3.4)):
        skin.sore(x, y, r, head)
    for x, y, r in ((62, 24, 5), (51, 57, 4.6), (84, 93, 4.6)):
        skin.bump(x, y, r).head(x, y, 0.6 * r)
    for x, y, r in ((88, 28, 4.6), (55, 89, 4.6)):
        skin.bump(x, y, r).head(x, y, 0.55 * r, "k")
    return skin


def folliculitis() -> Skin:
    skin = Skin()
    for x, y, head, lean in (
        (25, 32, 2.8, 7), (56, 25, 0, 7), (85, 38, 2.8, -6), (41, 58, 2.8, 6), (71, 66, 0, 8), (22, 85, 0, -6), (51, 91, 2.8, 6), (87, 92, 2.6, 6),
    ):  # fmt: skip
        skin.sore(x, y, 5, head).hair(x, y - head, lean)
    return skin


def follicular_keratosis() -> Skin:
    """Rough bumps, close to each other, each with a hard tip."""
    skin = Skin()
    for row in range(4):
        for column in range(4 - row % 2):
            x = 19 + 23 * column + 11 * (row % 2)
            y = 20 + 22 * row
            skin.bump(x, y, 7)
            skin.add("y", f"M{num(x - 3)} {num(y)}l1-3 3-1.5 3 2-.5 3-3.5 1z")
    return skin


def keratin_build_up() -> Skin:
    """Small bumps with a white top."""
    skin = Skin()
    for x, y in ((28, 28), (70, 24), (50, 54), (84, 62), (26, 80), (66, 88)):
        skin.bump(x, y, 8.5).head(x, y, 4.6)
    return skin


def excess_sebum() -> Skin:
    """A soft shine, and drops of oil."""
    skin = Skin()
    skin.add("o", "M8 40q30-34 90-34l0 10q-58 0-84 32zM12 66q34-34 86-34l0 6q-48 0-80 34z")
    for x, y in ((40, 74), (74, 60), (62, 92)):
        skin.add("j", f"M{x - 8} {y}q0-6 8-16 8 10 8 16a8 8 0 0 1-16 0z")
    return skin


def blocked_ducts() -> Skin:
    """Firm bumps with a yellow grain inside."""
    skin = Skin()
    for x, y in ((30, 34), (74, 30), (52, 66), (86, 82), (22, 86)):
        skin.bump(x, y, 10).head(x, y, 5.4, "j")
    return skin


def seborrheic_dermatitis() -> Skin:
    skin = Skin().add("z", "M18 52q-4-28 26-34 28-10 42 10 16 18 6 42-10 22-38 20-32-2-36-38z")
    for x, y, flip in (
        (36, 38, 1),
        (62, 28, -1),
        (80, 48, 1),
        (53, 54, -1),
        (36, 70, 1),
        (68, 76, -1),
    ):
        skin.flake(x, y, flip)
    return skin


def incomplete_cleansing() -> Skin:
    """A film with specks of dirt, wiped off in one streak, and drops of sweat."""
    skin = Skin().add("f", FILM)
    for x, y in (
        (14, 16), (30, 28), (50, 10), (76, 10), (10, 36), (22, 88), (48, 96), (60, 76), (78, 66), (94, 96), (70, 90), (98, 64),
    ):  # fmt: skip
        skin.add("i", ring(x, y, 1.6))
    for x, y in ((92, 16), (42, 22), (36, 86), (84, 82)):
        skin.add("m", f"M{x - 5} {y}q0-4 5-10 5 6 5 10a5 5 0 0 1-10 0z")
    return skin


def heavy_skin_products() -> Skin:
    """A finger spreads thick cream; small bumps beside it."""
    skin = Skin()
    for x, y in ((20, 86), (40, 96), (18, 16), (86, 18)):
        skin.bump(x, y, 6)
    skin.add("c", "M8 44q6-20 30-18 24-6 36 6 12 16-6 26-18 8-34 4-24 4-26-18z")
    skin.add("q", "M18 40q16-10 44-4M16 50q18-8 42-2M26 58q14-4 30-2")
    skin.add("s x", "M94 106L52 64q-8-8 0-16t17-1L106 84V94a12 12 0 0 1-12 12z")
    return skin.add("l x", "M57 62q-5-6 0-10t10-1l4 4-10 11z")


def abscess() -> Skin:
    """One large, sore lump with pus in the middle."""
    skin = Skin().add("h", ring(53, 55, 45)).bump(53, 53, 30, "r").head(53, 50, 10)
    return skin.add("y", ring(53, 50, 5.5))


SURFACES = {
    "acne": acne(),
    "folliculitis": folliculitis(),
    "follicular-keratosis": follicular_keratosis(),
    "keratin-build-up": keratin_build_up(),
    "excess-sebum": excess_sebum(),
    "blocked-sebaceous-ducts": blocked_ducts(),
    "seborrheic-dermatitis": seborrheic_dermatitis(),
    "incomplete-cleansing": incomplete_cleansing(),
    "heavy-skin-products": heavy_skin_products(),
    "abscess": abscess(),
}


def dome(r: float, tone: str, *, dot: bool) -> str:
    """A large, smooth lump under the skin; `dot`: with the pore of a cyst."""
    x = y = SIDE / 2
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{r}" fill="url(#{tone})"/>' + (
        path("k", ring(x, y - 3, 2.8)) if dot else ""
    )


def gradients() -> str:
    return (
        "<defs>"
        + "".join(
            f'<radialGradient id="{tone}" fx=".38" fy=".3"><stop stop-color="#{c["l"]}"/>'
            f'<stop offset=".45" stop-color="#{c["s"]}"/><stop offset=".86" stop-color="#{c["d"]}"/>'
            f'<stop offset="1" stop-color="#{c["s"]}"/>'
            "</radialGradient>"
            for tone, c in TONES.items()
        )
        + "</defs>"
    )


def tiles(draw: Callable[[str], str]) -> str:
    """Three tiles with the same spots, pale skin first; `draw` takes the key of the tone."""
    return "".join(
        f'<g class="{tone}" transform="translate({i * (SIDE + GAP)})">'
        f'<rect class="s" width="{SIDE}" height="{SIDE}" rx="12"/>{draw(tone)}</g>'
        for i, tone in enumerate(TONES)
    )


def surface(draw: Callable[[str], str], before: str = "") -> str:
    return svg(3 * SIDE + 2 * GAP, SIDE, SURFACE_STYLE, before + tiles(draw))


def files() -> dict[str, str]:
    """The name of each drawing and its text."""
    drawn = {name: surface(lambda tone, skin=skin: skin.draw()) for name, skin in SURFACES.items()}
    drawn["sebaceous-cyst"] = surface(lambda tone: dome(36, tone, dot=True), gradients())
    drawn["lipoma"] = surface(lambda tone: dome(46, tone, dot=False), gradients())
    return {f"{name}-surface": text for name, text in drawn.items()}
