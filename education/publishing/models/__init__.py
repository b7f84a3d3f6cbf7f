"""Documents, their working copies and editions, the publication log and the reviews."""

from education.publishing.models.comments import Comment, CommentStep
from education.publishing.models.documents import (
    Document,
    DocumentQuerySet,
    WorkingCopy,
    working_copy_model,
)
from education.publishing.models.editions import (
    Change,
    Edition,
    EditionDependency,
    EditionFacet,
    EditionIdentity,
    EditionName,
    EditionNameQuerySet,
    EditionQuerySet,
    PassedChecks,
    Publication,
    PublicationQuerySet,
    Replacement,
)
from education.publishing.models.reviews import (
    ChangeRequest,
    Recall,
    Review,
    WithheldName,
    WordingCheck,
)

__all__ = [
    "Change",
    "ChangeRequest",
    "Comment",
    "CommentStep",
    "Document",
    "DocumentQuerySet",
    "Edition",
    "EditionDependency",
    "EditionFacet",
    "EditionIdentity",
    "EditionName",
    "EditionNameQuerySet",
    "EditionQuerySet",
    "PassedChecks",
    "Publication",
    "PublicationQuerySet",
    "Recall",
    "Replacement",
    "Review",
    "WithheldName",
    "WordingCheck",
    "WorkingCopy",
    "working_copy_model",
]
