"""What a workflow page showed: signed in its form, and compared when the form is submitted.

A form does what it showed, or nothing: if the state has changed, the page is shown again with the
differences and with what was typed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing.content import Content, sha256
from education.publishing.diff.fields import FieldChange, diff_content
from education.publishing.models import (
    ChangeRequest,
    Document,
    Edition,
    Publication,
    Recall,
    Review,
)
from education.publishing.workflow.audit_log import display_name
from education.publishing.workflow.locks import lock_publishing
from education.publishing.workflow.schedule import scheduled_acts_for

FIELD = "shown"
SALT = "education.staff.shown"
# Longer working copies are left out: a form only knows that they changed. A server accepts forms
# of up to 1 MB.
MAX_TEXTS = 400_000

TEXT, NEWEST, LIVE, SCHEDULED, REVIEW, REQUEST, RECALL = (
    "text",
    "newest",
    "live",
    "scheduled",
    "review",
    "request",
    "recalled",
)
ALL_FACTS = (TEXT, NEWEST, LIVE, SCHEDULED, REVIEW, REQUEST, RECALL)


class TextDifference(NamedTuple):
    """A text that differs from what was shown, word by word."""

    title: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class PageChanges:
    """What happened after a page was opened: messages, and texts word by word."""

    messages: tuple[str, ...]
    differences: tuple[TextDifference, ...] = ()


class PageChangedError(Exception):
    """A form was not carried out, because it does not show the current state."""

    def __init__(self, changes: PageChanges):
        super().__init__("\n".join(changes.messages))
        self.changes = changes


@dataclass(frozen=True)
class PageState:
    """Facts about documents, by document id, as a page shows them.

    `facts`: the hash of the working copy, and ids of the newest edition, its review and change
    request, whether it was taken back, the live publication, and scheduled publications. `texts`:
    working copies that are in no edition. `number`: the edition that the page is about, 0 for none.
    """

    facts: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0

    @classmethod
    def from_documents(
        cls, documents: Iterable[Document], names: Collection[str] = ALL_FACTS, number: int = 0
    ) -> PageState:
        """The current state of `documents`, limited to the facts with these names."""
        rows = {str(row.pk): row for row in _annotated_documents(documents)}
        facts: dict[str, dict[str, Any]] = {
            key: {name: vars(row)[name] for name in names if name not in {TEXT, SCHEDULED}}
            for key, row in rows.items()
        }
        if SCHEDULED in names:
            acts = scheduled_acts_for([row.pk for row in rows.values()])
            for key, row in rows.items():
                own = [act for act in acts if row.pk in act.documents]
                facts[key][SCHEDULED] = [entry.pk for act in own for entry in act.entries]
        texts: dict[str, Any] = {}
        for key, row in rows.items() if TEXT in names else ():
            working = row.working_copy()
            facts[key][TEXT] = working.content_hash()
            if facts[key][TEXT] != vars(row)["newest_sha"]:
                texts[key] = working.to_values()
        if len(json.dumps(texts)) > MAX_TEXTS:
            texts = {}
        return cls(facts, texts, number)

    def to_token(self, page: str, document: int) -> str:
        """The signed value of the form field."""
        payload = {"facts": self.facts, "texts": self.texts, "number": self.number}
        return signing.dumps(payload, salt=_salt(page, document), compress=True)


def _salt(page: str, document: int) -> str:
    return f"{SALT}.{page}.{document}"


def state_from_token(value: str, page: str, document: int) -> PageState | None:
    """The state in a signed form field; None if the signature is invalid."""
    try:
        return PageState(**signing.loads(value, salt=_salt(page, document)))
    except (signing.BadSignature, TypeError):
        return None


@dataclass
class PageCheck:
    """Compares what the form of one page showed with the current state."""

    page: str
    document: int
    load_state: Callable[[], PageState]
    data: Any = None

    @property
    def shown_state(self) -> PageState | None:
        """What the submitted form showed; None without a form."""
        return (
            state_from_token(self.data.get(FIELD, ""), self.page, self.document)
            if self.data
            else None
        )

    def token(self) -> str:
        """The value of the form field for the current state."""
        return self.load_state().to_token(self.page, self.document)

    def find_changes(self) -> PageChanges | None:
        """What differs from what the submitted form showed; None for nothing."""
        if self.data is None:
            return None
        return compare_states(self.shown_state, self.load_state())

    def ensure_unchanged(self) -> None:
        """Lock the documents, and raise PageChangedError if anything differs.

        To be called in the transaction of the action.
        """
        seen = self.shown_state
        lock_publishing([int(key) for key in seen.facts] if seen else [])
        changed = self.find_changes()
        if changed:
            raise PageChangedError(changed)


def compare_states(seen: PageState | None, now: PageState) -> PageChanges | None:
    """What changed between two states of one page; None for nothing."""
    if seen is None:
        return PageChanges(
            (_("We cannot tell what this page showed you. This is how it stands now."),)
        )
    if (seen.facts, seen.number) == (now.facts, now.number):
        return None
    documents = Document.objects.in_bulk([int(key) for key in {**seen.facts, **now.facts}])
    names = {str(pk): _name(document) for pk, document in documents.items()}
    messages = list(_membership_messages(seen, now, names))
    found: list[TextDifference] = []
    for key in [key for key in now.facts if key in seen.facts]:
        before, after = seen.facts[key], now.facts[key]
        if before == after:
            continue
        messages += [f"{names[key]}: {sentence}" for sentence in _change_messages(before, after)]
        changes = _compare_contents(
            _content_in_state(seen, key, documents), _content_in_state(now, key, documents)
        ) or _compare_contents(
            # The working copy is unchanged: another edition is pending.
            _newest_content(before),
            _newest_content(after),
        )
        if changes:
            found.append(TextDifference(names[key], changes))
    return PageChanges(tuple(messages), tuple(found))


def _membership_messages(
    seen: PageState, now: PageState, names: Mapping[str, str]
) -> Iterator[str]:
    for key in now.facts.keys() - seen.facts.keys():
        yield _("{name} belongs to it now, too.").format(name=names[key])
    for key in seen.facts.keys() - now.facts.keys():
        yield _("{name} is no longer among what belongs to it.").format(name=names.get(key, key))


def _change_messages(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    changed = {name for name in after if before.get(name) != after[name]}
    if NEWEST in changed:
        number = Edition.objects.filter(pk=after[NEWEST]).values_list("number", flat=True).first()
        yield _("edition {number} was made.").format(number=number)
    elif TEXT in changed:
        yield _("the working copy was changed.")
    if LIVE in changed:
        entry = Publication.objects.select_related("edition").filter(pk=after[LIVE]).first()
        if entry and entry.edition:
            yield _("readers see edition {number} now.").format(number=entry.edition.number)
        else:
            yield _("readers no longer see it.")
    if SCHEDULED in changed:
        yield _("what is scheduled was changed.")
    if RECALL in changed:
        yield _("its author took back what was submitted.")
    if REVIEW in changed and (review := Review.objects.filter(pk=after[REVIEW]).first()):
        yield _("reviewed by {name}.").format(name=review.shown_as)
    if REQUEST in changed and (request := ChangeRequest.objects.filter(pk=after[REQUEST]).first()):
        yield _("a reviewer asks for changes: “{words}”").format(words=request.comment)


def _content_in_state(
    state: PageState, key: str, documents: Mapping[int, Document]
) -> Content | None:
    """The text of a document in one state: its working copy or newest edition; None if unknown."""
    if key in state.texts:
        return documents[int(key)].document_type.content.lenient(state.texts[key])
    facts = state.facts[key]
    content = _newest_content(facts)
    is_same_text = content is not None and facts.get(TEXT) in {None, sha256(content.to_data())}
    return content if is_same_text else None


def _newest_content(facts: Mapping[str, Any]) -> Content | None:
    edition = Edition.objects.select_related("document").filter(pk=facts.get(NEWEST) or 0).first()
    return edition.content if edition else None


def _compare_contents(before: Content | None, after: Content | None) -> tuple[FieldChange, ...]:
    if before is None or after is None or sha256(before.to_data()) == sha256(after.to_data()):
        return ()
    return diff_content(before, after)


def _name(document: Document) -> str:
    newest = document.editions.order_by("-number").values_list("heading", flat=True).first()
    return display_name(document, newest or "")


def _annotated_documents(documents: Iterable[Document]) -> Iterable[Document]:
    begun = (
        Publication.objects.started(timezone.now())
        .filter(document=OuterRef("pk"))
        .order_by("-at", "-pk")
    )
    newest = Edition.objects.filter(document=OuterRef("pk")).order_by("-number")
    reviews = Review.objects.filter(edition=OuterRef(NEWEST)).order_by("-recorded_at", "-pk")
    requests = ChangeRequest.objects.filter(edition=OuterRef(NEWEST)).order_by("-at", "-pk")
    return (
        Document.objects.filter(pk__in={document.pk for document in documents})
        .annotate(
            newest=Subquery(newest.values("pk")[:1]),
            newest_sha=Subquery(newest.values("sha256")[:1]),
            live=Subquery(begun.values("pk")[:1]),
        )
        .annotate(
            recalled=Exists(Recall.objects.filter(edition=OuterRef(NEWEST))),
            review=Subquery(reviews.values("pk")[:1]),
            request=Subquery(requests.values("pk")[:1]),
        )
        .order_by("pk")
    )
