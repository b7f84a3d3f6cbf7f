"""The base of all content types: what a document says, as typed and validated values.

A content type alone decides what is valid; forms and content files take limits and help texts from
it.
"""

from __future__ import annotations

import hashlib
import json
import re
import types
import unicodedata
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    Self,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

Path = tuple[str | int, ...]


class DocumentKey(NamedTuple):
    """Kind and slug: names a document within one language."""

    kind: str
    slug: str


SharedRow = tuple[DocumentKey, str]
"""A row that other documents show: its document, and its key."""


@dataclass(frozen=True)
class Problem:
    """A reason against publication: document, field, and one sentence that says what to do.

    `edition`: the number of the edition that `path` leads into; 0 for the working copy.
    `can_be_confirmed`: a reviewer may confirm that the text is right as it is.
    """

    key: DocumentKey
    path: Path
    message: str
    edition: int = 0
    can_be_confirmed: bool = False

    def __str__(self) -> str:
        where = " › ".join(str(step + 1 if isinstance(step, int) else step) for step in self.path)
        return f"{self.key.kind} {self.key.slug}{', ' + where if where else ''}: {self.message}"


class ActionRefused(Exception):
    """An action was refused and changed nothing; `problems` has every reason."""

    def __init__(self, *problems: Problem):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def raise_if_problems(found: Iterable[Problem]) -> None:
    """Raise ActionRefused if there is any problem; duplicates are dropped."""
    once = tuple(dict.fromkeys(found))
    if once:
        raise ActionRefused(*once)


@dataclass(frozen=True)
class MarkdownField:
    """Marks a text that is rendered as Markdown, as blocks or inline."""

    inline: bool = False


_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)


def clean_text(value: object) -> object:
    """Normalize a text: Unicode NFC, LF line ends, no trailing blanks, no control characters."""
    if not isinstance(value, str):
        return value
    # Remove controls first: they may hide a trailing blank, or separate characters that NFC joins.
    bare = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    lines = unicodedata.normalize("NFC", bare).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n").rstrip()


def clean_line(value: object) -> object:
    """Like `clean_text`, with all white space collapsed into one line."""
    cleaned = clean_text(value)
    return " ".join(cleaned.split()) if isinstance(cleaned, str) else cleaned


