"""Comments on passages: made, answered, marked as done and opened again; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from education.audit.models import Action
from education.publishing.content import Path, Problem, raise_if_problems
from education.publishing.diff.passages import Passage, find_passage, passages, same_words
from education.publishing.models import Comment, CommentStep, Document, Edition
from education.publishing.workflow.audit_log import log_document_action
from education.publishing.workflow.locks import lock_publishing

MAX_TEXT = 2000
MAX_QUOTE = 500


@dataclass(frozen=True)
class CommentThread:
    """A comment with everything that was said to it, in order."""

    first: Comment
    later: tuple[Comment, ...]

    @property
    def is_open(self) -> bool:
        """Whether nobody has marked it as done, or somebody opened it again."""
        steps = [one.step for one in self.later if one.step != CommentStep.ANSWER]
        return not steps or steps[-1] == CommentStep.REOPENED

    @property
    def path(self) -> Path:
        return tuple(self.first.path)

    def passage_in(self, found: list[Passage]) -> Passage | None:
        """Where its words stand now; None if they are gone."""
        return find_passage(found, self.path, self.first.quote)


def comment_threads(document: Document) -> list[CommentThread]:
    """Every thread of a document, oldest first; one query."""
    entries = (
        Comment.objects.filter(edition__document=document.pk)
        .select_related("by", "edition")
        .defer("edition__data", "edition__search_text")
        .order_by("pk")
    )
    later: dict[int, list[Comment]] = {}
    for entry in entries:
        later.setdefault(entry.thread_id or entry.pk, []).append(entry)
    return [CommentThread(first, tuple(rest)) for first, *rest in later.values()]


def open_threads(document: Document) -> list[CommentThread]:
    """The threads that nobody has marked as done."""
    return [thread for thread in comment_threads(document) if thread.is_open]


def comment_on(edition: Edition, *, by: User, path: Path, quote: str, text: str) -> Comment:
    """Begin a thread about a passage of `edition`. Raises ActionRefused."""
    passage = next((one for one in passages(edition.content) if one.path == path), None)
    quote = same_words(quote)
    found = _text_problems(edition, text)
    if passage is None:
        found.append(Problem(edition.key, (), _("This passage is not in the text.")))
    elif quote not in same_words(passage.text):
        message = _("These words do not stand in this passage. Copy them from it.")
        found.append(Problem(edition.key, ("quote",), message))
    elif len(quote) > MAX_QUOTE:
        found.append(Problem(edition.key, ("quote",), _("Choose fewer words: 500 characters.")))
    raise_if_problems(found)
    return _record(
        Comment(
            edition=edition,
            step=CommentStep.COMMENT,
            path=list(path),
            quote=quote,
            text=text.strip(),
            by=by,
        )
    )


def reply(thread: CommentThread, *, step: CommentStep, by: User, text: str = "") -> Comment:
    """Answer a thread, mark it as done or open it again. Raises ActionRefused."""
    edition = thread.first.edition
    found = _text_problems(edition, text, required=step == CommentStep.ANSWER)
    if step in {CommentStep.RESOLVED, CommentStep.REOPENED}:
        is_to_close = step == CommentStep.RESOLVED
        if thread.is_open != is_to_close:
            message = _("This is done already.") if is_to_close else _("This is open already.")
            found.append(Problem(edition.key, (), message))
    raise_if_problems(found)
    return _record(
        Comment(edition=edition, thread=thread.first, step=step, text=text.strip(), by=by)
    )


def comment_lines(threads: Iterable[CommentThread], found: list[Passage]) -> list[str]:
    """Open comments in words, one on a line, to go along with a request for changes."""
    lines = []
    for thread in threads:
        passage = thread.passage_in(found)
        where = " › ".join(passage.labels) if passage else _("words that are gone")
        quote = f" “{thread.first.quote}”" if thread.first.quote else ""
        lines.append(f"{where}{quote}: {thread.first.text}")
    return lines


def _record(entry: Comment) -> Comment:
    with transaction.atomic():
        lock_publishing()
        entry.save()
        details = f"“{entry.quote}”\n{entry.text}" if entry.quote else entry.text
        if entry.thread_id:
            details = f"{entry.get_step_display()}: {entry.text}".removesuffix(": ")
        log_document_action(Action.COMMENTED, entry.edition, by=entry.by, details=details)
    return entry


def _text_problems(edition: Edition, text: str, *, required: bool = True) -> list[Problem]:
    if required and not text.strip():
        return [Problem(edition.key, ("text",), _("Write something."))]
    if len(text.strip()) > MAX_TEXT:
        return [Problem(edition.key, ("text",), _("Use at most 2,000 characters."))]
    return []
