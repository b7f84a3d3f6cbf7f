"""Handouts as tests print them: the code, and the words on paper."""

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
    """The code of a paper printed now."""
    keys = [document.pk for document in documents]
    newest = latest_publication_id(keys, timezone.now())
    return encode(keys, options, newest)


def code_url(code: str) -> str:
    """Where the code leads."""
    return f"/h/{code}/"


def find_code(html: str) -> str:
    """The code that stands on a handout."""
    (code,) = set(re.findall(r"/h/([^/<]+)/", html))
    return code


def main_text(html: str) -> str:
    """The words of the main part of a page, in one line."""
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", f"<{main}")).split())


def handout_text(client: Client, slug: str) -> str:
    """What a handout says, without what it tells of itself; empty when there is none."""
    answer = client.get(f"/handouts/{slug}/")
    return (
        main_text(OF_ITSELF.sub("", answer.content.decode())) if answer.status_code == 200 else ""
    )
