#!/bin/sh
# mammoth, docx to HTML: words of a simple field are lost, hidden words are shown, and the sign of a
# symbol font becomes one that nobody sees. Guarded in education/articles/leaflets/word_cleanup.py.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" --disable-pip-version-check install --quiet mammoth==1.13.0
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata, io, zipfile
import mammoth

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

def html(*runs):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        body = "".join(runs)
        package.writestr("word/document.xml",
                         f'<w:document xmlns:w="{W}"><w:body><w:p>{body}</w:p></w:body></w:document>')
    result = mammoth.convert_to_html(file)
    return result.value, [message.message for message in result.messages]

def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"

print("mammoth", importlib.metadata.version("mammoth"))
cases = [
    ("a simple field (ECMA-376, 17.16.19): its result is text", "<p>Elm Street</p>", "",
     [f'<w:fldSimple w:instr=" DOCPROPERTY Clinic ">{run("Elm Street")}</w:fldSimple>']),
    ("a run with w:vanish (17.3.2.41) is not displayed", "", "<p>secret</p>",
     [run("secret", "<w:vanish/>")]),
    ("Symbol, F0B3, is ≥", "<p>≥</p>", "<p>\uf0b3</p>",
     [run("\uf0b3", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>')]),
]
changed = False
for name, expected, known, runs in cases:
    seen, messages = html(*runs)
    print(f"{name}: expected {expected!a}, seen {seen!a}, said {messages}")
    changed |= seen != known
raise SystemExit("This is not so any more." if changed else 0)
PYTHON
