"""Whatever can be published can be printed: page and PDF have the same words, and the validator
finds nothing.
"""

from __future__ import annotations

import io
import random
import re
from collections import Counter

import pytest
from PIL import Image as Pixels
from pypdf import PdfReader

from tests import factories
from tests.handouts.pdf_reader import extract_pages, extract_tagged_text, normalize_text
from tests.handouts.test_pdf import failed, shown_sections, spoken_sections

pytestmark = [pytest.mark.django_db, pytest.mark.long]
WORDS = [
    "skin",
    "back",
    "wash",
    "spot",
    "gently",
    "water",
    "towel",
    "see",
    "doctor",
    "lump",
    "soap",
    "dry",
    "Łódź",
    "Αθήνα",
    "Москва",
    "naïve",
    "38",
    "°C",
    "(100.4",
    "°F)",
    "1–2",
    "weeks",
    "≥5",
    "mm",
    "½",
    "“quoted”",
    "<1>&amp;",
    "*",
    "_",
    "#",
    "$x$",
    "@key",
    "#let",
    "[brackets]",
    "\\",
    "~",
    "extraordinarilylongwordthatnobodyeverwritesbutmightbepastedfromsomewhere",
]
TALL, WIDE = f"{'1' * 32}.webp", f"{'2' * 32}.webp"


def words(rng: random.Random, most: int = 12) -> str:
    """Words with some marks; never a line that begins a block."""
    found = [rng.choice(WORDS) for _ in range(rng.randint(1, most))]
    marked = rng.choice(("**{}**", "*{}*", "`{}`", "[{}](https://a.example/)", "{} [@leaflet]"))
    place = rng.randrange(len(found))
    found[place] = marked.format("words")
    return "Say " + " ".join(found)


def table(rng: random.Random) -> str:
    # Narrow enough to stay a table: a row that is set as a list repeats the words of the head.
    columns = rng.randint(1, 4)
    row = lambda: "| " + " | ".join(words(rng, 1) for _ in range(columns)) + " |"  # noqa: E731
    return "\n".join([row(), "|" + "---|" * columns, *(row() for _ in range(rng.randint(1, 5)))])


def block(rng: random.Random, depth: int = 0) -> str:
    """One block of Markdown."""
    kind = rng.randrange(9 if depth < 2 else 2)
    if kind in (0, 1):
        return words(rng, 40)
    if kind in (2, 3):
        start = rng.choice((1, 3, 12))
        gap = rng.choice(("\n", "\n\n"))
        items = []
        for number in range(rng.randint(1, 4)):
            mark = "- " if kind == 2 else f"{start + number}. "
            inner = words(rng)
            if rng.random() < 0.3:
                inner += "\n\n" + block(rng, depth + 1)
            items.append(mark + inner.replace("\n", "\n" + " " * len(mark)))
        return gap.join(items)
    if kind == 4:
        return table(rng)
    if kind == 5:
        return "> " + words(rng).replace("\n", "\n> ")
    if kind == 6:
        return f"![A picture of a spot](/media/{rng.choice((TALL, WIDE))})"
    if kind == 7:
        return f"{words(rng, 2)}\n: {words(rng)}"
    return f"{'#' * rng.randint(1, 3)} {words(rng, 4)}\n\n{words(rng)}"


def text(rng: random.Random, most: int) -> str:
    """Some blocks; two lists in a row would be one."""
    blocks = [block(rng) for _ in range(rng.randint(1, most))]
    return "Words first.\n\n" + "\n\nAnd then:\n\n".join(blocks)


def without_marks(text: str) -> str:
    """Marks of lists are drawn by a browser, and numbers of steps are written by a PDF."""
    return re.sub(r"[•.\d]", "", text)


@pytest.fixture
def pictures(uploads):
    uploads.mkdir()
    Pixels.new("RGB", (70, 360), "gray").save(uploads / TALL)
    Pixels.new("RGB", (900, 60), "gray").save(uploads / WIDE)


def publish(rng: random.Random) -> None:
    factories.make_small_site()
    article = factories.article(introduction=text(rng, 6), summary=text(rng, 1)[:790])
    values = article.to_values()
    values["do"] = [f"Wash {words(rng)}"[:290] for _ in range(rng.randint(1, 8))]
    values["reassurance"] = f"Many people have this, and {rng.choice(('wash', 'Łódź'))}."
    values["first_step"] = "**Wash.**"
    for cause in values["causes"]:
        for name in ("what_happens", "looks", "self_care", "may_suggest"):
            cause[name] = text(rng, 3)[:2900]
        if rng.random() < 0.7:
            for name in ("glance_looks", "glance_hurts", "glance_comes_out", "glance_helps"):
                cause[name] = f"Short {rng.choice(WORDS[:12])}"
    article.save_content(values)
    article.record_edit()
    factories.publish_documents(article)


@pytest.mark.parametrize("seed", range(12))
def test_random_content_is_the_same_on_page_and_paper(client, pictures, seed):
    rng = random.Random(seed)
    publish(rng)
    query = "?" + "&".join(
        (
            f"extent={rng.choice(('sheet', 'everything'))}",
            f"print={rng.choice(('normal', 'clear', 'large'))}",
            f"paper={rng.choice(('a4', 'letter'))}",
        )
    )
    page = client.get(f"/handouts/spots/{query}").content.decode()
    answer = client.get(f"/handouts/spots.pdf{query}")
    assert answer.status_code == 200, query
    pdf = answer.content
    assert failed(pdf) == [], query
    spoken, shown = spoken_sections(extract_tagged_text(pdf)), shown_sections(page)
    spoken, shown = (
        Counter(without_marks("".join(one)) for one in found.elements())
        for found in (spoken, shown)
    )
    assert (spoken - shown, shown - spoken) == (Counter(), Counter()), query


def test_no_picture_or_table_leaves_the_paper(client, pictures):
    factories.make_small_site()
    wide = "| Day | Morning | Noon | Evening | Night | Call us if |\n|---|---|---|---|---|---|\n"
    wide += "| Monday | Wash | Rest | Wash | Sleep | it is numb |\n"
    steps = "1. Wash.\n2. Dry.\n\nThen wait.\n\n3. Rest.\n4. Sleep."
    introduction = (
        f"{wide}\n\n![A tall one](/media/{TALL})\n\n![A wide one](/media/{WIDE})\n\n{steps}"
    )
    factories.publish_documents(factories.article(introduction=introduction))
    for query in ("", "&print=large", "&print=large&paper=letter"):
        pdf = client.get(f"/handouts/spots.pdf?extent=everything{query}").content
        text = normalize_text("".join(extract_pages(pdf)))
        assert "callusif" in text and "itisnumb" in text
        assert "1.wash.2.dry.thenwait.3.rest.4.sleep." in text
        for page in PdfReader(io.BytesIO(pdf)).pages:
            width, height = float(page.mediabox.width), float(page.mediabox.height)
            places: list[tuple[float, float]] = []
            page.extract_text(
                visitor_text=lambda shown, cm, tm, _font, _size, places=places: (
                    places.append((tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]))
                    if shown.strip()
                    else None
                )
            )
            assert all(0 <= x <= width and 0 <= y <= height for x, y in places)
