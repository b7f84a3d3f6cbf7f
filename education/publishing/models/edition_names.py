"""The names of an edition with their sort order, stored for the A to Z on freezing."""

from __future__ import annotations

import unicodedata

from education.publishing.models.editions import Edition, EditionName
from education.web.a_to_z_page import OTHER


def sort_key(name: str) -> str:
    """The name in lower case and without accents, to sort by."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.casefold().strip()[:200]


def index_letter(key: str) -> str:
    """The letter of the A to Z for a sort key."""
    return key[0] if key[:1].isalpha() else OTHER


def build_names(edition: Edition) -> list[EditionName]:
    """Unsaved rows for the title and the other names of an edition."""
    names = dict.fromkeys((edition.heading, *edition.synonyms))
    return [
        EditionName(
            edition=edition,
            document=edition.document,
            kind=edition.document.kind,
            language=edition.document.language,
            letter=index_letter(sort_key(name)),
            sort_key=sort_key(name),
            name=name,
            is_synonym=position > 0,
        )
        for position, name in enumerate(names)
    ]
