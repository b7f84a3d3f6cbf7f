"""The printed text of a page by section: from each of its documents, only what is on the handout.

So a source that is added for another page, or a change of the general text of a cause, makes no
handout outdated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from education.articles.article_cause import GLANCE_FIELDS
from education.articles.content import ArticleContent, CauseContent, SnippetContent
from education.checklists.content import ChecklistContent, WarningSign
from education.handouts.paper.sheet import UNPRINTED_OF_A_SIGN, sheet_cause, sheet_signs
from education.handouts.print_options import EXTENTS
from education.publishing.content import Content, DocumentKey
from education.publishing.models import Edition
from education.references.content import SOURCES, SourceListContent, cited_keys
from education.selfcheck.content import Question, SelfCheckContent
from education.selfcheck.printable.presenters import PrintableSelfCheck

# On no handout: facets, the drawing, the order of signs, and the easy words.
_UNPRINTED = {
    "areas": (),
    "looks_like": (),
    "picture": "",
    "key_signs": (),
    "in_easy_words": (),
}
# Only on the screen, or only on the sheet.
_UNPRINTED_OF_A_CAUSE = dict.fromkeys(
    ("picture", "self_care_picture", "may_suggest_in_short", *GLANCE_FIELDS), ""
)
# Only on the sheet, or only on a handout with everything.
_ONLY_ON_SHEET = {"reassurance": "", "first_step": ""}
_NOT_ON_SHEET = {"also_called": (), "summary": "", "introduction": "", "snippets": ()}

C = TypeVar("C", bound=Content)


@dataclass(frozen=True)
class PrintedSection:
    """A section of a printed page.

    `documents`: the keys of the documents that it comes from; `fingerprint`: a value that is equal
    if the printed text is the same; `title`: its name for readers; `content`: what to compare word
    by word when it differs.
    """

    documents: frozenset[int]
    fingerprint: object
    title: str
    content: Content


def cause_slugs(page: Edition) -> tuple[str, ...]:
    """The slugs of the causes of an article, in their order; empty for other kinds."""
    if not isinstance(page.content, ArticleContent):
        return ()
    return tuple(tag.slug for tag in page.content.causes)


def printed_sections(
    page: Edition, parts: Iterable[Edition], extents: Iterable[str] = EXTENTS
) -> dict[str, PrintedSection]:
    """The sections of the printed page of an edition, by names that do not change.

    `parts`: the live editions of the documents that it uses; `extents`: what of an article may be
    on the paper, see `PrintOptions.extent`.
    """
    by_key = {part.key: part for part in parts}
    match page.content:
        case ArticleContent():
            sections: dict[str, PrintedSection] = {}
            if "sheet" in extents:
                sections |= _sheet_sections(page, page.content, by_key)
            if "everything" in extents:
                sections |= _article_sections(page, page.content, by_key)
            return sections
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
    text = _with_sources(content, {}).to_data()
    fingerprint = (text, _SignSources.from_checklist(content, sources))
    return {
        "page": _section(page, _with_source_titles(content, sources), fingerprint),
        **_cited_sources_section(parts, content.source_keys()),
    }


def _article_sections(
    page: Edition, content: ArticleContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, PrintedSection]:
    sources = _sources(parts)
    snippets = {slug: parts[DocumentKey("snippet", slug)] for slug in content.snippets}
    pieces = {
        slug: _content_as(edition, SnippetContent).model_copy(update={"with_medicines": False})
        for slug, edition in snippets.items()
    }
    shown = content.model_copy(
        update={
            "checklist": "",
            "snippets": tuple(piece.title for piece in pieces.values()),
            "adapted_from": _source_titles(sources, content.adapted_from),
            **_UNPRINTED,
            **_ONLY_ON_SHEET,
            "causes": tuple(tag.model_copy(update=_UNPRINTED_OF_A_CAUSE) for tag in content.causes),
        }
    )
    names = _names_of_cause_pages(content, parts)
    rows = _rows_of_causes(shown, names)
    checklist = parts[DocumentKey("checklist", content.checklist)]
    signs = _content_as(checklist, ChecklistContent)
    return {
        "signs": _signs_section(checklist, signs, sources),
        "page": _section(page, shown, {**shown.to_data(), "causes": rows}),
        **_cause_sections(names, parts),
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


def _sheet_sections(
    page: Edition, content: ArticleContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, PrintedSection]:
    """What stands on one sheet: few words of each, and no marks of sources."""
    sources = _sources(parts)
    shown = content.model_copy(
        update={
            "checklist": "",
            "adapted_from": _source_titles(sources, content.adapted_from),
            **_UNPRINTED,
            **_NOT_ON_SHEET,
            "first_step": "" if content.reassurance else content.first_step,
            "causes": tuple(sheet_cause(tag) for tag in content.causes),
        }
    )
    names = _names_of_cause_pages(content, parts)
    rows = _rows_of_causes(shown, names)
    checklist = parts[DocumentKey("checklist", content.checklist)]
    signs = sheet_signs(_content_as(checklist, ChecklistContent))
    credited = _cited_sources_section(parts, content.adapted_from)
    return {
        "sheet signs": PrintedSection(
            frozenset((checklist.document_id,)), signs.to_data(), _("When to get help"), signs
        ),
        "sheet page": _section(page, shown, {**shown.to_data(), "causes": rows}),
        **_cause_sections(names, parts),
        **{f"sheet {name}": section for name, section in credited.items()},
    }


def _names_of_cause_pages(
    content: ArticleContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, str]:
    """The names of those causes of an article that have a page, by slug."""
    keys = [key for key in content.dependencies() if key.kind == "cause"]
    return {key.slug: _content_as(parts[key], CauseContent).name for key in keys}


def _rows_of_causes(shown: ArticleContent, names: Mapping[str, str]) -> list[dict[str, object]]:
    """The causes of an article, each with the name of its page or its own in place of its key."""
    return [
        {**tag.model_dump(), "cause": "", "name": names.get(tag.cause, tag.name)}
        for tag in shown.causes
    ]


def _cause_sections(
    names: Mapping[str, str], parts: Mapping[DocumentKey, Edition]
) -> dict[str, PrintedSection]:
    return {
        f"cause {slug}": _section(
            parts[DocumentKey("cause", slug)], CauseContent.lenient({"name": name}), name
        )
        for slug, name in names.items()
    }


def _self_check_sections(
    page: Edition, content: SelfCheckContent, parts: Mapping[DocumentKey, Edition]
) -> dict[str, PrintedSection]:
    """One section, because the boxes come from the questions and the signs together."""
    checklist = parts[DocumentKey("checklist", content.checklist)]
    signs = _content_as(checklist, ChecklistContent)
    ends = tuple(outcome.model_copy(update={"read": ()}) for outcome in content.outcomes)
    signs_by_key = {sign.key: sign for sign in signs.signs}
    shown = content.model_copy(
        update={
            "introduction": "",
            "checklist": "",
            "questions": tuple(
                _readable_question(question, signs_by_key) for question in content.questions
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
    """A question as readers see it: choices with the text of their signs, and without routes."""
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
    """The sources of a sign, equal if their keys or their titles are equal.

    A new title of a source is a change of the list of sources, not of the sign. A new key with the
    old title is no change for readers.
    """

    keys: tuple[str, ...]
    titles: tuple[str, ...]

    @classmethod
    def from_checklist(
        cls, content: ChecklistContent, sources: SourceListContent | None
    ) -> list[_SignSources]:
        """The sources of each sign and combination, in their order."""
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
    shown = _with_source_titles(content, sources).model_copy(
        update={"title": "", "introduction": "", "none_apply": "", "safety_net": ""}
    )
    fingerprint = (rows, _SignSources.from_checklist(content, sources))
    return PrintedSection(
        frozenset((edition.document_id,)), fingerprint, _("When to get help"), shown
    )


def _with_source_titles(
    content: ChecklistContent, sources: SourceListContent | None
) -> ChecklistContent:
    titles = {row.key: _source_titles(sources, row.sources) for row in content.rows}
    return _with_sources(content, titles)


def _with_sources(
    content: ChecklistContent, names: Mapping[str, tuple[str, ...]]
) -> ChecklistContent:
    """A copy of a checklist in which each row has the given `names` as sources, or none."""
    rows = {
        name: tuple(
            row.model_copy(update={"sources": names.get(row.key, ()), **unprinted})
            for row in getattr(content, name)
        )
        for name, unprinted in (
            ("signs", UNPRINTED_OF_A_SIGN),
            ("combinations", {"in_short": ""}),
        )
    }
    return content.model_copy(
        update={
            **rows,
            "picture": "",
            "combinations_lead": "",
            "emergency_on_darker_skin": "",
            "urgent_on_darker_skin": "",
            "routine_on_darker_skin": "",
        }
    )


def _section(edition: Edition, content: Content, fingerprint: object) -> PrintedSection:
    documents = frozenset((edition.document_id,))
    return PrintedSection(documents, fingerprint, content.heading, content)


def _cited_sources_section(
    parts: Mapping[DocumentKey, Edition], keys: Iterable[str]
) -> dict[str, PrintedSection]:
    edition = parts.get(SOURCES)
    sources = _sources(parts)
    if edition is None or sources is None:
        return {}
    # The handout numbers sources in the order of its texts; their order in the list has no meaning.
    cited = (source for key in sorted(set(keys)) if (source := sources.get_source(key)))
    # `adapted` is printed in the credits of a page, which have their own field.
    shown = tuple(source.model_copy(update={"adapted": False}) for source in cited)
    if not shown:
        return {}
    content = sources.model_copy(update={"sources": shown})
    fingerprint = sorted(tuple(source.model_dump(exclude={"key"}).values()) for source in shown)
    return {"sources": _section(edition, content, fingerprint)}


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
