"""Pages without needless bytes are the same documents."""

from __future__ import annotations

import re

import html5lib
import pytest
from django.test import Client

from education.operations.page_cache.lean_html import lean
from tests import factories
from tests.public_pages.all_urls import FACES

# At their borders browsers show no blank.
BLOCKS = re.compile(
    "html|head|body|article|aside|blockquote|caption|d[dlt]|div|fieldset|footer|form|h[1-6]|header|legend|li|link"
    "|main|meta|nav|ol|p|script|section|style|table|tbody|t[dhr]|thead|title|ul"
)


def seen(page: bytes) -> str:
    """What a browser makes of a page: elements, attributes and words, without the blanks that
    nobody sees.
    """
    document = html5lib.HTMLParser(strict=True).parse(page.decode())
    found = []
    for token in html5lib.getTreeWalker("etree")(document):
        match token["type"]:
            case "StartTag" | "EmptyTag" | "EndTag":
                end = "/" if token["type"] == "EndTag" else ""
                border = "\n" if BLOCKS.fullmatch(token["name"]) else ""
                pairs = {} if end else token["data"]
                attributes = sorted(
                    (name, " ".join(value.split())) for (_, name), value in pairs.items()
                )
                found.append(f"{border}<{end}{token['name']} {attributes}>{border}")
            case "Characters" | "SpaceCharacters":
                found.append(re.sub(r"\s+", " ", token["data"]))
    return re.sub(r"\s*\n\s*", "\n", "".join(found))


@pytest.mark.django_db
@pytest.mark.parametrize("address", FACES)
def test_lean_page_is_the_same_document_in_fewer_bytes(address: str, client: Client) -> None:
    factories.make_small_site()
    page = client.get(address).content
    assert len(lean(page)) < len(page) or b"<textarea" in page
    assert seen(lean(page)) == seen(page)
    assert lean(lean(page)) == lean(page)


def test_lean_page_has_blanks_between_words() -> None:
    assert lean(b"<p><b>One</b>\n<i>two</i>\n\n  three <a>four</a>\n</p>\n<p>\nfive</p></div>") == (
        b"<p><b>One</b>\n<i>two</i>\nthree <a>four</a><p>\nfive</div>"
    )


def test_lean_page_has_plain_characters_only_in_text() -> None:
    title = '<p title="a&#x27;b&nbsp;c">'
    page = f"{title}a&#x27;b&nbsp;c &lt;i&gt; &amp;nbsp;<b>&nbsp;</b>"
    hard = "\N{NO-BREAK SPACE}"
    assert lean(page.encode()).decode() == f"{title}a'b{hard}c &lt;i&gt; &amp;nbsp;<b>{hard}</b>"


@pytest.mark.parametrize(
    "kept", [b"<a><p>x</p></a>", b"<pre>\n\n x</pre>\n<p>y</p>", b"<textarea>\n</textarea>\n<p>"]
)
def test_page_that_would_be_another_document_is_unchanged(kept: bytes) -> None:
    assert lean(kept) == kept
