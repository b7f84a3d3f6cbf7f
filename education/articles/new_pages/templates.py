"""What a new article may start from: headings, rows and prompts. None states a fact.

Headings are text, and nothing is published while one has no words below it. Prompts are help beside
a field, and are never stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from education.urgency import Urgency

Words = str | Promise

# Two rows of warning signs for each level.
SIGN_LEVELS = tuple(
    level.key for level in (Urgency.EMERGENCY, Urgency.URGENT, Urgency.ROUTINE) for _row in range(2)
)


@dataclass(frozen=True)
class PageTemplate:
    """`headings` of the introduction, `prompts` by field, `cause_prompt`: what a cause is here.

    `signs`: the urgency of each empty row of warning signs; `cause_count`: empty rows of causes.
    """

    key: str
    label: Words
    about: Words
    headings: tuple[Words, ...] = ()
    prompts: Mapping[str, Words] = field(default_factory=dict)
    cause_prompt: Words = ""
    signs: tuple[str, ...] = SIGN_LEVELS
    cause_count: int = 1

    @property
    def introduction(self) -> str:
        """The headings, in Markdown, each with an empty line for its words."""
        return "\n\n".join(f"# {heading}" for heading in self.headings)


_CAUSES_ARE_REASONS = _(
    "Here: what it is for, one on each row, such as a complaint or an illness. Readers see them under "
    "“What may be the cause”."
)

TEMPLATES = (
    PageTemplate(
        key="symptom",
        label=_("A symptom"),
        about=_("Something that people notice, and that may have several causes."),
        headings=(
            _("How it may feel"),
            _("What a doctor or nurse will ask you"),
            _("How to keep it from coming back"),
        ),
        prompts={
            "title": _("Write what people say, not its medical name."),
            "summary": _("What it is, that it may have several causes, and what to do first."),
            "first_step": _("What helps everybody who has it, whatever the cause."),
            "do": _("What people can do at home, and when to ask a pharmacist."),
            "do_not": _("What makes it worse, or hides a sign."),
        },
        cause_prompt=_("One row for each cause. Begin with the most common one."),
        cause_count=3,
    ),
    PageTemplate(
        key="condition",
        label=_("A condition"),
        about=_("An illness or a skin problem that has a name."),
        headings=(
            _("Who gets it"),
            _("How it is found"),
            _("How long it lasts"),
            _("How to keep it from coming back"),
        ),
        prompts={
            "title": _("The everyday name. Put the medical one under “Also called”."),
            "summary": _("What it is, whom it affects, and what to do first."),
            "first_step": _("What everybody who has it should do first."),
            "do": _("What people can do at home, and when to ask a pharmacist."),
            "do_not": _("What makes it worse, or passes it on."),
        },
        cause_prompt=_("One row for each thing that brings it on. What helps stands there, too."),
        cause_count=3,
    ),
    PageTemplate(
        key="procedure",
        label=_("A procedure"),
        about=_("A test, a small operation, or another treatment that people come for."),
        headings=(
            _("Why it is done"),
            _("How to get ready"),
            _("What happens"),
            _("Afterwards"),
            _("What can go wrong"),
        ),
        prompts={
            "title": _("What people call it, such as “Having a mole removed”."),
            "summary": _("What is done, why, and how to get ready."),
            "first_step": _("What everybody should do before they come."),
            "do": _("Before it and afterwards: say which, in the order of the days."),
            "do_not": _("Before it and afterwards: say which."),
        },
        cause_prompt=_CAUSES_ARE_REASONS,
    ),
    PageTemplate(
        key="medicine",
        label=_("A medicine"),
        about=_("What people should know who use it. No doses: those are on its label."),
        headings=(
            _("What it is for"),
            _("Who should ask first"),
            _("How people use it"),
            _("What else it may do"),
            _("Other medicines"),
            _("Pregnancy and breastfeeding"),
        ),
        prompts={
            "title": _("The name on the box that most people know, without a brand."),
            "summary": _("What it is for, and whom to ask before using it."),
            "first_step": _("What everybody should do before they use it."),
            "do": _(
                "How to use and keep it. Write no doses: lead to the label and the pharmacist."
            ),
            "do_not": _("With what, and when, people should not use it."),
        },
        cause_prompt=_CAUSES_ARE_REASONS,
    ),
)
_BY_KEY = {template.key: template for template in TEMPLATES}


def get_template(key: str) -> PageTemplate | None:
    """The template with this key; None for an empty page."""
    return _BY_KEY.get(key)
