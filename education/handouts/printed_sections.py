"""What a printed page says: of each document that it is made of, the words that stand on paper and
no others.

So a source that is added for another page, or the general text of a cause, makes no paper old.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from education.articles.content import GLANCE_FIELDS, ArticleContent, CauseContent, SnippetContent
from education.checklists.content import ChecklistContent, WarningSign
from education.publishing.content import Content, DocumentKey
from education.publishing.models import Edition
from education.references.content import SOURCES, SourceListContent, cited_keys
from education.selfcheck.content import Question, SelfCheckContent
from education.selfcheck.printable.presenters import PrintableSelfCheck

C = TypeVar("C", bound=Content)


@dataclass(frozen=True)
class PrintedSection:
    """A part of a printed page.

    `documents`: the keys of those that it is made of; `printed`: a value that is equal when the
    paper says the same; `title` and `content`: its name for readers, and what to compare word by
    word when it does not.
    """

    documents: frozenset[int]
    fingerprint: object
    title: str
    content: Content


def cause_slugs(page: Edition) -> tuple[str, ...]:
    """The keys of the causes that an article explains, in their order; of other pages, none."""
    return (
        tuple(tag.cause for tag in page.content.causes)
        if isinstance(page.content, ArticleContent)
        else ()
    )


def printed_sections(page: Edition, parts: Iterable[Edition]) -> dict[str, PrintedSection]:
    """The parts of the printed page of an edition, by names that stay; `parts`: what it uses, when
    live.
    """
    by_key = {part.key: part for part in parts}
    match page.content:
        case ArticleContent():
            return _article_sections(page, page.content, by_key)
        case SelfCheckContent():
            return _self_check_sections(page, page.content, by_key)
        case ChecklistContent():
            return _checklist_sections(page, page.content, by_key)
        case content:
            return {
                "page": _section(page, content, content.to_data()),
                **_cited_sources_section(by_key, cited_keys(content)),
            }


def _checklist_sections(
    page: Edition, content: ChecklistContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, PrintedSection]:
    sources = _sources(parts)
    words = _with_sources(content, {}).to_data()
    printed = (words, _SignSources.from_checklist(content, sources))
    shown = _with_sources(
        content, {row.key: _source_titles(sources, row.sources) for row in content.rows}
    )
    return {
        "page": _section(page, shown, printed),
        **_cited_sources_section(parts, content.source_keys()),
    }


def _article_sections(
    page: Edition, content: ArticleContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, PrintedSection]:
    sources = _sources(parts)
    credited = [_source_title(sources, key) for key in content.adapted_from]
    snippets = {slug: parts[DocumentKey("snippet", slug)] for slug in content.snippets}
    pieces = {slug: _content_as(edition, SnippetContent) for slug, edition in snippets.items()}
    shown = content.model_copy(
        update={
            "checklist": "",
            "snippets": tuple(piece.title for piece in pieces.values()),
            "adapted_from": tuple(credited),
            # What readers browse by, the drawing and the table of causes are on no handout.
            "areas": (),
            "looks_like": (),
            "picture": "",
            "causes": tuple(
                tag.model_copy(update=dict.fromkeys(GLANCE_FIELDS, "")) for tag in content.causes
            ),
        }
    )
    names = {
        tag.cause: _content_as(parts[DocumentKey("cause", tag.cause)], CauseContent).name
        for tag in content.causes
    }
    rows = [{**tag.model_dump(), "cause": names[tag.cause]} for tag in shown.causes]
    checklist = parts[DocumentKey("checklist", content.checklist)]
    signs = _content_as(checklist, ChecklistContent)
    return {
        "signs": _signs_section(checklist, signs, sources),
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
        **_cited_sources_section(
            parts,
            (
                *(key for part in (content, *pieces.values()) for key in cited_keys(part)),
                *content.adapted_from,
                *signs.source_keys(),
            ),
        ),
    }


def _self_check_sections(
    page: Edition, content: SelfCheckContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, PrintedSection]:
    """The boxes come from the questions and the signs together, so the two are one part."""
    checklist = parts[DocumentKey("checklist", content.checklist)]
    signs = _content_as(checklist, ChecklistContent)
    ends = tuple(outcome.model_copy(update={"read": ()}) for outcome in content.outcomes)
    words = {sign.key: sign for sign in signs.signs}
    shown = content.model_copy(
        update={
            "introduction": "",
            "checklist": "",
            "questions": tuple(
                _readable_question(question, words) for question in content.questions
            ),
            "outcomes": ends,
        }
    )
    return {
        "page": PrintedSection(
            documents=frozenset((page.document_id, checklist.document_id)),
            fingerprint=(
                content.title,
                PrintableSelfCheck.from_content(
                    content.model_copy(update={"outcomes": ends}), signs
                ),
            ),
            title=content.heading,
            content=shown,
        )
    }


def _readable_question(question: Question, signs: Mapping[str, WarningSign]) -> Question:
    """A question as it is read: its choices in the words of the signs, and without the ways on."""
    choices = []
    for choice in question.choices:
        sign = signs.get(choice.sign)
        text = f"{sign.text} {sign.on_darker_skin}".rstrip() if sign else choice.text
        choices.append(
            choice.model_copy(update={"text": text, "sign": "", "answer": "", "counts_as": ""})
        )
    return question.model_copy(update={"why": "", "routes": (), "choices": tuple(choices)})


@dataclass(frozen=True, eq=False)
class _SignSources:
    """The sources of a row of signs: the same by their keys, or by the titles that readers know
    them by.

    A new title of a source is a change of the list of sources, and a new key with the old title is
    none.
    """

    keys: tuple[str, ...]
    titles: tuple[str, ...]

    @classmethod
    def from_checklist(
        cls, content: ChecklistContent, sources: SourceListContent | None
    ) -> list[_SignSources]:
        """Those of each sign and combination, in their order."""
        return [cls(row.sources, _source_titles(sources, row.sources)) for row in content.rows]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _SignSources):
            return NotImplemented
        return self.keys == other.keys or self.titles == other.titles

    __hash__ = None  # type: ignore[assignment]


def _signs_section(
    edition: Edition, content: ChecklistContent, sources: SourceListContent | None
) -> PrintedSection:
    rows = [(row.level, row.text, row.on_darker_skin) for row in content.rows]
    shown = _with_sources(
        content, {row.key: _source_titles(sources, row.sources) for row in content.rows}
    )
    alone = shown.model_copy(
        update={"title": "", "introduction": "", "none_apply": "", "safety_net": ""}
    )
    printed = (rows, _SignSources.from_checklist(content, sources))
    return PrintedSection(frozenset((edition.document_id,)), printed, _("When to get help"), alone)


def _with_sources(
    content: ChecklistContent, names: Mapping[str, tuple[str, ...]]
) -> ChecklistContent:
    """A checklist whose rows have the sources that are named for their keys, or none."""
    rows = {
        name: tuple(
            row.model_copy(update={"sources": names.get(row.key, ())})
            for row in getattr(content, name)
        )
        for name in ("signs", "combinations")
    }
    return content.model_copy(update=rows)


def _section(edition: Edition, content: Content, printed: object) -> PrintedSection:
    return PrintedSection(frozenset((edition.document_id,)), printed, content.heading, content)


def _cited_sources_section(
    parts: Mapping[DocumentKey, Edition], keys: Iterable[str]
) -> dict[str, PrintedSection]:
    edition = parts.get(SOURCES)
    sources = _sources(parts)
    if edition is None or sources is None:
        return {}
    # The order of the paper is that of the texts; in the list of sources it says nothing.
    rows = sorted(
        (source for key in set(keys) if (source := sources.get_source(key))),
        key=lambda source: source.key,
    )
    if not rows:
        return {}
    # Only a page's credits tell that it is adapted from a source.
    shown = tuple(source.model_copy(update={"adapted": False}) for source in rows)
    content = sources.model_copy(update={"sources": shown})
    printed = sorted(tuple(source.model_dump(exclude={"key"}).values()) for source in shown)
    return {
        "sources": PrintedSection(
            frozenset((edition.document_id,)), printed, sources.heading, content
        )
    }


def _sources(parts: Mapping[DocumentKey, Edition]) -> SourceListContent | None:
    edition = parts.get(SOURCES)
    return _content_as(edition, SourceListContent) if edition else None


def _source_titles(sources: SourceListContent | None, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(_source_title(sources, key) for key in keys)


def _source_title(sources: SourceListContent | None, key: str) -> str:
    source = sources.get_source(key) if sources else None
    return source.title if source else key


def _content_as(edition: Edition, content: type[C]) -> C:
    if not isinstance(edition.content, content):
        raise TypeError(f"{edition.key} is no {content.KIND}")
    return edition.content
