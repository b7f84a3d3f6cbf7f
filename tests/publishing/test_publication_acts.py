"""Acts: publications that begin and are cancelled together, and which acts others cancel."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from education.audit.models import Action, AuditLogEntry
from education.handouts.codes import decode
from education.handouts.freshness import Freshness, PrintedHandout
from education.handouts.outdated import find_outdated_handouts
from education.publishing import actions
from education.publishing.composition import get_live_edition_or_404
from education.publishing.content import ActionRefused, DocumentKey
from education.publishing.history import page_changes
from education.publishing.models import Document, Edition, Publication
from education.publishing.workflow.withdrawal import introduced_parts, remaining_from_act
from education.staff.accounts import roles
from tests import factories
from tests.factories import ADVICE, publish_documents
from tests.handouts.handout_helpers import print_code
from tests.staff.conftest import create_user

pytestmark = pytest.mark.django_db


def in_hours(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def live_number(document: Document, at: datetime | None = None) -> int | None:
    edition = Edition.objects.live(at).filter(document=document.pk).first()
    return edition.number if edition else None


def test_published_set_is_one_act_with_each_document_once():
    page = factories.make_small_site()
    assert len(set(Publication.objects.values_list("act", flat=True))) == 1
    publish_documents(factories.article(title="New"))
    assert Publication.objects.get(document=page, edition__number=2).act == 2
    actions.withdraw(page, reason="Old.", also=[])
    assert list(Publication.objects.order_by("pk").values_list("act", flat=True))[-1] == 3


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_handout_of_a_set_is_outdated_in_any_order_of_rows(order, client):  # P5
    factories.make_small_site()
    new = [factories.cause("sweat"), factories.article(causes=("oil", "sweat"))]
    entries = actions.publish([new[place] for place in order], **ADVICE)
    page = Document.objects.get(kind="article")
    codes = [print_code(page)]
    publish_documents(factories.article(causes=("oil", "sweat"), do=["Wash.", "Rest."]))
    assert [paper.document for paper in find_outdated_handouts()] == [page, page]
    assert {
        paper.freshness for code in codes for paper in PrintedHandout.from_code(decode(code)).pages
    } == {Freshness.ADVICE}
    assert len({entry.act for entry in entries}) == 1
    edition = get_live_edition_or_404(DocumentKey("article", "spots"), "en")
    assert [change.first for change in page_changes(edition)].count(True) == 1


def test_handout_is_outdated_after_one_of_two_acts_is_cancelled():  # P5
    factories.make_small_site()
    moment = in_hours(1)
    first = actions.publish([factories.cause("sweat")], at=moment, **ADVICE)
    publish_documents(factories.article(causes=("oil", "sweat")), at=moment)
    actions.publish([factories.cause("sweat", "Said anew.")], at=moment, cancel_acts=(), **ADVICE)
    actions.cancel(first[0])
    papers = find_outdated_handouts(at=moment)
    assert [paper.printed_before for paper in papers] == [moment]


def test_withdrawing_cancels_scheduled_acts_and_logs_it():  # P2
    page = factories.make_small_site()
    oil = Document.objects.get(kind="cause")
    publish_documents(
        factories.article(title="Later"), factories.cause(text="Later, too."), at=in_hours(1)
    )
    actions.withdraw(page, reason="It was wrong.")
    assert not Publication.objects.upcoming().exists()
    assert live_number(page, in_hours(2)) is None and live_number(oil, in_hours(2)) == 1
    kept = AuditLogEntry.objects.filter(action=Action.CANCELLED)
    assert {entry.slug for entry in kept} == {"spots", "oil"}
    assert all("was withdrawn" in entry.details for entry in kept)


def test_withdrawing_a_set_cancels_the_acts_of_each_member():  # P2
    factories.make_small_site()
    oil, page = Document.objects.get(kind="cause"), Document.objects.get(kind="article")
    publish_documents(factories.article(title="Later"), at=in_hours(1))
    publish_documents(factories.cause(text="Later, too."), at=in_hours(2))
    actions.withdraw(oil, reason="It was wrong.", also=[page])
    assert not Publication.objects.upcoming().exists()


def test_scheduled_withdrawal_cancels_later_acts_only():  # P2
    page = factories.cause()
    publish_documents(page)
    publish_documents(factories.cause(text="Soon."), at=in_hours(1))
    publish_documents(factories.cause(text="Late."), at=in_hours(3))
    actions.withdraw(page, reason="Old.", at=in_hours(2))
    assert live_number(page, in_hours(1.5)) == 2
    assert live_number(page, in_hours(4)) is None


def test_publishing_cancels_acts_that_would_replace_it():  # P3
    page = factories.cause()
    publish_documents(page)
    publish_documents(factories.cause(text="Scheduled."), at=in_hours(1))
    publish_documents(factories.cause(text="Newer."))
    assert live_number(page, in_hours(2)) == 3
    assert AuditLogEntry.objects.get(action=Action.CANCELLED).to_edition == 2


def test_publishing_with_no_acts_to_cancel_keeps_them():  # P3
    page = factories.cause()
    publish_documents(page)
    publish_documents(factories.cause(text="Scheduled."), at=in_hours(1))
    publish_documents(factories.cause(text="Newer."), cancel_acts=())
    assert live_number(page) == 3 and live_number(page, in_hours(2)) == 2


def test_publishing_keeps_a_scheduled_withdrawal_by_default():  # P3
    page = factories.cause()
    publish_documents(page)
    entry = actions.withdraw(page, reason="Old.", at=in_hours(1))
    publish_documents(factories.cause(text="Newer."))
    assert live_number(page, in_hours(2)) is None
    publish_documents(factories.cause(text="Newest."), cancel_acts=[entry.act])
    assert live_number(page, in_hours(2)) == 3


def test_publishing_a_set_cancels_the_whole_replaced_act():  # P3
    factories.make_small_site()
    page, oil = Document.objects.get(kind="article"), Document.objects.get(kind="cause")
    sweat = factories.cause("sweat")
    publish_documents(sweat, factories.article(causes=("oil", "sweat")), at=in_hours(1))
    publish_documents(factories.article("lumps", causes=("sweat",)), at=in_hours(2))
    publish_documents(factories.article(title="Now"), factories.cause(text="Now."))
    assert not Publication.objects.upcoming().exists()
    assert live_number(page, in_hours(3)) == 3 and live_number(oil, in_hours(3)) == 2


def test_cancelling_one_member_cancels_its_act():
    factories.make_small_site()
    entries = actions.publish(
        [factories.article(title="Later"), factories.cause(text="Later.")], at=in_hours(1), **ADVICE
    )
    actions.cancel(entries[1])
    assert not Publication.objects.upcoming().exists()
    assert AuditLogEntry.objects.filter(action=Action.CANCELLED).count() == 2


def test_cancelling_keeps_another_act_of_the_same_moment():
    factories.make_small_site()
    moment = in_hours(1)
    mine = actions.publish([factories.article(title="Later")], at=moment, **ADVICE)
    actions.publish([factories.cause(text="Later.")], at=moment, **ADVICE)
    actions.cancel(mine[0])
    assert [entry.document.kind for entry in Publication.objects.upcoming()] == ["cause"]


def test_introduced_parts_are_those_only_the_page_needs():
    factories.make_small_site()
    old = Document.objects.get(slug="oil")
    publish_documents(
        factories.cause("sweat"),
        factories.cause("dust"),
        factories.article("lumps", causes=("oil", "sweat")),
    )
    lumps, sweat = Document.objects.get(slug="lumps"), Document.objects.get(slug="sweat")
    assert introduced_parts(lumps) == [sweat]
    assert remaining_from_act(lumps, [lumps.pk, sweat.pk]) == [Document.objects.get(slug="dust")]
    actions.withdraw(lumps, reason="Wrong.", also=introduced_parts(lumps))
    assert live_number(sweat) is None and live_number(old) == 1
    assert len(set(Publication.objects.filter(edition=None).values_list("act", flat=True))) == 1


def test_introduced_parts_exclude_those_of_another_page():
    factories.make_small_site()
    publish_documents(factories.cause("sweat"), factories.article("lumps", causes=("sweat",)))
    publish_documents(factories.article(causes=("oil", "sweat")))
    assert introduced_parts(Document.objects.get(slug="lumps")) == []


def test_introduced_parts_exclude_those_live_before():
    factories.make_small_site()
    publish_documents(factories.cause("sweat"))
    publish_documents(
        factories.cause("sweat", "Anew."), factories.article("lumps", causes=("sweat",))
    )
    assert introduced_parts(Document.objects.get(slug="lumps")) == []


def test_urgent_withdrawal_needs_one_person_and_is_recorded(settings):
    settings.FOUR_EYES = True
    page = factories.cause()
    eve = create_user("eve", roles.AUTHOR, roles.PUBLISHER)
    Document.objects.get(pk=page.pk).record_edit(eve)
    actions.publish([page], **ADVICE)
    with pytest.raises(ActionRefused, match="Somebody else"):
        actions.withdraw(page, reason="Wrong.", by=eve, urgent=False)
    actions.withdraw(page, reason="Wrong.", by=eve)
    assert AuditLogEntry.objects.get(action=Action.WITHDRAWN).details == "Urgent. Wrong."


def command_output(name: str, *words: Any, **options: Any) -> str:
    out = StringIO()
    call_command(name, *words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_publish_command_lists_the_acts_it_cancelled():  # P3
    publish_documents(factories.cause())
    publish_documents(factories.cause(text="Scheduled."), at=in_hours(1))
    factories.cause(text="Newer.")
    shown = command_output("publish", "cause", "oil", "--note", "New.")
    assert "Took back" in shown and "Cause: Oil, edition 2" in shown


def test_publish_command_with_keep_scheduled_cancels_no_act():  # P3
    page = factories.cause()
    publish_documents(page)
    publish_documents(factories.cause(text="Scheduled."), at=in_hours(1))
    factories.cause(text="Newer.")
    shown = command_output("publish", "cause", "oil", "--note", "New.", "--keep-scheduled")
    assert "Took back" not in shown and live_number(page, in_hours(2)) == 2


def test_withdraw_command_lists_cancelled_acts_and_parts():  # P2
    factories.make_small_site()
    publish_documents(factories.cause("sweat"), factories.article("lumps", causes=("sweat",)))
    publish_documents(factories.article("lumps", causes=("sweat",), title="Later"), at=in_hours(1))
    shown = command_output("withdraw", "article", "lumps", "--reason", "Wrong.")
    assert "Took back" in shown and "Withdrew the cause sweat" in shown
    assert not Publication.objects.upcoming().exists()
    publish_documents(factories.cause("sweat"))
    publish_documents(factories.article("lumps", causes=("sweat",)))


def test_withdraw_command_with_alone_keeps_introduced_parts():
    factories.make_small_site()
    publish_documents(factories.cause("sweat"), factories.article("lumps", causes=("sweat",)))
    command_output("withdraw", "article", "lumps", "--reason", "Wrong.", "--keep-parts")
    assert live_number(Document.objects.get(slug="sweat")) == 1
