"""What staff find in the admin. Importing these modules registers them."""

from education.staff import articles, checklists, clinic, editions, images, references, selfchecks

__all__ = ["articles", "checklists", "clinic", "editions", "images", "references", "selfchecks"]
