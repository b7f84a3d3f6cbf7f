"""Content that is not live yet: pending editions, changed working copies, related drafts."""

from __future__ import annotations

from collections.abc import Container, Iterable
from contextlib import suppress
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing import document_types
from education.publishing.checks import publication_checks
from education.publishing.checks.internal_links import linked_drafts
from education.publishing.checks.passed_checks import find_problems
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import (
    ActionRefused,
    Content,
    DocumentKey,
    Problem,
    markdown_texts,
    raise_if_problems,
)
from education.publishing.models import Document, Edition, EditionDependency, Publication
from education.publishing.workflow.states import WorkflowState, annotate_state, get_document_state


class PendingSiteSnapshot(SiteSnapshot):
    """The site with every pending and scheduled edition live.

    `with_drafts`: and every changed working copy that is valid.
    """

    def __init__(
        self, at: datetime, going_live: Container[int] | None = None, *, with_drafts: bool = False
    ):
        super().__init__(at, going_live)
        self._with_drafts = with_drafts

    def load_editions(self, keys: set[DocumentKey], language: str) -> Iterable[Edition]:
        """The editions of documents that would be live."""
        documents = Document.objects.by_keys(keys, language)
        ids = self.edition_ids(documents)
        editions = Edition.objects.filter(pk__in=ids.values()).select_related("document")
        found = {edition.document_id: edition for edition in editions}
        if self._with_drafts:
            found |= _valid_drafts(documents)
        return found.values()

    def edition_ids(self, documents: QuerySet[Document]) -> dict[int, int]:
        """The ids of the saved editions that would be live, by the ids of their documents."""
        newest = Edition.objects.not_recalled().filter(document=OuterRef("pk")).order_by("-number")
        begun = Publication.objects.started(self._at)
        current = begun.filter(document=OuterRef("pk")).order_by("-at", "-pk")
        found = documents.annotate(newest=Subquery(newest.values("pk")[:1])).annotate(
            has_begun=Exists(begun.filter(edition=OuterRef("newest"))),
            current=Subquery(current.values("edition")[:1]),
        )
        ids = {
            pk: current if newest is None or has_begun else newest
            for pk, newest, has_begun, current in found.values_list(
                "pk", "newest", "has_begun", "current"
            )
        }
        return {pk: edition for pk, edition in ids.items() if edition is not None}


def _valid_drafts(documents: QuerySet[Document]) -> dict[int, Edition]:
    """The working copies that changed after their newest edition and are valid, by id."""
    newest = Edition.objects.not_recalled().filter(document=OuterRef("pk")).order_by("-number")
    changed = documents.annotate(
        frozen_version=Coalesce(Subquery(newest.values("lock_version")[:1]), -1)
    ).exclude(frozen_version=F("lock_version"))
    found = {}
    for document in changed:
        with suppress(ActionRefused):
            found[document.pk] = Edition.unsaved(document, document.working_copy().content())
    return found


def pending_if_unchanged(document: Document) -> Edition | None:
    """The pending edition of `document`, if the working copy has the same content."""
    pending = pending_edition(document)
    is_same = pending is not None and pending.sha256 == document.working_copy().content_hash()
    return pending if is_same else None


def pending_edition(document: Document) -> Edition | None:
    """The newest edition of `document`, if it was never published, scheduled nor taken back."""
    newest = (
        document.editions.select_related("document", "recall", "frozen_by")
        .order_by("-number")
        .first()
    )
    is_pending = newest is not None and not newest.is_recalled and not newest.publications.exists()
    return newest if is_pending else None


def publication_problems(document: Document, site: SiteSnapshot | None = None) -> list[Problem]:
    """What would refuse publishing the working copy of `document` alone, now; changes nothing.

    `site`: the site to check it on, by default the live one.
    """
    site = site or SiteSnapshot(timezone.now())
    working = document.working_copy()
    try:
        content = working.content()
        get_dependencies(document, content)
    except ActionRefused as refusal:
        draft = Edition.unsaved(document, working.draft_content())
        return [*refusal.problems, *publication_checks.run_text_checks(draft, site)]
    return publication_checks.run_checks(Edition.unsaved(document, content), site)


