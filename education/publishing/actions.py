"""What can be done to documents: freeze, publish, withdraw, cancel. The commands and the admin call
these.

Every function works wholly or not at all, and raises `Refused` with every reason at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education import markdown
from education.audit.models import Action
from education.publishing import hooks
from education.publishing.changes.classification import (
    compare_with_editions,
    overall_change,
    record_replacements,
)
from education.publishing.checks import publication_checks
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import (
    ActionRefused,
    Content,
    DocumentKey,
    Problem,
    markdown_texts,
    raise_if_problems,
    sha256,
)
from education.publishing.edition_names import build_names
from education.publishing.models import (
    Document,
    Edition,
    EditionDependency,
    EditionFacet,
    EditionName,
    Publication,
)
from education.publishing.workflow.audit_log import log_document_action
from education.publishing.workflow.four_eyes import four_eyes_problems
from education.publishing.workflow.locks import lock_publishing
from education.publishing.workflow.pending import get_dependencies, pending_if_unchanged
from education.publishing.workflow.schedule import (
    Act,
    acts_cancelled_by_publication,
    acts_cancelled_by_withdrawal,
    scheduled_acts,
)

OptionalUser = User | None
Progress = Callable[[int, int], None]


def freeze(document: Document, *, note: str, by: OptionalUser = None) -> Edition:
    """The working copy of `document` as a new edition that nothing changes any more.

    What it changes for readers is found out by the program; see `classification`.
    """
    with transaction.atomic():
        lock_publishing()
        content = document.working_copy().content()
        raise_if_problems(_note_problems(document.key, note))
        # Words for the search and for lists can be taken only from texts that can be read.
        raise_if_problems(
            publication_checks.check_markdown_renders(
                Edition.unsaved(document, content), SiteSnapshot(timezone.now())
            )
        )
        used = get_dependencies(document, content)
        newest = document.editions.order_by("-number").values_list("number", flat=True).first() or 0
        now = Document.objects.only("lock_version", "edited_by").get(pk=document.pk)
        edition = Edition(
            document=document,
            number=newest + 1,
            schema=content.SCHEMA,
            data=content.to_data(),
            sha256=sha256(content.to_data()),
            lock_version=now.lock_version,
            change=overall_change(compare_with_editions(document, content)),
            note=note.strip(),
            frozen_by=by,
            edited_by_id=now.edited_by_id,
            heading=content.heading,
            synonyms=list(content.synonyms),
            abstract=content.abstract,
            search_text=search_text(content),
        )
        edition.save()
        EditionDependency.objects.bulk_create(
            EditionDependency(edition=edition, document=part) for part in used
        )
        EditionFacet.objects.bulk_create(
            EditionFacet(edition=edition, facet=name) for name in content.facets()
        )
        EditionName.objects.bulk_create(build_names(edition))
        hooks.run_after_freeze(edition)
        return edition


def submit(documents: Sequence[Document], *, note: str, by: OptionalUser = None) -> list[Edition]:
    """Freeze working copies for somebody else to review, and later to publish; all or none."""
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


def publish(
    documents: Sequence[Document],
    *,
    note: str,
    by: OptionalUser = None,
    at: datetime | None = None,
    editions: Sequence[Edition] = (),
    cancel_acts: Collection[int] | None = None,
    progress: Progress = lambda done, total: None,
) -> list[Publication]:
    """Make a set live together, in one act, now or `at` a later moment; all or none.

    The working copies of `documents` are frozen for it; editions `frozen` before go live as they
    are. `cancel_acts`: see `publish_editions`.
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
    by: OptionalUser = None,
    at: datetime | None = None,
    cancel_acts: Collection[int] | None = None,
) -> list[Publication]:
    """Make frozen editions live together, in one act, now or `at` a later moment; all or none.

    What is scheduled and would replace them is taken back. `cancel_acts`: only these acts (numbers)
    are, of those that are about the same documents.
    """
    with transaction.atomic():
        lock_publishing()
        now, moment = _resolve_start(at, [edition.key for edition in editions])
        raise_if_problems(
            problem for edition in editions for problem in four_eyes_problems(edition, by)
        )
        documents = {edition.document_id for edition in editions}
        live = Edition.objects.live(moment).filter(document__in=documents)
        numbers = dict(live.values_list("document", "number"))
        ended = acts_cancelled_by_publication(documents, moment, cancel_acts)
        changed = documents | _cancel_acts(
            ended, by, _("Taken back: another edition is published.")
        )
        act = Publication.objects.next_act()
        entries = [
            Publication(
                act=act,
                document_id=edition.document_id,
                edition=edition,
                at=moment,
                by=by,
                recorded_at=now,
            )
            for edition in editions
        ]
        _append_to_log(entries, changed, moment, {edition.pk for edition in editions})
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
    by: OptionalUser = None,
    at: datetime | None = None,
    urgent: bool = True,
) -> Publication:
    """Take a document away from readers, who are told why and may be sent to another page.

    `also`: what is to be taken away at the same moment for the same reason, in one act. What is
    scheduled for any of them from then on is taken back, and what needs them. `urgent`: recorded as
    such, and nobody else has to look at it, where four eyes are asked for.
    """
    with transaction.atomic():
        lock_publishing()
        now, moment = _resolve_start(at, [document.key])
        gone = list({one.pk: one for one in (document, *also)}.values())
        live = {
            one.pk: Publication.objects.latest_for(one.key, one.language, moment) for one in gone
        }
        raise_if_problems(_withdrawal_problems(document, reason, redirect_to, gone, live, moment))
        editions = {pk: entry.edition for pk, entry in live.items() if entry and entry.edition}
        if not urgent:
            raise_if_problems(
                problem
                for edition in editions.values()
                for problem in four_eyes_problems(edition, by)
            )
        ended = acts_cancelled_by_withdrawal(live.keys(), moment)
        changed = {
            *live,
            *_cancel_acts(ended, by, _("Taken back: what it is about was withdrawn.")),
        }
        act = Publication.objects.next_act()
        entries = [
            Publication(
                act=act,
                document=one,
                at=moment,
                by=by,
                reason=reason.strip(),
                send_to=redirect_to,
                recorded_at=now,
            )
            for one in gone
        ]
        _append_to_log(entries, changed, moment)
        is_marked_urgent = urgent and at is None and by is not None
        for entry in entries:
            details = f"{_('Urgent.')} {entry.reason}" if is_marked_urgent else entry.reason
            edition = editions[entry.document_id]
            log_document_action(Action.WITHDRAWN, edition, by=by, at=at, details=details)
        return entries[0]


