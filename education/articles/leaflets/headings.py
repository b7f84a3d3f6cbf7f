"""What a heading of a leaflet says that its text is: a part of an article, or how urgent.

English only, as the leaflets of the clinics that asked for this. A heading that is not understood
loses nothing: its text is kept beside the draft.
"""

from __future__ import annotations

import re
from enum import Enum

from django.utils.translation import gettext_lazy as _

from education.urgency import Urgency


class Part(Enum):
    """The parts of an article, with the words that staff know them by."""

    SUMMARY = "summary", _("Summary")
    INTRODUCTION = "introduction", _("Introduction")
    ALSO_CALLED = "also_called", _("Also called")
    WARNING_SIGNS = "signs", _("Warning signs")
    CAUSES = "causes", _("Causes")
    DO = "do", _("Do")
    DO_NOT = "do_not", _("Do not")
    MAY_HELP = "may_suggest", _("What a doctor or pharmacist may suggest")
    SOURCES = "sources", _("Sources")
    EASY_WORDS = "in_easy_words", _("In easy words")

    def __init__(self, field: str, label: str):
        self.field = field
        self.label = label


class CausePart(Enum):
    """The texts of a cause."""

    WHAT_HAPPENS = "what_happens"
    LOOKS = "looks"
    SELF_CARE = "self_care"
    MAY_SUGGEST = "may_suggest"


