"""The program that reads a leaflet, apart from the site: a file on its input, blocks on its output.

It knows no database and no key, opens no connection and no file. The site can end it at any
moment. Run it as `python -m education.articles.leaflets.reader word` (or `html`).
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import mammoth
from django.conf import settings

from education.articles.leaflets.blocks import Leaflet, Passage, texts, to_json
from education.articles.leaflets.html_blocks import HtmlReader, WordMarks, visible_text
from education.articles.leaflets.word_cleanup import LINK, NUMBER, PICTURE, CleanedWord
from education.articles.leaflets.word_file import MAX_CHARS, Refused, WordFile
from education.articles.leaflets.word_styles import MAX_LEVEL
from education.markdown import MarkdownLimitError
from education.web.child_process import limit_resources

MEMORY = 768 * 1024 * 1024


def _style_map() -> str:
    """What mammoth makes of headings and lists; nothing else in the cleaned file has a style."""
    outer = "ul|ol > li > "
    return "\n".join(
        (
            *(f"p.Heading{level} => h{level}:fresh" for level in range(1, 7)),
            *(
                f"p:{kind}-list({level + 1}) => {outer * level}{tag} > li:fresh"
                for kind, tag in (("unordered", "ul"), ("ordered", "ol"))
                for level in range(MAX_LEVEL + 1)
            ),
        )
    )


def main() -> None:
    """Read one leaflet, and write it as a line of JSON with its pictures after it."""
    limit_resources(MEMORY)
    settings.configure(USE_I18N=False)
    answers = os.fdopen(os.dup(1), "wb")
    # Nothing that a library may print gets between the answers.
    os.dup2(2, 1)
    read = {"word": read_word, "html": read_html}[sys.argv[1]]
    pictures: tuple[bytes, ...] = ()
    try:
        leaflet = read(sys.stdin.buffer.read())
        check_lines(leaflet)
        reply, pictures = _described(leaflet), leaflet.pictures
    except Refused as refusal:
        reply = {"why": refusal.why}
    except MemoryError:
        reply = {"why": "too-large"}
    except Exception:
        # Whatever a library makes of a broken file.
        reply = {"why": "damaged"}
    answers.write(json.dumps(reply).encode() + b"\n" + b"".join(pictures))
    answers.flush()


def read_word(data: bytes) -> Leaflet:
    """The leaflet in a .docx file; raises Refused."""
    cleaned = CleanedWord(WordFile(data))
    marks = WordMarks(
        PICTURE, LINK, NUMBER, cleaned.links, [words for _data, words in cleaned.pictures]
    )
    html = mammoth.convert_to_html(
        cleaned.package, style_map=_style_map(), include_default_style_map=False
    ).value
    reader = HtmlReader(marks)
    blocks = reader.read(html)
    return Leaflet(
        blocks,
        tuple(cleaned.passages),
        (*cleaned.notes, *reader.notes),
        tuple(reader.marks),
        tuple(reader.footnotes),
        tuple(picture for picture, _words in cleaned.pictures),
    )


def read_html(data: bytes) -> Leaflet:
    """The leaflet in the HTML of a web page; raises Refused."""
    html = data.decode("utf-8", "replace")
    passages = tuple(Passage("body", line) for line in visible_text(html))
    if sum(len(one.text) for one in passages) > MAX_CHARS:
        raise Refused("too-long")
    reader = HtmlReader()
    blocks = reader.read(html)
    return Leaflet(blocks, passages, tuple(reader.notes), tuple(reader.marks))


def check_lines(leaflet: Leaflet) -> None:
    """Refuse a line that is beyond what any text of the site may have."""
    try:
        for blocks in (leaflet.blocks, *(note.blocks for note in leaflet.footnotes)):
            for _text in texts(blocks):
                pass
    except MarkdownLimitError as error:
        raise Refused("long-line") from error


def _described(leaflet: Leaflet) -> dict[str, Any]:
    fields = ("blocks", "passages", "notes", "marks", "footnotes")
    return {
        **{name: to_json(getattr(leaflet, name)) for name in fields},
        "pictures": [len(picture) for picture in leaflet.pictures],
    }


if __name__ == "__main__":
    main()
