"""What can be done to documents: freeze, publish, withdraw, cancel. The commands and the admin call these.

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
from education.publishing import freezing, rules
from education.publishing.classification import compare_with_editions, gravest, record_replacements
from education.publishing.content import (
    Content,
    DocumentKey,
    Problem,
    Refused,
    markdown_texts,
    refuse,
    sha256,
)
from education.publishing.locks import lock_publishing
from education.publishing.models import (
    Document,
    Edition,
    EditionDependency,
    EditionFacet,
    EditionName,
    Publication,
)
from education.publishing.names import names_of
from education.publishing.pending import used_documents, waits_unchanged
from education.publishing.permitting import problems_of_four_eyes
from education.publishing.recording import record
from education.publishing.scheduling import Act, ended_by_publication, ended_by_withdrawal, scheduled_acts
from education.publishing.site import SiteAt

Staff = User | None
Progress = Callable[[int, int], None]


def freeze(document: Document, *, note: str, by: Staff = None) -> Edition:
    """The working copy of `document` as a new edition that nothing changes any more.

    What it changes for readers is found out by the program; see `classification`.
    """
    with transaction.atomic():
        lock_publishing()
        content = document.working_copy().content()
        refuse(_problems_of_note(document.key, note))
        # Words for the search and for lists can be taken only from texts that can be read.
        refuse(rules.texts_can_be_shown(Edition.unfrozen(document, content), SiteAt(timezone.now())))
        used = used_documents(document, content)
        newest = document.editions.order_by("-number").values_list("number", flat=True).first() or 0
        now = Document.objects.only("lock_version", "edited_by").get(pk=document.pk)
        edition = Edition(
            document=document,
            number=newest + 1,
            schema=content.SCHEMA,
            data=content.plain(),
            sha256=sha256(content.plain()),
            lock_version=now.lock_version,
            change=gravest(compare_with_editions(document, content)),
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
        EditionName.objects.bulk_create(names_of(edition))
        freezing.frozen(edition)
        return edition


def submit(documents: Sequence[Document], *, note: str, by: Staff = None) -> list[Edition]:
    """Freeze working copies for somebody else to review, and later to publish; all or none."""
    with transaction.atomic():
        lock_publishing()
        found: list[Problem] = []
        editions = []
        for document in documents:
            try:
                refuse([*_problems_of_no_change(document, None), *_problems_of_waiting(document)])
                editions.append(freeze(document, note=note, by=by))
            except Refused as refusal:
                found.extend(refusal.problems)
        refuse(found)
        for edition in editions:
            details = f"{edition.get_change_display()}: {edition.note}"
            record(Action.SUBMITTED, edition, by=by, details=details)
        return editions


def publish(
    documents: Sequence[Document],
    *,
    note: str,
    by: Staff = None,
    at: datetime | None = None,
    frozen: Sequence[Edition] = (),
    take_back: Collection[int] | None = None,
    progress: Progress = lambda done, total: None,
) -> list[Publication]:
    """Make a set live together, in one act, now or `at` a later moment; all or none.

    The working copies of `documents` are frozen for it; editions `frozen` before go live as they are.
    `take_back`: see `publish_editions`.
    """
    with transaction.atomic():
        lock_publishing()
        editions: list[Edition] = []
        found: list[Problem] = [
            problem for edition in frozen for problem in _problems_of_no_change(edition.document, at, edition)
        ]
        for done, document in enumerate(documents, start=1):
            try:
                refuse(_problems_of_no_change(document, at))
                editions.append(freeze(document, note=note, by=by))
            except Refused as refusal:
                found.extend(refusal.problems)
            progress(done, len(documents))
        refuse(found)
        return publish_editions([*editions, *frozen], by=by, at=at, take_back=take_back)


def publish_editions(
    editions: Sequence[Edition],
    *,
    by: Staff = None,
    at: datetime | None = None,
    take_back: Collection[int] | None = None,
) -> list[Publication]:
    """Make frozen editions live together, in one act, now or `at` a later moment; all or none.

    What is scheduled and would replace them is taken back. `take_back`: only these acts (numbers) are, of
    those that are about the same documents.
    """
    with transaction.atomic():
        lock_publishing()
        now, moment = _start(at, [edition.key for edition in editions])
        refuse(problem for edition in editions for problem in problems_of_four_eyes(edition, by))
        documents = {edition.document_id for edition in editions}
        live = Edition.objects.live(moment).filter(document__in=documents)
        numbers = dict(live.values_list("document", "number"))
        ended = ended_by_publication(documents, moment, take_back)
        changed = documents | _take_back(ended, by, _("Taken back: another edition is published."))
        act = Publication.objects.next_act()
        entries = [
            Publication(
                act=act, document_id=edition.document_id, edition=edition, at=moment, by=by, recorded_at=now
            )
            for edition in editions
        ]
        for entry in entries:
            entry.save(force_insert=True)
        _judge(changed, moment, {edition.pk for edition in editions})
        record_replacements(changed)
        for edition in editions:
            record(
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
    send_to: Document | None = None,
    together: Iterable[Document] = (),
    by: Staff = None,
    at: datetime | None = None,
    urgent: bool = True,
) -> Publication:
    """Take a document away from readers, who are told why and may be sent to another page.

    `together`: what is to be taken away at the same moment for the same reason, in one act. What is scheduled
    for any of them from then on is taken back, and what needs them. `urgent`: recorded as such, and
    nobody else has to look at it, where four eyes are asked for.
    """
    with transaction.atomic():
        lock_publishing()
        now, moment = _start(at, [document.key])
        gone = list({one.pk: one for one in (document, *together)}.values())
        live = {one.pk: Publication.objects.latest_of(one.key, one.language, moment) for one in gone}
        refuse(_problems_of_withdrawal(document, reason, send_to, gone, live, moment))
        editions = {pk: entry.edition for pk, entry in live.items() if entry and entry.edition}
        if not urgent:
            refuse(problem for edition in editions.values() for problem in problems_of_four_eyes(edition, by))
        ended = ended_by_withdrawal(live.keys(), moment)
        changed = {*live, *_take_back(ended, by, _("Taken back: what it is about was withdrawn."))}
        act = Publication.objects.next_act()
        entries = [
            Publication(
                act=act,
                document=one,
                at=moment,
                by=by,
                reason=reason.strip(),
                send_to=send_to,
                recorded_at=now,
            )
            for one in gone
        ]
        for entry in entries:
            entry.save(force_insert=True)
        _judge(changed, moment)
        record_replacements(changed)
        is_told = urgent and at is None and by is not None
        for entry in entries:
            details = f"{_('Urgent.')} {entry.reason}" if is_told else entry.reason
            record(Action.WITHDRAWN, editions[entry.document_id], by=by, at=at, details=details)
        return entries[0]


def cancel(*publications: Publication, by: Staff = None) -> None:
    """Take back what is scheduled, whole acts; raises Refused once the moment of one has come."""
    with transaction.atomic():
        lock_publishing()
        now = timezone.now()
        message = _("This is live already. Withdraw it, or publish another edition.")
        refuse(Problem(entry.document.key, (), message) for entry in publications if entry.at <= now)
        wanted = {entry.pk for entry in publications}
        acts = [act for act in scheduled_acts() if any(entry.pk in wanted for entry in act.entries)]
        gone = wanted - {entry.pk for act in acts for entry in act.entries}
        message = _("This was taken back already.")
        refuse(Problem(entry.document.key, (), message) for entry in publications if entry.pk in gone)
        _take_back(acts, by)
        for act in acts:
            _judge(act.documents, act.at)
            record_replacements(act.documents)


def _take_back(acts: Iterable[Act], by: Staff, why: str = "") -> set[int]:
    """Delete scheduled acts, each member with an entry of the audit list; the documents (keys) of them."""
    found: set[int] = set()
    for act in acts:
        for entry in act.entries:
            record(Action.CANCELLED, entry.edition, by=by, at=entry.at, document=entry.document, details=why)
            entry.delete()
        found |= act.documents
    return found


def restore(edition: Edition, by: Staff = None) -> None:
    """Put the text of `edition` back into the working copy. Readers see nothing of it yet."""
    with transaction.atomic():
        edition.document.working_copy().restore(edition.content, by)
        record(Action.RESTORED, edition, by=by)


def search_text(content: Content) -> str:
    """All words of a content as readers see them, for the search."""
    return "\n".join(markdown.plain_text(text.text) for text in markdown_texts(content))


def _problems_of_waiting(document: Document) -> list[Problem]:
    waiting = waits_unchanged(document)
    if waiting is None:
        return []
    message = _("Nothing has changed since edition {number}, which is waiting.").format(number=waiting.number)
    return [Problem(document.key, (), message)]


def _problems_of_note(key: DocumentKey, note: str) -> list[Problem]:
    if not note.strip():
        return [Problem(key, ("note",), _("Write what changed, in words for readers."))]
    if len(note.strip()) > 500:
        return [Problem(key, ("note",), _("This note is too long. Use at most 500 characters."))]
    return []


def _problems_of_no_change(
    document: Document, at: datetime | None, edition: Edition | None = None
) -> list[Problem]:
    """A publication that changes nothing would only tell readers of a change that is none."""
    latest = Publication.objects.latest_of(document.key, document.language, at)
    new = edition.sha256 if edition else document.working_copy().content_sha()
    if latest and latest.edition and latest.edition.sha256 == new:
        return [Problem(document.key, (), _("Nothing has changed since the edition that readers see then."))]
    return []


def _problems_of_withdrawal(
    document: Document,
    reason: str,
    send_to: Document | None,
    gone: Sequence[Document],
    live: Mapping[int, Publication | None],
    moment: datetime,
) -> Iterator[Problem]:
    for one in gone:
        entry = live[one.pk]
        if entry is None or entry.is_withdrawal:
            yield Problem(one.key, (), _("Readers cannot see this then: there is nothing to withdraw."))
    if not reason.strip():
        yield Problem(document.key, ("reason",), _("Write why, in words for readers."))
    is_gone = send_to is not None and send_to.pk in live
    if send_to and (is_gone or SiteAt(moment).live(send_to.key, send_to.language) is None):
        yield Problem(document.key, ("send_to",), _("The page to send readers to is not live then."))


def _start(at: datetime | None, keys: Sequence[DocumentKey]) -> tuple[datetime, datetime]:
    """Now, and when a publication begins; the past is written already."""
    now = timezone.now()
    if at is not None and at <= now:
        refuse(
            Problem(key, ("at",), _("This time has passed. Choose a time to come, or publish now."))
            for key in keys
        )
    return now, at or now


def _judge(changed: set[int], since: datetime, going_live: Collection[int] = ()) -> None:
    """Raise Refused if a page that `changed` touches breaks a rule at `since` or at a later moment."""
    later = Publication.objects.to_come(since).order_by("at").values_list("at", flat=True).distinct()
    found: list[Problem] = []
    for moment in (since, *later):
        site = SiteAt(moment, going_live)
        for edition in site.touched_by(changed):
            found.extend(rules.problems(edition, site))
    refuse(found)