def cancel(*publications: Publication, by: OptionalUser = None) -> None:
    """Take back what is scheduled, whole acts; raises ActionRefused once the moment of one has
    come.
    """
    with transaction.atomic():
        lock_publishing()
        now = timezone.now()
        message = _("This is live already. Withdraw it, or publish another edition.")
        raise_if_problems(
            Problem(entry.document.key, (), message) for entry in publications if entry.at <= now
        )
        wanted = {entry.pk for entry in publications}
        acts = [act for act in scheduled_acts() if any(entry.pk in wanted for entry in act.entries)]
        gone = wanted - {entry.pk for act in acts for entry in act.entries}
        message = _("This was taken back already.")
        raise_if_problems(
            Problem(entry.document.key, (), message) for entry in publications if entry.pk in gone
        )
        _cancel_acts(acts, by)
        for act in acts:
            _validate_affected_pages(act.documents, act.at)
            record_replacements(act.documents)


def _cancel_acts(acts: Iterable[Act], by: OptionalUser, reason: str = "") -> set[int]:
    """Delete scheduled acts, each member with an entry of the audit list; the documents (keys) of
    them.
    """
    found: set[int] = set()
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
        found |= act.documents
    return found


def restore(edition: Edition, by: OptionalUser = None) -> None:
    """Put the text of `edition` back into the working copy. Readers see nothing of it yet."""
    with transaction.atomic():
        edition.document.working_copy().load_content(edition.content, by)
        log_document_action(Action.RESTORED, edition, by=by)


