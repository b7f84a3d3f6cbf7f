"""A strict reader of rendered HTML: its own list of what may be there, written apart from the
package's.
"""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

_CELL = {"class": r"align-(left|center|right)"}
_HEADING = {"id": r"\S+"}
_ALLOWED: dict[str, dict[str, str]] = {
    **{
        name: {}
        for name in ("blockquote", "br", "code", "dd", "dl", "dt", "em", "hr", "i", "li", "mark")
    },
    **{name: {} for name in ("p", "strong", "sup", "table", "tbody", "thead", "tr", "ul")},
    **{f"h{level}": _HEADING for level in range(1, 7)},
    "a": {"href": r".+"},
    "button": {"type": "button"},
    "div": {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": r"(?s).+"},
    "img": {"src": r"/media/[\w./-]+", "alt": r"(?s).+"},
    "ol": {"start": r"\d{1,9}"},
    "span": {"class": "visually-hidden"},
    "td": _CELL,
    "th": {"scope": "col", **_CELL},
}


def elements(html: str, name: str = "*") -> list[Element]:
    """The elements called `name` in `html`, in order, as a browser would build them."""
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return [
        element for element in root.iter() if element is not root and name in ("*", element.tag)
    ]


def element_text(element: Element) -> str:
    return "".join(element.itertext())


def find_violations(html: str) -> list[str]:
    """Everything in `html` that no text, however hostile, may bring onto a page."""
    found = [offence for element in elements(html) for offence in _in_element(element)]
    ids = Counter(element.attrib["id"] for element in elements(html) if "id" in element.attrib)
    return found + [f"id {name!r} {times} times" for name, times in ids.items() if times > 1]


def _in_element(element: Element) -> Iterator[str]:
    if element.tag not in _ALLOWED:
        yield f"element {element.tag}"
        return
    for name, value in element.attrib.items():
        pattern = _ALLOWED[element.tag].get(name)
        if pattern is None or not re.fullmatch(pattern, value):
            yield f"{element.tag} {name}={value!r}"
    if element.tag == "button" and "type" not in element.attrib:
        yield "a button that sends"
    if element.tag == "a":
        if not harmless(element.attrib.get("href", "")):
            yield f"link to {element.attrib.get('href')!r}"
        if any(inner.tag == "a" for inner in element.iter() if inner is not element):
            yield "link in a link"


def harmless(target: str) -> bool:
    """Whether a browser, which forgives much, could take `target` only for what it seems to be."""
    as_browsers_read = (
        re.sub(r"[\t\r\n]", "", target).strip("".join(map(chr, range(33)))).replace("\\", "/")
    )
    if as_browsers_read != target:
        return False
    if target.startswith(("/", "#")):
        return not target.startswith("//")
    scheme, separator, rest = target.partition(":")
    if scheme.lower() in ("http", "https"):
        return bool(urlsplit(target).hostname) and "@" not in urlsplit(target).netloc
    return bool(separator and rest) and scheme.lower() in ("mailto", "tel")
