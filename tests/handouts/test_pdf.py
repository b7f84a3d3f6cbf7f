"""The shipped handouts as pages and as PDFs."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from html import unescape
from itertools import pairwise

import page as validator
import pypdfium2
import pytest
from django.conf import settings
from django.test import Client
from PIL import Image as Pixels
from pypdf import PdfReader, PdfWriter
from weasyprint import HTML

from education.clinic.models import Clinic
from education.handouts.codes import encode
from tests import factories
from tests.handouts.conftest import LARGE, LETTER, MADE, MORE, PACK, SHORT, WHITE
from tests.handouts.pdf_reader import (
    codes,
    depth_of_first_page,
    extract_pages,
    extract_text,
    fonts,
    labels_of_drawings,
    last_pieces,
    normalize_text,
    printed,
    printed_text,
    sections,
    sizes,
    tags,
)

pytestmark = pytest.mark.django_db
A4_SIZE, LETTER_SIZE = (595.3, 841.9), (612, 792)
# The validator knows 104 rules of PDF/UA-1.
RULES = 100


# One sheet more than before the warning signs of babies, the spine, lines, bites and others were
# added: each card still stands on one page, and safety comes before paper.
@pytest.mark.parametrize(("made", "most"), list(zip(MADE, (6, 6, 3, 19, 7), strict=True)))
def test_handout_takes_few_sheets(prints, made, most):
    assert len(PdfReader(io.BytesIO(prints[made].pdf)).pages) <= most


@pytest.mark.parametrize(("slug", "query"), MADE)
def test_pdf_text_equals_page_text_in_each_section(prints, slug, query):
    made = prints[slug, query]
    # In the order in which a screen reader reads it, whatever the columns.
    spoken = sections(
        # The labels inside a drawing are part of the picture, which has a text of its own.
        (re.search("/H[1-6]", path) is not None, text)
        for path, text in made.tagged
        if "/Figure" not in path
    )
    page = sections(printed(made.page))
    assert len(page) >= 10 and [title for title, _text in spoken] == [
        title for title, _text in page
    ]
    for (title, spoken_text), (_title, shown) in zip(spoken, page, strict=True):
        assert spoken_text == shown, title


@pytest.mark.parametrize("query", ["", SHORT, LARGE, LETTER])
def test_text_copied_from_a_pdf_is_its_text(prints, query):
    made = prints[WHITE, query]
    copied, shown = (
        Counter(normalize_text(text)) for text in (extract_text(made.pdf), printed_text(made.page))
    )
    assert set(copied - shown) <= set("•◦▪✔✘") | labels_of_drawings() and not shown - copied


@pytest.mark.parametrize(
    ("query", "size"), [("", A4_SIZE), (LARGE, A4_SIZE), (LETTER, LETTER_SIZE)]
)
def test_pdf_has_the_chosen_paper_size(prints, query, size):
    for page in PdfReader(io.BytesIO(prints[WHITE, query].pdf)).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
            size, abs=0.5
        )


@pytest.mark.parametrize(("query", "least"), [("", 11), (LARGE, 18)])
def test_print_is_never_smaller_than_promised(prints, query, least):
    found = sizes(prints[WHITE, query].pdf)
    # The raised numbers of sources are marks, not text to be read.
    small = sum(count for size, count in found.items() if size < least - 0.1)
    assert small < sum(found.values()) * 0.05, found
    assert max(found, key=lambda size: found[size]) == pytest.approx(least, abs=0.1)


@pytest.mark.parametrize(("slug", "query"), MADE)
def test_qr_code_has_the_url_printed_beside_it(prints, slug, query):
    made = prints[slug, query]
    (read,) = codes(made.pdf)
    code = read.removeprefix(f"{settings.SITE_URL}/h/").removesuffix("/")
    assert read == f"{settings.SITE_URL}/h/{code}/" and read in made.page
    assert normalize_text(f"{read} Code: {code}") in normalize_text(extract_text(made.pdf))


@pytest.mark.parametrize(("slug", "query"), MADE)
def test_pdf_has_the_structure_of_pdf_ua(prints, slug, query):
    pdf = prints[slug, query].pdf
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en" and root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (
        reader.metadata and reader.metadata.title and settings.SITE_URL not in reader.metadata.title
    )
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    seen = list(tags(pdf))
    names = [tag for tag, _node, _above in seen]
    levels = [int(tag[2]) for tag in names if re.fullmatch("/H[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert "/L" in names and all(above[-1] == "/L" for tag, _node, above in seen if tag == "/LI")
    figures = [node for tag, node, _above in seen if tag == "/Figure"]
    assert figures and all(str(node.get("/Alt", "")).strip() for node in figures)
    for page in reader.pages:
        assert page["/Tabs"] == "/S"
        content = page.get_contents().get_data()
        assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC")
    for font in fonts(pdf):
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = inner["/FontDescriptor"]
        assert (
            any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))
            and "/ToUnicode" in font
        )


def failed(pdf: bytes) -> list[tuple[str, str]]:
    """The rules of PDF/UA-1 that a PDF breaks, of the many that were tried."""
    report = validator.validate_pdf_bytes(pdf, profile=validator.ValidationProfile.PDF_UA_1)
    assert report.rules.total == report.rules.passed + report.rules.failed >= RULES
    return [(failure.rule_id, failure.message) for failure in report.failures]


@pytest.mark.parametrize(("slug", "query"), MADE + MORE)
def test_handout_passes_the_pdf_ua_validator(prints, slug, query):
    assert failed(prints[slug, query].pdf) == []


def test_pack_with_a_note_passes_the_pdf_ua_validator(prints):
    text = normalize_text(extract_text(prints.pack))
    held = ("What is in this pack", "When to see a doctor", "Begin at box 1.", PACK["note"])
    assert all(normalize_text(one) in text for one in held)
    assert failed(prints.pack) == []


@pytest.mark.parametrize(
    ("lost", "rule"),
    [
        ("/StructTreeRoot", "STRUCT-TREE-ROOT"),
        ("/MarkInfo", "TAGGED-DOCUMENT"),
        ("/Lang", "TEXT-LANGUAGE"),
        ("/Metadata", "METADATA-TITLE"),
    ],
)
def test_pdf_ua_validator_notices_missing_parts(prints, lost, rule):
    writer = PdfWriter(clone_from=io.BytesIO(prints[WHITE, SHORT].pdf))
    del writer.root_object[lost]
    written = io.BytesIO()
    writer.write(written)
    assert f"PDFUA1-{rule}-001" in dict(failed(written.getvalue()))


def test_pdf_ua_validator_rejects_a_pdf_without_tags():
    pdf = HTML(string='<html lang="en"><title>Spots</title><h1>Spots</h1><p>Wash.</p>').write_pdf()
    assert "PDFUA1-CONTENT-TAGGING-001" in dict(failed(pdf))


@pytest.mark.parametrize("query", ["", SHORT, LARGE, LETTER])
def test_pdf_has_no_script_and_only_the_links_of_the_page(prints, query):
    made = prints[WHITE, query]
    for word in (
        b"/JavaScript",
        b"/JS",
        b"/Launch",
        b"/OpenAction",
        b"/EmbeddedFile",
        b"/RichMedia",
        b"/AA",
    ):
        assert word not in made.pdf
    links = {
        annotation.get_object()["/A"]["/URI"]
        for page in PdfReader(io.BytesIO(made.pdf)).pages
        for annotation in page.get("/Annots", [])
        if "/URI" in annotation.get_object().get("/A", {})
    }
    assert links and all(
        link.removeprefix(settings.SITE_URL) in made.page.replace("&amp;", "&") for link in links
    )


@pytest.mark.parametrize(("slug", "query"), MADE + MORE)
def test_page_never_ends_with_a_heading_or_a_drawing(prints, slug, query):
    ends = last_pieces(prints[slug, query].pdf)
    # Under that one heading stand lines to write on, which are no text.
    parted = [text.strip() for path, text in ends if re.search("/H[1-6]|/Figure", path)]
    assert ends and set(parted) <= {"Notes and questions for your next visit"}


@pytest.mark.parametrize(("slug", "query"), MADE + MORE)
def test_card_is_on_one_page_with_its_heading_and_action(prints, slug, query):
    made = prints[slug, query]
    cards = re.findall(
        r'<section class="care".*?<h3 class="band">(.*?)</h3>.*?<p class="todo">(.*?)</p>',
        made.page,
        re.DOTALL,
    )
    bands = {spoken_text(re.sub("<svg.*?</svg>", "", band)) for band, _todo in cards}
    todos = {spoken_text(todo) for _band, todo in cards}
    texts = [normalize_text(page) for page in extract_pages(made.pdf)]
    counts = [
        (sum(text.count(band) for band in bands), sum(text.count(todo) for todo in todos))
        for text in texts
    ]
    assert all(heads == ends for heads, ends in counts), counts
    assert sum(heads for heads, _ends in counts) == len(cards) >= 3


@pytest.mark.parametrize(("slug", "query"), MADE + MORE)
def test_first_page_is_full_and_has_the_emergency_line(prints, slug, query):
    made = prints[slug, query]
    assert depth_of_first_page(made.pdf) > 0.7
    assert normalize_text("Emergency: call for emergency help now") in normalize_text(
        extract_pages(made.pdf)[0]
    )


CLINIC = {
    "name": "Riverside and Hill Street Family Medicine and Skin Care Clinic",
    "address": "12 Long Riverside Road\nSpringfield 12345",
    "phone": "555-010-3000",
    "out_of_hours_number": "(555) 010-4000",
}


@pytest.fixture
def clinic(uploads):
    """A small site of a clinic with a long name, a logo and two numbers."""
    factories.make_small_site()
    factories.publish_documents(factories.self_check())
    uploads.mkdir()
    name = f"{'0' * 32}.webp"
    Pixels.new("RGB", (300, 160)).save(uploads / name)
    return Clinic.objects.create(pk=1, logo=name, logo_width=300, logo_height=160, **CLINIC)


@pytest.mark.parametrize("query", ["", LARGE, LETTER, "?paper=letter&print=large"])
def test_letterhead_keeps_name_by_logo_and_numbers_by_labels(client, clinic, query):
    pdf = client.get(f"/handouts/spots.pdf{query}").content
    lines = lines_of(pdf)
    head = lines[
        : next(place for place, (line, _left) in enumerate(lines) if "About spots" in line)
    ]
    labelled = ("Phone: 555-010-3000", "When we are closed: (555) 010-4000")
    assert all(any(label in line for line, _left in head) for label in labelled), head
    street = next(left for line, left in head if line.startswith("12 Long"))
    beside = [left for line, left in head if line and clinic.name.find(line.split("  ")[0]) >= 0]
    assert beside and all(left > street + 20 for left in beside), head
    assert failed(pdf) == []


@pytest.mark.parametrize("query", ["", LARGE, LETTER, "?paper=letter&print=large"])
@pytest.mark.parametrize("number", ["5 5 5 0 1 0 3 0", "5 5 5 0 1 0 3 0 0", "5 5 5 0 1 0 3 0 0 0"])
def test_telephone_number_is_never_split_between_lines(client, clinic, query, number):
    clinic.phone = number
    clinic.save()
    text = extract_text(client.get(f"/handouts/spots.pdf{query}").content)
    assert text.count(number) == normalize_text(text).count(normalize_text(number)) >= 3


def test_first_word_is_never_alone_on_its_line(client, clinic):
    # Some of them end where the line does.
    sentence = (
        "Clindamycin gel on its own is not the standard choice everywhe{}re. [@leaflet] And more."
    )
    rows = [sentence.format("i" * more) for more in range(15)]
    strong = [row.replace("[@leaflet] And", "**And**") for row in rows]
    factories.publish_documents(
        factories.article(introduction="\n\n".join(rows + strong)), **factories.WORDING
    )
    lines = [line for line, _left in lines_of(client.get(f"/handouts/spots.pdf{LARGE}").content)]
    assert sum(line.startswith("Clindamycin") for line in lines) == len(rows + strong)
    assert "Clindamycin" not in lines


def lines_of(pdf: bytes) -> list[tuple[str, float]]:
    """The lines of all pages as they stand on paper, each with how far from the left edge it
    begins.
    """
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        place = 0
        for line in text.get_text_range().split("\r\n"):
            found.append((line.strip(), text.get_charbox(place)[0] if line.strip() else 0.0))
            place += len(line) + 2
    return found


def pages_with_questions(client: Client, paper: str, lengths: Sequence[int]) -> list[str]:
    """The pages of a self-check in large print whose first question has signs of these lengths,
    too.
    """
    signs = [
        {
            **factories.SIGNS[0],
            "key": f"sign-{n}",
            "text": " ".join([f"Sign {n} is true for you today"] * length),
        }
        for n, length in enumerate(lengths)
    ]
    questions = deepcopy(factories.QUESTIONS)
    questions[0]["choices"][:0] = [{"key": sign["key"], "sign": sign["key"]} for sign in signs]
    checklist = factories.checklist(signs=[*signs, *factories.SIGNS])
    factories.publish_documents(
        checklist, factories.self_check(questions=questions), **factories.ADVICE
    )
    form = {"document": "self-check/skin-check", "print": "large", "paper": paper, "print-now": "1"}
    return [normalize_text(page) for page in extract_pages(client.post("/handouts/", form).content)]


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("length", [1, 3])
def test_printed_question_is_on_one_page(client, clinic, paper, length):
    pages = pages_with_questions(client, paper, [length] * 6)
    begun = [
        page.count(normalize_text("Is this true for you:"))
        + page.count(normalize_text("What is it like?"))
        for page in pages
    ]
    ended = [
        page.count(normalize_text("None of these")) + page.count(normalize_text("Something else"))
        for page in pages
    ]
    assert begun == ended and sum(begun) == 6


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("length", [3, 9])
def test_question_longer_than_a_page_keeps_choice_with_route(client, clinic, paper, length):
    pages = pages_with_questions(client, paper, [10, 10, 10, 10, 10, length])
    go = normalize_text("If you ticked")
    assert sum(page.count(go) for page in pages) == 12
    assert not [page for page in pages if page.startswith(go)]


def spoken_text(html: str) -> str:
    return normalize_text(unescape(re.sub("<[^>]+>", "", html)))


def test_pdf_has_bookmarks_for_its_headings(prints):
    outline = PdfReader(io.BytesIO(prints[WHITE, ""].pdf)).outline
    titles = [entry.title for entry in outline if not isinstance(entry, list)]
    inner = [entry.title for entry in outline[1] if not isinstance(entry, list)]
    assert titles[0] == "White discharge from spots on your back" and "Sources" in titles + inner
    assert "When to get help" in inner


def test_short_handout_has_warning_signs_and_no_causes(prints):
    short, whole = (prints[WHITE, query].page for query in (SHORT, ""))
    assert short.count('class="care"') == whole.count('class="care"') == 3
    assert 'class="cause"' in whole and 'class="cause"' not in short
    assert "[1]" in printed_text(whole) and "[1]" not in printed_text(short)


def test_urgency_is_shown_by_word_shape_and_border(prints):
    page = prints[WHITE, ""].page
    for level, word in (
        ("emergency", "Emergency"),
        ("urgent", "Urgent"),
        ("routine", "See a doctor soon"),
    ):
        card = page.split(f'<section class="care" data-urgency="{level}">')[1].split("</section>")[
            0
        ]
        assert f"<title>{word}</title>" in card and f'<span class="word">{word}:</span>' in card


def test_code_has_documents_options_and_publication(prints):
    plain, large = (codes(prints[WHITE, query].pdf)[0] for query in ("", LARGE))
    assert plain != large
    assert encode([7], 0, 9) != encode([7], 1, 9) != encode([7], 1, 10)
