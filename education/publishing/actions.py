"""The actions on documents: submit, publish, withdraw, cancel and restore.

The commands and the admin call these. Each is atomic, and raises ActionRefused with every reason at
once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education.audit.models import Action
from education.publishing import slow_work
from education.publishing.changes.classification import record_replacements
from education.publishing.checks.passed_checks import find_problems
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import (
    ActionRefused,
    Content,
    DocumentKey,
    Problem,
    raise_if_problems,
    sha256,
)
from education.publishing.models import Document, Edition, Publication, Recall
from education.publishing.workflow.audit_log import log_document_action
from education.publishing.workflow.corrections import Correction, freeze_correction
from education.publishing.workflow.four_eyes import four_eyes_problems
from education.publishing.workflow.freezing import freeze
from education.publishing.workflow.locks import lock_publishing
from education.publishing.workflow.pending import pending_edition, pending_if_unchanged
from education.publishing.workflow.reviews import recalled_message
from education.publishing.workflow.schedule import (
    Act,
    acts_cancelled_by_publication,
    acts_cancelled_by_withdrawal,
    scheduled_acts,
)

Progress = Callable[[int, int], None]


def submit(documents: Sequence[Document], *, note: str, by: User | None = None) -> list[Edition]:
    """Freeze working copies, to be reviewed and published later; all or none."""
    with transaction.atomic():
        lock_publishing()
        found: list[Problem] = []
        editions = []
        for document in documents:
            try:
                raise_if_problems(
                    [*_unchanged_problems(document, None), *_pending_problems(document)]
                )
                editions.append(freeze(document, note=note, by=by))
            except ActionRefused as refusal:
                found.extend(refusal.problems)
        raise_if_problems(found)
        for edition in editions:
            details = f"{edition.get_change_display()}: {edition.note}"
            log_document_action(Action.SUBMITTED, edition, by=by, details=details)
        return editions


def submit_correction(live: Edition, content: Content, *, note: str, by: User) -> Correction:
    """Freeze `content`, the text of the edition `live` with a correction, to be reviewed and
    published as any other. The draft keeps its changes and gets the correction.

    What waits for review is taken back: it lacks the correction.
    """
    with transaction.atomic():
        lock_publishing([live.document_id])
        if not Edition.objects.live().filter(pk=live.pk).exists():
            message = _("Readers do not see this edition any more.")
            raise ActionRefused(Problem(live.key, (), message))
        if sha256(content.to_data()) == live.sha256:
            message = _("Nothing has changed since the edition that readers see then.")
            raise ActionRefused(Problem(live.key, (), message))
        waiting = pending_edition(live.document)
        if waiting is not None and not waiting.change_requests.exists():
            reason = _(
                "What readers see was corrected. The draft has your changes and the correction: submit "
                "it again."
            )
            recall(waiting, reason=reason, by=by)
        correction = freeze_correction(live, content, note=note, by=by)
        edition = correction.edition
        details = _("Correction of edition {number}.").format(number=live.number)
        details = f"{details} {edition.get_change_display()}: {edition.note}"
        log_document_action(
            Action.SUBMITTED, edition, by=by, from_edition=live.number, details=details
        )
        return correction


def recall(edition: Edition, *, reason: str = "", by: User | None = None) -> Recall:
    """Take a submitted edition back, before it is decided on: it stays, and waits for nobody.

    The working copy keeps its words. Refused once the edition is scheduled, published or sent back.
    """
    with transaction.atomic():
        lock_publishing()
        found = []
        if Recall.objects.filter(edition=edition).exists():
            found.append(recalled_message())
        elif edition != pending_edition(edition.document):
            found.append(_("This does not wait any more: it was published or scheduled."))
        elif edition.change_requests.exists():
            found.append(_("A reviewer asked for changes. Change the text, and submit it again."))
        if len(reason.strip()) > 500:
            found.append(_("Use at most 500 characters."))
        raise_if_problems(Problem(edition.key, (), message) for message in found)
        taken_back = Recall(edition=edition, by=by, reason=reason.strip())
        taken_back.save()
        log_document_action(Action.RECALLED, edition, by=by, details=taken_back.reason)
        return taken_back


def publish(
    documents: Sequence[Document],
    *,
    note: str,
    by: User | None = None,
    at: datetime | None = None,
    editions: Sequence[Edition] = (),
    cancel_acts: Collection[int] | None = None,
    progress: Progress = lambda done, total: None,
) -> list[Publication]:
    """Publish documents together, in one act, now or `at` a later moment; all or none.

    The working copies of `documents` are frozen; `editions` go live as they are. `cancel_acts`: see
    `publish_editions`. `progress` is called with the number of frozen documents and their total.
    """
    with transaction.atomic():
        lock_publishing()
        new_editions: list[Edition] = []
        found: list[Problem] = [
            problem
            for edition in editions
            for problem in _unchanged_problems(edition.document, at, edition)
        ]
        for done, document in enumerate(documents, start=1):
            try:
                raise_if_problems(_unchanged_problems(document, at))
                new_editions.append(freeze(document, note=note, by=by))
            except ActionRefused as refusal:
                found.extend(refusal.problems)
            progress(done, len(documents))
        raise_if_problems(found)
        return publish_editions([*new_editions, *editions], by=by, at=at, cancel_acts=cancel_acts)


def publish_editions(
    editions: Sequence[Edition],
    *,
    by: User | None = None,
    at: datetime | None = None,
    cancel_acts: Collection[int] | None = None,
) -> list[Publication]:
    """Publish editions together, in one act, now or `at` a later moment; all or none.

    Scheduled acts that would replace them are cancelled; with `cancel_acts` (numbers of acts), only
    these of the acts about the same documents.
    """
    with transaction.atomic():
        lock_publishing()
        now, moment = _resolve_start(at, [edition.key for edition in editions])
        raise_if_problems(
            problem for edition in editions for problem in four_eyes_problems(edition, by)
        )
        raise_if_problems(
            Problem(edition.key, (), recalled_message())
            for edition in editions
            if edition.is_recalled
        )
        documents = {edition.document_id for edition in editions}
        live = Edition.objects.live(moment).filter(document__in=documents)
        numbers = dict(live.values_list("document", "number"))
        cancelled = _cancel_acts(
            acts_cancelled_by_publication(documents, moment, cancel_acts),
            by,
            _("Taken back: another edition is published."),
        )
        entries = [Publication(document_id=one.document_id, edition=one) for one in editions]
        _append_act(entries, at=moment, by=by, now=now)
        _validate_log(documents | cancelled, moment, {edition.pk for edition in editions})
        for edition in editions:
            log_document_action(
                Action.SCHEDULED if at else Action.PUBLISHED,
                edition,
                by=by,
                from_edition=numbers.get(edition.document_id),
                at=at,
            )
        return entries


def withdraw(
    document: Document,
    *,
    reason: str,
    redirect_to: Document | None = None,
    also: Iterable[Document] = (),
    by: User | None = None,
    at: datetime | None = None,
    urgent: bool = True,
) -> Publication:
    """Withdraw a document: its page answers with the `reason`, and a link to `redirect_to`.

    `also`: documents to withdraw in the same act. Scheduled acts that show one of them, or need
    one, are cancelled. `urgent`: exempt from four eyes, and recorded as urgent.
    """
    with transaction.atomic():
        lock_publishing()
        now, moment = _resolve_start(at, [document.key])
        removed = list({one.pk: one for one in (document, *also)}.values())
        live = {
            one.pk: Publication.objects.latest_for(one.key, one.language, moment) for one in removed
        }
        raise_if_problems(
            _withdrawal_problems(document, reason, redirect_to, removed, live, moment)
        )
        editions = {pk: entry.edition for pk, entry in live.items() if entry and entry.edition}
        raise_if_problems(
            problem
            for edition in editions.values()
            for problem in ([] if urgent else four_eyes_problems(edition, by))
        )
        cancelled = _cancel_acts(
            acts_cancelled_by_withdrawal(live.keys(), moment),
            by,
            _("Taken back: what it is about was withdrawn."),
        )
        entries = [
            Publication(document=one, reason=reason.strip(), redirect_to=redirect_to)
            for one in removed
        ]
        _append_act(entries, at=moment, by=by, now=now)
        _validate_log({*live, *cancelled}, moment)
        is_marked_urgent = urgent and at is None and by is not None
        for entry in entries:
            details = f"{_('Urgent.')} {entry.reason}" if is_marked_urgent else entry.reason
            edition = editions[entry.document_id]
            log_document_action(Action.WITHDRAWN, edition, by=by, at=at, details=details)
        return entries[0]


def cancel(*publications: Publication, by: User | None = None) -> None:
    """Cancel the scheduled acts of `publications`; refused once one of them has begun."""
    with transaction.atomic():
        lock_publishing()
        now = timezone.now()
        message = _("This is live already. Withdraw it, or publish another edition.")
        raise_if_problems(
            Problem(entry.document.key, (), message) for entry in publications if entry.at <= now
        )
        requested = {entry.pk for entry in publications}
        acts = [
            act for act in scheduled_acts() if any(entry.pk in requested for entry in act.entries)
        ]
        missing = requested - {entry.pk for act in acts for entry in act.entries}
        message = _("This was taken back already.")
        raise_if_problems(
            Problem(entry.document.key, (), message)
            for entry in publications
            if entry.pk in missing
        )
        _cancel_acts(acts, by)
        for act in acts:
            _validate_log(act.documents, act.at)


def _cancel_acts(acts: Iterable[Act], by: User | None, reason: str = "") -> set[int]:
    """Delete scheduled acts, with an audit entry for each member; returns the ids of documents."""
    documents: set[int] = set()
    for act in acts:
        for entry in act.entries:
            log_document_action(
                Action.CANCELLED,
                entry.edition,
                by=by,
                at=entry.at,
                document=entry.document,
                details=reason,
            )
            entry.delete()
        documents |= act.documents
    return documents


def restore(edition: Edition, by: User | None = None) -> None:
    """Replace the working copy by the content of `edition`; nothing changes for readers."""
    with transaction.atomic():
        edition.document.working_copy().load_content(edition.content, by)
        log_document_action(Action.RESTORED, edition, by=by)


def _pending_problems(document: Document) -> list[Problem]:
    pending = pending_if_unchanged(document)
    if pending is None:
        return []
    message = _("Nothing has changed since edition {number}, which is waiting.").format(
        number=pending.number
    )
    return [Problem(document.key, (), message)]


def _unchanged_problems(
    document: Document, at: datetime | None, edition: Edition | None = None
) -> list[Problem]:
    latest = Publication.objects.latest_for(document.key, document.language, at)
    new = edition.sha256 if edition else document.working_copy().content_hash()
    if latest and latest.edition and latest.edition.sha256 == new:
        message = _("Nothing has changed since the edition that readers see then.")
        return [Problem(document.key, (), message)]
    return []


def _withdrawal_problems(
    document: Document,
    reason: str,
    redirect_to: Document | None,
    removed: Sequence[Document],
    live: Mapping[int, Publication | None],
    moment: datetime,
) -> Iterator[Problem]:
    for one in removed:
        entry = live[one.pk]
        if entry is None or entry.is_withdrawal:
            yield Problem(
                one.key, (), _("Readers cannot see this then: there is nothing to withdraw.")
            )
    if not reason.strip():
        yield Problem(document.key, ("reason",), _("Write why, in words for readers."))
    if redirect_to and (
        redirect_to.pk in live
        or SiteSnapshot(moment).live_edition(redirect_to.key, redirect_to.language) is None
    ):
        yield Problem(
            document.key, ("redirect_to",), _("The page to send readers to is not live then.")
        )


def _resolve_start(at: datetime | None, keys: Sequence[DocumentKey]) -> tuple[datetime, datetime]:
    """The current time and the start of an act; refuses a start in the past for each of `keys`."""
    now = timezone.now()
    if at is not None and at <= now:
        raise_if_problems(
            Problem(key, ("at",), _("This time has passed. Choose a time to come, or publish now."))
            for key in keys
        )
    return now, at or now


def _append_act(
    entries: Iterable[Publication], *, at: datetime, by: User | None, now: datetime
) -> None:
    """Save `entries` as one new act of the publication log."""
    act = Publication.objects.next_act()
    for entry in entries:
        entry.act, entry.at, entry.by, entry.recorded_at = act, at, by, now
        entry.save(force_insert=True)


def _validate_log(changed: set[int], since: datetime, going_live: Collection[int] = ()) -> None:
    """Raise ActionRefused if a page affected by these documents breaks a rule at `since` or later.

    Then record which editions replace which.
    """
    later = (
        Publication.objects.upcoming(since).order_by("at").values_list("at", flat=True).distinct()
    )
    found: list[Problem] = []
    for moment in (since, *later):
        snapshot = SiteSnapshot(moment, going_live)
        found.extend(find_problems(snapshot, snapshot.affected_by(changed)))
    raise_if_problems(found)
    slow_work.raise_if_deferred()
    record_replacements(changed)
