"""The drawings that come with the site, with their alternative texts.

`bin/draw_illustrations.py` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

IllustrationName = Literal[
    "",
    "healthy-skin",
    "back",
    "white-discharge",
    "small-bumps",
    "look-at-your-back",
    "glass-test",
    "warm-cloth",
    "excess-sebum",
    "keratin-build-up",
    "folliculitis",
    "sebaceous-cyst",
    "acne",
    "incomplete-cleansing",
    "heavy-skin-products",
    "follicular-keratosis",
    "blocked-sebaceous-ducts",
    "seborrheic-dermatitis",
    "abscess",
    "lipoma",
]


@dataclass(frozen=True)
class Picture:
    """One drawing: its file, its size in pixels, and what it tells in words."""

    name: str
    alt_text: str | Promise
    width: int
    height: int

    @property
    def static_path(self) -> str:
        """The file among the static files."""
        return f"pictures/{self.name}.svg"

    def read_svg(self) -> str:
        return (settings.BASE_DIR / "static" / self.static_path).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Illustration:
    """What staff choose: a cause as skin from above (`surface`) and cut through (`section`), or one
    drawing of a whole scene. `caption` says what to do with it; for a drawing of how to do
    something, the steps. `opening_caption`: a shorter one, where it opens a page that has them.
    """

    name: str
    label: str | Promise
    surface: Picture | None = None
    section: Picture | None = None
    scene: Picture | None = None
    caption: str | Promise = ""
    opening_caption: str | Promise = ""

    @property
    def first(self) -> Picture | None:
        """The drawing that opens a page."""
        return self.scene or self.surface or self.section

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All of its drawings."""
        return tuple(one for one in (self.scene, self.surface, self.section) if one)


def _of_cause(
    name: str, label: Promise | str, surface: Promise | str, section: Promise | str
) -> Illustration:
    return Illustration(
        name,
        label,
        surface=Picture(f"{name}-surface", surface, 264, 85),
        section=Picture(f"{name}-section", section, 264, 152),
        caption=_(
            "It can look like this. Find the skin that is most like yours. A picture cannot tell you "
            "what you have."
        ),
    )


def _scene(
    name: str,
    label: Promise | str,
    alt_text: Promise | str,
    width: int,
    height: int,
    caption: Promise | str = "",
    opening_caption: Promise | str = "",
) -> Illustration:
    return Illustration(
        name,
        label,
        scene=Picture(name, alt_text, width, height),
        caption=caption,
        opening_caption=opening_caption,
    )


def _build_registry(*illustrations: Illustration) -> Mapping[str, Illustration]:
    return {illustration.name: illustration for illustration in illustrations}


