#!/bin/sh
# mammoth, docx to HTML: a numbered list that goes on after a paragraph begins at 1 again, without a
# message. Guarded in education/articles/leaflets/word_styles.py (`Lists`).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" --disable-pip-version-check install --quiet mammoth==1.13.0
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata, io, zipfile
import mammoth

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ITEM = ('<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>{}</w:t></w:r></w:p>")
BODY = (ITEM.format("One") + ITEM.format("Two") + "<w:p><w:r><w:t>between</w:t></w:r></w:p>"
        + ITEM.format("Three"))
NUMBERING = ('<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
             '<w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
             '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>')
file = io.BytesIO()
with zipfile.ZipFile(file, "w") as package:
    package.writestr("word/document.xml", f"<w:document {W}><w:body>{BODY}</w:body></w:document>")
    package.writestr("word/numbering.xml", f"<w:numbering {W}>{NUMBERING}</w:numbering>")
result = mammoth.convert_to_html(file)
print("mammoth", importlib.metadata.version("mammoth"))
print('expected the second list to begin at 3, such as <ol start="3">')
print("seen", result.value, [message.message for message in result.messages])
known = "<ol><li>One</li><li>Two</li></ol><p>between</p><ol><li>Three</li></ol>"
raise SystemExit(0 if result.value == known else "This is not so any more.")
PYTHON
