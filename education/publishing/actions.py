"""What can be done to documents: freeze, publish, withdraw, cancel. The commands and the admin call these.

Every function works wholly or not at all, and raises `Refused` with every reason at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education import prose
from education.audit.models import Action
from education.plain_language.report import numbers
from education.publishing import freezing, rules
from education.publishing.composition import effective_reviews
from education.publishing.content import (
    Content,
    DocumentKey,
    Problem,
    Refused,
    markdown_texts,
    refuse,
    sha256,
)
from education.publishing.links import drafts_linked
from education.publishing.models import (
    Change,
    Document,
    Edition,
    EditionFacet,
    EditionName,
    EditionUse,
    Publication,
)
from education.publishing.names import names_of
from education.publishing.permitting import problems_of_four_eyes
from education.publishing.recording import record
from education.publishing.site import SiteAt
from education.publishing.states import State, state_of, with_state

Staff = User | None
Progress = Callable[[int, int], None]


def freeze(document: Document, *, change: Change, note: str, by: Staff = None) -> Edition:
    """The working copy of `document` as a new edition that nothing changes any more."""
    with transaction.atomic():
        _one_at_a_time()
        said = document.working_copy().content()
        refuse(_problems_of_action(document.key, change, note))
        # Words for the search and for lists can be taken only from texts that can be read.
        refuse(rules.texts_can_be_shown(Edition.unfrozen(document, said), SiteAt(timezone.now())))
        used = _used_documents(document, said)
        before = document.editions.select_related("document").order_by("-number").first()
        refuse(_problems_of_kind_of_change(document.key, change, said, before))
        now = Document.objects.only("revision", "edited_by").get(pk=document.pk)
        edition = Edition(
            document=document,
            number=before.number + 1 if before else 1,
            schema=said.SCHEMA,
            content=said.plain(),
            sha256=sha256(said.plain()),
            revision=now.revision,
            change=change,
            note=note.strip(),
            frozen_by=by,
            edited_by_id=now.edited_by_id,
            heading=said.heading,
            synonyms=list(said.synonyms),
            abstract=said.abstract,
            search_text=search_text(said),
        )
        edition.save()
        EditionUse.objects.bulk_create(EditionUse(edition=edition, document=part) for part in used)
        EditionFacet.objects.bulk_create(EditionFacet(edition=edition, facet=name) for name in said.facets())
        EditionName.objects.bulk_create(names_of(edition))
        freezing.frozen(edition)
        return edition


def submit(documents: Sequence[Document], *, change: Change, note: str, by: Staff = None) -> list[Edition]:
    """Freeze working copies for somebody else to review, and later to publish; all or none."""
    with transaction.atomic():
        _one_at_a_time()
        found: list[Problem] = []
        editions = []
        for document in documents:
            try:
                refuse([*_problems_of_no_change(document, None), *_problems_of_waiting(document)])
                editions.append(freeze(document, change=change, note=note, by=by))
            except Refused as refusal:
                found.extend(refusal.problems)
        refuse(found)
        for edition in editions:
            detail = f"{edition.get_change_display()}: {edition.note}"
            record(Action.SUBMITTED, edition, by=by, detail=detail)
        return editions


def waits_unchanged(document: Document) -> Edition | None:
    """The edition of `document` that waits, if the working copy says just what it says."""
    waiting = waiting_edition(document)
    is_same = waiting is not None and waiting.sha256 == document.working_copy().content_sha()
    return waiting if is_same else None


def waiting_edition(document: Document) -> Edition | None:
    """The newest edition of `document`, if it was never published nor scheduled."""
    newest = document.editions.select_related("document").order_by("-number").first()
    return None if newest is None or newest.publications.exists() else newest


def publish(
    documents: Sequence[Document],
    *,
    change: Change,
    note: str,
    by: Staff = None,
    at: datetime | None = None,
    frozen: Sequence[Edition] = (),
    progress: Progress = lambda done, total: None,
) -> list[Publication]:
    """Make a set live together, now or `at` a later moment; all or none.

    The working copies of `documents` are frozen for it; editions `frozen` before go live as they are.
    """
    with transaction.atomic():
        _one_at_a_time()
        editions: list[Edition] = []
        found: list[Problem] = [
            problem for edition in frozen for problem in _problems_of_no_change(edition.document, at, edition)
        ]
        for done, document in enumerate(documents, start=1):
            try:
                refuse(_problems_of_no_change(document, at))
                editions.append(freeze(document, change=change, note=note, by=by))
            except Refused as refusal:
                found.extend(refusal.problems)
            progress(done, len(documents))
        refuse(found)
        return publish_editions([*editions, *frozen], by=by, at=at)


def publish_editions(
    editions: Sequence[Edition], *, by: Staff = None, at: datetime | None = None
) -> list[Publication]:
    """Make frozen editions live together, now or `at` a later moment; all or none."""
    with transaction.atomic():
        _one_at_a_time()
        moment = _moment(at, [edition.key for edition in editions])
        refuse(problem for edition in editions for problem in problems_of_four_eyes(edition, by))
        live = Edition.objects.live(moment).filter(document__in={edition.document_id for edition in editions})
        numbers = dict(live.values_list("document", "number"))
        entries = [
            Publication(document_id=edition.document_id, edition=edition, at=moment, by=by)
            for edition in editions
        ]
        for entry in entries:
            entry.save(force_insert=True)
        _judge({edition.document_id for edition in editions}, moment, {edition.pk for edition in editions})
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
) -> Publication:
    """Take a document away from readers, who are told why and may be sent to another page.

    `together`: what cannot be shown without it, to be taken away at the same moment for the same reason.
    """
    with transaction.atomic():
        _one_at_a_time()
        moment = _moment(at, [document.key])
        gone = list({one.pk: one for one in (document, *together)}.values())
        live = {one.pk: Publication.objects.latest_of(one.key, one.language, moment) for one in gone}
        found = [
            Problem(one.key, (), _("Readers cannot see this then: there is nothing to withdraw."))
            for one in gone
            if (entry := live[one.pk]) is None or entry.is_withdrawal
        ]
        if not reason.strip():
            found.append(Problem(document.key, ("reason",), _("Write why, in words for readers.")))
        is_gone = send_to is not None and send_to.pk in live
        if send_to and (is_gone or SiteAt(moment).live(send_to.key, send_to.language) is None):
            found.append(
                Problem(document.key, ("send_to",), _("The page to send readers to is not live then."))
            )
        refuse(found)
        entries = [
            Publication(document=one, at=moment, by=by, reason=reason.strip(), send_to=send_to)
            for one in gone
        ]
        for entry in entries:
            entry.save(force_insert=True)
        _judge(set(live), moment)
        for entry in entries:
            before = live[entry.document_id]
            edition = before.edition if before else None
            record(Action.WITHDRAWN, edition, by=by, at=at, detail=entry.reason)
        return entries[0]


def needing(document: Document) -> list[Document]:
    """The live documents that cannot be shown without `document`, at first or at second hand."""
    found: dict[int, Document] = {}
    asked = {document.pk}
    while asked:
        users = EditionUse.objects.filter(document__in=asked).values("edition")
        live = (
            Edition.objects.live().filter(pk__in=users).exclude(document=document).select_related("document")
        )
        new = {edition.document_id: edition.document for edition in live if edition.document_id not in found}
        found |= new
        asked = set(new)
    return list(found.values())


def cancel(*publications: Publication, by: Staff = None) -> None:
    """Take back what is scheduled, all or none; raises Refused once the moment of one has come."""
    with transaction.atomic():
        _one_at_a_time()
        now = timezone.now()
        message = _("This is live already. Withdraw it, or publish another edition.")
        refuse(Problem(entry.document.key, (), message) for entry in publications if entry.at <= now)
        for entry in publications:
            record(Action.CANCELLED, entry.edition, by=by, at=entry.at, document=entry.document)
            entry.delete()
        for moment in sorted({entry.at for entry in publications}):
            _judge({entry.document_id for entry in publications}, moment)


def restore(edition: Edition, by: Staff = None) -> None:
    """Put the text of `edition` back into the working copy. Readers see nothing of it yet."""
    with transaction.atomic():
        edition.document.working_copy().restore(edition.said, by)
        record(Action.RESTORED, edition, by=by)


def search_text(said: Content) -> str:
    """All words of a content as readers see them, for the search."""
    return "\n".join(prose.plain_text(text.text) for text in markdown_texts(said))


def obstacles(document: Document) -> list[Problem]:
    """What would refuse the working copy of `document`, were it published alone, now. Changes nothing."""
    site = SiteAt(timezone.now())
    working = document.working_copy()
    try:
        said = working.content()
        _used_documents(document, said)
    except Refused as refusal:
        draft = Edition.unfrozen(document, working.draft())
        return [*refusal.problems, *rules.problems_of_texts(draft, site)]
    return rules.problems(Edition.unfrozen(document, said), site)


def unpublished_neighbours(document: Document) -> list[Document]:
    """Documents that `document` uses, or that use it, whose working copies differ from what is live.

    And drafts that it links to: no link may lead to a page that readers do not find.
    """
    keys = {*document.working_copy().draft().uses(), *drafts_linked(document)}
    users = EditionUse.objects.filter(
        document=document, edition__in=Edition.objects.live(timezone.now()).values("pk")
    ).values("edition__document")
    near = Document.objects.keyed(keys, document.language) | Document.objects.filter(pk__in=users)
    settled = (State.LIVE, State.OVERDUE, State.WITHDRAWN)
    return [other for other in with_state(near).order_by("kind", "slug") if state_of(other) not in settled]


def _one_at_a_time() -> None:
    """Keep two publishers from each judging a site that the other is changing.

    SQLite does so by itself: every transaction here takes the write lock when it begins.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE publishing_publication IN SHARE ROW EXCLUSIVE MODE")


