"""`manage.py send_review_reminders`: tell owners and the desk which reviews are due."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing.management.site_command import SiteCommand
from education.staff.overview.reminders import build_emails, without_recipient


class Command(SiteCommand):
    """Sends at most one e-mail to each recipient."""

    help = _(
        "Tell owners and the desk by e-mail which clinical reviews are overdue or due within 60 days."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Show the e-mails, and send none.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        emails = build_emails(today)
        if options["dry_run"]:
            for email in emails:
                self._show(email)
        elif emails:
            self._send(emails)
        for due in without_recipient(today):
            message = _(
                "Nobody is told of “{name}”: give it an owner with an e-mail address, or the clinic one."
            )
            self.stderr.write(message.format(name=due.name))
        if not emails:
            self.stdout.write(_("No e-mail is needed."))

    def _show(self, email: EmailMessage) -> None:
        self.stdout.write(_("To: {reader}").format(reader=", ".join(email.to)))
        self.stdout.write(_("Subject: {subject}").format(subject=str(email.subject)))
        self.stdout.write("")
        self.stdout.write(str(email.body))

    def _send(self, emails: list[EmailMessage]) -> None:
        if not settings.EMAIL_HOST:
            raise CommandError(
                _(
                    "No mail server is set, so nothing was sent. Set EMAIL_HOST, or look with --dry-run."
                )
            )
        connection = get_connection()
        failed = []
        for email in emails:
            try:
                connection.send_messages([email])
            except (OSError, SMTPException) as error:
                connection.close()
                failed.append(f"{', '.join(email.to)}: {error}")
            else:
                self.stdout.write(_("Told {reader}.").format(reader=", ".join(email.to)))
        connection.close()
        if failed:
            raise CommandError(_("These were not told:") + "\n" + "\n".join(failed))
