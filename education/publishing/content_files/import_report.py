"""The report of a load, in plain sentences."""

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
    """The documents that a load published, changed or left unchanged.

    `pending`: new documents kept as working copies; `commands` publish them with what they need.
    `acknowledged`: staff had made the same change as the file.
    """

    published: list[LocalizedKey] = field(default_factory=list)
    updated: list[tuple[str, LocalizedKey]] = field(default_factory=list)
    overwritten: list[tuple[str, LocalizedKey]] = field(default_factory=list)
    pending: list[LocalizedKey] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    acknowledged: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> int:
        """How many files changed a document."""
        updated = len(self.updated) + len(self.overwritten)
        return len(self.published) + updated + len(self.pending)

    @property
    def changed_nothing(self) -> bool:
        """Whether no document was changed for readers or staff."""
        return not self.changed

    @property
    def files(self) -> int:
        """How many files there were."""
        return self.changed + self.acknowledged + self.unchanged

    def messages(self) -> list[str]:
        """One line for each thing that a person should know."""
        if self.changed_nothing:
            text = ngettext(
                "Nothing changed: the site has what the {count} file says.",
                "Nothing changed: the site has what the {count} files say.",
                self.files,
            )
            return [text.format(count=self.files)]
        messages: list[str] = []
        if self.published:
            text = ngettext(
                "Published {count} new document: {names}.",
                "Published {count} new documents: {names}.",
                len(self.published),
            )
            messages.append(_format_list(text, self.published))
        text = _("{file}: updated the working copy. Readers see it after: {command}")
        messages += [_format_update(text, *updated) for updated in self.updated]
        text = _("{file}: overwrote what staff had edited. Readers see it after: {command}")
        messages += [_format_update(text, *overwritten) for overwritten in self.overwritten]
        if self.pending:
            text = ngettext(
                "Kept {count} new document as a working copy, because it needs what is not live yet: {names}.",
                "Kept {count} new documents as working copies, because they need what is not live yet: {names}.",
                len(self.pending),
            )
            messages.append(_format_list(text, self.pending))
        text = _("To publish all together: {command}")
        return [*messages, *(text.format(command=command) for command in self.commands)]


def publish_command(keys: Sequence[LocalizedKey]) -> str:
    """The command that publishes these documents of one language as one set."""
    (first, language), *others = keys
    names = [first.kind, first.slug]
    names += [
        key.slug if key.kind == first.kind else f"{key.kind}:{key.slug}"
        for key, _language in others
    ]
    option = "" if language == settings.LANGUAGE_CODE else f" --language {shlex.quote(language)}"
    return f'manage.py publish {shlex.join(names)}{option} --note "…"'


def _format_update(text: str, file: str, key: LocalizedKey) -> str:
    return text.format(file=file, command=publish_command([key]))


def _format_list(text: str, keys: Sequence[LocalizedKey]) -> str:
    names = [_display_name(key) for key, _language in keys[:MAX_NAMES]]
    if len(keys) > MAX_NAMES:
        names.append(_("and {count} more").format(count=len(keys) - MAX_NAMES))
    return text.format(count=len(keys), names=", ".join(names))


def _display_name(key: DocumentKey) -> str:
    return key.kind if key.kind == key.slug else f"{key.kind} {key.slug}"
