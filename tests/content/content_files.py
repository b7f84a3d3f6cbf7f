"""Read the shipped content straight from its files, without Django.

These helpers know only the file grammar of `content/`: front matter, `##`/`###` sections and YAML
lists.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content" / "en"
HERE = Path(__file__).resolve().parent

CITATION = re.compile(r"\s*\[@([a-z0-9-]+)\]")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]*)\)")
BULLET = re.compile(r"^\s*(?:-|\d+\.) ")
TABLE_CELL = re.compile(r"(?<=\|)[^|\n]+")


def load_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def content_files() -> list[Path]:
    return sorted([*CONTENT.rglob("*.md"), *CONTENT.rglob("*.yaml")])


def split_page(path: Path) -> tuple[dict[str, Any], str]:
    """Return the front matter as a mapping and the body as text."""
    text = path.read_text(encoding="utf-8")
    _, front, body = text.split("---\n", 2)
    return dict(YAML(typ="safe").load(front)), body


def article_sections(body: str) -> dict[str, str]:
    """Return section name to text; a cause's parts are named `Cause: slug / What happens`."""
    found: dict[str, str] = {}
    major = minor = ""
    for line in body.splitlines():
        if line.startswith("## "):
            major, minor = line[3:], ""
        elif line.startswith("### "):
            minor = line[4:]
        else:
            name = f"{major} / {minor}" if minor else major
            found[name] = found.get(name, "") + line + "\n"
    return {name: text.strip() for name, text in found.items() if name}


def readable(text: str) -> str:
    """Return what a reader sees: citations gone, links and emphasis replaced by their words."""
    return LINK.sub(r"\1", CITATION.sub("", text)).replace("**", "")


def blocks(markdown: str) -> Iterator[str]:
    """Yield each paragraph, list item and table cell as one line of readable text; headings are
    left out.
    """
    for part in re.split(r"\n\s*\n", readable(markdown)):
        lines = [line for line in part.splitlines() if line.strip() and not line.startswith("#")]
        if any(BULLET.match(line) for line in lines):
            item = ""
            for line in lines:
                if BULLET.match(line):
                    if item:
                        yield item
                    item = BULLET.sub("", line).strip()
                else:
                    item = f"{item} {line.strip()}".strip()
            if item:
                yield item
        elif all(line.startswith("|") for line in lines):
            yield from (
                cell for line in lines for cell in TABLE_CELL.findall(line) if cell.strip("- ")
            )
        elif lines:
            yield " ".join(line.strip() for line in lines)


def sentences(block: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])[\"')]*\s+", block) if re.search(r"\w", s)]


def words(sentence: str) -> list[str]:
    """Split into words; a number with its unit of temperature counts as one."""
    joined = re.sub(r"(\d) (°[CF])", r"\1\2", sentence)
    return re.findall(r"[\w°][\w°'\u2019.-]*", joined)


@cache
def checklist() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml(CONTENT / "checklists" / "back-skin.yaml")
    return data


@cache
def self_check() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml(CONTENT / "self-checks" / "back-skin.yaml")
    return data


def self_check_texts() -> Iterator[tuple[str, str]]:
    """Yield (where, Markdown text) for every text of the self-check, apart from the signs
    themselves.
    """
    data = self_check()
    for field in ("title", "introduction"):
        yield f"self-check {field}", data[field]
    for question in data["questions"]:
        for field in ("text", "why"):
            yield f"self-check {question['key']} {field}", question[field]
        for choice in question["choices"]:
            if "text" in choice:
                yield f"self-check {question['key']} {choice['key']}", choice["text"]
    for outcome in data["outcomes"]:
        for field in ("title", "do_now", "when", "safety_net"):
            yield f"self-check {outcome['key']} {field}", outcome[field]


def all_texts() -> Iterator[tuple[str, str]]:
    """Yield (where, Markdown text) for every text that a reader can meet."""
    for path in sorted(CONTENT.rglob("*.md")):
        yield path.name, split_page(path)[1]
    data = checklist()
    for field in ("introduction", "none_apply", "safety_net"):
        yield f"back-skin.yaml {field}", data[field]
    for sign in data["signs"]:
        yield f"back-skin.yaml {sign['key']}", sign["text"]
        if "on_darker_skin" in sign:
            yield f"back-skin.yaml {sign['key']} on darker skin", sign["on_darker_skin"]
    yield from self_check_texts()
    for term in load_yaml(CONTENT / "glossary.yaml")["terms"]:
        yield f"glossary.yaml {term['word']}", term["meaning"]
