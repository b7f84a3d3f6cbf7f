"""P11: a reviewer confirms sentences that may tell people in danger to wait."""

from __future__ import annotations

import pytest
from django.urls import reverse

from education.audit.models import AuditLogEntry
from education.publishing import actions
from education.publishing.models import Review
from tests import factories
from tests.factories import ADVICE, OUTCOMES, publish_documents
from tests.staff.conftest import create_user, form_fields, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

TICK = "I have read these sentences. They are safe here."
SENTENCE = "You can wait until next week."


@pytest.fixture
def address(db):
    """The review page of a self-check whose emergency result tells people to wait."""
    factories.make_small_site()
    publish_documents(factories.self_check())
    changed = factories.self_check(
        outcomes=[{**OUTCOMES[0], "do_now": f"Call. {SENTENCE}"}, *OUTCOMES[1:]]
    )
    actions.submit([changed], **ADVICE)
    return reverse("admin:selfcheck_selfcheck_review", args=[changed.pk])


def sent(client, address, **typed):
    data = {
        **form_fields(client.get(address)),
        "shown_as": "Dr. Ada Park",
        "read": "on",
        "_review": "1",
        **typed,
    }
    return client.post(address, data, follow=True).content.decode()


def test_review_page_lists_reassurance_and_asks_to_confirm(address):
    reviewer = log_in(create_user("rita", "Clinical reviewer"))
    page = reviewer.get(address).content.decode()
    assert f"<q>{SENTENCE}</q>" in page and TICK in page
    page = sent(reviewer, address)
    assert "Read the sentences, then tick this." in page
    assert not Review.objects.exists()
    page = sent(reviewer, address, confirmed="on")
    assert "Your review is recorded." in page
    assert Review.objects.get().confirmed == [f"emergency: {SENTENCE}"]
    assert SENTENCE in AuditLogEntry.objects.filter(action="reviewed").get().details


def test_publisher_is_told_and_may_publish_after_confirmation(address):
    desk = log_in(create_user("pat", "Publisher", "Clinical reviewer"))
    publish = address.replace("/review/", "/publish/")
    data = {**form_fields(desk.get(publish)), "_publish": "1"}
    page = desk.post(publish, data, follow=True).content.decode()
    assert f"“{SENTENCE}” may tell people in danger to wait" in page
    sent(desk, address, confirmed="on")
    data = {**form_fields(desk.get(publish)), "_publish": "1"}
    assert (
        "Published. Readers see it now." in desk.post(publish, data, follow=True).content.decode()
    )


def test_page_without_reassurance_asks_no_confirmation(address):
    factories.article(title="Another title")
    article = actions.submit([factories.article(title="Another title")], **ADVICE)[0]
    page = log_in(create_user("rita", "Clinical reviewer")).get(
        reverse("admin:articles_article_review", args=[article.document_id])
    )
    assert TICK not in page.content.decode()
