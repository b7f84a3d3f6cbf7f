"""The rules of publication. Each package registers its own in its `publication` module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from django.utils.translation import gettext as _

from education import markdown
from education.publishing.content import Problem, markdown_texts
from education.publishing.links import nowhere
from education.publishing.models import Edition
from education.publishing.reassurance import problems_of_reassurance
from education.publishing.site import SiteAt

Rule = Callable[[Edition, SiteAt], Iterator[Problem]]

_RULES: list[Rule] = []
_OF_TEXTS: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Register `function`: it yields a problem for each reason why an edition may not be live on a site."""
    _RULES.append(function)
    return function


def rule_of_texts(function: Rule) -> Rule:
    """Register `function` as a rule about texts alone, which even an unfinished document can be judged by."""
    _OF_TEXTS.append(function)
    return rule(function)


def problems(edition: Edition, site: SiteAt, *, besides: Rule | None = None) -> list[Problem]:
    """Everything that speaks against `edition` being live on `site`, the rule `besides` aside."""
    return [problem for check in _RULES if check is not besides for problem in _asked(check, edition, site)]


@rule
def uses_only_what_is_live(edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """A page is put together from parts: each must be there when the page is."""
    for key in edition.content.uses():
        if site.live(key, edition.document.language) is None:
            if site.is_going_live(edition):
                words = _(
                    "This needs the {kind} “{slug}”, which readers do not see then. Publish it with this."
                )
            else:
                words = _(
                    "Readers see this, and it needs the {kind} “{slug}”. Take this away together with it, or "
                    "first change this so that it does without."
                )
            yield Problem(edition.key, (), words.format(kind=key.kind, slug=key.slug))


@rule_of_texts
def texts_can_be_shown(edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """Every Markdown text renders within the limits, and its links are of a kind that is allowed."""
    for text in markdown_texts(edition.content):
        for message in markdown.validate(text.text):
            yield Problem(edition.key, text.path, message)


@rule_of_texts
def links_lead_somewhere(edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """Every link to a page of this site finds it.

    Asked of what goes live only. When a page is taken away, links to it break in pages that nobody is
    changing; were they judged, nothing that these pages use could be published until all were mended.
    """
    if site.is_going_live(edition):
        for lost in nowhere(edition, site):
            yield Problem(edition.key, lost.path, lost.sentence)


@rule_of_texts
def no_text_gives_a_dose(edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """A dose is for one person, from a person who knows them: pages and handouts give none."""
    # Only who publishes has texts judged: no start of the site waits for the lists of medicines.
    from education.plain_language.report import find_doses  # noqa: PLC0415

    for text in markdown_texts(edition.content):
        # As it was typed, and as it is read: signs can be written in ways that only reading shows.
        for written in dict.fromkeys((text.text, markdown.plain_text(text.text, inline=text.inline))):
            for finding in find_doses(written):
                yield Problem(edition.key, text.path, f"“{finding.excerpt}”: {finding.message}")


@rule_of_texts
def nobody_in_danger_is_told_to_wait(edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """No emergency or urgent result says to wait, or that it is nothing, unless a reviewer confirmed it.

    Asked of what goes live only: a longer list of phrases must not keep back what others publish.
    """
    if site.is_going_live(edition):
        yield from problems_of_reassurance(edition)


def problems_of_texts(edition: Edition, site: SiteAt) -> list[Problem]:
    """What speaks against the texts of `edition`, be it a draft that is not valid as a whole."""
    return [problem for check in _OF_TEXTS for problem in _asked(check, edition, site)]


def _asked(check: Rule, edition: Edition, site: SiteAt) -> Iterator[Problem]:
    """What one rule says, up to a text beyond the limits of prose, which `texts_can_be_shown` names."""
    with suppress(markdown.MarkdownLimitError):
        for problem in check(edition, site):
            yield replace(problem, edition=edition.number) if problem.key == edition.key else problem
