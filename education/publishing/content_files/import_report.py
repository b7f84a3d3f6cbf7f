"""What a load did, in plain sentences."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing.content import DocumentKey
from education.publishing.content_files.batch import LocalizedKey

MAX_NAMES = 20


@dataclass
class ImportReport:
    """The documents that a load published, changed, or left as they are."""

    published: list[LocalizedKey] = field(default_factory=list)
    updated: list[tuple[str, LocalizedKey]] = field(default_factory=list)
    overwritten: list[tuple[str, LocalizedKey]] = field(default_factory=list)
    pending: list[LocalizedKey] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    acknowledged: int = 0
    unchanged: int = 0

    @property
    def changed_nothing(self) -> bool:
        """Whether readers and staff find everything as it was."""
        return not (self.published or self.updated or self.overwritten or self.pending)

    @property
    def files(self) -> int:
        """How many files there were."""
        changed = (self.published, self.updated, self.overwritten, self.pending)
        return sum(len(names) for names in changed) + self.acknowledged + self.unchanged

    def messages(self) -> list[str]:
        """One line for each thing that a person should know."""
        if self.changed_nothing:
            text = ngettext(
                "Nothing changed: the site has what the {count} file says.",
                "Nothing changed: the site has what the {count} files say.",
                self.files,
            )
            return [text.format(count=self.files)]
        return [
            *self._published_messages(),
            *(_updated_message(file, address) for file, address in self.updated),
            *(_overwritten_message(file, address) for file, address in self.overwritten),
            *self._pending_messages(),
        ]

    def _published_messages(self) -> list[str]:
        if not self.published:
            return []
        text = ngettext(
            "Published {count} new document: {names}.",
            "Published {count} new documents: {names}.",
            len(self.published),
        )
        return [text.format(count=len(self.published), names=_list_names(self.published))]

    def _pending_messages(self) -> list[str]:
        if not self.pending:
            return []
        text = ngettext(
            "Kept {count} new document as a working copy, because it needs what is not live yet: {names}.",
            "Kept {count} new documents as working copies, because they need what is not live yet: {names}.",
            len(self.pending),
        )
        first = text.format(count=len(self.pending), names=_list_names(self.pending))
        return [
            first,
            *(
                _("To publish all together: {command}").format(command=command)
                for command in self.commands
            ),
        ]


def publish_command(addresses: Sequence[LocalizedKey]) -> str:
    """The command that publishes these documents of one language as one set."""
    (first, language), *others = addresses
    names = [first.kind, first.slug]
    names += [
        key.slug if key.kind == first.kind else f"{key.kind}:{key.slug}"
        for key, _language in others
    ]
    tongue = "" if language == settings.LANGUAGE_CODE else f" --language {shlex.quote(language)}"
    return f'manage.py publish {shlex.join(names)}{tongue} --note "…"'


def _list_names(addresses: Sequence[LocalizedKey]) -> str:
    named = [_display_name(key) for key, _language in addresses[:MAX_NAMES]]
    more = len(addresses) - len(named)
    return ", ".join([*named, *([_("and {count} more").format(count=more)] if more else [])])


def _display_name(key: DocumentKey) -> str:
    return key.kind if key.kind == key.slug else f"{key.kind} {key.slug}"


def _updated_message(file: str, address: LocalizedKey) -> str:
    return _("{file}: updated the working copy. Readers see it after: {command}").format(
        file=file, command=publish_command([address])
    )


def _overwritten_message(file: str, address: LocalizedKey) -> str:
    return _("{file}: overwrote what staff had edited. Readers see it after: {command}").format(
        file=file, command=publish_command([address])
    )
