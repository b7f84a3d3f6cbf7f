"""A copy of an article with its parts: a new draft, of which nothing was ever decided."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from education.articles.content import ArticleContent
from education.articles.models import Article
from education.audit.models import Action
from education.checklists.content import ChecklistContent
from education.checklists.models import Checklist
from education.publishing.content import ActionRefused, Problem, clean_line
from education.publishing.models import Document, WorkingCopy
from education.publishing.workflow.audit_log import display_name, log_document_action
from education.publishing.workflow.keys import unique_key


def copy_article(source: Article, *, title: str, by: User) -> Article:
    """Copy an article under a new title, with a checklist of its own; `by` owns the copies.

    Pages of causes, snippets and sources are used by both. Other names stay with `source`: readers
    who look for them want that page. Raises ActionRefused for a title that another article has.
    """
    name = str(clean_line(title))
    with transaction.atomic():
        if Article.objects.filter(title__iexact=name, language=source.language).exists():
            message = _("Another page has this title already. Choose another.")
            raise ActionRefused(Problem(source.key, ("title",), message))
        values = {**source.to_values(), "title": name, "also_called": []}
        slug = _free_slug(ArticleContent.KIND, name, "page")
        if source.checklist is not None:
            checklist, new_keys = _copy_checklist(source.checklist, name, slug, by)
            values["checklist"] = checklist.slug
            values["key_signs"] = [new_keys.get(key, key) for key in values["key_signs"]]
        article = Article(slug=slug, language=source.language)
        _save(article, values, source, by)
        return article


def _copy_checklist(
    source: Checklist, title: str, slug: str, by: User
) -> tuple[Checklist, dict[str, str]]:
    """The copy, and the new key of each sign by the old one."""
    values = source.to_values()
    signs = _new_keys(values["signs"], "sign")
    combinations = _new_keys(values["combinations"], "together")
    values |= {
        "title": _("When to see a doctor: {title}").format(title=title),
        "signs": [{**row, "key": signs[row["key"]]} for row in values["signs"]],
        "combinations": [
            {
                **row,
                "key": combinations[row["key"]],
                "together": [signs.get(key, key) for key in row["together"]],
            }
            for row in values["combinations"]
        ],
    }
    slug = _free_slug(ChecklistContent.KIND, slug, "signs")
    checklist = Checklist(slug=slug, language=source.language)
    _save(checklist, values, source, by)
    return checklist, signs


def _new_keys(rows: list[dict[str, Any]], fallback: str) -> dict[str, str]:
    """A key of the words of each row, by its old key."""
    found: dict[str, str] = {}
    for row in rows:
        found[row["key"]] = unique_key(row["text"], set(found.values()), fallback)
    return found


def _save(row: WorkingCopy, values: dict[str, Any], source: WorkingCopy, by: User) -> None:
    row.owner = by
    row.save_content(values)
    row.record_edit(by)
    details = _("New, a copy of “{name}”.").format(name=display_name(source, str(source)))
    log_document_action(Action.SAVED, document=row, by=by, details=details)


def _free_slug(kind: str, text: str, fallback: str) -> str:
    taken = set(Document.objects.filter(kind=kind).values_list("slug", flat=True))
    return unique_key(text, taken, fallback)