Line = Annotated[str, BeforeValidator(clean_line)]
InlineMarkdown = Annotated[str, BeforeValidator(clean_line), MarkdownField(inline=True)]
BlockMarkdown = Annotated[str, BeforeValidator(clean_text), MarkdownField()]
Key = Annotated[
    str,
    BeforeValidator(clean_line),
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60),
]
OptionalKey = Annotated[
    str,
    BeforeValidator(clean_line),
    StringConstraints(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$", max_length=60),
]


ChangeRole = Literal["presentation", "citations", "reference", "url"]
"""What a change of a field means. Without a role, text is compared; anything else is advice.

"presentation": affects how the document is shown or found, not the advice.
"citations": keys of sources, which may be added and moved.
"reference": names the origin of a fact; additions do not count until a text cites them.
"url": an external address; only one without https counts as a change.
"""


class ContentPart(BaseModel):
    """A frozen part of a content; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)

    # The field that identifies a row when rows move; empty: its position does.
    IDENTITY: ClassVar[str] = ""
    # Labels of the keys of choice fields; those of urgency are in `education.urgency`.
    LABELS: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    # The roles of fields whose type does not decide what a change means.
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = {}

    @property
    def identity(self) -> str:
        """What identifies a row on both sides of a change; empty where its position does."""
        return str(getattr(self, self.IDENTITY)).casefold() if self.IDENTITY else ""

    @classmethod
    def get_label(cls, name: str) -> str:
        """The label of a field for staff."""
        described = cls.model_fields.get(name)
        return (
            _(described.title)
            if described and described.title
            else name.replace("_", " ").capitalize()
        )


class Content(ContentPart):
    """The whole content of one document."""

    KIND: ClassVar[str]
    SCHEMA: ClassVar[int] = 1
    UPGRADES: ClassVar[Mapping[int, Any]] = {}

    @property
    @abstractmethod
    def heading(self) -> str:
        """The name of the document for readers."""

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other names that readers may search for."""
        return ()

    @property
    def abstract(self) -> str:
        """One or two plain sentences for lists and search results; may be empty."""
        return ""

    def facets(self) -> tuple[str, ...]:
        """Categories to find the document by, such as "area/back", each once."""
        return ()

    def dependencies(self) -> tuple[DocumentKey, ...]:
        """The documents that this one cannot be shown without, each once."""
        return ()

    def clinical_meaning(self) -> object:
        """A value that is equal as long as the advice is: structure and urgency, not wording."""
        return self.dependencies()

    def shared_rows(self) -> Mapping[str, tuple[str, ...]]:
        """The rows that other documents show, by key: the text first, then what else matters."""
        return {}

    def shown_rows(self) -> Iterator[tuple[Path, SharedRow]]:
        """The rows of other documents that this one shows, with the path of each."""
        return iter(())

    def row_names(self) -> Iterator[tuple[Path, str]]:
        """Names of its rows that readers may search for, with the path of each."""
        return iter(())

    def words_changed_since(self, live: Content | None) -> tuple[str, ...]:
        """Words that other documents show with a meaning from here that `live` does not give."""
        return ()

    def urgent_texts(self) -> Iterator[tuple[str, MarkdownText]]:
        """The texts for people who need help today or now, each with the key of its urgency."""
        return iter(())

    def errors(self) -> Iterator[tuple[Path, str]]:
        """Errors across fields: the path, and a sentence for the writer."""
        return iter(())

    def to_data(self) -> dict[str, Any]:
        """JSON-ready values without empty fields, so that a new optional field changes no hash."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @classmethod
    def from_stored(cls, schema: int, stored: Mapping[str, Any]) -> Self:
        """The content of stored values, upgraded from `schema` to the current one."""
        values: Mapping[str, Any] = stored
        for version in range(schema, cls.SCHEMA):
            values = cls.UPGRADES[version](values)
        return cls.model_validate(values)

    @classmethod
    def lenient(cls, values: Mapping[str, Any]) -> Self:
        """Content from `values` that need not be valid; missing values are empty."""
        return cast(Self, _build_lenient(cls, values))

    @classmethod
    def validate_values(cls, slug: str, values: Mapping[str, Any]) -> Self:
        """Valid content from `values`; raises ActionRefused with one problem for each error."""
        found: list[tuple[Path, str]] = []
        try:
            content = cls.model_validate(values)
        except ValidationError as error:
            found.extend(describe_errors(error))
            content = cls.lenient(values)
        named = [path for path, _message in found]
        for path, message in (*_deep_headings(content), *content.errors()):
            # An error that follows from a reported one would only confuse.
            if not any(
                path[: len(other)] == other or other[: len(path)] == path for other in named
            ):
                found.append((path, message))
        if found:
            key = DocumentKey(cls.KIND, slug)
            raise ActionRefused(*(Problem(key, path, message) for path, message in found))
        return content


def _build_lenient(hint: Any, value: Any) -> Any:
    """`value` converted to the type `hint`, with nothing required."""
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if isinstance(hint, type) and issubclass(hint, ContentPart):
        given = value if isinstance(value, Mapping) else {}
        hints = get_type_hints(hint, include_extras=True)
        fields = {name: _build_lenient(hints[name], given.get(name)) for name in hint.model_fields}
        return hint.model_construct(**fields)
    if get_origin(hint) is tuple:
        items = () if isinstance(value, str) else value or ()
        return tuple(_build_lenient(get_args(hint)[0], item) for item in items)
    if hint is bool:
        return bool(value)
    return clean_text(value) if isinstance(value, str) else ""


_HEADING_TOO_DEEP = re.compile(r"^#{4,6} .*", re.MULTILINE)


def _deep_headings(content: Content) -> Iterator[tuple[Path, str]]:
    """Headings too deep for a content file, which moves those of a text three levels down."""
    for text in markdown_texts(content):
        if not text.inline and (found := _HEADING_TOO_DEEP.search(text.text)):
            yield (
                text.path,
                _("The heading “{heading}” is too deep. Use one to three # for headings.").format(
                    heading=found[0]
                ),
            )


def duplicate_positions(values: Iterable[str]) -> Iterator[int]:
    """The positions of values that occurred before, ignoring case."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value and value.casefold() in seen:
            yield index
        seen.add(value.casefold())


def canonical_json(values: object) -> str:
    """A unique JSON text for a value, to be hashed."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(values: object) -> str:
    """The hash of a value's canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(values).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class MarkdownText:
    """One Markdown text of a content, and its path."""

    path: Path
    text: str
    inline: bool


def markdown_texts(part: ContentPart, path: Path = ()) -> Iterator[MarkdownText]:
    """Every non-empty Markdown text of `part`, in the order of its fields."""
    for name, hint in _get_fields(type(part)):
        yield from _iter_texts(getattr(part, name), hint, (*path, name))


@lru_cache(maxsize=256)
def _get_fields(part: type[ContentPart]) -> tuple[tuple[str, object], ...]:
    """The fields of a part with their annotated types; cached, as it is needed for every page."""
    hints = get_type_hints(part, include_extras=True)
    return tuple((name, hint) for name, hint in hints.items() if name in part.model_fields)


def _iter_texts(value: object, hint: object, path: Path) -> Iterator[MarkdownText]:
    if isinstance(value, ContentPart):
        yield from markdown_texts(value, path)
    elif isinstance(value, tuple):
        inner = get_args(hint)[0]
        for index, item in enumerate(value):
            yield from _iter_texts(item, inner, (*path, index))
    elif isinstance(value, str) and value:
        marks = [mark for mark in _get_metadata(hint) if isinstance(mark, MarkdownField)]
        if marks:
            yield MarkdownText(path, value, marks[0].inline)


def _get_metadata(hint: object) -> tuple[object, ...]:
    if get_origin(hint) is Annotated:
        return get_args(hint)[1:]
    if get_origin(hint) in {Union, types.UnionType}:
        return tuple(mark for inner in get_args(hint) for mark in _get_metadata(inner))
    return ()


def describe_errors(error: ValidationError) -> Iterator[tuple[Path, str]]:
    """Each error of pydantic, as a path and one sentence for the writer."""
    details = error.errors(include_url=False)
    inner = {detail["loc"][:size] for detail in details for size in range(len(detail["loc"]))}
    for detail in details:
        # pydantic does not count an invalid item, and then reports the list as too short as well.
        if detail["type"] == "too_short" and detail["loc"] in inner:
            continue
        context = detail.get("ctx", {})
        kind = detail["type"]
        if (kind == "string_pattern_mismatch" and not detail["input"]) or context.get(
            "actual_length"
        ) == 0:
            kind = f"{kind}_empty"
        yield tuple(detail["loc"]), _error_message(kind, context, detail["msg"])


def _error_message(kind: str, context: Mapping[str, Any], message: str) -> str:
    sentences = {
        "missing": _("This is missing. Write it."),
        "extra_forbidden": _("There is no such field here. Check the spelling, or take it out."),
        "string_type": _(
            "This should be text. Put it in quotes if it looks like a number or a date."
        ),
        "string_too_long": _("This is too long. Use at most {max_length} characters."),
        "string_too_short": _("This is empty. Write at least a few words."),
        "string_pattern_mismatch": _(
            "Use only small letters, digits and single hyphens here, such as “hair-bumps”."
        ),
        "string_pattern_mismatch_empty": _("This is empty. Choose or write one."),
        "tuple_type": _("This should be a list."),
        "list_type": _("This should be a list."),
        "too_short": _("This list has {actual_length}. Write at least {min_length}."),
        "too_short_empty": _("This list is empty. Add at least {min_length}."),
        "too_long": _("This list has more than it may have. Write at most {max_length}."),
        "literal_error": _("This is not one of the words allowed here. Write {expected}."),
        "enum": _("This is not one of the words allowed here. Write {expected}."),
        "bool_type": _("Write true or false here."),
        "bool_parsing": _("Write true or false here."),
        "model_type": _("This should be a group of named fields."),
        "dict_type": _("This should be a group of named fields."),
    }
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    template = sentences.get(kind)
    return template.format(**context) if template else message