ILLUSTRATIONS = _build_registry(
    Illustration(
        "healthy-skin",
        _("Healthy skin, cut through"),
        section=Picture(
            "healthy-skin-section",
            _(
                "Healthy skin, cut through. A hair grows out of an open pore. An oil gland lies "
                "beside it."
            ),
            264,
            152,
        ),
    ),
    _scene(
        "back",
        _("A back, and where things sit"),
        _(
            "A back. Pimples and a flaky rash are marked beside the shoulder blades, a lump at the "
            "neck and one lower down, rough bumps on the upper arms, and hair bumps above the waist. "
            "Each can also be somewhere else, so the place does not tell you what it is."
        ),
        264,
        128,
        _("Note where your lump is, and show a doctor."),
    ),
    _scene(
        "white-discharge",
        _("White stuff from a spot on the back"),
        _(
            "A back with a few spots. Close-ups on pale, brown, and black skin show a swollen spot "
            "with white stuff on top."
        ),
        264,
        113,
        _("Leave spots like these alone."),
    ),
    _scene(
        "small-bumps",
        _("Small bumps on the back"),
        _(
            "A back with small bumps. Close-ups on pale, brown, and black skin show many small, firm "
            "bumps."
        ),
        264,
        113,
        _("Show bumps like these to a doctor."),
    ),
    _scene(
        "look-at-your-back",
        _("How to look at your own back"),
        _(
            "A person stands with the back to a mirror on the wall, holds a small mirror in front, "
            "and sees the back in it."
        ),
        264,
        139,
        _(
            "Stand with your back to a big mirror, in good light. Hold a small mirror in front of "
            "you, and look over your shoulder into it. Or ask someone you trust to look."
        ),
        opening_caption=_("Use two mirrors, in good light."),
    ),
    _scene(
        "glass-test",
        _("The glass test for a rash"),
        _(
            "A clear glass pressed on a rash, on pale and on black skin. Above, the spots under the "
            "glass fade. Below, they stay: call for help now."
        ),
        264,
        234,
        _(
            "Press a clear glass against the rash, and look through it. If the spots do not fade, "
            "call for emergency help now."
        ),
    ),
    _scene(
        "warm-cloth",
        _("A warm cloth on the skin"),
        _("A hand holds a clean, warm cloth on the skin for 10 minutes."),
        264,
        173,
        _("Hold a clean, damp cloth on it, warm but not hot, for 10 minutes."),
    ),
    _of_cause(
        "excess-sebum",
        _("Excess sebum: too much oil"),
        _("On pale, brown, and black skin: shiny skin with drops of oil."),
        _("Skin cut through. A large gland fills the pore with oil, and a drop stands on top."),
    ),
    _of_cause(
        "keratin-build-up",
        _("Keratin build-up: a plug of dead skin"),
        _("On pale, brown, and black skin: small bumps, some with a white top."),
        _("Skin cut through. Flakes of dead skin block the pore, and oil collects behind them."),
    ),
    _of_cause(
        "folliculitis",
        _("Folliculitis: a sore hair pocket"),
        _(
            "On pale, brown, and black skin: sore bumps, each with a hair, some with a white top. Red "
            "on pale skin, purple or darker on brown and black skin."
        ),
        _(
            "Skin cut through. The hair pocket is wide and full of pus and germs. The skin around it "
            "is sore."
        ),
    ),
    _of_cause(
        "sebaceous-cyst",
        _("Sebaceous cyst: a sac under the skin"),
        _("On pale, brown, and black skin: one round, smooth lump with a tiny dark dot."),
        _(
            "Skin cut through. A closed sac full of soft paste lifts the skin. Its opening is "
            "blocked."
        ),
    ),
    _of_cause(
        "acne",
        _("Acne: a plugged, swollen pore"),
        _(
            "On pale, brown, and black skin: swollen spots, whiteheads, and blackheads. The spots are "
            "red on pale skin, and purple or darker on brown and black skin."
        ),
        _(
            "Skin cut through. A plug closes the pore. Oil and germs collect under it, and the skin "
            "swells."
        ),
    ),
    _of_cause(
        "incomplete-cleansing",
        _("Incomplete cleansing: a film on the skin"),
        _(
            "On pale, brown, and black skin: a dull film with specks of dirt and drops of sweat. One "
            "streak is wiped clean."
        ),
        _(
            "Skin cut through. A thin film of sweat, oil, and dirt lies on the skin and across the "
            "pore. The pore below is free."
        ),
    ),
    _of_cause(
        "heavy-skin-products",
        _("Heavy skin products: a layer of cream"),
        _("On pale, brown, and black skin: a finger spreads thick cream beside small bumps."),
        _("Skin cut through. A thick layer of cream lies on the skin and covers the pore."),
    ),
    _of_cause(
        "follicular-keratosis",
        _("Follicular keratosis: hard plugs"),
        _("On pale, brown, and black skin: many tiny, rough bumps with hard tips, side by side."),
        _(
            "Skin cut through. A hard plug fills the pore and makes a bump. A curled hair is trapped "
            "below it."
        ),
    ),
    _of_cause(
        "blocked-sebaceous-ducts",
        _("Blocked sebaceous ducts: trapped oil"),
        _("On pale, brown, and black skin: small bumps with a yellow middle."),
        _(
            "Skin cut through. The narrow tube of the oil gland is blocked, and oil is trapped in the "
            "gland. The pore itself is free."
        ),
    ),
    _of_cause(
        "seborrheic-dermatitis",
        _("Seborrheic dermatitis: greasy flakes"),
        _("A patch with yellowish flakes: pink on pale skin, darker on brown and black skin."),
        _(
            "Skin cut through. Greasy flakes lift off the skin, with yeast between them. The skin "
            "below is sore."
        ),
    ),
    _of_cause(
        "abscess",
        _("Abscess: a pocket of pus"),
        _(
            "One large, swollen lump with a pale middle. The skin around it is red on pale skin, and "
            "purple or darker on brown and black skin."
        ),
        _(
            "Skin cut through. A pocket full of pus and germs lifts the skin. Around it, it is sore."
        ),
    ),
    _of_cause(
        "lipoma",
        _("Lipoma: a soft lump of fat"),
        _("On pale, brown, and black skin: one round, smooth lump in the color of the skin."),
        _("Skin cut through. A soft lump of fat in a thin shell lies under the skin and lifts it."),
    ),
)
LABELS: Mapping[str, str | Promise] = {
    name: illustration.label for name, illustration in ILLUSTRATIONS.items()
}
HEALTHY_SKIN = ILLUSTRATIONS["healthy-skin"]
NO_ILLUSTRATION = Illustration("", "")


def get_illustration(name: str) -> Illustration:
    """The illustration of this name; one without drawings where there is none."""
    return ILLUSTRATIONS.get(name, NO_ILLUSTRATION)
