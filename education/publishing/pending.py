"""What is not live yet: editions that wait, working copies that say something new, and what goes along."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing import rules
from education.publishing.content import Content, DocumentKey, Problem, Refused, refuse
from education.publishing.links import drafts_linked
from education.publishing.models import Document, Edition, EditionDependency, Publication
from education.publishing.site import SiteAt
from education.publishing.states import State, state_of, with_state


class PendingSite(SiteAt):
    """The site as it would be with everything live that waits or is scheduled.

    `with_drafts`: and with the working copies that say something new, as far as they are finished.
    """

    def __init__(self, at: datetime, going_live: Container[int] | None = None, *, with_drafts: bool = False):
        super().__init__(at, going_live)
        self._with_drafts = with_drafts

    def find(self, key: DocumentKey, language: str) -> Edition | None:
        """What would be live at one address."""
        newest = (
            Edition.objects.of_kind(key.kind, language)
            .filter(document__slug=key.slug)
            .select_related("document")
            .order_by("-number")
            .first()
        )
        has_begun = newest is not None and Publication.objects.begun(self.at).filter(edition=newest).exists()
        found = super().find(key, language) if newest is None or has_begun else newest
        return self._draft(key, language, newest) or found

    def _draft(self, key: DocumentKey, language: str, newest: Edition | None) -> Edition | None:
        if not self._with_drafts:
            return None
        document = Document.objects.keyed({key}, language).first()
        if document is None or (newest and newest.lock_version == document.lock_version):
            return None
        try:
            return Edition.unfrozen(document, document.working_copy().content())
        except Refused:
            return None


def waits_unchanged(document: Document) -> Edition | None:
    """The edition of `document` that waits, if the working copy says just what it says."""
    waiting = waiting_edition(document)
    is_same = waiting is not None and waiting.sha256 == document.working_copy().content_sha()
    return waiting if is_same else None


def waiting_edition(document: Document) -> Edition | None:
    """The newest edition of `document`, if it was never published nor scheduled."""
    newest = document.editions.select_related("document").order_by("-number").first()
    return None if newest is None or newest.publications.exists() else newest


def obstacles(document: Document, site: SiteAt | None = None) -> list[Problem]:
    """What would refuse the working copy of `document`, were it published alone, now. Changes nothing.

    `site`: where it is judged, if not among what readers see now.
    """
    site = site or SiteAt(timezone.now())
    working = document.working_copy()
    try:
        content = working.content()
        used_documents(document, content)
    except Refused as refusal:
        draft = Edition.unfrozen(document, working.draft())
        return [*refusal.problems, *rules.problems_of_texts(draft, site)]
    return rules.problems(Edition.unfrozen(document, content), site)


def still_missing(document: Document) -> list[Problem]:
    """What would refuse the working copy of `document`, were all published with it that belongs to it."""
    return obstacles(document, PendingSite(timezone.now(), with_drafts=True))


def problems_of_edition(edition: Edition, *, quick: bool = False) -> list[Problem]:
    """What would refuse `edition` itself, were it published now with all that waits or is scheduled.

    In it, and in the live pages that it touches. One that readers see is judged among what they see.
    `quick`: without what takes long, such as laying it out for print.
    """
    now = timezone.now()
    judged = Edition.unfrozen(edition.document, edition.content, edition.number) if quick else edition
    if Edition.objects.live(now).filter(pk=edition.pk).exists():
        return rules.problems(judged, SiteAt(now, {judged.pk}))
    site = PendingSite(now, {judged.pk})
    site.remember([judged])
    found = rules.problems(judged, site)
    users = EditionDependency.objects.filter(document=edition.document_id).values("edition")
    for user in Edition.objects.live(now).filter(pk__in=users).select_related("document"):
        then = site.live(user.key, user.document.language)
        if then and edition.key in then.content.uses():
            found += rules.problems(then, site)
    return found


def used_documents(document: Document, content: Content) -> list[Document]:
    """The documents that `said` uses; raises Refused naming those that do not exist."""
    keys = set(content.uses())
    used = list(Document.objects.keyed(keys, document.language))
    missing = sorted(keys - {part.key for part in used})
    refuse(
        Problem(document.key, (), _("There is no {kind} “{slug}”.").format(kind=kind, slug=slug))
        for kind, slug in missing
    )
    return used


def unpublished_neighbours(document: Document) -> list[Document]:
    """Documents that `document` uses, or that use it, whose working copies differ from what is live.

    And drafts that it links to: no link may lead to a page that readers do not find.
    """
    keys = {*document.working_copy().draft().uses(), *drafts_linked(document)}
    users = EditionDependency.objects.filter(
        document=document, edition__in=Edition.objects.live(timezone.now()).values("pk")
    ).values("edition__document")
    near = Document.objects.keyed(keys, document.language) | Document.objects.filter(pk__in=users)
    settled = (State.LIVE, State.OVERDUE, State.WITHDRAWN)
    return [other for other in with_state(near).order_by("kind", "slug") if state_of(other) not in settled]
