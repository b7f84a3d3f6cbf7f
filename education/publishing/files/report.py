"""What a load did, in plain sentences."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.publishing.content import DocumentKey
from education.publishing.files.run import Address

_NAMED_AT_MOST = 20


@dataclass
class LoadReport:
    """The documents that a load published, changed, or left as they are."""

    published: list[Address] = field(default_factory=list)
    updated: list[tuple[str, Address]] = field(default_factory=list)
    taken: list[tuple[str, Address]] = field(default_factory=list)
    waiting: list[Address] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    noted: int = 0
    unchanged: int = 0

    @property
    def changed_nothing(self) -> bool:
        """Whether readers and staff find everything as it was."""
        return not (self.published or self.updated or self.taken or self.waiting)

    @property
    def files(self) -> int:
        """How many files there were."""
        changed = (self.published, self.updated, self.taken, self.waiting)
        return sum(len(names) for names in changed) + self.noted + self.unchanged

    def sentences(self) -> list[str]:
        """One line for each thing that a person should know."""
        if self.changed_nothing:
            words = ngettext(
                "Nothing changed: the site has what the {count} file says.",
                "Nothing changed: the site has what the {count} files say.",
                self.files,
            )
            return [words.format(count=self.files)]
        return [
            *self._published(),
            *(_updated(file, address) for file, address in self.updated),
            *(_taken(file, address) for file, address in self.taken),
            *self._waiting(),
        ]

    def _published(self) -> list[str]:
        if not self.published:
            return []
        words = ngettext(
            "Published {count} new document: {names}.",
            "Published {count} new documents: {names}.",
            len(self.published),
        )
        return [words.format(count=len(self.published), names=_names(self.published))]

    def _waiting(self) -> list[str]:
        if not self.waiting:
            return []
        words = ngettext(
            "Kept {count} new document as a working copy, because it needs what is not live yet: {names}.",
            "Kept {count} new documents as working copies, because they need what is not live yet: {names}.",
            len(self.waiting),
        )
        first = words.format(count=len(self.waiting), names=_names(self.waiting))
        return [
            first,
            *(_("To publish all together: {command}").format(command=command) for command in self.commands),
        ]


def publish_command(addresses: Sequence[Address]) -> str:
    """The command that publishes these documents of one language as one set."""
    (first, language), *others = addresses
    names = [first.kind, first.slug]
    names += [key.slug if key.kind == first.kind else f"{key.kind}:{key.slug}" for key, _language in others]
    tongue = "" if language == settings.LANGUAGE_CODE else f" --language {shlex.quote(language)}"
    return f'manage.py publish {shlex.join(names)}{tongue} --note "…"'


def _names(addresses: Sequence[Address]) -> str:
    named = [_name(key) for key, _language in addresses[:_NAMED_AT_MOST]]
    more = len(addresses) - len(named)
    return ", ".join([*named, *([_("and {count} more").format(count=more)] if more else [])])


def _name(key: DocumentKey) -> str:
    return key.kind if key.kind == key.slug else f"{key.kind} {key.slug}"


def _updated(file: str, address: Address) -> str:
    return _("{file}: updated the working copy. Readers see it after: {command}").format(
        file=file, command=publish_command([address])
    )


def _taken(file: str, address: Address) -> str:
    return _("{file}: overwrote what staff had edited. Readers see it after: {command}").format(
        file=file, command=publish_command([address])
    )
