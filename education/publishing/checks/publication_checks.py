"""The publication checks; each package registers its own in its `publishing_hooks` module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from django.utils.translation import gettext as _

from education import markdown
from education.publishing.checks.internal_links import find_broken_links
from education.publishing.checks.pasting_leftovers import find_leftovers
from education.publishing.checks.placeholders import placeholder_problems
from education.publishing.checks.reassurance import reassurance_problems
from education.publishing.checks.site_snapshot import SiteSnapshot, is_live
from education.publishing.content import Problem, markdown_texts
from education.publishing.models import Edition

Find = Callable[[Edition, SiteSnapshot], Iterator[Problem]]


@dataclass(frozen=True)
class Check:
    """A registered check.

    `is_of_texts`: it needs only the texts, and runs on drafts that are not valid as a whole.
    `only_going_live`: it is asked of what is being published, and not of pages that use it.
    """

    find: Find
    is_of_texts: bool
    only_going_live: bool

    @property
    def name(self) -> str:
        return f"{self.find.__module__}.{self.find.__qualname__}"

    def applies_to(self, edition: Edition, site: SiteSnapshot) -> bool:
        return not self.only_going_live or site.is_going_live(edition)


_CHECKS: list[Check] = []


def publication_check(*, only_going_live: bool = False) -> Callable[[Find], Find]:
    """Register a check: it yields a problem for each reason not to publish an edition.

    A check of pages that stay as they are must read nothing but the edition and the site. If it
    only asks the site (`SiteSnapshot.ask`), it runs again only when an answer changes.
    """
    return partial(_register, is_of_texts=False, only_going_live=only_going_live)


def text_check(*, only_going_live: bool = False) -> Callable[[Find], Find]:
    """Register a check of texts alone, which also runs on drafts that are not valid as a whole."""
    return partial(_register, is_of_texts=True, only_going_live=only_going_live)


def _register(find: Find, *, is_of_texts: bool, only_going_live: bool) -> Find:
    _CHECKS.append(Check(find, is_of_texts, only_going_live))
    return find


def registered_checks() -> tuple[Check, ...]:
    return tuple(_CHECKS)


def run_checks(
    edition: Edition, site: SiteSnapshot, *, exclude: Find | None = None
) -> list[Problem]:
    """The problems of `edition`, were it live on `site`; leaves out the check `exclude`."""
    return [
        problem
        for check in _CHECKS
        if check.find is not exclude and check.applies_to(edition, site)
        for problem in run_check(check, edition, site)
    ]


@publication_check()
def check_dependencies_live(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Every document that a page is composed of must be live with it."""
    for key in edition.content.dependencies():
        if not site.ask(is_live, key, edition.document.language):
            if site.is_going_live(edition):
                message = _(
                    "This needs the {kind} “{slug}”, which readers do not see then. Publish it with this."
                )
            else:
                message = _(
                    "Readers see this, and it needs the {kind} “{slug}”. Take this away together with it, or "
                    "first change this so that it does without."
                )
            yield Problem(edition.key, (), message.format(kind=key.kind, slug=key.slug))


@text_check()
def check_markdown_renders(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Every Markdown text must render within the limits and have links of allowed kinds only."""
    for text in markdown_texts(edition.content):
        for message in markdown.validate(text.text):
            yield Problem(edition.key, text.path, message)


@text_check(only_going_live=True)
def check_internal_links(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Every link to a page of this site must resolve, in editions that go live.

    Other editions are not checked: withdrawing a page breaks links in pages that nobody is editing,
    and these must not block the publication of what they use.
    """
    for broken in find_broken_links(edition, site):
        yield Problem(edition.key, broken.path, broken.message)


@text_check(only_going_live=True)
def check_placeholders(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Every `{…}` is filled in for readers, and no text says the words in its place itself.

    Asked of what goes live only, as for links.
    """
    return placeholder_problems(edition)


@text_check(only_going_live=True)
def check_pasting_leftovers(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """No text may show readers the signs of another program, such as “•” or a tag."""
    for text in markdown_texts(edition.content):
        for line, words, advice in find_leftovers(text.text):
            message = _("Line {line}, “{words}”: {advice}")
            yield Problem(
                edition.key, text.path, message.format(line=line, words=words, advice=advice)
            )


@text_check(only_going_live=True)
def check_sections(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Below every heading stands something: those of a template wait for words.

    Asked of what goes live only, as for links.
    """
    for text in markdown_texts(edition.content):
        if not text.inline:
            for message in markdown.validate_sections(text.text):
                yield Problem(edition.key, text.path, message)


@text_check()
def check_no_doses(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """No text may state a dose of a medicine: a dose is advice for one person."""
    # Imported here, so that the start of the site does not load the lists of medicines.
    from education.plain_language.report import find_doses  # noqa: PLC0415

    for text in markdown_texts(edition.content):
        # Both source and plain text: entities and escapes can hide signs in the source.
        for written in dict.fromkeys(
            (text.text, markdown.plain_text(text.text, inline=text.inline))
        ):
            for finding in find_doses(written):
                yield Problem(edition.key, text.path, f"“{finding.excerpt}”: {finding.message}")


@text_check(only_going_live=True)
def check_reassurance(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """No emergency or urgent text may reassure, unless a reviewer has confirmed the sentence.

    Only editions that go live are checked: a longer list of phrases must not block other
    publications.
    """
    return reassurance_problems(edition)


def run_text_checks(edition: Edition, site: SiteSnapshot) -> list[Problem]:
    """The problems of the texts of `edition`, which may be a draft that is not valid as a whole."""
    return [
        problem
        for check in _CHECKS
        if check.is_of_texts and check.applies_to(edition, site)
        for problem in run_check(check, edition, site)
    ]


def run_check(check: Check, edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """The problems of one check; texts beyond the limits are left to `check_markdown_renders`."""
    with suppress(markdown.MarkdownLimitError):
        for problem in check.find(edition, site):
            yield (
                replace(problem, edition=edition.number) if problem.key == edition.key else problem
            )
