"""Every public URL of a small site, and how to read them all."""

from __future__ import annotations

from django.test import Client

CONDITION = "/conditions/spots/"
CAUSE = "/causes/oil/"
CHECKLIST = "/when-to-see-a-doctor/skin/"
HANDOUT = "/handouts/spots/"
PACK = "/handouts/"
FACES = (
    "/",
    "/conditions/",
    CONDITION,
    f"{CONDITION}history/",
    "/conditions/a-z/a/",
    "/causes/",
    CAUSE,
    "/when-to-see-a-doctor/",
    CHECKLIST,
    HANDOUT,
    PACK,
    "/glossary/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/browse/",
    "/browse/area/back/",
    "/browse/area/feet/",
    "/search/",
    "/search/?q=spots",
    "/search/?q=nothing+at+all",
)


def read_all(client: Client) -> dict[str, bytes]:
    """The body of every public page."""
    return {address: client.get(address).content for address in FACES}
