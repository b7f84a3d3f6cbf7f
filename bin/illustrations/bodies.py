"""A person seen from behind: the body map, and the first pictures of the articles."""

from __future__ import annotations

from collections.abc import Callable

from illustrations.shapes import FONT, INK, PALE, label, num, path, ring, svg
from illustrations.surfaces import SURFACE_STYLE, Skin

# Half an outline: from the neck down the outside of the arm, up its inside, down the side.
# Distances from the line of the spine, then down. The other half is its mirror, so that both sides
# are alike.
HALF = [
    ((-18, 66),),
    ((-18, 82), (-19, 92), (-36, 100)),
    ((-54, 108), (-68, 109), (-82, 116)),
    ((-101, 125), (-108, 144), (-109, 164)),
    ((-110, 188), (-114, 206), (-117, 230)),
    ((-120, 258), (-127, 286), (-130, 330)),
    ((-120, 330), (-110, 330), (-103, 330)),
    ((-99, 292), (-92, 262), (-90, 236)),
    ((-87, 216), (-78, 202), (-74, 178)),
    ((-72, 200), (-66, 222), (-62, 246)),
    ((-59, 264), (-62, 282), (-69, 300)),
    ((-71, 310), (-72, 320), (-73, 330)),
]
BACK_STYLE = (
    f".g{{fill:#e2efeb}}.s{{fill:#b67b53}}.d{{fill:#9c6440}}.n{{fill:#2b1d17}}.t{{fill:#0b4f4d}}.w{{fill:#fffaec}}.i,text{{fill:{INK}}}.j{{fill:#fff;stroke:{INK};stroke-width:1.6}}"
    f"g{{stroke:{INK};stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}}g .z,g .d,text{{stroke:none}}"
    ".l,.q,.x{fill:none}.q{stroke:#82502f;stroke-width:2.4}.w{stroke-width:1.5}.x{stroke-width:2}"
    f"text{{font:700 17px {FONT}}}"
    f"@media(prefers-color-scheme:dark){{.g{{fill:#16302f}}.l{{stroke:{PALE}}}.i,text{{fill:{PALE}}}.t{{fill:#3f8d86}}}}"
)


def outline(m: float) -> str:
    """The outline of a body around the line x = `m`."""

    def at(point: tuple[float, float], side: int) -> str:
        return f"{num(m + side * point[0])} {num(point[1])}"

    left = (
        "M"
        + at(HALF[0][0], 1)
        + "".join("C" + " ".join(at(p, 1) for p in piece) for piece in HALF[1:])
    )
    right = "L" + at(HALF[-1][2], -1)
    for i in range(len(HALF) - 1, 0, -1):
        right += "C" + " ".join(at(p, -1) for p in (HALF[i][1], HALF[i][0], HALF[i - 1][-1]))
    return left + right + "z"


def person(m: float) -> str:
    """A person seen from behind: body, head, and the lines that make it a back."""
    lines = f"M{m} 128v150"
    shades = ""
    for k in (-1, 1):

        def x(distance: float, k: int = k) -> str:
            return num(m + k * distance)

        lines += f"M{x(52)} 130Q{x(27)} 150 {x(42)} 190M{x(74)} 178Q{x(64)} 168 {x(62)} 152M{x(30)} 104Q{x(20)} 112 {x(17)} 126"
        shades += f"M{x(74)} 178Q{x(70)} 200 {x(66)} 222T{x(62)} 246Q{x(60)} 270 {x(69)} 300Q{x(50)} 268 {x(54)} 240T{x(74)} 178z"
    ears = path("s", ring(m - 31, 47, 6) + ring(m + 31, 47, 6))
    hair = path(
        "n",
        f"M{m - 30} 50C{m - 34} 8 {m + 34} 8 {m + 30} 50 {m + 28} 66 {m + 22} 76 {m + 16} 78Q{m} 84 {m - 16} 78C{m - 22} 76 {m - 28} 66 {m - 30} 50z",
    )
    trousers = path("t", f"M{m - 68} 302Q{m} 314 {m + 68} 302L{m + 74} 332H{m - 74}z")
    return path("s", outline(m)) + path("d", shades) + path("q", lines) + trousers + ears + hair


def cluster(x: float, y: float) -> str:
    """Pimples: white heads, close to each other."""
    return path(
        "w",
        "".join(
            ring(x + a, y + b, r)
            for a, b, r in ((0, 0, 4.4), (12, -7, 3.4), (13, 8, 4.4), (-10, 9, 3.6), (3, 15, 3.4))
        ),
    )


def lump(x: float, y: float) -> str:
    return path("w", ring(x, y, 8)) + path("i", ring(x, y, 2))


def rough(x: float, y: float) -> str:
    return path(
        "w",
        "".join(
            ring(x + a, y + b, 1.9)
            for b in range(0, 33, 8)
            for a in ((-6, 0, 6) if b % 16 else (-3, 4))
        ),
    )


