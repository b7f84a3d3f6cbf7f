"""What paper says besides the texts of documents, as runs (`markdown.DataWriter`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education.clinic.models import Clinic
from education.publishing.composition import Composition, ReviewStatus
from education.references.content import Source
from education.references.templatetags.markdown_tags import publication_date

Runs = list[Any]
# Between sentences of which some end without a full stop.
EM_SPACE = "\u2003"


def step_runs(steps: Iterable[tuple[str, str]]) -> Runs:
    """Sentences with their numbers, which no line breaks."""
    runs: Runs = []
    for sentence, number in steps:
        before, placeholder, after = sentence.partition("{number}")
        if runs:
            runs.append(" ")
        runs.append(before)
        if placeholder:
            is_number = any(character.isdigit() for character in number)
            runs += [{"number": number} if is_number else number, after]
    return runs


def clinic_numbers(clinic: Clinic) -> list[dict[str, str]]:
    """The clinic's numbers, each with the words around its `{number}`."""
    numbers = (
        (_("Phone: {number}"), clinic.phone),
        (_("When we are closed: {number}"), clinic.out_of_hours_number),
    )
    return [{"words": words, "number": number} for words, number in numbers if number]


def review_runs(composition: Composition) -> Runs:
    """The state of the review, and the edition; as `includes/review_stamp.html` on pages."""
    edition, status = composition.edition, composition.review_status
    states = (
        list(_review_sentences(status))
        if status
        else [(_("Not yet reviewed by a clinician"), True)]
    )
    if edition.number:
        date = _date(edition.frozen_at)
        words = _("Edition %(number)s, %(date)s.") % {"number": edition.number, "date": date}
    else:
        words = _("Not published yet.")
    runs: Runs = []
    for sentence, is_state in states:
        runs += [{"strong": [sentence]} if is_state else sentence, EM_SPACE]
    return [*runs, words]


def _review_sentences(status: ReviewStatus) -> Iterator[tuple[str, bool]]:
    """Each sentence, and whether it is the state itself."""
    names, on = "; ".join(status.shown_as), _date(status.on)
    due = _date(status.next_due)
    if status.overdue:
        yield (
            _(
                "The review of this page is overdue. It was due on %(date)s. Check with a doctor or "
                "pharmacist before you rely on it."
            )
            % {"date": due},
            True,
        )
    if status.being_checked:
        yield _("Wording being checked"), True
        yield (
            _(
                "%(names)s reviewed this page on %(date)s. Some words have changed since. No clinician "
                "has compared them yet."
            )
            % {"names": names, "date": on},
            False,
        )
    else:
        yield _("Reviewed by %(names)s on %(date)s") % {"names": names, "date": on}, True
    if not status.overdue:
        yield _("Next review due on %(date)s.") % {"date": due}, False


def credit_runs(credits: Iterable[Source]) -> Runs:
    """What a page was adapted from; as `includes/credits.html` on pages."""
    runs: Runs = []
    for source in credits:
        words = _("Adapted from “%(title)s”") % {"title": source.title}
        date = publication_date(source.published) if source.published else ""
        words = ", ".join(filter(None, (words, source.publisher, source.author, date)))
        runs.append(f"{words}; " + _("not endorsed by it.") + " ")
    return runs


def source_runs(source: Source) -> Runs:
    """One source; as `includes/source.html` on pages."""
    words: Runs = [" – ".join(filter(None, (source.title, source.author, source.publisher)))]
    if source.url:
        words = [{"link": words, "to": source.url}]
    if source.published:
        words.append(f" – {publication_date(source.published)}")
    if source.withdrawn:
        words += [". ", {"strong": [_("Withdrawn:")]}, f" {source.withdrawn}"]
    return words


def _date(value: Any) -> str:
    return date_format(value, _("F j, Y"))
