"""Checks of wording: a clinician compares two editions word by word and finds the same advice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from education.audit.models import Action
from education.publishing.changes.classification import get_baseline
from education.publishing.content import Problem, raise_if_problems
from education.publishing.models import Change, Edition, WordingCheck
from education.publishing.review_inheritance import get_reviews
from education.publishing.workflow.audit_log import log_document_action
from education.publishing.workflow.four_eyes import four_eyes_problems
from education.publishing.workflow.locks import lock_publishing


@dataclass(frozen=True)
class UncheckedEdition:
    """An edition whose change of wording no clinician has compared yet."""

    edition: Edition
    is_live: bool


def unchecked_editions(kinds: Collection[str]) -> list[UncheckedEdition]:
    """The live and pending editions of these kinds whose wording has to be compared.

    Live ones first, then by date, oldest first. Editions that were reviewed as a whole are left
    out. Two queries.
    """
    return _unchecked(Edition.objects.filter(document__kind__in=kinds))


def record_wording_check(
    edition: Edition, *, compared_with: Edition, by: User, shown_as: str
) -> WordingCheck:
    """Record that `by` compared two editions today and found the same advice.

    Raises ActionRefused, also if this comparison is no longer the one that is needed.
    """
    with transaction.atomic():
        lock_publishing()
        found = four_eyes_problems(edition, by)
        is_unchecked = bool(_unchecked(Edition.objects.filter(pk=edition.pk)))
        if not is_unchecked or get_baseline(edition.document, edition.number) != compared_with:
            message = _("This has changed since you opened the page. Look at it again.")
            found.append(Problem(edition.key, (), message))
        if not shown_as.strip():
            message = _("Write your name and title.")
            found.append(Problem(edition.key, ("shown_as",), message))
        elif len(shown_as.strip()) > 120:
            found.append(Problem(edition.key, ("shown_as",), _("Use at most 120 characters.")))
        raise_if_problems(found)
        check = WordingCheck(
            edition=edition,
            compared_with=compared_with,
            by=by,
            shown_as=shown_as.strip(),
            on=timezone.localdate(),
        )
        check.save()
        details = _("{name}. Compared with edition {number}.").format(
            name=check.shown_as, number=compared_with.number
        )
        log_document_action(Action.WORDING_CHECKED, edition, by=by, details=details)
        return check


def _unchecked(editions: QuerySet[Edition]) -> list[UncheckedEdition]:
    found = list(
        _with_changed_wording(editions).order_by("-is_live", "frozen_at", "pk").defer("search_text")
    )
    reviewed, unchecked = get_reviews(found)
    # Without any review, the check still decides whether printed handouts are valid.
    return [
        UncheckedEdition(edition, bool(edition.is_live))
        for edition in found
        if edition.pk in unchecked or not (edition.pk in reviewed or edition.is_checked)
    ]


def _with_changed_wording(editions: QuerySet[Edition]) -> QuerySet[Any]:
    """The live and newest editions with a change of wording since the last change of advice."""
    of_document = Edition.objects.filter(document=OuterRef("document"))
    newest = of_document.order_by("-number").values("pk")[:1]
    # What its author took back waits for nobody.
    upto = of_document.filter(number__lte=OuterRef("number"))
    checks = WordingCheck.objects.filter(
        edition__document=OuterRef("document"),
        edition__number__gte=OuterRef("last_wording"),
        edition__number__lte=OuterRef("number"),
    )
    return (
        editions.annotate(
            is_live=Case(
                When(pk__in=Edition.objects.live().values("pk"), then=Value(1)), default=Value(0)
            ),
            last_wording=_last_number(upto.filter(change=Change.CHECKED_TEXT)),
            last_advice=_last_number(upto.filter(change=Change.ADVICE)),
        )
        .filter(
            Q(is_live=1) | Q(pk=Subquery(newest), recall__isnull=True),
            last_wording__gt=F("last_advice"),
        )
        .annotate(is_checked=Exists(checks))
        .select_related("document")
    )


def _last_number(editions: QuerySet[Edition]) -> Coalesce:
    return Coalesce(Subquery(editions.order_by("-number").values("number")[:1]), 0)
