"""The facets by which readers browse articles: the area of the body, and how it looks or feels.

A closed list. A key is part of URLs and of content files, so its meaning never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Area = Literal[
    "scalp",
    "face",
    "mouth",
    "neck",
    "chest",
    "back",
    "belly",
    "arms",
    "hands",
    "groin",
    "buttocks",
    "legs",
    "feet",
]
Look = Literal[
    "small-bumps",
    "lump-under-the-skin",
    "fluid-or-pus",
    "white-or-yellow-spots",
    "dark-spots",
    "rough-skin",
    "flaky-skin",
    "rash",
    "oily-skin",
    "dry-skin",
    "blisters",
    "itching",
    "soreness",
]

AREAS: Mapping[str, str | Promise] = {
    "scalp": _("Head and scalp"),
    "face": _("Face"),
    "mouth": _("Mouth and lips"),
    "neck": _("Neck"),
    "chest": _("Chest"),
    "back": _("Back"),
    "belly": _("Belly"),
    "arms": _("Arms and armpits"),
    "hands": _("Hands"),
    "groin": _("Groin"),
    "buttocks": _("Buttocks"),
    "legs": _("Legs"),
    "feet": _("Feet"),
}
LOOKS: Mapping[str, str | Promise] = {
    "small-bumps": _("Small bumps"),
    "lump-under-the-skin": _("A lump under the skin"),
    "fluid-or-pus": _("Fluid or pus comes out"),
    "white-or-yellow-spots": _("White or yellow spots"),
    "dark-spots": _("Dark spots"),
    "rough-skin": _("Rough skin"),
    "flaky-skin": _("Flaky skin"),
    "rash": _("A rash"),
    "oily-skin": _("Oily skin"),
    "dry-skin": _("Dry skin"),
    "blisters": _("Blisters"),
    "itching": _("Itching"),
    "soreness": _("Sore or painful skin"),
}


class Facet(NamedTuple):
    """A body area or a look, such as "area/back"."""

    group: str
    value: str

    def __str__(self) -> str:
        return f"{self.group}/{self.value}"

    @property
    def name(self) -> str | Promise:
        return LABELS[self.group][self.value]


LABELS: Mapping[str, Mapping[str, str | Promise]] = {"area": AREAS, "look": LOOKS}


class FacetConverter:
    """A facet as two segments of a URL path."""

    regex = "|".join(f"{group}/{value}" for group, labels in LABELS.items() for value in labels)

    def to_python(self, value: str) -> Facet:
        return Facet(*value.split("/"))

    def to_url(self, value: Facet) -> str:
        return str(value)