def search_text(content: Content) -> str:
    """All words of a content as readers see them, for the search."""
    return "\n".join(markdown.plain_text(text.text) for text in markdown_texts(content))


def _pending_problems(document: Document) -> list[Problem]:
    waiting = pending_if_unchanged(document)
    if waiting is None:
        return []
    message = _("Nothing has changed since edition {number}, which is waiting.").format(
        number=waiting.number
    )
    return [Problem(document.key, (), message)]


def _note_problems(key: DocumentKey, note: str) -> list[Problem]:
    if not note.strip():
        return [Problem(key, ("note",), _("Write what changed, in words for readers."))]
    if len(note.strip()) > 500:
        return [Problem(key, ("note",), _("This note is too long. Use at most 500 characters."))]
    return [Problem(key, ("note",), text) for text in markdown.validate_plain_text(note)]


def _unchanged_problems(
    document: Document, at: datetime | None, edition: Edition | None = None
) -> list[Problem]:
    """A publication that changes nothing would only tell readers of a change that is none."""
    latest = Publication.objects.latest_for(document.key, document.language, at)
    new = edition.sha256 if edition else document.working_copy().content_hash()
    if latest and latest.edition and latest.edition.sha256 == new:
        return [
            Problem(
                document.key, (), _("Nothing has changed since the edition that readers see then.")
            )
        ]
    return []


def _withdrawal_problems(
    document: Document,
    reason: str,
    redirect_to: Document | None,
    gone: Sequence[Document],
    live: Mapping[int, Publication | None],
    moment: datetime,
) -> Iterator[Problem]:
    for one in gone:
        entry = live[one.pk]
        if entry is None or entry.is_withdrawal:
            yield Problem(
                one.key, (), _("Readers cannot see this then: there is nothing to withdraw.")
            )
    if not reason.strip():
        yield Problem(document.key, ("reason",), _("Write why, in words for readers."))
    is_gone = redirect_to is not None and redirect_to.pk in live
    if redirect_to and (
        is_gone or SiteSnapshot(moment).live_edition(redirect_to.key, redirect_to.language) is None
    ):
        yield Problem(
            document.key, ("send_to",), _("The page to send readers to is not live then.")
        )


def _resolve_start(at: datetime | None, keys: Sequence[DocumentKey]) -> tuple[datetime, datetime]:
    """Now, and when a publication begins; the past is written already."""
    now = timezone.now()
    if at is not None and at <= now:
        raise_if_problems(
            Problem(key, ("at",), _("This time has passed. Choose a time to come, or publish now."))
            for key in keys
        )
    return now, at or now


def _append_to_log(
    entries: Iterable[Publication],
    changed: set[int],
    moment: datetime,
    going_live: Collection[int] = (),
) -> None:
    for entry in entries:
        entry.save(force_insert=True)
    _validate_affected_pages(changed, moment, going_live)
    record_replacements(changed)


def _validate_affected_pages(
    changed: set[int], since: datetime, going_live: Collection[int] = ()
) -> None:
    """Raise Refused if a page that `changed` touches breaks a rule at `since` or at a
    later moment.
    """
    later = (
        Publication.objects.upcoming(since).order_by("at").values_list("at", flat=True).distinct()
    )
    found: list[Problem] = []
    for moment in (since, *later):
        snapshot = SiteSnapshot(moment, going_live)
        for edition in snapshot.affected_by(changed):
            found.extend(publication_checks.run_checks(edition, snapshot))
    raise_if_problems(found)
