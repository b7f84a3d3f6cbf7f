"""The page “What became of what you submitted”, and the button that marks it read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from education.staff.editor.three_way_merge import parse_small_int
from education.staff.outcomes import mark_seen, outcomes_for
from education.staff.workflow.permissions import current_user

MAX_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def outcomes(request: HttpRequest) -> HttpResponse:
    """The decisions of the last 90 days; a POST marks those up to `upto` as seen."""
    user = current_user(request)
    shown = outcomes_for(user, MAX_SHOWN)
    if request.method == "POST":
        upto = parse_small_int(request.POST.get("upto", "")) or 0
        # Not beyond what there is: a later decision must still be seen.
        mark_seen(user, min(upto, shown[0].pk if shown else 0))
        messages.success(request, _("Marked as read."))
        return HttpResponseRedirect(reverse("admin:index"))
    context = {
        **site.each_context(request),
        "title": _("What became of what you submitted"),
        "outcomes": shown,
        "has_new": any(one.is_new for one in shown),
    }
    return render(request, "admin/outcomes.html", context)
