"""A page as one file that needs no other, for keeping on a phone or a computer."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

from django.conf import settings

from education.media import storage
from education.media.illustrations import ILLUSTRATIONS

_PICTURES = {
    picture.name: picture
    for illustration in ILLUSTRATIONS.values()
    for picture in illustration.pictures
}
# The server may have put a hash into the name of a drawing.
_DRAWING = re.compile(r'(?<= src=")/static/pictures/([a-z-]+)(?:\.[0-9a-f]{12})?\.svg(?=")')
_UPLOAD = re.compile(r'(?<= src=")/media/([0-9a-f]{32}\.webp)(?=")')
# For browsers that know no popovers; there the word stays, and its meaning is on the site.
_GLOSSARY_LINK = re.compile(r'<a class="term"[^>]* hidden[^>]*>[^<]*</a>')
# What a file needs no longer: it has no forms, loads nothing, and all its links lead to a website.
_NEEDLESS = re.compile(
    r' type="button"| loading="lazy"|<span class="visually-hidden"> \([^<]*\)</span>(?=</a>)'
)
# What a `data:` address in double quotes may hold as it is.
_SAFE = " !'()*,/:;<=>?@[]{}|^"


def as_single_file(html: str) -> str:
    """Return `html`, made by our templates, with its pictures inside and its links absolute."""
    html = _NEEDLESS.sub("", _GLOSSARY_LINK.sub("", html))
    html = _DRAWING.sub(_embed_drawing, html)
    html = _UPLOAD.sub(_embed_upload, html)
    return re.sub(r'(?<= href=")(?=/)|(?<= src=")(?=/)', settings.SITE_URL, html)


def _embed_drawing(found: re.Match[str]) -> str:
    if found[1] not in _PICTURES:
        return found[0]
    svg = _PICTURES[found[1]].read_svg().replace('"', "'")
    return f"data:image/svg+xml,{quote(svg, safe=_SAFE)}"


def _embed_upload(found: re.Match[str]) -> str:
    data = storage.read(found[1])
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}" if data else found[0]
