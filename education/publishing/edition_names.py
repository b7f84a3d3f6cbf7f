"""The names of an edition, with their order, as they are copied for the A to Z when it
is frozen.
"""

from __future__ import annotations

import unicodedata

from education.publishing.models import Edition, EditionName
from education.web.a_to_z_page import OTHER


def sort_key(name: str) -> str:
    """How a name sorts: without accents or case."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.casefold().strip()[:200]


def index_letter(key: str) -> str:
    """The letter that a name with this sort key stands under."""
    return key[0] if key[:1].isalpha() else OTHER


def build_names(edition: Edition) -> list[EditionName]:
    """The title and the other names of an edition, as rows to be written with it."""
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
