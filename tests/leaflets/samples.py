"""Leaflets as Word files, each with the traps of one kind, and what must become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import docx

from tests.leaflets.word_files import (
    bold,
    cell,
    drawing,
    listed,
    numbering,
    paragraph,
    row,
    run,
    saved,
    style,
    styled,
    table,
    text_box,
    word_file,
)
from tests.media import sample_images

HEADING = style("Heading1", "heading 1")


@dataclass(frozen=True)
class Sample:
    """A leaflet: its file, its text as Markdown, the passages that lack words, and the notes."""

    build: Callable[[], bytes]
    markdown: str
    lacking: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def ordinary() -> bytes:
    document = docx.Document()
    document.add_heading("Ingrown toenail", 0)
    document.add_paragraph("The edge of a nail grows into the skin. It ").add_run(
        "hurts"
    ).bold = True
    document.add_heading("What you can do", 1)
    for line in ("Soak your foot in warm water.", "Wear wide shoes."):
        document.add_paragraph(line, style="List Bullet")
    document.add_paragraph("Keep it dry after that.")
    return saved(document)


def simple_fields() -> bytes:
    return word_file(
        paragraph(
            "Printed by ",
            f'<w:fldSimple w:instr=" DOCPROPERTY Clinic ">{run("Elm Street Clinic")}</w:fldSimple>',
            " in spring.",
        )
    )


def text_boxes() -> bytes:
    return word_file(
        paragraph("Before the box.")
        + paragraph("Words around it", text_box(paragraph("Call us any time.")), " stay here.")
        + paragraph("After the box.")
    )


def hidden_words() -> bytes:
    return word_file(
        paragraph("Seen. ", run("Hidden directly. ", "<w:vanish/>"), "Seen, too.")
        + paragraph(run("Hidden by its style.", '<w:rStyle w:val="Secret"/>'), "Seen last.")
        + paragraph(run("Not hidden", '<w:vanish w:val="0"/>'), run(" struck", "<w:strike/>")),
        styles=style("Secret", "Secret", "<w:rPr><w:vanish/></w:rPr>", "character"),
    )


def symbol_fonts() -> bytes:
    symbol = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'
    return word_file(
        paragraph("A fever ", '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', " 38 °C.")
        + paragraph("Weight ", run("\uf0a3", symbol), " 5 kg.")
        + paragraph(run("\uf0fc", '<w:rFonts w:ascii="Wingdings"/>'), " Wash.")
        + paragraph("Odd ", run("\uf0b3", '<w:rFonts w:ascii="No Such Font"/>'), " sign."),
    )


def table_heads() -> bytes:
    return word_file(
        table(row("Age", "Care", properties="<w:tblHeader/>"), row("Adult", "Rest"))
        + paragraph("Then")
        + table(row(cell(paragraph(bold("Sign"))), cell(paragraph(bold("Do")))), row("Pus", "Ask"))
        + paragraph("And")
        + table(
            row(cell(styled("TH", "Day")), cell(styled("TH", "Dose of care"))), row("1", "Soak")
        )
        + paragraph("Last")
        + table(row("a", "b"), row("c", "d")),
        styles=style("TH", "Table Heading"),
    )


def merged_cells() -> bytes:
    wide = '<w:gridSpan w:val="2"/>'
    return word_file(
        table(
            row("Who", cell("When to call", properties=wide), properties="<w:tblHeader/>"),
            row(cell("Adults", properties='<w:vMerge w:val="restart"/>'), "fever", "today"),
            row(cell("", properties="<w:vMerge/>"), "pus", "soon"),
            row("cough", "soon", properties='<w:gridBefore w:val="1"/>'),
        )
    )


def typed_lists() -> bytes:
    break_ = "<w:r><w:br/></w:r>"
    return word_file(
        paragraph("•\u00a0Wash")
        + paragraph("• Dry")
        + paragraph("Steps")
        + paragraph(run("1) Soak"), break_, run("2) Lift"), break_, run("3) Wait"))
        + paragraph("and")
        + paragraph("4) Go on")
        + paragraph("- 5 is no number here")
    )


def bold_lines() -> bytes:
    return word_file(
        paragraph(bold("Ingrown toenail"))
        + paragraph("It hurts.")
        + paragraph(bold("What you "), bold("can do:"))
        + paragraph("Rest.")
        + paragraph(bold("This is a whole bold sentence."))
        + paragraph(run("By style", '<w:rStyle w:val="Strong"/>'))
        + paragraph("End."),
        styles=style("Strong", "Strong", "<w:rPr><w:b/></w:rPr>", "character"),
    )


def numbers_that_go_on() -> bytes:
    restarted = (
        '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    return word_file(
        listed("One") + listed("Two") + paragraph("A word between.") + listed("Three")
        + paragraph("Anew:") + listed("First", number=3) + listed("Second", number=3)
        + listed("Inside", number=2, level=1),
        numbering=numbering("decimal", "bullet", extra=restarted),
    )  # fmt: skip


def tracked_changes() -> bytes:
    by = 'w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"'
    gone = "<w:delText>{}</w:delText>"
    return word_file(
        paragraph(
            "Soak ",
            f"<w:del {by}><w:r>{gone.format('never ')}</w:r></w:del>",
            f"<w:ins {by}>{run('daily ')}</w:ins>",
            "in water.",
        )
        + paragraph("From here: ", f"<w:moveFrom {by}>{run('moved words')}</w:moveFrom>")
        + paragraph("To here: ", f"<w:moveTo {by}>{run('moved words')}</w:moveTo>")
        + paragraph("First half ", properties=f"<w:rPr><w:del {by}/></w:rPr>")
        + paragraph("second half.")
        + table(
            row("Sign", "Do"), row("gone", "row", properties=f"<w:del {by}/>"), row("Pus", "Ask")
        )
    )


def localised_word() -> bytes:
    return word_file(
        styled("Titel", "Eingewachsener Nagel")
        + styled("berschrift1", "Causes")
        + styled("Abschnitt", "Tight shoes")
        + styled("Kapitel", "Last chapter")
        + paragraph("They press."),
        styles=style("Titel", "Title")
        + style("berschrift1", "heading 1")
        + style("Abschnitt", "Abschnitt", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
        + style("Kapitel", "Kapitel", '<w:basedOn w:val="berschrift1"/>'),
    )


def libreoffice() -> bytes:
    return word_file(
        styled("Title", "Cough")
        + styled("Heading1", "Do")
        + styled("TextBody", "Rest.")
        + table(
            row(cell(styled("TableHeading", "Day")), cell(styled("TableHeading", "Care"))),
            row(cell(styled("TableContents", "1")), cell(styled("TableContents", "Rest"))),
        ),
        styles=style("Title", "Title")
        + HEADING
        + style("TextBody", "Body Text")
        + style("TableHeading", "Table Heading", '<w:basedOn w:val="TableContents"/>')
        + style("TableContents", "Table Contents"),
    )


def headers_and_comments() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Elm Street Clinic"
    document.sections[0].footer.paragraphs[0].text = "Page made in 2026"
    only = document.add_paragraph("Rest your foot.")
    document.add_comment(only.runs, text="Is this so?", author="Nora")
    return saved(document)


def footnotes() -> bytes:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="2"/></w:r>'
    separator = '<w:{0} w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:{0}>'
    return word_file(
        paragraph("Soak it", note, " daily.") + paragraph("Most heal", end, "."),
        footnotes=separator.format("footnote")
        + f'<w:footnote w:id="2">{paragraph("Not with diabetes.")}</w:footnote>',
        endnotes=separator.format("endnote")
        + f'<w:endnote w:id="2">{paragraph("NHS, 2025.")}</w:endnote>',
    )


def raised_figures() -> bytes:
    up, down = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    return word_file(
        paragraph("10", run("2", up), " is not 102, CO", run("2", down), " is gas, the 1", run("st", up), " day")
    )  # fmt: skip


def pictures() -> bytes:
    return word_file(
        paragraph("A nail.")
        + paragraph(drawing("good", words="A nail in the skin."))
        + paragraph("Beside ", drawing("linked", "link"), " and ", drawing("gone"), " words."),
        rows=(
            ("good", "image", "media/a.png"),
            ("linked", "image", "file:///C:/nail.png"),
            ("gone", "image", "media/none.png"),
        ),
        outside=("linked",),
        **{"media/a.png": sample_images.png(40, 30)},
    )


def content_controls() -> bytes:
    def control(properties: str, inner: str) -> str:
        return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    box = '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'
    return word_file(
        control("", paragraph("A whole paragraph."))
        + paragraph("Inside ", control("", run("a line")), ".")
        + paragraph(control(box, run("☒")), " I read this.")
        + paragraph("Name: ", control("<w:showingPlcHdr/>", run("Click here to enter text.")))
        + paragraph('<w:smartTag w:element="City">' + run("Springfield") + "</w:smartTag>", ".")
    )


def links() -> bytes:
    field = "".join(
        f"<w:r>{inner}</w:r>"
        for inner in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> HYPERLINK "https://field.example/" </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>field</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    return word_file(
        paragraph(
            "See ", f'<w:hyperlink r:id="web">{run("our page")}</w:hyperlink>',
            ", ", f'<w:hyperlink r:id="file">{run("a file")}</w:hyperlink>',
            ", ", f'<w:hyperlink w:anchor="below">{run("below")}</w:hyperlink>',
            ", a ", field, ".",
        ),
        rows=(
            ("web", "hyperlink", "https://clinic.example/a?b=1"),
            ("file", "hyperlink", "file:///etc/passwd"),
        ),
        outside=("web", "file"),
    )  # fmt: skip


def what_is_no_text() -> bytes:
    chart = "<c:chartSpace><c:v>Pain in days</c:v></c:chartSpace>"
    namespaces = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    return word_file(
        paragraph("A sum:", "<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>")
        + paragraph('<w:r><w:object><o:OLEObject Type="Embed"/></w:object></w:r>', "Inside a file.")
        + paragraph("<w:r><w:drawing><wp:inline/></w:drawing></w:r>", "After a chart.")
        + '<w:altChunk r:id="other"/>'
        + "<w:strange><w:t>unheard of</w:t></w:strange>"
        + paragraph("End."),
        **{"charts/chart1.xml": chart.replace("<c:chartSpace", f"<c:chartSpace {namespaces}")},
    )


def contents() -> bytes:
    return word_file(
        styled("TOC1", "Causes 2") + styled("Heading1", "Causes") + paragraph("Tight shoes."),
        styles=HEADING + style("TOC1", "toc 1"),
    )


def nested() -> bytes:
    inner = table(row("in", "side"), row("more", "here"))
    return word_file(
        listed("Wash") + listed("with soap", level=1) + listed("your hands", level=1) + listed("Dry")
        + table(row("Sign", "Do"), row(cell(inner, paragraph("")), cell("Rest", "Wait.", "See us")))
        + table(row(cell(paragraph("A box for looks."), listed("One")))),
        numbering=numbering("bullet"),
    )  # fmt: skip


SAMPLES = {
    "ordinary": Sample(
        ordinary,
        "# Ingrown toenail\n\nThe edge of a nail grows into the skin. It **hurts**\n\n"
        "# What you can do\n\n- Soak your foot in warm water.\n- Wear wide shoes.\n\n"
        "Keep it dry after that.",
    ),
    "simple fields": Sample(simple_fields, "Printed by Elm Street Clinic in spring."),
    "text boxes": Sample(
        text_boxes,
        "Before the box.\n\nWords around it stay here.\n\nCall us any time.\n\nAfter the box.",
    ),
    "hidden words": Sample(
        hidden_words,
        "Seen. Seen, too.\n\nSeen last.\n\nNot hidden",
        (
            ("hidden", "Hidden directly."),
            ("hidden", "Hidden by its style."),
            ("struck", "struck"),
        ),
    ),
    "symbol fonts": Sample(
        symbol_fonts,
        "A fever ≥ 38 °C.\n\nWeight ≤ 5 kg.\n\n- Wash.\n\nOdd \ufffd sign.",
        notes=("sign",),
    ),
    "table heads": Sample(
        table_heads,
        "| Age | Care |\n| --- | --- |\n| Adult | Rest |\n\nThen\n\n"
        "| Sign | Do |\n| --- | --- |\n| Pus | Ask |\n\nAnd\n\n"
        "| Day | Dose of care |\n| --- | --- |\n| 1 | Soak |\n\nLast\n\n"
        "| a | b |\n| --- | --- |\n| c | d |",
        notes=("table-head",),
    ),
    "merged cells": Sample(
        merged_cells,
        "| Who | When to call | When to call |\n| --- | --- | --- |\n"
        "| Adults | fever | today |\n| Adults | pus | soon |\n|  | cough | soon |",
    ),
    "typed lists": Sample(
        typed_lists,
        "- Wash\n- Dry\n\nSteps\n\n1. Soak\n2. Lift\n3. Wait\n\nand\n\n4. Go on\n\n"
        "* 5 is no number here",
    ),
    "bold lines": Sample(
        bold_lines,
        "## Ingrown toenail\n\nIt hurts.\n\n## What you can do:\n\nRest.\n\n"
        "**This is a whole bold sentence.**\n\n## By style\n\nEnd.",
    ),
    "numbers that go on": Sample(
        numbers_that_go_on,
        "1. One\n2. Two\n\nA word between.\n\n3. Three\n\nAnew:\n\n1. First\n2. Second\n\n"
        "   - Inside",
    ),
    "tracked changes": Sample(
        tracked_changes,
        "Soak daily in water.\n\nFrom here:\n\nTo here: moved words\n\nFirst half second half.\n\n"
        "| Sign | Do |\n| --- | --- |\n| Pus | Ask |",
        (("deleted", "never"), ("deleted", "moved words"), ("deleted", "gone"), ("deleted", "row")),
        ("table-head",),
    ),
    "localised Word": Sample(
        localised_word,
        "# Eingewachsener Nagel\n\n# Causes\n\n## Tight shoes\n\n# Last chapter\n\nThey press.",
    ),
    "LibreOffice": Sample(
        libreoffice,
        "# Cough\n\n# Do\n\nRest.\n\n| Day | Care |\n| --- | --- |\n| 1 | Rest |",
    ),
    "headers and comments": Sample(
        headers_and_comments,
        "Rest your foot.",
        (
            ("header", "Elm Street Clinic"),
            ("footer", "Page made in 2026"),
            ("comment", "Is this so?"),
        ),
    ),
    "footnotes": Sample(footnotes, "Soak it daily.\n\nMost heal."),
    "raised figures": Sample(raised_figures, "10² is not 102, CO₂ is gas, the 1st day"),
    "pictures": Sample(
        pictures,
        "A nail.\n\n(picture 0)\n\nBeside and words.",
        notes=("linked-picture", "missing-picture"),
    ),
    "content controls": Sample(
        content_controls,
        "A whole paragraph.\n\nInside a line.\n\n☒ I read this.\n\nName:\n\nSpringfield.",
        (("prompt", "Click here to enter text."),),
    ),
    "links": Sample(
        links,
        "See [our page](<https://clinic.example/a?b=1>), a file, below, a "
        "[field](<https://field.example/>).",
        notes=("link",),
    ),
    "what is no text": Sample(
        what_is_no_text,
        "A sum:\n\nInside a file.\n\nAfter a chart.\n\nEnd.",
        (("body", "unheard of"), ("equation", "x+1"), ("drawing", "Pain in days")),
        ("equation", "embedded", "drawing", "embedded", "unknown"),
    ),
    "contents": Sample(contents, "# Causes\n\nTight shoes.", (("contents", "Causes 2"),)),
    "nested": Sample(
        nested,
        "- Wash\n\n  - with soap\n  - your hands\n- Dry\n\n"
        "| Sign | Do |\n| --- | --- |\n| in, side; more, here | Rest; Wait. See us |\n\n"
        "A box for looks.\n\n- One",
        notes=("table-head", "table-head"),
    ),
}
