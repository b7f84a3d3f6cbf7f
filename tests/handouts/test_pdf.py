"""The shipped handouts as pages and as PDFs."""

from __future__ import annotations

import io
import re
from collections import Counter
from html import unescape
from itertools import pairwise

import page as validator
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.core.cache import caches
from PIL import Image as Pixels
from pypdf import PdfReader, PdfWriter

from education.clinic.models import Clinic
from education.handouts.codes import encode
from tests import factories
from tests.handouts.conftest import (
    CLEAR,
    EVERYTHING,
    LARGE,
    LARGE_LETTER,
    LETTER,
    MADE,
    PACK,
    SHEETS,
    SHIPPED,
    SHORT,
    WHITE,
)
from tests.handouts.pdf_reader import (
    codes,
    depth_of_first_page,
    extract_pages,
    extract_text,
    fonts,
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
# What gives way on the sheet when there is no room: lines to write on, and the drawings.
GIVES_WAY = ("notesandquestionsforyournextvisit", "foryou")
DRAWINGS = "insidetheskin"


def count_pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("made", SHEETS)
def test_shipped_article_is_one_sheet_on_each_paper(prints, made):
    assert count_pages(prints[made].pdf) == 2


@pytest.mark.parametrize(
    ("made", "most"),
    [
        ((WHITE, LARGE), 6),
        ((WHITE, LARGE_LETTER), 6),
        ((WHITE, CLEAR), 4),
        ((WHITE, EVERYTHING), 6),
    ],
)
def test_other_prints_take_few_pages(prints, made, most):
    assert count_pages(prints[made].pdf) <= most


@pytest.mark.parametrize("made", SHEETS)
def test_first_page_has_every_warning_sign_and_the_review(prints, made):
    first = normalize_text(extract_pages(prints[made].pdf)[0])
    signs = re.findall(r"<li>(.*?)</li>", prints[made].page.split('<div class="do">')[0], re.DOTALL)
    assert len(signs) >= 36
    for sign in signs:
        assert spoken_text(sign) in first, sign
    for words in ("Emergency", "Urgent", "See a doctor soon", "Not yet reviewed by a clinician"):
        assert normalize_text(words) in first
    (read,) = codes(prints[made].pdf)
    assert codes_on_page(prints[made].pdf, 0) == [read]


@pytest.mark.parametrize("slug", SHIPPED)
def test_first_page_on_a4_has_all_of_do_and_do_not(prints, slug):
    made = prints[slug, ""]
    first = normalize_text(extract_pages(made.pdf)[0])
    advice = made.page.split('<div class="do">')[1].split("</div>")[0]
    items = re.findall(r"<li>(.*?)</li>", advice, re.DOTALL)
    assert len(items) >= 8
    assert all(spoken_text(item) in first for item in items)


@pytest.mark.parametrize(("slug", "query"), SHEETS)
def test_do_and_do_not_of_a_sheet_stand_on_one_page(prints, slug, query):
    made = prints[slug, query]
    advice = made.page.split('<div class="do">')[1].split("</div>")[0]
    items = [spoken_text(item) for item in re.findall(r"<li>(.*?)</li>", advice, re.DOTALL)]
    pages = [normalize_text(page) for page in extract_pages(made.pdf)]
    assert any(all(item in page for item in items) for page in pages)


def test_first_page_in_clear_print_is_full(prints):
    assert depth_of_first_page(prints[WHITE, CLEAR].pdf) > 0.85


def codes_on_page(pdf: bytes, page: int) -> list[str]:
    writer = PdfWriter()
    writer.add_page(PdfReader(io.BytesIO(pdf)).pages[page])
    written = io.BytesIO()
    writer.write(written)
    return codes(written.getvalue())


def compared(pieces: list[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Sections without those that may give way, whatever their order."""
    found: Counter[tuple[str, str]] = Counter()
    for title, text in pieces:
        for gone in GIVES_WAY:
            # It has no text, so that the next title follows it.
            title = re.sub(f"^{gone}(?=do$|sources$|isthispaper|$)", "", title)
        if title or text:
            found[title, text.replace(DRAWINGS, "")] += 1
    return found


def starts_section(text: str) -> bool:
    """Whether it is a title that is set as the first words of a paragraph."""
    return text.strip() == "No sign here is true for you now?"


def spoken_sections(tagged: list[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """The sections of a PDF as a screen reader reads them."""
    return compared(
        sections(
            # The labels inside a drawing are part of the picture, which has a text of its own.
            (re.search("/H[1-6]", path) is not None or starts_section(text), text)
            for path, text in tagged
            if "/Figure" not in path
        )
    )


def shown_sections(page: str) -> Counter[tuple[str, str]]:
    """The sections of the handout on its page."""
    return compared(
        sections((is_title or starts_section(text), text) for is_title, text in printed(page))
    )


# The last lines of a sheet have no heading: without causes another one stands above them than on
# the page.
@pytest.mark.parametrize(("slug", "query"), [made for made in MADE if made != (WHITE, SHORT)])
def test_pdf_text_equals_page_text_in_each_section(prints, slug, query):
    made = prints[slug, query]
    spoken, page = spoken_sections(made.tagged), shown_sections(made.page)
    assert len(page) >= 8
    assert (spoken - page, page - spoken) == (Counter(), Counter())


@pytest.mark.parametrize(
    ("query", "size"), [("", A4_SIZE), (LARGE, A4_SIZE), (LETTER, LETTER_SIZE)]
)
def test_pdf_has_the_chosen_paper_size(prints, query, size):
    for page in PdfReader(io.BytesIO(prints[WHITE, query].pdf)).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
            size, abs=0.5
        )


@pytest.mark.parametrize(
    ("query", "least"), [("", 11), (LETTER, 11), (CLEAR, 12), (EVERYTHING, 11), (LARGE, 18)]
)
def test_print_is_never_smaller_than_promised(prints, query, least):
    found = sizes(prints[WHITE, query].pdf)
    # The raised numbers of sources are marks, not text to be read.
    small = sum(count for size, count in found.items() if size < least - 0.1)
    assert small < sum(found.values()) * (0.05 if query == EVERYTHING else 0.0001), found
    assert max(found, key=lambda size: found[size]) == pytest.approx(least, abs=0.6)


@pytest.mark.parametrize(("slug", "query"), MADE)
def test_qr_code_has_the_url_printed_beside_it(prints, slug, query):
    made = prints[slug, query]
    (read,) = codes(made.pdf)
    code = read.removeprefix(f"{settings.SITE_URL}/h/").removesuffix("/")
    assert read == f"{settings.SITE_URL}/h/{code}/" and read in made.page
    assert normalize_text(read) in normalize_text(extract_text(made.pdf))


@pytest.mark.parametrize("query", ["", LARGE])
def test_qr_code_can_be_read_from_a_fax(prints, query):
    """204 by 98 dots an inch, one bit each."""
    read = []
    for page in pypdfium2.PdfDocument(prints[WHITE, query].pdf):
        picture = page.render(scale=204 / 72, grayscale=True).to_pil()
        fax = picture.resize((picture.width, picture.height * 98 // 204)).point(
            lambda level: 255 * (level > 127)
        )
        read += codes_in(fax.resize(picture.size))
    assert len(read) == 1 and read[0].startswith(f"{settings.SITE_URL}/h/")


def codes_in(picture: Pixels.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize(("slug", "query"), MADE)
def test_pdf_has_the_structure_of_pdf_ua(prints, slug, query):
    pdf = prints[slug, query].pdf
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("en") and root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (
        reader.metadata and reader.metadata.title and settings.SITE_URL not in reader.metadata.title
    )
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
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


@pytest.mark.parametrize(("slug", "query"), MADE)
def test_handout_passes_the_pdf_ua_validator(prints, slug, query):
    assert failed(prints[slug, query].pdf) == []


def test_pack_with_a_note_passes_the_pdf_ua_validator(prints):
    text = normalize_text(extract_text(prints.pack))
    held = ("What is in this pack", "When to see a doctor", "Begin at box 1.", PACK["note"])
    assert all(normalize_text(one) in text for one in held)
    assert failed(prints.pack) == []


def test_each_part_of_a_two_sided_pack_has_its_own_sheets(prints):
    feet = []
    for page in pypdfium2.PdfDocument(prints.pack):
        width, _height = page.get_size()
        feet.append(page.get_textpage().get_text_bounded(left=0, bottom=0, right=width, top=30))
    numbers = [re.search(r"Page (\d+) of (\d+)", foot) for foot in feet]
    firsts = [place for place, found in enumerate(numbers) if found and found[1] == "1"]
    assert len(firsts) == 5 and all(first % 2 == 0 for first in firsts)
    for first, following in pairwise([*firsts, len(feet)]):
        own = [found for found in numbers[first:following] if found]
        assert [found[1] for found in own] == [str(n + 1) for n in range(len(own))]
        assert {found[2] for found in own} == {str(len(own))}


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


@pytest.mark.parametrize("query", ["", EVERYTHING, LARGE, LETTER])
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
    assert bool(links) == (query == EVERYTHING)
    assert all(
        link.removeprefix(settings.SITE_URL) in made.page.replace("&amp;", "&") for link in links
    )


@pytest.mark.parametrize(("slug", "query"), MADE)
def test_page_never_ends_with_a_heading_or_a_drawing(prints, slug, query):
    ends = last_pieces(prints[slug, query].pdf)
    # Under these headings stand lines to write on, which are no text.
    parted = [text.strip() for path, text in ends if re.search("/H[1-6]|/Figure", path)]
    assert ends and {normalize_text(text) for text in parted} <= set(GIVES_WAY)


@pytest.mark.parametrize(("slug", "query"), MADE)
def test_signs_never_stand_on_a_page_without_what_to_do(prints, slug, query):
    made = prints[slug, query]
    cards = re.findall(
        r'<section class="care".*?<p class="todo">(.*?)</p>.*?<ul>(.*?)</ul>', made.page, re.DOTALL
    )
    assert len(cards) == 3
    for page in map(normalize_text, extract_pages(made.pdf)):
        for todo, signs in cards:
            items = [spoken_text(sign) for sign in re.findall("<li>(.*?)</li>", signs, re.DOTALL)]
            if any(item in page for item in items if len(item) > 40):
                assert spoken_text(todo) in page


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


@pytest.mark.parametrize("query", ["", EVERYTHING, LARGE, LETTER, LARGE_LETTER])
def test_letterhead_has_logo_name_address_and_numbers(client, clinic, query):
    pdf = client.get(f"/handouts/spots.pdf{query}").content
    first = normalize_text(extract_pages(pdf)[0])
    head = first[: first.index(normalize_text("About spots"))]
    for words in (
        clinic.name,
        "12 Long Riverside Road, Springfield 12345",
        "Phone: 555-010-3000",
        "When we are closed: (555) 010-4000",
    ):
        assert normalize_text(words) in head
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1
    assert failed(pdf) == []


@pytest.mark.parametrize("query", ["", LARGE, LETTER, LARGE_LETTER])
@pytest.mark.parametrize("number", ["5 5 5 0 1 0 3 0", "5 5 5 0 1 0 3 0 0", "5 5 5 0 1 0 3 0 0 0"])
def test_telephone_number_is_never_split_between_lines(client, clinic, query, number):
    clinic.phone = number
    clinic.save()
    text = extract_text(client.get(f"/handouts/spots.pdf{query}").content)
    assert text.count(number) == normalize_text(text).count(normalize_text(number)) >= 3


def spoken_text(html: str) -> str:
    return normalize_text(unescape(re.sub("<[^>]+>", "", html)))


def test_pdf_has_bookmarks_for_its_headings(prints):
    outline = PdfReader(io.BytesIO(prints[WHITE, EVERYTHING].pdf)).outline
    titles = [entry.title for entry in outline if not isinstance(entry, list)]
    inner = [entry.title for entry in outline[1] if not isinstance(entry, list)]
    assert titles[0] == "White discharge from spots on your back" and "Sources" in titles + inner
    assert "When to get help" in inner


def test_short_handout_has_warning_signs_and_no_causes(prints):
    short, whole = (prints[WHITE, query].page for query in (SHORT, ""))
    assert short.count('class="care"') == whole.count('class="care"') == 3
    assert "What may be the cause" in printed_text(whole)
    assert "What may be the cause" not in printed_text(short)


def test_marks_of_sources_are_with_everything_and_not_in_warnings(prints):
    sheet, everything = (prints[WHITE, query].page for query in ("", EVERYTHING))
    assert "[1]" in printed_text(everything) and "[1]" not in printed_text(sheet)
    for card in re.findall('<section class="care".*?</section>', everything, re.DOTALL):
        assert "<sup>" not in card


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
        assert f"<title>{word}</title>" in card and f'<span class="word">{word}</span>' in card


def test_code_has_documents_options_and_publication(prints):
    plain, large = (codes(prints[WHITE, query].pdf)[0] for query in ("", LARGE))
    assert plain != large
    assert encode([7], 0, 9) != encode([7], 1, 9) != encode([7], 1, 10)


def test_same_content_gives_the_same_bytes(client):
    factories.make_small_site()
    first = client.get("/handouts/spots.pdf").content
    caches["handouts"].clear()
    assert client.get("/handouts/spots.pdf").content == first
