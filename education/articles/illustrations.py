"""The drawings that come with the site, with their alternative texts.

`bin/draw_illustrations.py` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

IllustrationName = Literal[
    "",
    "healthy-skin",
    "back",
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
]


@dataclass(frozen=True)
class Illustration:
    """A drawing. `name`: of its file; `label`: its name for staff."""

    name: str
    label: str | Promise
    alt_text: str | Promise

    # In CSS pixels, the same for all, so that a page reserves the space before one has loaded.
    WIDTH = 320
    HEIGHT = 220

    @property
    def static_path(self) -> str:
        return f"pictures/{self.name}.svg"


def _build_registry(*illustrations: Illustration) -> Mapping[str, Illustration]:
    return {illustration.name: illustration for illustration in illustrations}


ILLUSTRATIONS = _build_registry(
    Illustration(
        "healthy-skin",
        _("Healthy skin, cut through"),
        _(
            "Healthy skin, cut through. A hair grows out of a pocket in the skin. Its opening is the "
            "pore, and it is free. An oil gland sits beside the hair and opens into the pocket."
        ),
    ),
    Illustration(
        "back",
        _("A back, and where things sit"),
        _(
            "A back. Acne and greasy flakes are marked between the shoulder blades. Cysts are marked on "
            "the neck and beside the spine, rough bumps on the upper arms, and hair bumps lower down. Each "
            "can also be somewhere else, so the place does not tell you what it is."
        ),
    ),
    Illustration(
        "excess-sebum",
        _("Excess sebum: too much oil"),
        _("The oil gland is large. Oil fills the hair pocket and stands above the pore as a drop."),
    ),
    Illustration(
        "keratin-build-up",
        _("Keratin build-up: a plug of dead skin"),
        _(
            "Flakes of dead skin are stacked up in the pore. They make a plug, and oil collects behind it."
        ),
    ),
    Illustration(
        "folliculitis",
        _("Folliculitis: a sore hair pocket"),
        _(
            "The upper part of the hair pocket is wide and full of pus and germs. The skin around it is sore."
        ),
    ),
    Illustration(
        "sebaceous-cyst",
        _("Sebaceous cyst: a sac under the skin"),
        _(
            "A round, closed sac lies under the skin and lifts it. It is full of soft paste. Its "
            "opening is blocked."
        ),
    ),
    Illustration(
        "acne",
        _("Acne: a plugged, swollen pore"),
        _("A plug closes the pore. Oil and germs collect under it. The skin around it is swollen."),
    ),
    Illustration(
        "incomplete-cleansing",
        _("Incomplete cleansing: a film on the skin"),
        _(
            "A thin film of sweat, oil and dirt lies on the skin and across the pore. The pocket "
            "below is free."
        ),
    ),
    Illustration(
        "heavy-skin-products",
        _("Heavy skin products: a layer of cream"),
        _("A thick layer of cream lies on the skin. It covers the pore and reaches into it."),
    ),
    Illustration(
        "follicular-keratosis",
        _("Follicular keratosis: hard plugs"),
        _(
            "A hard plug of keratin fills the pore and makes a bump. A curled hair is trapped below it."
        ),
    ),
    Illustration(
        "blocked-sebaceous-ducts",
        _("Blocked sebaceous ducts: trapped oil"),
        _(
            "The narrow tube of the oil gland is blocked. Oil is trapped in the gland. The pore "
            "itself is free."
        ),
    ),
    Illustration(
        "seborrheic-dermatitis",
        _("Seborrheic dermatitis: greasy flakes"),
        _(
            "Greasy flakes lift off the skin, with yeast between them. The skin below the flakes is sore."
        ),
    ),
)
HEALTHY_SKIN = ILLUSTRATIONS["healthy-skin"]
