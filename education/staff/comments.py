"""The page where reviewers and authors comment on passages, and answer each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.publishing.content import ActionRefused, Content, Problem
from education.publishing.diff.passages import Passage, passages
from education.publishing.models import CommentStep, Document, Edition
from education.publishing.workflow.comments import (
    CommentThread,
    comment_on,
    comment_threads,
    reply,
)
from education.publishing.workflow.states import get_document_state
from education.staff.admin_urls import admin_url
from education.staff.editor.folded_rows import open_fold_of
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.outcomes import telling_authors
from education.staff.workflow.base import WorkflowView, form_data
from education.staff.workflow.permissions import can_comment, current_user

REPLY_BUTTONS = {
    "_answer": CommentStep.ANSWER,
    "_resolve": CommentStep.RESOLVED,
    "_reopen": CommentStep.REOPENED,
}


@dataclass(frozen=True)
class CommentedPassage:
    """A passage of the text with its threads; `index` names it in the page."""

    index: int
    passage: Passage
    threads: tuple[CommentThread, ...]


class CommentsView(WorkflowView):
    """The text of an edition passage by passage, each with its comments and a form."""

    title = gettext_lazy("Comments")
    template_name = "admin/document/comments.html"
    has_permission = staticmethod(can_comment)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show([])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self._edition()
        try:
            with telling_authors(current_user(request)):
                entry = self._carry_out(edition)
        except ActionRefused as refusal:
            return self._show([problem.message for problem in refusal.problems])
        messages.success(request, _("Kept. Readers never see comments."))
        address = f"{admin_url(self.document, 'comments')}?edition={edition.number}"
        return HttpResponseRedirect(f"{address}#comment-{entry}")

    def _edition(self) -> Edition:
        """The edition that the URL names; else the newest one."""
        editions = self.document.editions.select_related("document").order_by("-number")
        number = parse_small_int(self.request.GET.get("edition", ""))
        edition = editions.filter(number=number).first() if number else editions.first()
        if edition is None:
            raise Http404
        return edition

    def _carry_out(self, edition: Edition) -> int:
        """Keep what was sent; the id of the thread. Raises ActionRefused, Http404."""
        data, by = self.request.POST, current_user(self.request)
        step = next((REPLY_BUTTONS[name] for name in REPLY_BUTTONS if name in data), None)
        text = data.get("text", "")
        if step is not None:
            wanted = parse_small_int(data.get("thread", ""))
            threads = comment_threads(self.document)
            thread = next((one for one in threads if one.first.pk == wanted), None)
            if thread is None:
                raise Http404
            reply(thread, step=step, by=by, text=text)
            return thread.first.pk
        found = passages(edition.content)
        index = parse_small_int(data.get("passage", ""))
        if index is None:
            message = _("Open “Comment on this” at a passage, and write there.")
            raise ActionRefused(Problem(edition.key, (), message))
        if index >= len(found):
            raise Http404
        quote = data.get("quote", "")
        made = comment_on(edition, by=by, path=found[index].path, quote=quote, text=text)
        return made.pk

    def _show(self, problems: list[str]) -> HttpResponse:
        edition, data = self._edition(), form_data(self.request)
        rows, gone = _arrange(edition.content, comment_threads(self.document))
        return self.render(
            edition=edition,
            is_live=edition.number == get_document_state(self.document).live_number,
            rows=rows,
            gone=gone,
            problems=problems,
            # What could not be kept is still there to send again.
            typed={name: data.get(name, "") for name in ("passage", "thread", "quote", "text")}
            if data
            else {},
            has_page=self.document.document_type.can_be_previewed,
        )


def _arrange(
    content: Content, threads: list[CommentThread]
) -> tuple[list[CommentedPassage], list[CommentThread]]:
    """Every passage with its threads, and the threads whose words are gone."""
    found = passages(content)
    by_path: dict[Any, list[CommentThread]] = {}
    gone = []
    for thread in threads:
        passage = thread.passage_in(found)
        if passage:
            by_path.setdefault(passage.path, []).append(thread)
        else:
            gone.append(thread)
    rows = [
        CommentedPassage(index, passage, tuple(by_path.get(passage.path, ())))
        for index, passage in enumerate(found)
    ]
    return rows, gone


@dataclass(frozen=True)
class ShownComment:
    """An open thread in the form of its document: where its words stand, and its page."""

    thread: CommentThread
    location: tuple[str, str]
    url: str


def shown_comments(
    document: Document,
    threads: list[CommentThread],
    content: Content,
    locate: Callable[[tuple[str | int, ...]], tuple[str, str]],
) -> list[ShownComment]:
    """Open threads with the address and label of their field; `locate` finds these by path."""
    found = passages(content)
    url = admin_url(document, "comments")
    shown = []
    for thread in threads:
        passage = thread.passage_in(found)
        location = locate(passage.path) if passage else ("", _("words that are gone"))
        shown.append(ShownComment(thread, location, f"{url}#comment-{thread.first.pk}"))
    return shown


def show_beside_fields(
    form: Any, formsets: list[Any], threads: list[CommentThread], content: Content
) -> None:
    """Put open comments into the help of the fields of a form that they are about."""
    found = passages(content)
    by_part = {formset.opts.part_field: formset.formset for formset in formsets}
    for thread in threads:
        passage = thread.passage_in(found)
        field = _form_field(form, by_part, passage.path) if passage else None
        if field is not None:
            field.help_text = format_html("{}{}", field.help_text, _as_note(thread))
            open_fold_of(field)


def _form_field(form: Any, by_part: dict[str, Any], path: tuple[str | int, ...]) -> Any:
    match path:
        case [str(part), int(index), str(name), *_rest] if part in by_part:
            forms = by_part[part].forms
            return _bound_field(forms[index], name) if index < len(forms) else None
        case [str(name), *_rest]:
            return _bound_field(form, name)
    return None


def _bound_field(form: Any, name: str) -> Any:
    """The field as the page shows it: its help is taken from the field only once."""
    return form[name] if name in form.fields else None


def _as_note(thread: CommentThread) -> str:
    entries = [
        (one.by.get_full_name() or one.by.get_username(), one.text)
        for one in (thread.first, *thread.later)
        if one.text
    ]
    quote = format_html("“{}” ", thread.first.quote) if thread.first.quote else ""
    words = format_html_join(" · ", "{}: {}", entries)
    return format_html(
        '<span class="field-comment"><strong>{}</strong> {}{}</span>', _("Comment:"), quote, words
    )
