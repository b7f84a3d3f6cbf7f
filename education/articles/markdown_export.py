"""A condition page as one self-contained Markdown text, with warning signs and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education import markdown
from education.articles.presenters import ConditionPage, ExplainedCause
from education.checklists.content import ChecklistRow
from education.clinic.models import Clinic
from education.publishing.composition import ReviewStatus
from education.references.content import Source
from education.urgency import Urgency


def condition_as_markdown(page: ConditionPage, clinic: Clinic) -> str:
    """The whole page. Sources are numbered in the order in which this text cites them."""
    return "\n\n".join(part for part in _parts(page, clinic) if part) + "\n"


def _parts(page: ConditionPage, clinic: Clinic) -> Iterator[str]:
    article = page.article
    yield f"# {_line(article.title)}"
    if article.also_called:
        yield _("Also called: {names}").format(names=_line(", ".join(article.also_called)))
    yield _block(page, article.summary)
    yield _review(page.composition.review_status)
    yield f"## {_('When to get help')}"
    for level, signs in page.checklist.by_urgency():
        yield _level(page, level, signs, clinic)
    yield f"## {_('What this is about')}"
    yield _block(page, article.introduction)
    yield f"## {_('What may be the cause')}"
    for cause in page.causes:
        yield from _cause(page, cause)
    for heading, items in ((_("Do"), article.do), (_("Do not"), article.do_not)):
        yield f"## {heading}"
        yield _list(
            markdown.to_portable_line(item, cite=page.citations, base=settings.SITE_URL)
            for item in items
        )
    for snippet in page.snippets:
        yield f"## {_line(snippet.content.title)}"
        yield _block(page, snippet.content.text)
    yield f"## {_('Sources')}"
    yield "\n".join(
        f"{one.number}. {_source(one.source)}" for one in page.citations.numbered_sources()
    )
    if page.credits:
        yield _("Adapted from these sources, which have not endorsed this page:")
        yield _list(_source(source) for source in page.credits)
    yield "***"
    yield from _closing(page, clinic)


def _level(
    page: ConditionPage, level: Urgency, signs: Iterable[ChecklistRow], clinic: Clinic
) -> str:
    labels = level.labels
    parts = [f"### {_line(str(labels.label))}: {_line(str(labels.heading))}"]
    for topic, run in groupby(signs, lambda row: row.topic):
        if topic:
            parts.append(f"#### {_line(topic)}")
        parts.append(_list(_sign(page, sign) for sign in run))
    return "\n\n".join((*parts, f"**{_line(clinic.urgency_action(level))}**"))


def _sign(page: ConditionPage, sign: ChecklistRow) -> str:
    marks = "".join(rf"\[{mark.number}\]" for mark in page.citations.marks(sign.sources))
    darker = f"\\\n  {_plain(sign.on_darker_skin)}" if sign.on_darker_skin else ""
    return f"{_plain(sign.text)} {marks}{darker}"


def _cause(page: ConditionPage, cause: ExplainedCause) -> Iterator[str]:
    content = cause.explanation
    yield f"### {_line(cause.name)}"
    for heading, text in (
        (_("What happens"), content.what_happens),
        (_("How it looks or feels"), content.looks),
        (_("What you can do"), content.self_care),
        (_("What a doctor or pharmacist may suggest"), content.may_suggest),
    ):
        if text:
            yield f"#### {heading}"
            yield _block(page, text, level=5)


def _review(status: ReviewStatus | None) -> str:
    if status is None:
        return _("Not yet reviewed by a clinician.")
    message = _("Reviewed by {names} on {date}.")
    if status.being_checked:
        message = _(
            "Wording being checked. {names} reviewed this page on {date}. Some words have changed since. "
            "No clinician has compared them yet."
        )
    text = message.format(names=_line("; ".join(status.shown_as)), date=_date(status.on))
    if status.overdue:
        overdue = _(
            "The next review is overdue since {date}. Check with a doctor or pharmacist first."
        )
        text += " " + overdue.format(date=_date(status.next_due))
    return text


def _closing(page: ConditionPage, clinic: Clinic) -> Iterator[str]:
    edition = page.composition.edition
    yield _("Edition {number}, {date}. Read the newest here: {address}").format(
        number=edition.number,
        date=_date(edition.frozen_at),
        address=f"<{settings.SITE_URL}{edition.get_absolute_url()}>",
    )
    yield _line(clinic.name)
    yield _(
        "This page is for education. It is not a diagnosis, and it does not replace a doctor or pharmacist."
    )


def _source(source: Source) -> str:
    name = (
        f"[{_line(source.title)}](<{iri_to_uri(source.url)}>)"
        if source.url
        else _line(source.title)
    )
    details = (_line(part) for part in (source.author, source.publisher, source.published) if part)
    text = " – ".join((name, *details))
    if source.withdrawn:
        withdrawn = _("Withdrawn: {reason}").format(reason=_line(source.withdrawn))
        text += f". **{withdrawn}**"
    return text


def _block(page: ConditionPage, text: str, level: int = 3) -> str:
    return markdown.to_portable_markdown(
        text, level=level, cite=page.citations, base=settings.SITE_URL
    )


def _plain(text: str) -> str:
    """The plain text of a warning sign, without links and citations."""
    return _line(markdown.fill_placeholders(markdown.plain_text(text, inline=True)))


def _line(text: str) -> str:
    """A plain text, escaped for Markdown."""
    return markdown.escape_markdown(text)


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _date(value: object) -> str:
    return date_format(value, _("F j, Y"))  # type: ignore[arg-type]  # a date or a moment
