"""The shipped content on a live server, and every reader's address of it."""

from __future__ import annotations

from django.core.management import call_command

from education.publishing.models import Edition

FIXED = (
    "/",
    "/conditions/",
    "/causes/",
    "/when-to-see-a-doctor/",
    "/glossary/",
    "/about/",
    "/search/",
    "/search/?q=acne",
    "/search/?q=zzzz",
    "/handouts/",
    "/no-such-page/",
)


def load() -> None:
    """Publish the shipped content into an empty site."""
    call_command("load_content", verbosity=0)


def addresses() -> list[str]:
    """Every reader's page there is."""
    found = list(FIXED)
    for edition in Edition.objects.live().select_related("document"):
        if edition.document.kind in {"article", "cause", "checklist"}:
            found.append(edition.get_absolute_url())
        if edition.document.kind == "article":
            found.append(f"{edition.get_absolute_url()}history/")
            found.append(f"/handouts/{edition.document.slug}/")
    return found
