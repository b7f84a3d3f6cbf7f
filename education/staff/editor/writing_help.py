"""Plain-language help for writers: for one field while it is typed, and for a whole document."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from education.articles.content import ArticleContent
from education.plain_language.report import (
    MAX_LIST_ITEMS,
    Finding,
    TextStatistics,
    analyze,
    is_supported_language,
    long_list_message,
)
from education.publishing.content import Content, MarkdownText, Path, markdown_texts
from education.publishing.models import WorkingCopy
from education.references.content import GLOSSARY
from education.references.models import Term

MAX_GRADE = 6
MAX_SHOWN = 60
_NAMES = ("title", "name")
_LETTERS = re.compile(r"[^\W\d_]+")
# A line that starts with one of these describes something instead of telling what to do.
_NON_ACTION_WORDS = frozenset(
    ("a", "an", "he", "her", "his", "i", "if", "it", "its", "my", "our", "she", "that", "the", "their",
     "there", "these", "they", "this", "those", "we", "when", "you", "your")
)  # fmt: skip


@dataclass(frozen=True)
class Readability:
    """How hard a text is to read: its grade, and the sentence and words to show for it."""

    measure: TextStatistics

    @property
    def grade(self) -> int | None:
        """The school grade, rounded up: a text just above the limit must not look within it."""
        return None if self.measure.grade is None else max(1, math.ceil(self.measure.grade))

    @property
    def is_easy(self) -> bool:
        return self.grade is not None and self.grade <= MAX_GRADE

    @property
    def message(self) -> str:
        """The sentence about the grade; empty without a grade."""
        if self.grade is None:
            return ""
        if self.is_easy:
            return _("Reading grade {grade}. Good: most adults can read this.").format(
                grade=self.grade
            )
        return _("Reading grade {grade}. Aim for {most} or lower.").format(
            grade=self.grade, most=MAX_GRADE
        )

    @property
    def hard_words(self) -> str:
        """The words that raise the grade, comma-separated; empty where the grade is good."""
        return "" if self.grade is None or self.is_easy else ", ".join(self.measure.hard_words)


@dataclass(frozen=True)
class LocatedFinding:
    """A finding with the path of its field in the document, and the field's URL and label."""

    path: Path
    finding: Finding
    url: str = ""
    label: str = ""


class _FindingLists:
    """Findings as the templates list them: those that block publication, then suggestions."""

    findings: Sequence[LocatedFinding]

    @cached_property
    def blocking(self) -> list[LocatedFinding]:
        return [each for each in self.findings if each.finding.blocking][:MAX_SHOWN]

    @cached_property
    def suggestions(self) -> list[LocatedFinding]:
        remaining = MAX_SHOWN - len(self.blocking)
        return [each for each in self.findings if not each.finding.blocking][:remaining]

    @property
    def more(self) -> int:
        """The number of findings that are not shown."""
        return len(self.findings) - len(self.blocking) - len(self.suggestions)

    @property
    def counts(self) -> str:
        """The numbers of blocking findings and of suggestions, as a sentence."""
        blocking = sum(each.finding.blocking for each in self.findings)
        suggestions = len(self.findings) - blocking
        return _("{to_mend} to mend, {plainer} could be plainer").format(
            to_mend=blocking, plainer=suggestions
        )


@dataclass(frozen=True)
class FieldHelp(_FindingLists):
    """The help with one text. `findings` has offsets in UTF-16, as browsers count them."""

    supported: bool
    reading: Readability | None
    findings: Sequence[LocatedFinding]

    def __bool__(self) -> bool:
        return bool(not self.supported or self.findings or (self.reading and self.reading.message))


@dataclass(frozen=True)
class DocumentHelp(_FindingLists):
    """The help with a whole document, in the order of its fields."""

    supported: bool
    reading: Readability
    findings: Sequence[LocatedFinding]

    def with_links(self, locate: Callable[[Path], tuple[str, str]]) -> DocumentHelp:
        """Add the (URL, label) of each field; `locate` is called once for each path."""
        located = {
            path: locate(path) for path in dict.fromkeys(each.path for each in self.findings)
        }
        findings = [
            replace(each, url=located[each.path][0], label=located[each.path][1])
            for each in self.findings
        ]
        return replace(self, findings=findings)


