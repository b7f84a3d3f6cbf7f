"""Review reminders: one e-mail for each owner and the desk, in time."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from smtplib import SMTPException
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from education.clinic.models import Clinic
from education.publishing.models import Document, Edition, Review
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _mail_server(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    settings.SITE_URL = "https://clinic.example"


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada", email="Ada@clinic.example")


def page(slug: str, owner: User | None, due: date | None) -> Document:
    """A live cause of this owner, whose next review is due then."""
    cause = factories.cause(slug)
    (edition,) = factories.publish_documents(cause)
    Document.objects.filter(pk=cause.pk).update(owner=owner)
    if due:
        by, _ = User.objects.get_or_create(username="rita")
        Review(
            edition=edition,
            by=by,
            shown_as="R",
            on=min(TODAY, due) - timedelta(days=365),
            next_due=due,
        ).save()
    return cause


def run_command(**options: Any) -> str:
    out = StringIO()
    call_command("send_review_reminders", stdout=out, stderr=out, **options)
    return out.getvalue()


def test_owner_and_desk_each_get_one_e_mail(ada):
    Clinic.objects.create(pk=1, name="North Clinic", desk_email="desk@clinic.example")
    page("acne", ada, TODAY - timedelta(days=3))
    page("boils", ada, TODAY + timedelta(days=60))
    page("cysts", None, TODAY + timedelta(days=10))
    page("later", ada, TODAY + timedelta(days=61))
    assert "Told ada@clinic.example." in run_command()
    assert {tuple(letter.to) for letter in mail.outbox} == {
        ("ada@clinic.example",),
        ("desk@clinic.example",),
    }
    to_ada, to_desk = sorted(mail.outbox, key=lambda letter: letter.to)
    assert "Cause: Acne" in to_ada.body and "Cause: Boils" in to_ada.body
    assert "Cause: Cysts" not in to_ada.body and "Cause: Cysts" in to_desk.body
    assert "Later" not in to_desk.body
    assert to_ada.subject == "1 review is overdue"
    assert to_ada.body.index("OVERDUE") < to_ada.body.index("Acne") < to_ada.body.index("DUE SOON")
    acne = Document.objects.get(slug="acne")
    assert f"https://clinic.example/admin/articles/cause/{acne.pk}/change/" in to_ada.body


def test_owner_who_is_also_the_desk_gets_one_e_mail(ada):
    Clinic.objects.create(pk=1, name="North Clinic", desk_email="ada@clinic.example")
    page("acne", ada, TODAY)
    run_command()
    assert len(mail.outbox) == 1 and mail.outbox[0].body.count("Cause: Acne") == 1


def test_page_never_reviewed_is_due_weeks_after_it_went_live(ada):
    page("acne", ada, None)
    # Thirty to ninety days after today, so within the sixty days only for some; by then for all.
    body = run_command(dry_run=True)
    assert ("never reviewed; first review due" in body) != ("No e-mail is needed." in body)


def test_dry_run_shows_the_e_mails_and_sends_none(ada, settings):
    settings.EMAIL_HOST = ""
    page("acne", ada, TODAY - timedelta(days=3))
    shown = run_command(dry_run=True)
    assert "To: ada@clinic.example" in shown and "Cause: Acne" in shown and not mail.outbox


def test_reminder_without_recipient_is_reported(ada):
    page("acne", None, TODAY)
    assert "Nobody is told of “Cause: Acne”" in run_command()
    assert not mail.outbox


def test_inactive_owner_is_not_written_to(ada):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    page("acne", ada, TODAY)
    assert "Nobody is told" in run_command() and not mail.outbox


def test_no_e_mail_is_sent_when_nothing_is_due(ada):
    page("acne", ada, TODAY + timedelta(days=200))
    assert "No e-mail is needed." in run_command()


def test_page_that_is_not_live_is_not_due(ada):
    document = page("acne", ada, TODAY - timedelta(days=3))
    factories.actions.withdraw(document, reason="Old.")
    factories.actions.freeze(factories.cause("draft"), **factories.ADVICE)
    assert "No e-mail is needed." in run_command()
    assert Edition.objects.filter(document__slug="draft").exists()


def test_missing_mail_server_is_reported(ada, settings):
    settings.EMAIL_HOST = ""
    page("acne", ada, TODAY)
    with pytest.raises(CommandError, match="Set EMAIL_HOST"):
        run_command()


def test_refused_address_does_not_stop_other_e_mails(ada, monkeypatch):
    Clinic.objects.create(pk=1, name="North Clinic", desk_email="desk@clinic.example")
    page("acne", ada, TODAY)
    send = EmailBackend.send_messages

    def refuse_ada(self: EmailBackend, letters: Any) -> int:
        if letters[0].to == ["ada@clinic.example"]:
            raise SMTPException("no such mailbox")
        return send(self, letters)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse_ada)
    with pytest.raises(CommandError, match=r"ada@clinic\.example: no such mailbox"):
        run_command()
    assert [letter.to for letter in mail.outbox] == [["desk@clinic.example"]]