_DOCTOR = r"(?:a |an |the |your |our )?(?:doctor|gp|nurse|pharmacist|clinic|midwife|specialist|health \w+|medical help|help|us)"
# The first that matches decides.
_PARTS: tuple[tuple[Part, str], ...] = (
    (Part.DO_NOT, r"do nots?|don'?t'?s?|what (?:you should )?not to do|(?:things )?(?:to|you should) (?:not do|avoid)|what (?:you should|to) avoid|avoid(?: this)?|never"),
    (Part.WARNING_SIGNS, rf"(?:warning|danger) signs?.*|red flags?.*|when (?:to|should (?:i|you)) (?:see|get|call|seek|go|contact|visit|ask|worry|phone|ring).*|(?:call|phone|ring|dial) .*|(?:get|seek) .*(?:help|care|attention|advice).*|(?:see|contact|visit|ask|book|make|arrange) {_DOCTOR}.*|(?:book|make|arrange) .*appointment.*|go to .*(?:emergency|hospital|a ?& ?e).*|(?:this is an )?emergency.*|urgent.*"),
    (Part.DO, r"dos?|do this.*|do|what (?:(?:you|i) )?(?:can|should|could) (?:(?:you|i) )?do(?: .*)?|what to do.*|self[- ]?care.*|(?:home|first) (?:care|aid|treatment).*|(?:care|treatment) at home|things (?:you|to) .*(?:do|try).*|how (?:you can|to|can you|can i) (?:help|look after|care for|ease|treat) .*|looking after .*|tips.*"),
    (Part.MAY_HELP, r"(?:what )?(?:may|might|can|could) help.*|treatments?.*|medicines?.*|what (?:a |your |the )?(?:doctor|gp|nurse|pharmacist).* (?:may|might|can|could|will) .*|how is .* treated.*|how (?:it|they) (?:is|are) treated.*"),
    (Part.CAUSES, r"(?:(?:possible|common|other|main|the) )*(?:causes?|reasons?)(?: .*)?|what (?:can |may |might )?causes? .*|what are the causes.*|why (?:does|do|did|is|am|are|it|they|you|people|have) .*"),
    (Part.SUMMARY, r"in (?:short|brief)|(?:a )?(?:short |quick )?summary|key (?:points|facts|messages)|the main points|at a glance"),
    (Part.ALSO_CALLED, r"(?:also|sometimes) (?:called|known as)|other names?(?: for .*)?"),
    (Part.SOURCES, r"sources?|references?|where (?:this|these|the) .* comes? from|further reading|adapted from|based on"),
    (Part.EASY_WORDS, r"in easy words|easy read|in simple words"),
    (Part.INTRODUCTION, r"introduction|overview|background|about(?: .*)?|what (?:is|are) .*|what it is|symptoms?.*|signs and symptoms|what (?:does|do) .* (?:look|feel) like.*|who gets .*"),
)  # fmt: skip
_PATTERNS = tuple((part, re.compile(pattern)) for part, pattern in _PARTS)
# Words that say which part follows and how urgent it is, and nothing about whom it is for.
_BARE_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    a about above adapted after ambulance an and any appointment are ask at attention avoid
    away background based be below book brief by call called can care cause caused causes
    clinic come comes common contact could danger day days department dial do doctor doctors
    does doing don dos easy emergency eased facts few find first flag flags following for
    from further get getting go gp happen happens have help helping helps here home hospital
    hour hours how i if immediate immediately in information introduction is it its key
    known last list look looking looks make main may me medical medicine medicines might
    must my name names need needs never no non not note notice now nurse of on one or other
    others our out overview pharmacist phone point points possible possibly read reading
    reason reasons red reference references right ring room routine s same see seek self
    short should sign signs simple some sometimes soon source sources special straight
    suggest summary symptom symptoms t take talk that the these they thing things this tips
    to today tonight treat treated treating treatment treatments try two urgent urgently us
    visit want warning week weeks what when where which who why will with within word words
    you your yourself 24 911 999 112 000 1 2
    """,
    )
)
_DENIED = re.compile(r"\b(?:not|never|no|non|don|avoid|without|stop)\b")
_NOT_URGENT = re.compile(r"\b(?:not|non)[ -]urgent\b")

_CAUSE_PARTS = (
    (CausePart.LOOKS, re.compile(r"(?:how (?:it|they|this) (?:looks?|feels?).*|what (?:it|they|this|does it|do they) (?:looks?|feels?)? ?.*like.*|symptoms?.*|signs?(?: and symptoms)?)")),
    (CausePart.SELF_CARE, re.compile(r"what (?:you |to |can )?(?:can |should )?(?:you )?do.*|self[- ]?care.*|do|home (?:care|treatment).*")),
    (CausePart.MAY_SUGGEST, re.compile(dict(_PARTS)[Part.MAY_HELP])),
    (CausePart.WHAT_HAPPENS, re.compile(r"what happens.*|what (?:it )?is.*|how .* (?:happens?|starts?|leads?).*|why.*|causes?.*")),
)  # fmt: skip

_EMERGENCY = re.compile(r"\bemergency\b|\bambulance\b|\b(?:911|999|112|000)\b")
_URGENT = re.compile(
    r"\b(?:today|same day|tonight|urgent|urgently|(?:right|straight) away|within 24 hours)\b"
)
_ROUTINE = re.compile(
    r"\b(?:appointment|soon|routine|within (?:a|one|two|1|2|a few) (?:week|day)s?)\b"
)
_NUMBERING = re.compile(r"^(?:\d{1,2}|[a-z]|[ivx]{1,4})[.):]\s+")


def simplified(words: str) -> str:
    """A heading for comparison: small letters, without numbering and marks at its ends."""
    text = " ".join(words.replace("’", "'").casefold().split())
    return _NUMBERING.sub("", text).strip(" :.?!–—-*•")


def find_part(words: str) -> Part | None:
    """The part of an article that a heading announces."""
    text = simplified(words)
    part = next((part for part, pattern in _PATTERNS if pattern.fullmatch(text)), None)
    # “Things you must not do” must never become what to do.
    return None if part is Part.DO and _DENIED.search(text) else part


def find_cause_part(words: str) -> CausePart | None:
    """The text of a cause that a heading announces."""
    text = simplified(words)
    return next((part for part, pattern in _CAUSE_PARTS if pattern.fullmatch(text)), None)


def says_more(words: str, title: str) -> bool:
    """Whether a heading says more than which part follows, such as for whom it is.

    “What to do” does not; “What to do for a baby” does, and must not be lost.
    """
    known = _BARE_WORDS | {word.removesuffix("s") for word in simplified(title).split()}
    found = re.findall(r"[^\W_]+", simplified(words))
    return any(word not in known and word.removesuffix("s") not in known for word in found)


def find_urgency(words: str) -> Urgency | None:
    """How urgent a heading says that the signs below it are; None if it does not say so clearly.

    It is never guessed: “see a doctor” and “immediately” can mean today or this month. Nor is it
    taken from words that say more, such as for whom, or that deny it.
    """
    text = simplified(words)
    if says_more(text, "") or _DENIED.search(_NOT_URGENT.sub("", text)):
        return None
    is_emergency, is_urgent, is_routine = (
        pattern.search(_NOT_URGENT.sub(" routine ", text)) is not None
        for pattern in (_EMERGENCY, _URGENT, _ROUTINE)
    )
    if is_emergency:
        return None if is_routine else Urgency.EMERGENCY
    if is_urgent:
        # “Make an appointment today” is for today.
        return Urgency.URGENT
    return Urgency.ROUTINE if is_routine else None
