"""Finds reassuring sentences in texts for people in danger ("wait", "it is nothing").

They block publication until a reviewer has confirmed each one as safe. The confirmation is part of
the review and is valid as long as the review.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _

from education import markdown
from education.publishing.content import Path, Problem
from education.publishing.models import Edition
from education.publishing.review_inheritance import effective_reviews


@dataclass(frozen=True)
class Reassurance:
    """A sentence to confirm, its field and the urgency of its result."""

    path: Path
    urgency: str
    sentence: str

    @property
    def key(self) -> str:
        """The stored form; the same sentence in a more urgent result needs its own confirmation."""
        return f"{self.urgency}: {self.sentence}"


def find_reassurances(edition: Edition) -> list[Reassurance]:
    """Every sentence of an edition that needs a confirmation, in the order of its texts."""
    # Imported here, so that the start of the site does not load the word lists.
    from education.plain_language.reassurance import find_reassurance  # noqa: PLC0415

    found = []
    for urgency, text in edition.content.urgent_texts():
        with suppress(markdown.MarkdownLimitError):
            plain = markdown.plain_text(text.text, inline=text.inline)
            sentences = find_reassurance(plain, edition.document.language)
            found += [Reassurance(text.path, urgency, sentence) for sentence in sentences]
    return found


def reassurance_problems(edition: Edition) -> Iterator[Problem]:
    """One problem for each sentence that no valid review of the edition has confirmed."""
    found = find_reassurances(edition)
    confirmed = _get_confirmed(edition) if found else set()
    message = _(
        "“{sentence}” may tell people in danger to wait, or that it is nothing. Say it in another way, "
        "or let a reviewer confirm that it is safe here."
    )
    for one in found:
        if one.key not in confirmed:
            yield Problem(
                edition.key, one.path, message.format(sentence=one.sentence), can_be_confirmed=True
            )


def _get_confirmed(edition: Edition) -> set[str]:
    """The confirmations of the valid review; for an unsaved edition, of the newest edition."""
    frozen: Edition | None = edition
    if not edition.pk:
        document = edition.document
        editions = Edition.objects.of_kind(document.kind, document.language).filter(
            document__slug=document.slug
        )
        frozen = editions.order_by("-number").first()
    review = effective_reviews([frozen]).get(frozen.pk) if frozen else None
    return set(review.confirmed) if review else set()
