"""What a printed page says: of each document that it is made of, the words that stand on paper and no others.

So a source that is added for another page, or the general text of a cause, makes no paper old.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from education.articles.content import ArticleContent, CauseContent, SnippetContent
from education.checklists.content import ChecklistContent, WarningSign
from education.publishing.content import Content, DocumentKey
from education.publishing.models import Edition
from education.references.content import SOURCES, SourceListContent, cited_keys
from education.selfcheck.content import Question, SelfCheckContent
from education.selfcheck.printable.presenters import PrintableSelfCheck

C = TypeVar("C", bound=Content)


@dataclass(frozen=True)
class Section:
    """A part of a printed page.

    `documents`: the keys of those that it is made of; `printed`: a value that is equal when the paper says
    the same; `title` and `content`: its name for readers, and what to compare word by word when it does not.
    """

    documents: frozenset[int]
    printed: object
    title: str
    content: Content


def causes_of(page: Edition) -> tuple[str, ...]:
    """The keys of the causes that an article explains, in their order; of other pages, none."""
    return tuple(tag.cause for tag in page.content.causes) if isinstance(page.content, ArticleContent) else ()


def sections(page: Edition, parts: Iterable[Edition]) -> dict[str, Section]:
    """The parts of the printed page of an edition, by names that stay; `parts`: what it uses, when live."""
    by_key = {part.key: part for part in parts}
    match page.content:
        case ArticleContent():
            return _of_article(page, page.content, by_key)
        case SelfCheckContent():
            return _of_self_check(page, page.content, by_key)
        case ChecklistContent():
            return _of_checklist(page, page.content, by_key)
        case content:
            return {"page": _section(page, content, content.to_data()), **_cited(by_key, cited_keys(content))}


def _of_checklist(
    page: Edition, content: ChecklistContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, Section]:
    sources = _sources(parts)
    words = _with_sources(content, {}).to_data()
    printed = (words, _SignSources.of(content, sources))
    shown = _with_sources(content, {row.key: _titles(sources, row.sources) for row in content.rows})
    return {"page": _section(page, shown, printed), **_cited(parts, content.source_keys())}


def _of_article(
    page: Edition, content: ArticleContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, Section]:
    sources = _sources(parts)
    credited = [_title(sources, key) for key in content.adapted_from]
    snippets = {slug: parts[DocumentKey("snippet", slug)] for slug in content.snippets}
    pieces = {slug: _said(edition, SnippetContent) for slug, edition in snippets.items()}
    shown = content.model_copy(
        update={
            "checklist": "",
            "snippets": tuple(piece.title for piece in pieces.values()),
            "adapted_from": tuple(credited),
        }
    )
    names = {
        tag.cause: _said(parts[DocumentKey("cause", tag.cause)], CauseContent).name for tag in content.causes
    }
    rows = [{**tag.model_dump(), "cause": names[tag.cause]} for tag in content.causes]
    checklist = parts[DocumentKey("checklist", content.checklist)]
    signs = _said(checklist, ChecklistContent)
    return {
        "signs": _of_signs(checklist, signs, sources),
        "page": _section(page, shown, {**shown.to_data(), "causes": rows}),
        **{
            f"cause {slug}": _section(
                parts[DocumentKey("cause", slug)], CauseContent.lenient({"name": name}), name
            )
            for slug, name in names.items()
        },
        **{
            f"snippet {slug}": _section(snippets[slug], piece, piece.to_data())
            for slug, piece in pieces.items()
        },
        **_cited(
            parts,
            (
                *(key for part in (content, *pieces.values()) for key in cited_keys(part)),
                *content.adapted_from,
                *signs.source_keys(),
            ),
        ),
    }


def _of_self_check(
    page: Edition, content: SelfCheckContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, Section]:
    """The boxes come from the questions and the signs together, so the two are one part."""
    checklist = parts[DocumentKey("checklist", content.checklist)]
    signs = _said(checklist, ChecklistContent)
    ends = tuple(outcome.model_copy(update={"read": ()}) for outcome in content.outcomes)
    words = {sign.key: sign for sign in signs.signs}
    shown = content.model_copy(
        update={
            "introduction": "",
            "checklist": "",
            "questions": tuple(_in_words(question, words) for question in content.questions),
            "outcomes": ends,
        }
    )
    return {
        "page": Section(
            documents=frozenset((page.document_id, checklist.document_id)),
            printed=(
                content.title,
                PrintableSelfCheck.from_content(content.model_copy(update={"outcomes": ends}), signs),
            ),
            title=content.heading,
            content=shown,
        )
    }


def _in_words(question: Question, signs: Mapping[str, WarningSign]) -> Question:
    """A question as it is read: its choices in the words of the signs, and without the ways on."""
    choices = []
    for choice in question.choices:
        sign = signs.get(choice.sign)
        text = f"{sign.text} {sign.on_darker_skin}".rstrip() if sign else choice.text
        choices.append(choice.model_copy(update={"text": text, "sign": "", "answer": "", "counts_as": ""}))
    return question.model_copy(update={"why": "", "routes": (), "choices": tuple(choices)})


@dataclass(frozen=True, eq=False)
class _SignSources:
    """The sources of a row of signs: the same by their keys, or by the titles that readers know them by.

    A new title of a source is a change of the list of sources, and a new key with the old title is none.
    """

    keys: tuple[str, ...]
    titles: tuple[str, ...]

    @classmethod
    def of(cls, content: ChecklistContent, sources: SourceListContent | None) -> list[_SignSources]:
        """Those of each sign and combination, in their order."""
        return [cls(row.sources, _titles(sources, row.sources)) for row in content.rows]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _SignSources):
            return NotImplemented
        return self.keys == other.keys or self.titles == other.titles

    __hash__ = None  # type: ignore[assignment]


def _of_signs(edition: Edition, content: ChecklistContent, sources: SourceListContent | None) -> Section:
    rows = [(row.level, row.text, row.on_darker_skin) for row in content.rows]
    shown = _with_sources(content, {row.key: _titles(sources, row.sources) for row in content.rows})
    alone = shown.model_copy(update={"title": "", "introduction": "", "none_apply": "", "safety_net": ""})
    printed = (rows, _SignSources.of(content, sources))
    return Section(frozenset((edition.document_id,)), printed, _("When to get help"), alone)


def _with_sources(content: ChecklistContent, names: Mapping[str, tuple[str, ...]]) -> ChecklistContent:
    """A checklist whose rows have the sources that are named for their keys, or none."""
    rows = {
        name: tuple(
            row.model_copy(update={"sources": names.get(row.key, ())}) for row in getattr(content, name)
        )
        for name in ("signs", "combinations")
    }
    return content.model_copy(update=rows)


def _section(edition: Edition, content: Content, printed: object) -> Section:
    return Section(frozenset((edition.document_id,)), printed, content.heading, content)


def _cited(parts: Mapping[DocumentKey, Edition], keys: Iterable[str]) -> dict[str, Section]:
    edition = parts.get(SOURCES)
    sources = _sources(parts)
    if edition is None or sources is None:
        return {}
    # The order of the paper is that of the texts; in the list of sources it says nothing.
    rows = sorted(
        (source for key in set(keys) if (source := sources.get_source(key))), key=lambda source: source.key
    )
    if not rows:
        return {}
    # Only a page's credits tell that it is adapted from a source.
    shown = tuple(source.model_copy(update={"adapted": False}) for source in rows)
    content = sources.model_copy(update={"sources": shown})
    printed = sorted(tuple(source.model_dump(exclude={"key"}).values()) for source in shown)
    return {"sources": Section(frozenset((edition.document_id,)), printed, sources.heading, content)}


def _sources(parts: Mapping[DocumentKey, Edition]) -> SourceListContent | None:
    edition = parts.get(SOURCES)
    return _said(edition, SourceListContent) if edition else None


def _titles(sources: SourceListContent | None, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(_title(sources, key) for key in keys)


def _title(sources: SourceListContent | None, key: str) -> str:
    source = sources.get_source(key) if sources else None
    return source.title if source else key


def _said(edition: Edition, content: type[C]) -> C:
    if not isinstance(edition.content, content):
        raise TypeError(f"{edition.key} is no {content.KIND}")
    return edition.content
