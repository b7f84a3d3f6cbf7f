"""What staff find in the admin. Importing these modules registers them."""

from education.staff import (
    articles,
    auditing,
    checklists,
    clinic,
    editions,
    feedback,
    images,
    people,
    references,
    selfchecks,
)

__all__ = [
    "articles",
    "auditing",
    "checklists",
    "clinic",
    "editions",
    "feedback",
    "images",
    "people",
    "references",
    "selfchecks",
]