def glossary_forms(language: str) -> frozenset[str]:
    """Every form of every word in the glossary's working copy, case-folded."""
    rows = Term.objects.filter(glossary__slug=GLOSSARY.slug, glossary__language=language)
    return frozenset(
        str(form).casefold()
        for word, also in rows.values_list("word", "also")
        for form in (word, *also)
    )


def text_help(typed: str, *, inline: bool, language: str) -> FieldHelp:
    """The help with a text as typed into a text area, whatever its line ends."""
    if not is_supported_language(language):
        return FieldHelp(False, None, ())
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return FieldHelp(True, None, ())
    found = analyze(text, inline=inline, known=glossary_forms(language))
    reading = None if inline else Readability(found.statistics)
    findings = _with_utf16_offsets(text, found.findings)
    return FieldHelp(True, reading, [LocatedFinding((), each) for each in findings])


def _with_utf16_offsets(text: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Convert offsets to UTF-16, where a character beyond U+FFFF counts as two."""
    surrogate_offsets = [offset for offset, character in enumerate(text) if character > "\uffff"]
    for each in findings:
        start, end = (
            offset + bisect_left(surrogate_offsets, offset) for offset in (each.start, each.end)
        )
        yield replace(each, start=start, end=end)


def document_help(document: WorkingCopy) -> DocumentHelp:
    """The help with a working copy, without what the publication checks report anyway."""
    if not is_supported_language(document.language):
        return DocumentHelp(False, Readability(TextStatistics()), ())
    content = document.draft_content()
    known = glossary_forms(document.language) | {name.casefold() for name in content.synonyms}
    measure = TextStatistics()
    findings: list[LocatedFinding] = []
    for text in (*_title_texts(content), *markdown_texts(content)):
        found = analyze(text.text, inline=text.inline, known=known)
        measure += found.statistics
        findings += (LocatedFinding(text.path, each) for each in found.findings)
    findings += _list_findings(content)
    return DocumentHelp(True, Readability(measure), _first_mentions(findings))


def _title_texts(content: Content) -> Iterator[MarkdownText]:
    """The names of a document and of its rows, which `markdown_texts` does not include."""
    for name in _NAMES:
        value = getattr(content, name, "")
        if value:
            yield MarkdownText((name,), str(value), inline=True)
    for path, name in content.row_names():
        yield MarkdownText(path, name, inline=True)


def _first_mentions(findings: Iterable[LocatedFinding]) -> list[LocatedFinding]:
    """Keep only the first finding about each medical word."""
    seen_words: set[str] = set()
    remaining = []
    for each in findings:
        word = each.finding.excerpt.casefold()
        if each.finding.code == "medical-word":
            if word in seen_words:
                continue
            seen_words.add(word)
        remaining.append(each)
    return remaining


def _list_findings(content: Content) -> Iterator[LocatedFinding]:
    """Findings about whole lists: too long, or a Do list without any action."""
    items = Counter(text.path[0] for text in markdown_texts(content) if _is_item(text.path))
    for name, count in items.items():
        if count > MAX_LIST_ITEMS:
            yield _document_finding((name,), "long-list", long_list_message(count))
    if isinstance(content, ArticleContent) and content.do and not any(map(_is_action, content.do)):
        message = _(
            "No line of the Do list says what to do. Start each with an action, such as “Wash”."
        )
        yield _document_finding(("do",), "no-action", message)


def _is_item(path: Path) -> bool:
    return len(path) == 2 and isinstance(path[1], int)


def _is_action(line: str) -> bool:
    first = _LETTERS.search(line)
    return first is not None and first[0].casefold() not in _NON_ACTION_WORDS


def _document_finding(path: Path, code: str, message: str) -> LocatedFinding:
    return LocatedFinding(path, Finding(code, False, message, 0, 0, ""))
