"""Pages in fewer bytes: no optional end tags, no blanks between blocks, plain characters."""

from __future__ import annotations

import re

# Not all optional tags of HTML, only those in our pages.
_BLOCKS = (
    rb"(?:article|aside|blockquote|body|caption|d[dlt]|div|fieldset|footer|form|h[1-6r]|head|header|html|legend"
    rb"|li|link|main|meta|nav|ol|p|script|section|style|t(?:able|body|d|h|head|r)|title|ul)\b"
)
_BREAKS = re.compile(rb"\n(?=</?" + _BLOCKS + rb")")
# https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
_NEEDLESS_ENDS = re.compile(
    rb"</(?:"
    rb"li>(?=<li\b|</[ou]l>)"
    rb"|p>(?=<(?:article|aside|blockquote|div|dl|fieldset|footer|form|h[1-6r]|header|main|nav|ol|p|section|table"
    rb"|ul)\b|</(?:article|blockquote|body|dd|div|fieldset|footer|form|header|li|main|section|td)>)"
    rb"|t[dh]>(?=<t[dh]\b|</tr>)"
    rb"|tr>(?=<tr\b|</t(?:body|head|able)>)"
    rb"|d[dt]>(?=<d[dt]\b)"
    rb"|tbody>(?=</table>)"
    rb"|head><body>(?=<(?:a|header|main)\b)"
    rb")"
    rb"|(?<=</thead>)<tbody>(?=<tr\b)"
)

_TEXTS = re.compile(rb">[^<]*&[^<]*")


def lean(page: bytes) -> bytes:
    """The same document in fewer bytes; a page with preformatted text is left unchanged."""
    if b"<pre" in page or b"<textarea" in page:
        return page
    page = b"\n".join(filter(None, map(bytes.strip, page.split(b"\n"))))
    page = _NEEDLESS_ENDS.sub(b"", _BREAKS.sub(b"", page))
    return _TEXTS.sub(_plain, page)


def _plain(text: re.Match[bytes]) -> bytes:
    """Between two tags neither of these means anything to HTML."""
    return text[0].replace(b"&#x27;", b"'").replace(b"&nbsp;", "\N{NO-BREAK SPACE}".encode())