def problems_with_all_drafts(document: Document) -> list[Problem]:
    """What would refuse publishing the working copy together with every related draft."""
    return publication_problems(document, PendingSiteSnapshot(timezone.now(), with_drafts=True))


def edition_problems(edition: Edition, *, quick: bool = False) -> list[Problem]:
    """What would refuse publishing `edition` now with everything pending or scheduled.

    Includes the live pages that use it. A live edition is checked on the live site. `quick`:
    without slow checks, such as the layout for print.
    """
    now = timezone.now()
    checked = (
        Edition.unsaved(edition.document, edition.content, edition.number) if quick else edition
    )
    if Edition.objects.live(now).filter(pk=edition.pk).exists():
        return publication_checks.run_checks(checked, SiteSnapshot(now, {checked.pk}))
    site = PendingSiteSnapshot(now, {checked.pk})
    site.prefill([checked])
    found = publication_checks.run_checks(checked, site)
    uses = EditionDependency.objects.filter(document=edition.document_id)
    live = Edition.objects.live(now).filter(pk__in=uses.values("edition"))
    users = site.edition_ids(Document.objects.filter(pk__in=live.values("document")))
    still = uses.filter(edition__in=users.values()).order_by("edition")
    return found + find_problems(site, list(still.values_list("edition", flat=True)))


def get_dependencies(document: Document, content: Content) -> list[Document]:
    """The documents that `content` uses; raises ActionRefused for those that do not exist."""
    keys = set(content.dependencies())
    used = list(Document.objects.by_keys(keys, document.language))
    missing = sorted(keys - {part.key for part in used})
    raise_if_problems(Problem(document.key, (), _missing_message(key)) for key in missing)
    return used


def _missing_message(key: DocumentKey) -> str:
    label = document_types.get(key.kind).label
    if not key.slug:
        return _("Choose a {kind}: there is none yet.").format(kind=label)
    return _("There is no {kind} “{slug}”.").format(kind=label, slug=key.slug)


def unpublished_related(document: Document) -> list[Document]:
    """The unpublished or changed documents that `document` uses or that use it.

    And drafts that it links to, as no link may lead to a missing page, and those that give words
    of these texts a new meaning.
    """
    keys = {*document.working_copy().draft_content().dependencies(), *linked_drafts(document)}
    user_ids = set(
        EditionDependency.objects.filter(
            document=document, edition__in=Edition.objects.live(timezone.now()).values("pk")
        ).values_list("edition__document", flat=True)
    )
    related = Document.objects.by_keys(keys, document.language) | Document.objects.filter(
        pk__in=user_ids
    )
    related |= Document.objects.filter(
        kind__in=document_types.site_wide_types(), language=document.language
    ).exclude(pk=document.pk)
    settled = (WorkflowState.LIVE, WorkflowState.OVERDUE, WorkflowState.WITHDRAWN)
    changed = [
        other
        for other in annotate_state(related).order_by("kind", "slug")
        if get_document_state(other).state not in settled
    ]
    drafts = [one.working_copy().draft_content() for one in (document, *changed)]
    text = "\n".join(part.text for draft in drafts for part in markdown_texts(draft)).casefold()
    return [
        one
        for one in changed
        if one.key in keys or one.pk in user_ids or _changes_words_of(one, text)
    ]


def _changes_words_of(document: Document, text: str) -> bool:
    """Whether `text` has a word whose meaning in the working copy of `document` is not live yet."""
    live = Edition.objects.live().filter(document=document).first()
    draft = document.working_copy().draft_content()
    return any(
        word.casefold() in text
        for word in draft.words_changed_since(live.content if live else None)
    )
