"""The four levels of urgency, ordered, and their labels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Urgency(IntEnum):
    """How soon a person needs help; a larger number is more urgent."""

    SELF_CARE = 1
    ROUTINE = 2
    URGENT = 3
    EMERGENCY = 4

    @property
    def key(self) -> str:
        """The name used in content files, stored JSON and the `data-urgency` attribute."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def from_key(cls, key: str) -> Urgency:
        """The level named `key`; raises KeyError for an unknown name."""
        return BY_KEY[key]

    @property
    def labels(self) -> UrgencyLabels:
        """What readers see for this level."""
        return LABELS[self]


@dataclass(frozen=True)
class UrgencyLabels:
    """The texts of a level, and a shape that can be told apart in gray print."""

    label: str | Promise
    heading: str | Promise
    action: str | Promise
    shape: str


BY_KEY = {level.key: level for level in Urgency}
KEYS = tuple(level.key for level in sorted(Urgency, reverse=True))

LABELS = {
    Urgency.EMERGENCY: UrgencyLabels(
        label=_("Emergency"),
        heading=_("Call for emergency help now if:"),
        action=_("Call {number} now. Do not wait."),
        shape="octagon",
    ),
    Urgency.URGENT: UrgencyLabels(
        label=_("Urgent"),
        heading=_("Get medical help today if:"),
        action=_("Get medical help today. Do not wait until tomorrow."),
        shape="triangle",
    ),
    Urgency.ROUTINE: UrgencyLabels(
        label=_("See a doctor soon"),
        heading=_("Book a doctor's appointment if:"),
        action=_("Book an appointment with a doctor."),
        shape="square",
    ),
    Urgency.SELF_CARE: UrgencyLabels(
        label=_("Care at home"),
        heading=_("You can usually care for this at home if:"),
        action=_("You can start with care at home."),
        shape="circle",
    ),
}
