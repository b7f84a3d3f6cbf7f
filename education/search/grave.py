"""Grave words: whoever types one is first shown the checklists of warning signs.

A checklist is written in signs, not in names of illnesses: it says that a spot bleeds, and not "cancer". So
each row of the table has, before the colon, what readers type, and after it words by which signs may say it.
Of a name all words must be typed, in any order. The checklists that say most of the words after the colon
come first. A row is one text, so that a translation can name what its own readers type.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from education.search.index import Term
from education.search.words import Word, stems_of

TABLE = (
    _("cancer, canser, carcinoma, melanoma, malignant, tumor: bleeds, healed, changes, grows, lump"),
    _(
        "sepsis, septic, septicemia, blood poisoning, meningitis: "
        "confused, fever, breathe, blotchy, rash, faintness"
    ),
    _("chest pain, heart attack: breathe, breathing, faintness, heartbeat"),
    _("breathe, breathless, breathlessness, short breath, choking, suffocating: breathe, breathing"),
    _("stroke, unconscious, collapse, fainted, seizure: confused, slurred, faintness"),
    _("anaphylaxis, allergic shock, throat swelling: breathe, swelling, lips, tongue"),
    _("flesh eating, gangrene, necrotizing: black, blistering, pain, fever"),
)


def signs_of(words: list[Word], language: str) -> list[Term]:
    """The words of signs that a question means by its grave words; none for a question without them."""
    typed = {word.stem for word in words}
    found: dict[Term, None] = {}
    for row in TABLE:
        names, _colon, signs = str(row).partition(":")
        if any(typed.issuperset(stems) for name in names.split(",") if (stems := stems_of(name, language))):
            found.update(dict.fromkeys(Term(stem) for stem in stems_of(signs, language)))
    return list(found)