def hair_bumps(x: float, y: float) -> str:
    places = [(x + a, y + b) for a, b in ((0, 0), (16, 4), (5, 16), (21, 20))]
    return path("x", "".join(f"M{num(a)} {num(b - 3)}q2-6 6-9" for a, b in places)) + path(
        "w", "".join(ring(a, b, 3.4) for a, b in places)
    )


def flakes(x: float, y: float) -> str:
    return path(
        "w",
        "".join(
            f"M{num(x + a)} {num(y + b)}l5-6 8 1 3 5-5 5-8-1z"
            for a, b in ((0, 0), (14, 9), (-4, 14), (11, 24))
        ),
    )


def back() -> str:
    """A body map. Nothing is marked on the line of the spine."""
    m = 180
    body = f'<g transform="translate({m} -6)scale(.56)">{person(0)}</g>'
    marks = (
        cluster(m + 30, 70)
        + lump(m + 17, 50)
        + lump(m - 22, 126)
        + rough(m - 55, 76)
        + rough(m + 55, 76)
        + flakes(m - 31, 76)
        + hair_bumps(m + 14, 122)
    )
    labels = (
        label(262, 36, "lump", (m + 21, 48))
        + label(280, 70, "pimples", (m + 42, 64))
        + label(274, 118, "hair bumps", (m + 32, 127))
        + label(92, 42, "flakes", (m - 28, 76), end=True)
        + label(84, 102, "rough", (m - 55, 98), end=True)
    )
    return svg(
        360, 174, BACK_STYLE, f"<g>{path('g z', 'M0 0H360V174H0z')}{body}{marks}{labels}</g>"
    )


def lens(tone: str, x: float, y: float, inside: str) -> str:
    """A round close-up of skin."""
    return f'<g class="{tone}">{path("s e", ring(x, y, 37))}{inside}</g>'


def white_stuff(x: float, y: float) -> str:
    """A swollen spot with white stuff on top."""
    spot = (
        path("h", ring(x, y + 6, 27))
        + path("d", ring(x + 3, y + 10, 19))
        + path("r", ring(x, y + 6, 18))
    )
    white = path(
        "w",
        f"M{num(x - 10)} {num(y + 7)}c-2-8 3-15 10-15s12 7 10 14c0 3 3 6 2 9-1 4-6 3-6-1 0-3-2-4-5-3-5 1-10 0-11-4z",
    )
    return spot + path("ll", f"M{num(x - 13)} {num(y + 6)}a13 13 0 0 1 5-10") + white


def firm_bumps(x: float, y: float) -> str:
    """Many small, firm bumps."""
    skin = Skin()
    for a, b in (
        (-20, -16),
        (0, -24),
        (20, -14),
        (-28, 4),
        (-8, -2),
        (12, 4),
        (28, 10),
        (-16, 20),
        (4, 24),
        (22, 26),
    ):
        skin.bump(x + a, y + b, 5)
    return skin.draw()


def first(inside: Callable[[float, float], str], spots: str, place: tuple[int, int]) -> str:
    """The first picture of a page: a back, and close-ups of what the page is about on three skin
    tones.
    """
    x, y = place
    style = (
        SURFACE_STYLE
        + f".g{{fill:#e2efeb}}.e,.u{{stroke:{INK};stroke-width:2}}.u{{fill:none}}.ll{{stroke-width:2.4}}"
        + f".v{{stroke:{INK};stroke-width:2.6;stroke-linejoin:round;stroke-linecap:round}}"
        + ".v .s{fill:#b67b53}.v .n{fill:#2b1d17}.v .d{fill:#9c6440;stroke:none}.v .t{fill:#0b4f4d}.q{fill:none;stroke:#82502f}"
        + f"@media(prefers-color-scheme:dark){{.g{{fill:#16302f}}.u{{stroke:{PALE}}}}}"
    )
    circles = (
        lens("p", 206, 39, inside(206, 37))
        + lens("b", 300, 62, inside(300, 60))
        + lens("k", 226, 114, inside(226, 112))
    )
    return svg(
        360, 154, style,
        path("g", "M0 0H360V154H0z")
        + f'<g class="v" transform="translate(-4 -4)scale(.6)">{person(160)}</g>'
        + path("w", spots)
        + path("u", ring(x, y, 10) + f"M{x + 9} {y - 5}L174 56M{x + 10} {y}L264 68M{x + 8} {y + 7}L190 106")
        + circles,
    )  # fmt: skip


def files() -> dict[str, str]:
    """The name of each drawing and its text."""
    spots = ring(119, 84, 4) + ring(129, 97, 3) + ring(62, 88, 3.4) + ring(70, 104, 3)
    bumps = (115, 80), (121, 79), (118, 86), (124, 86), (113, 88), (64, 86), (70, 88)
    more = (66, 93), (60, 93), (72, 95)
    return {
        "back": back(),
        "white-discharge": first(white_stuff, spots, (119, 84)),
        "small-bumps": first(
            firm_bumps, "".join(ring(x, y, 1.8) for x, y in (*bumps, *more)), (118, 83)
        ),
    }
