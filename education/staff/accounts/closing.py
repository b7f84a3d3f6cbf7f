"""Closing the account of somebody who leaves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from education.audit.models import Action, log_action
from education.publishing.models import Document, Review, WithheldName
from education.staff.accounts.roles import can_manage
from education.staff.admin_urls import admin_url
from education.staff.models import PreviewLink

KEEP, REPLACE = "keep", "replace"


class CloseForm(forms.Form):
    """Who looks after the pages now, and what readers see on the reviews."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Who looks after their pages from now on?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody for the moment"),
    )
    name = forms.ChoiceField(
        label=gettext_lazy("What do readers see as the reviewer?"),
        help_text=gettext_lazy("The reviews hold as before. You can change this later."),
        widget=forms.RadioSelect,
        choices=(
            (KEEP, gettext_lazy("The name, as it was")),
            (REPLACE, gettext_lazy("“A former member of staff”")),
        ),
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=account.pk)
        owner.queryset = others.order_by("username")
        owner.label_from_instance = lambda one: one.get_full_name() or one.username
        is_replaced = WithheldName.objects.filter(user=account).exists()
        self.fields["name"].initial = REPLACE if is_replaced else KEEP
        if not Document.objects.filter(owner=account).exists():
            del self.fields["owner"]
        if not Review.objects.filter(by=account).exists():
            del self.fields["name"]


@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what becomes of the pages and the name of an account, and close it."""
    if not request.user.has_perm("auth.change_user"):
        raise PermissionDenied
    account = get_object_or_404(User, pk=pk)
    if account == request.user or not can_manage(request.user, account):
        raise PermissionDenied
    form = CloseForm(request.POST if request.method == "POST" else None, account=account)
    if form.is_bound and form.is_valid():
        _close(account, by=request.user, **form.cleaned_data)
        messages.success(request, _("Closed. They can no longer sign in."))
        return HttpResponseRedirect(admin_url(User, "changelist"))
    context = {
        **site.each_context(request),
        "title": _("Close this account"),
        "account": account,
        "form": form,
        "documents": Document.objects.filter(owner=account).count(),
    }
    return render(request, "admin/account/close.html", context)


def _close(account: User, *, by: Any, owner: User | None = None, name: str = "") -> None:
    """Close an account; `name`: KEEP or REPLACE, "" for somebody without reviews."""
    with transaction.atomic():
        User.objects.filter(pk=account.pk).update(is_active=False)
        handed_over = Document.objects.filter(owner=account).update(owner=owner)
        PreviewLink.objects.filter(by=account, ends_at__gt=timezone.now()).update(
            ends_at=timezone.now()
        )
        details = [_("Closed.")]
        if handed_over:
            given = _("Pages handed over to {name}: {number}.")
            to = owner.get_username() if owner else _("nobody")
            details.append(given.format(name=to, number=handed_over))
        if name == REPLACE:
            WithheldName.objects.get_or_create(user=account)
            details.append(_("Readers no longer see the name on reviews."))
        elif name == KEEP:
            WithheldName.objects.filter(user=account).delete()
            details.append(_("Readers see the name on reviews."))
        log_action(
            Action.ACCOUNT,
            user=by,
            kind="user",
            slug=str(account.pk),
            subject=f"{_('User')}: {account.get_username()}",
            details="\n".join(details),
        )
