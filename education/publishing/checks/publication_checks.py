"""The rules of publication. Each package registers its own in its `publishing_hooks` module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from django.utils.translation import gettext as _

from education import markdown
from education.publishing.checks.internal_links import find_broken_links
from education.publishing.checks.placeholders import placeholder_problems
from education.publishing.checks.reassurance import reassurance_problems
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import Problem, markdown_texts
from education.publishing.models import Edition

Check = Callable[[Edition, SiteSnapshot], Iterator[Problem]]

_CHECKS: list[Check] = []
_TEXT_CHECKS: list[Check] = []


def publication_check(function: Check) -> Check:
    """Register `function`: it yields a problem for each reason why an edition may not be live on a
    site.
    """
    _CHECKS.append(function)
    return function


def text_check(function: Check) -> Check:
    """Register `function` as a rule about texts alone, which even an unfinished document can be
    judged by.
    """
    _TEXT_CHECKS.append(function)
    return publication_check(function)


def run_checks(
    edition: Edition, site: SiteSnapshot, *, exclude: Check | None = None
) -> list[Problem]:
    """Everything that speaks against `edition` being live on `site`, the rule `besides` aside."""
    return [
        problem
        for check in _CHECKS
        if check is not exclude
        for problem in _run_check(check, edition, site)
    ]


@publication_check
def check_dependencies_live(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """A page is put together from parts: each must be there when the page is."""
    for key in edition.content.dependencies():
        if site.live_edition(key, edition.document.language) is None:
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


@text_check
def check_markdown_renders(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Every Markdown text renders within the limits, and its links are of a kind that
    is allowed.
    """
    for text in markdown_texts(edition.content):
        for message in markdown.validate(text.text):
            yield Problem(edition.key, text.path, message)


@text_check
def check_internal_links(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Every link to a page of this site finds it.

    Asked of what goes live only. When a page is taken away, links to it break in pages that nobody
    is changing; were they judged, nothing that these pages use could be published until all were
    mended.
    """
    if site.is_going_live(edition):
        for broken in find_broken_links(edition, site):
            yield Problem(edition.key, broken.path, broken.message)


@text_check
def check_placeholders(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """Every `{…}` is filled in for readers, and no text says the words in its place itself.

    Asked of what goes live only, as for links.
    """
    if site.is_going_live(edition):
        yield from placeholder_problems(edition)


@text_check
def check_no_doses(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """A dose is for one person, from a person who knows them: pages and handouts give none."""
    # Only who publishes has texts judged: no start of the site waits for the lists of medicines.
    from education.plain_language.report import find_doses  # noqa: PLC0415

    for text in markdown_texts(edition.content):
        # As it was typed, and as it is read: signs can be written in ways that only reading shows.
        for written in dict.fromkeys(
            (text.text, markdown.plain_text(text.text, inline=text.inline))
        ):
            for finding in find_doses(written):
                yield Problem(edition.key, text.path, f"“{finding.excerpt}”: {finding.message}")


@text_check
def check_reassurance(edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """No emergency or urgent result says to wait, or that it is nothing, unless a reviewer
    confirmed it.

    Asked of what goes live only: a longer list of phrases must not keep back what others publish.
    """
    if site.is_going_live(edition):
        yield from reassurance_problems(edition)


def run_text_checks(edition: Edition, site: SiteSnapshot) -> list[Problem]:
    """What speaks against the texts of `edition`, be it a draft that is not valid as a whole."""
    return [problem for check in _TEXT_CHECKS for problem in _run_check(check, edition, site)]


def _run_check(check: Check, edition: Edition, site: SiteSnapshot) -> Iterator[Problem]:
    """What one rule says, up to a text beyond the limits of prose, which `check_markdown_renders`
    names.
    """
    with suppress(markdown.MarkdownLimitError):
        for problem in check(edition, site):
            yield (
                replace(problem, edition=edition.number) if problem.key == edition.key else problem
            )
