"""Helpers that print a handout and read its code and text."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client
from django.utils import timezone

from education.handouts.codes import encode
from education.handouts.latest_publication import latest_publication_id
from education.publishing.models import Document

# What a paper tells of itself: when it was printed, of which edition, and whether somebody reviewed
# it.
OF_ITSELF = re.compile(
    r'<div class="stamp.*?</div>|<section class="imprint">.*?</section>|<p>Printed on .*?</p>',
    re.DOTALL,
)


def print_code(*documents: Document, options: int = 0) -> str:
    """The code of a handout printed now."""
    keys = [document.pk for document in documents]
    newest = latest_publication_id(keys, timezone.now())
    return encode(keys, options, newest)


def code_url(code: str) -> str:
    """The URL of a code."""
    return f"/h/{code}/"


def find_code(html: str) -> str:
    """The code that is printed on a handout."""
    (code,) = set(re.findall(r"/h/([^/<]+)/", html))
    return code


def main_text(html: str) -> str:
    """The text of the main part of a page, in one line."""
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", f"<{main}")).split())


def handout_text(client: Client, slug: str) -> str:
    """The text of a handout without its code and date; empty if there is no handout."""
    answer = client.get(f"/handouts/{slug}/")
    return (
        main_text(OF_ITSELF.sub("", answer.content.decode())) if answer.status_code == 200 else ""
    )
