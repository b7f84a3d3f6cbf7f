"""A kept page while the database is away: as it was, with a line at its top that says so."""

from __future__ import annotations

import gzip
import re
from datetime import datetime

import brotli
from django.template.loader import render_to_string

from education.operations.page_cache.cached_page import CachedPage, Response

_BODY = re.compile(rb"<body[^>]*>")


def unchecked_response(page: CachedPage, checked_at: datetime, encoding: str) -> Response:
    """Body and headers. `checked_at`: when the page was last known to be the one of the site.

    Nobody keeps it: browsers ask again.
    """
    body = brotli.decompress(page.brotli)
    headers = [(name, value) for name, value in page.headers if name.lower() != "cache-control"]
    if any(n.lower() == "content-type" and v.startswith("text/html") for n, v in headers):
        line = render_to_string("includes/unchecked_notice.html", {"checked_at": checked_at})
        body = _BODY.sub(lambda tag: tag[0] + line.strip().encode(), body, count=1)
    if encoding:
        body = gzip.compress(body, 6, mtime=0)
        headers.append(("Content-Encoding", "gzip"))
    headers += [("Cache-Control", "no-store"), ("Content-Length", str(len(body)))]
    return body, headers