def _problems_of_waiting(document: Document) -> list[Problem]:
    waiting = waits_unchanged(document)
    if waiting is None:
        return []
    message = _("Nothing has changed since edition {number}, which is waiting.").format(number=waiting.number)
    return [Problem(document.key, (), message)]


def _problems_of_action(key: DocumentKey, change: str, note: str) -> list[Problem]:
    found = []
    if change not in Change.values:
        found.append(Problem(key, ("change",), _("Say whether the wording or the advice changed.")))
    if not note.strip():
        found.append(Problem(key, ("note",), _("Write what changed, in words for readers.")))
    elif len(note.strip()) > 500:
        found.append(Problem(key, ("note",), _("This note is too long. Use at most 500 characters.")))
    return found


def _problems_of_kind_of_change(
    key: DocumentKey, change: str, said: Content, before: Edition | None
) -> list[Problem]:
    """A change of advice called one of wording would keep a review that nobody made of it."""
    if change != Change.WORDING or before is None:
        return []
    if said.advice() != before.said.advice():
        message = _(
            "This changes more than words: a level, a sign, a cause, a way on, or a line of Do or Do not. "
            "Choose “advice”."
        )
        return [Problem(key, ("change",), message)]
    if numbers(search_text(said)) != numbers(before.search_text):
        message = _("This changes a number: how long, how often, how warm, how many. Choose “advice”.")
        return [Problem(key, ("change",), message)]
    same = before.document.editions.filter(sha256=sha256(said.plain())).select_related("document").last()
    held = effective_reviews([before, same]) if same else {}
    if same and before.pk in held and held[before.pk] != held.get(same.pk):
        message = _(
            "This is the text of edition {number}, which the review of edition {reviewed} does not cover. "
            "Choose “advice”."
        )
        return [Problem(key, ("change",), message.format(number=same.number, reviewed=before.number))]
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


def _used_documents(document: Document, said: Content) -> list[Document]:
    """The documents that `said` uses; raises Refused naming those that do not exist."""
    keys = set(said.uses())
    used = list(Document.objects.keyed(keys, document.language))
    missing = sorted(keys - {part.key for part in used})
    refuse(
        Problem(document.key, (), _("There is no {kind} “{slug}”.").format(kind=kind, slug=slug))
        for kind, slug in missing
    )
    return used


def _moment(at: datetime | None, keys: Sequence[DocumentKey]) -> datetime:
    """When a publication begins; the past is written already."""
    now = timezone.now()
    if at is None:
        return now
    if at <= now:
        refuse(
            Problem(key, ("at",), _("This time has passed. Choose a time to come, or publish now."))
            for key in keys
        )
    return at


def _judge(changed: set[int], since: datetime, going_live: Collection[int] = ()) -> None:
    """Raise Refused if a page that `changed` touches breaks a rule at `since` or at a later moment."""
    later = Publication.objects.to_come(since).order_by("at").values_list("at", flat=True).distinct()
    found: list[Problem] = []
    for moment in (since, *later):
        site = SiteAt(moment, going_live)
        for edition in site.touched_by(changed):
            found.extend(rules.problems(edition, site))
    refuse(found)
