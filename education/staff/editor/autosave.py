"""Autosave: what a person types in a form is stored every few seconds, as a draft of that person.

The working copy does not change. The draft comes back when the form is opened again, is the
preview's text, and goes when the form is saved.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education.staff.editor import draft_recovery
from education.staff.editor.draft_recovery import RecoveredDraft
from education.staff.models import KeptDraft


def autosave(request: HttpRequest, path: str) -> JsonResponse:
    """Store the submitted form as the draft of this person for the form at `path`."""
    pairs = draft_recovery.form_pairs(request.POST, request.FILES)
    if not draft_recovery.serialize(pairs):
        return JsonResponse({"error": _("This is too long to be kept. Save it.")}, status=413)
    KeptDraft.objects.keep(request.user.pk, path, pairs)
    others = KeptDraft.objects.of_others_writing(request.user.pk, path)
    names = [one.user.get_full_name() or str(one.user) for one in others.select_related("user")]
    moment = date_format(timezone.localtime(), "TIME_FORMAT")
    return JsonResponse({"message": _("Kept at {time}").format(time=moment), "others": names})


def load_draft(request: HttpRequest, path: str) -> RecoveredDraft | None:
    """The draft of this person for the form at `path`."""
    kept = KeptDraft.objects.filter(user=request.user.pk, path=path).first()
    if kept is None:
        return None
    data = QueryDict(mutable=True)
    for name, value in kept.pairs:
        data.appendlist(name, value)
    moment = date_format(timezone.localtime(kept.at), "DATETIME_FORMAT")
    message = _("This is what you typed on {moment}. It is not saved yet.").format(moment=moment)
    return RecoveredDraft(data, message, is_autosaved=True)


def discard_draft(request: HttpRequest, path: str) -> None:
    KeptDraft.objects.filter(user=request.user.pk, path=path).delete()


class _NoMessages(BaseStorage):
    """Messages of a save that is taken back are told to nobody."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []


def as_submitted(request: HttpRequest, path: str, data: QueryDict) -> HttpRequest:
    """`request` as if it submitted `data` to the form at `path`; what it tells its user is lost."""
    submitted: Any = copy(request)
    submitted.path = path
    submitted.method = "POST"
    submitted.POST = data
    submitted._files = MultiValueDict()
    submitted._messages = _NoMessages(submitted)
    return submitted  # type: ignore[no-any-return]
