"""Finds what an edition changes: the editions to compare it with, on freezing and on going live.

The change is computed, because a wrong choice would keep a review, or a printed handout, valid that
no longer is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from education.publishing.changes.change_kinds import ChangeKind, ChangeReason, explain_change
from education.publishing.changes.vocabulary import Vocabulary, normalized_words
from education.publishing.content import Content, markdown_texts, sha256
from education.publishing.models import (
    Change,
    Document,
    Edition,
    Publication,
    Replacement,
    Review,
    WordingCheck,
)

# With more changed words than this, no correction of misspellings is assumed.
MAX_CHANGED_WORDS = 40


@dataclass(frozen=True)
class EditionComparison:
    """One edition that a new content was compared with, and the reasons found."""

    edition: Edition
    is_live: bool
    reasons: tuple[ChangeReason, ...]

    @property
    def change(self) -> Change:
        return _overall_change_of_reasons(self.reasons)


def compare_with_editions(document: Document, content: Content) -> list[EditionComparison]:
    """What `content` would change compared with earlier editions; empty for a first edition.

    Compared with the edition whose review it would inherit, with the live edition, and with the
    newest one, so that a pending change is not reverted unnoticed. Comparing with the reviewed
    edition, and not only with the previous one, catches a change made in many small steps.
    """
    newest = document.editions.order_by("-number").values_list("number", "pk").first()
    if newest is None:
        return []
    number, pk = newest
    live = set(Edition.objects.live().filter(document=document).values_list("pk", flat=True))
    baseline = get_baseline(document, number + 1)
    to_compare = {pk, *live, *([baseline.pk] if baseline else [])}
    editions = (
        Edition.objects.filter(pk__in=to_compare).select_related("document").order_by("-number")
    )
    return [
        EditionComparison(edition, edition.pk in live, reasons_between(edition, document, content))
        for edition in editions
    ]


def overall_change(comparisons: Iterable[EditionComparison]) -> Change:
    """The highest kind of change of `comparisons`; a first edition is all advice."""
    order = list(Change)
    found = [order.index(comparison.change) for comparison in comparisons]
    return order[max(found)] if found else Change.ADVICE


def get_baseline(document: Document, number: int) -> Edition | None:
    """The edition whose review the edition `number` of a document would inherit.

    The newest earlier one since the last change of advice that a clinician has reviewed or
    compared; if there is none, the edition with that change of advice itself.
    """
    earlier = document.editions.filter(number__lt=number)
    advice = earlier.filter(change=Change.ADVICE).order_by("-number").values("number")[:1]
    was_read = Exists(Review.objects.filter(edition=OuterRef("pk"))) | Exists(
        WordingCheck.objects.filter(edition=OuterRef("pk"))
    )
    chain = earlier.filter(number__gte=Coalesce(Subquery(advice), 0)).select_related("document")
    return chain.filter(was_read).order_by("-number").first() or chain.order_by("number").first()


def record_replacements(documents: Collection[int]) -> None:
    """Record the change for readers wherever one edition of these documents replaces another.

    Call it whenever their log has changed: an edition may replace another one than it was compared
    with on freezing, for example when a scheduled or an old edition goes live.
    """
    published = Publication.objects.filter(document__in=documents, edition__isnull=False)
    replacing: QuerySet[Any] = published.annotate_change()
    recorded = Replacement.objects.filter(
        edition=OuterRef("edition"), replaced=OuterRef("replaced")
    )
    missing = replacing.filter(~Exists(recorded), replaced__isnull=False).exclude(
        replaced=F("edition")
    )
    pairs = set(missing.values_list("replaced", "edition"))
    editions = Edition.objects.select_related("document").in_bulk(
        {pk for pair in pairs for pk in pair}
    )
    Replacement.objects.bulk_create(
        Replacement(
            replaced=editions[before],
            edition=editions[after],
            change=change_between(
                editions[before], editions[after].document, editions[after].content
            ),
        )
        for before, after in sorted(pairs)
    )


def change_between(before: Edition, document: Document, content: Content) -> Change:
    """The kind of change for readers of the edition `before` who read `content` next."""
    return _overall_change_of_reasons(reasons_between(before, document, content))


def reasons_between(
    before: Edition, document: Document, content: Content
) -> tuple[ChangeReason, ...]:
    """Why `content` is more than the text of the edition `before`; at most one query."""
    if before.sha256 == sha256(content.to_data()):
        return ()
    language = document.language
    reasons = explain_change(before.content, content, language=language, vocabulary=Vocabulary())
    if _overall_change_of_reasons(reasons) != Change.CHECKED_TEXT:
        return reasons
    # Only here do other texts matter: they show whether a word was a misspelling.
    vocabulary = _build_vocabulary(document, before.content, content)
    return explain_change(before.content, content, language=language, vocabulary=vocabulary)


def _overall_change_of_reasons(reasons: Iterable[ChangeReason]) -> Change:
    kind = max((reason.kind for reason in reasons), default=ChangeKind.SAME_TEXT)
    return Change(kind.value)


def _build_vocabulary(document: Document, before: Content, after: Content) -> Vocabulary:
    """The words of other live texts that contain a word which only one of the contents has."""
    words = _content_words(before) ^ _content_words(after)
    if not words or len(words) > MAX_CHANGED_WORDS:
        return Vocabulary()
    found = (
        Edition.objects.live()
        .filter(document__language=document.language)
        .exclude(document=document)
    )
    # Non-ASCII letters and apostrophes have several encodings: then every text is searched.
    if all(word.isascii() and word.isalpha() for word in words):
        has_one = Q()
        for word in words:
            has_one |= Q(search_text__icontains=word) | Q(heading__icontains=word)
        found = found.filter(has_one)
    return Vocabulary.from_texts(
        f"{heading}\n{text}" for heading, text in found.values_list("heading", "search_text")
    )


def _content_words(content: Content) -> set[str]:
    return {word for text in markdown_texts(content) for word in normalized_words(text.text)}
