"""Every model in the admin. Importing these modules registers them."""

from education.staff.accounts import admin as accounts
from education.staff.admin import (
    articles,
    audit_log,
    checklists,
    clinic,
    editions,
    feedback,
    images,
    references,
    selfchecks,
)

__all__ = [
    "accounts",
    "articles",
    "audit_log",
    "checklists",
    "clinic",
    "editions",
    "feedback",
    "images",
    "references",
    "selfchecks",
]
