"""What the site itself offers, such as the check of an old paper, found by the words for it.

Each language has its own `data/<language>/site_tools.toml`. A language without one has none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from education.search.red_flags import Phrase, Query, data_file, words_by_rest


@dataclass(frozen=True)
class SiteTool:
    """A page that does something: its URL name, its words for readers, what people type.

    `kind`: the kind of document without which there is no such page; may be empty.
    """

    url_name: str
    title: str
    about: str
    phrases: tuple[Phrase, ...]
    kind: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


def find_site_tools(
    query: str, language: str, excluded_kinds: Collection[str] = ()
) -> tuple[SiteTool, ...]:
    """The tools with a phrase that the query has, in the order of their file."""
    typed = Query.from_text(query, language, _known_words(language))
    return tuple(
        tool
        for tool in site_tools(language)
        if tool.kind not in excluded_kinds and any(phrase.is_in(typed) for phrase in tool.phrases)
    )


@cache
def _known_words(language: str) -> dict[str, set[str]]:
    return words_by_rest(phrase for tool in site_tools(language) for phrase in tool.phrases)


@cache
def site_tools(language: str) -> tuple[SiteTool, ...]:
    path = data_file(language, "site_tools.toml")
    if not path.is_file():
        return ()
    return tuple(
        SiteTool(
            url_name=url_name,
            title=entry["title"],
            about=entry["about"],
            phrases=tuple(Phrase.from_text(text, language) for text in entry["phrases"]),
            kind=entry.get("kind", ""),
        )
        for url_name, entry in tomllib.loads(path.read_text("utf-8")).items()
    )
