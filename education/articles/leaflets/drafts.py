"""A sorted leaflet becomes working copies: an article, a checklist of its signs, its pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from education.articles.content import ArticleContent
from education.articles.leaflets import reading
from education.articles.leaflets.blocks import (
    Block,
    Items,
    Leaflet,
    Note,
    Picture,
    plain,
    texts,
    to_markdown,
    words,
)
from education.articles.leaflets.headings import Part, find_urgency
from education.articles.leaflets.sorting import WHY_BESIDE, SortedLeaflet, sort_leaflet
from education.articles.models import Article, LeafletImport
from education.audit.models import Action
from education.checklists.content import ChecklistContent
from education.checklists.models import Checklist
from education.media import storage
from education.media.image_processing import InvalidImage, ProcessedImage, process_upload
from education.media.models import Image
from education.publishing.models import Document, WorkingCopy
from education.publishing.workflow.audit_log import log_document_action
from education.publishing.workflow.keys import unique_key

_MAX_TITLE = 120


@dataclass(frozen=True)
class _StoredPicture:
    image: Image
    processed: ProcessedImage


def make_draft(leaflet: Leaflet, *, name: str, by: User) -> LeafletImport:
    """Make the drafts of a leaflet, and keep beside them what they lack; nothing is published.

    `name`: what the leaflet is called outside, such as the name of its file.
    """
    found = sort_leaflet(leaflet)
    notes = list(leaflet.notes)
    pictures = dict(_pictures(leaflet, found, by, notes))
    shown = {number: picture.image.markdown for number, picture in pictures.items()}
    title = found.title or name
    try:
        with transaction.atomic():
            article = _save(
                Article(slug=_free_slug("article", title)),
                {
                    **_article_values(found, shown),
                    "title": title[:_MAX_TITLE] if not found.title else title,
                    "checklist": _make_checklist(found, title, name, by),
                },
                name,
                by,
            )
            for picture in pictures.values():
                picture.image.store(picture.processed)
            return LeafletImport.objects.create(
                article=article,
                name=name[:200],
                imported_by=by,
                placed=[[heading, _part_label(heading, part)] for heading, part in found.headings],
                beside=[
                    {
                        "heading": one.heading,
                        "why": str(WHY_BESIDE[one.why]),
                        "text": to_markdown(one.blocks, shown),
                    }
                    for one in found.beside
                ],
                lacking=list(find_lacking(leaflet, found)),
                notes=[_described(note) for note in notes],
            )
    except BaseException:
        for picture in pictures.values():
            storage.remove(picture.processed.name)
        raise


def _part_label(heading: str, part: Part) -> str:
    """What a heading became; of warning signs how urgent, too."""
    urgency = find_urgency(heading) if part is Part.WARNING_SIGNS else None
    return f"{part.label}, {urgency.labels.label}" if urgency else str(part.label)


def _described(note: Note) -> dict[str, str]:
    sentence = str(reading.NOTES[note.why]).format(detail=note.detail).strip()
    return {"text": sentence, "after": note.after}


def _pictures(
    leaflet: Leaflet, found: SortedLeaflet, by: User, notes: list[Note]
) -> Iterator[tuple[int, _StoredPicture]]:
    """The pictures that passed the same checks as an upload; the others are noted."""
    for block in _all_pictures(leaflet.blocks):
        try:
            processed = process_upload(leaflet.pictures[block.number])
        except InvalidImage as refusal:
            notes.append(Note("refused-picture", str(refusal)))
            continue
        image = Image(
            name=processed.name, alternative_text=block.alternative_text[:300], uploaded_by=by
        )
        yield block.number, _StoredPicture(image, processed)


def _all_pictures(blocks: Iterable[Block]) -> Iterator[Picture]:
    for block in blocks:
        if isinstance(block, Picture):
            yield block
        elif isinstance(block, Items):
            for item in block.items:
                yield from _all_pictures(item.inner)


def _article_values(found: SortedLeaflet, pictures: dict[int, str]) -> dict[str, Any]:
    return {
        "also_called": found.also_called,
        "summary": to_markdown(found.summary, pictures),
        "introduction": to_markdown(found.introduction, pictures),
        "causes": [
            {
                "name": cause.name,
                **{
                    part.value: to_markdown(blocks, pictures)
                    for part, blocks in cause.texts.items()
                },
            }
            for cause in found.causes
        ],
        "do": found.do,
        "do_not": found.do_not,
        "in_easy_words": found.in_easy_words,
    }


def _make_checklist(found: SortedLeaflet, title: str, name: str, by: User) -> str:
    """The slug of a new checklist with the signs of the leaflet; empty if it has none."""
    if not found.signs:
        return ""
    keys: set[str] = set()
    signs = []
    for urgency, line in found.signs:
        key = unique_key(plain(line), keys, "sign")
        keys.add(key)
        signs.append({"key": key, "urgency": urgency.key, "text": line})
    checklist = _save(
        Checklist(slug=_free_slug("checklist", title)),
        {**Checklist.DEFAULT_TEXTS, "title": Checklist.title_for(title), "signs": signs},
        name,
        by,
    )
    return str(checklist.slug)


def _save(row: WorkingCopy, values: dict[str, Any], name: str, by: User) -> Any:
    """Save a new working copy, which need not be valid yet."""
    content: type[ArticleContent | ChecklistContent] = row.CONTENT  # type: ignore[assignment]
    whole = content.lenient(values).model_dump(mode="json")
    if "checklist" in values:
        # The placeholder of an unfinished draft is no checklist that there is.
        whole["checklist"] = values["checklist"]
    row.owner = by
    row.save_content(whole)
    row.record_edit(by)
    log_document_action(
        Action.SAVED, document=row, by=by, details=_("New, from “{name}”.").format(name=name)
    )
    return row


def _free_slug(kind: str, title: str) -> str:
    taken = Document.objects.filter(kind=kind)
    return unique_key(title, set(taken.values_list("slug", flat=True)), "leaflet")


def find_lacking(leaflet: Leaflet, found: SortedLeaflet) -> Iterator[dict[str, Any]]:
    """The passages with words that are neither in the draft nor beside it, and which words.

    `is_whole`: none of its words are.

    Every word is counted: one that stands twice in the file must stand twice here.
    """
    there = Counter(word for text in _kept_texts(leaflet, found) for word in words(text))
    for passage in sorted(leaflet.passages, key=lambda one: one.place != "body"):
        missing = []
        all_words = words(passage.text)
        for word in all_words:
            if there[word]:
                there[word] -= 1
            else:
                missing.append(word)
        if missing:
            yield {
                "place": str(reading.PLACES[passage.place]),
                "text": passage.text,
                "words": missing,
                "is_whole": len(missing) == len(all_words),
            }


def _kept_texts(leaflet: Leaflet, found: SortedLeaflet) -> Iterator[str]:
    """All words that were kept, those of merged cells and headings once."""
    yield from leaflet.marks
    yield found.title
    yield from found.also_called
    headings = [heading for heading, _part in found.headings]
    yield from headings
    yield from _block_texts([found.summary, found.introduction])
    for _urgency, line in found.signs:
        yield plain(line)
    for cause in found.causes:
        yield cause.name
        yield from _block_texts(cause.texts.values())
    for lines in (found.do, found.do_not, found.in_easy_words):
        yield from (plain(line) for line in lines)
    for one in found.beside:
        if one.why != "footnote" and one.heading not in headings:
            yield one.heading
        yield from texts(one.blocks, once=True)


def _block_texts(groups: Iterable[Sequence[Block]]) -> Iterator[str]:
    for blocks in groups:
        yield from texts(blocks, once=True)
