"""Arguments of the commands: documents, languages and times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from education.publishing import document_types
from education.publishing.content import ActionRefused, DocumentKey
from education.publishing.content_files.batch_snapshot import missing_document_message
from education.publishing.content_files.errors import quote_list
from education.publishing.models import Document


def add_language_argument(parser: CommandParser) -> None:
    parser.add_argument(
        "--language",
        default=settings.LANGUAGE_CODE,
        choices=[code for code, _name in settings.LANGUAGES],
        help=_("The language of the documents."),
    )


def add_datetime_argument(parser: CommandParser) -> None:
    parser.add_argument(
        "--at",
        metavar="TIME",
        help=_("When, such as 2030-01-31T08:00 (in the time zone of the site); now, unless given."),
    )


def find_documents(kind: str, names: Sequence[str], language: str) -> list[Document]:
    """The documents with these names, each a slug of `kind` or KIND:SLUG; raises CommandError."""
    keys = dict.fromkeys(_parse_key(kind, name) for name in names)
    found = {document.key: document for document in Document.objects.by_keys(set(keys), language)}
    missing = [_no_such_document(key, language) for key in keys if key not in found]
    if missing:
        raise CommandError("\n".join(missing))
    return [found[key] for key in keys]


def parse_datetime_argument(value: str | None) -> datetime | None:
    """An aware datetime, in the time zone of the site by default; raises CommandError."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
        if timezone.is_naive(found):
            found = timezone.make_aware(found)
            if found.astimezone(UTC).astimezone(found.tzinfo).replace(tzinfo=None) != found.replace(
                tzinfo=None
            ):
                raise ValueError(_("the clocks skip it"))
        found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CommandError(
            _("--at {written} is no time ({reason}). Write it as 2030-01-31T08:00.").format(
                written=value, reason=error
            )
        ) from error
    return found


def command_error(refusal: ActionRefused) -> CommandError:
    """An error with every reason why an action was refused."""
    reasons = "\n".join(f"- {problem}" for problem in refusal.problems)
    return CommandError(_("Refused; nothing was changed.") + "\n" + reasons)


def format_datetime(at: Any) -> str:
    """A datetime in the time zone of the site."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M %Z")


def _parse_key(kind: str, name: str) -> DocumentKey:
    before, colon, after = name.partition(":")
    if not colon:
        return DocumentKey(kind, name)
    if before not in document_types.names():
        raise CommandError(
            _("There is no kind “{kind}”. The kinds are {known}.").format(
                kind=before, known=quote_list(document_types.names())
            )
        )
    return DocumentKey(before, after)


def _no_such_document(key: DocumentKey, language: str) -> str:
    documents = Document.objects.filter(kind=key.kind, language=language)
    return missing_document_message(key, documents.values_list("slug", flat=True))
