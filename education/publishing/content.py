"""What a document says, as one typed definition for each kind: the base that every kind builds on.

A content type alone decides what is valid. Forms and content files take their limits and help texts
from it.
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
    """Which document, within one language."""

    kind: str
    slug: str


SharedRow = tuple[DocumentKey, str]
"""A row that other documents show: the document that it stands in, and its key."""


@dataclass(frozen=True)
class Problem:
    """What blocks publication: which document, which field, and what to do, in one plain sentence.

    `edition`: the number of the edition that `path` leads into; 0 is the working copy.
    `can_be_confirmed`: a reviewer may find that it is right as it is.
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
    """An action that was not carried out, with every reason for it; nothing was changed."""

    def __init__(self, *problems: Problem):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def raise_if_problems(found: Iterable[Problem]) -> None:
    """Raise Refused if anything was found, each problem once."""
    once = tuple(dict.fromkeys(found))
    if once:
        raise ActionRefused(*once)


@dataclass(frozen=True)
class MarkdownField:
    """Marks a text that is rendered as Markdown, whole or as one line."""

    inline: bool = False


_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)


def clean_text(value: object) -> object:
    """A text as it is kept: one form of Unicode, plain line ends, no trailing blanks,
    no controls.
    """
    if not isinstance(value, str):
        return value
    # Controls go first: they may hide a trailing blank, or keep two characters from becoming one.
    bare = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    lines = unicodedata.normalize("NFC", bare).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n").rstrip()


def clean_line(value: object) -> object:
    """Like `clean_text`, on one line."""
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


ChangeRole = Literal["presentation", "citations", "reference", "url"]
"""What a change of the field means. Without a role, words are text; all else changes the advice.

"presentation": shows or finds the document in another way; no advice is in it.
"citations": keys of sources, which may be added and moved.
"reference": says where a fact comes from; what is added stands for nothing until a text cites it.
"url": leads to another website; only one without https is a change.
"""


class ContentPart(BaseModel):
    """A piece of content: frozen, and no field beyond those named."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)

    # The field by which a row of a list is the same row elsewhere in it; empty: its place decides.
    IDENTITY: ClassVar[str] = ""
    # Of fields with a choice of keys: what people call each of them. Urgency has words of its own.
    LABELS: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    # What a change of a field means where its type does not tell: see `ChangeRole`.
    CHANGE_ROLES: ClassVar[Mapping[str, ChangeRole]] = {}

    @classmethod
    def get_label(cls, name: str) -> str:
        """What people call a field."""
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
        """The name readers know the document by."""

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other names that readers may look for."""
        return ()

    @property
    def abstract(self) -> str:
        """One or two plain sentences for lists and search results; may be empty."""
        return ""

    def facets(self) -> tuple[str, ...]:
        """What readers can find it by besides its words, such as "area/back", each once."""
        return ()

    def dependencies(self) -> tuple[DocumentKey, ...]:
        """The documents that this one cannot be shown without, each once."""
        return ()

    def clinical_meaning(self) -> object:
        """What can only change with the advice, whatever else does: its parts and levels, not its
        words.
        """
        return self.dependencies()

    def shared_rows(self) -> Mapping[str, tuple[str, ...]]:
        """The rows that other documents show by their key: the words of each, and what else counts
        of it.
        """
        return {}

    def shown_rows(self) -> Iterator[tuple[Path, SharedRow]]:
        """Where it shows a row of another document, whose words are not its own."""
        return iter(())

    def urgent_texts(self) -> Iterator[tuple[str, MarkdownText]]:
        """What it says to somebody who needs help today or now: the key of the urgency, and the
        text.
        """
        return iter(())

    def errors(self) -> Iterator[tuple[Path, str]]:
        """What is wrong although every field has its form: where, and one sentence a writer can act
        on.
        """
        return iter(())

    def to_data(self) -> dict[str, Any]:
        """JSON-ready values without empty fields, so that a new optional field changes no hash."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @classmethod
    def from_stored(cls, schema: int, stored: Mapping[str, Any]) -> Self:
        """The content that an edition stored under `schema`, brought up to the present by pure
        functions.
        """
        values: Mapping[str, Any] = stored
        for version in range(schema, cls.SCHEMA):
            values = cls.UPGRADES[version](values)
        return cls.model_validate(values)

    @classmethod
    def lenient(cls, values: Mapping[str, Any]) -> Self:
        """`values` as content that need not be valid: what is missing is empty."""
        return cast(Self, _build_lenient(cls, values))

    @classmethod
    def validate_values(cls, slug: str, values: Mapping[str, Any]) -> Self:
        """`values` as valid content; raises ActionRefused with one problem for each thing that is
        wrong.
        """
        found: list[tuple[Path, str]] = []
        try:
            content = cls.model_validate(values)
        except ValidationError as error:
            found.extend(describe_errors(error))
            content = cls.lenient(values)
        named = [path for path, _message in found]
        for path, message in (*_deep_headings(content), *content.errors()):
            # What follows from a mistake that is named already would only confuse.
            if not any(
                path[: len(other)] == other or other[: len(path)] == path for other in named
            ):
                found.append((path, message))
        if found:
            key = DocumentKey(cls.KIND, slug)
            raise ActionRefused(*(Problem(key, path, message) for path, message in found))
        return content


def _build_lenient(hint: Any, value: Any) -> Any:
    """`value` in the form that `hint` asks for, with nothing required."""
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
    """Headings that no content file could hold, where those of a text stand three levels deeper."""
    for text in markdown_texts(content):
        if not text.inline and (found := _HEADING_TOO_DEEP.search(text.text)):
            yield (
                text.path,
                _("The heading “{heading}” is too deep. Use one to three # for headings.").format(
                    heading=found[0]
                ),
            )


def duplicate_positions(values: Iterable[str]) -> Iterator[int]:
    """The positions of values that stood in the list before, whatever their case."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value and value.casefold() in seen:
            yield index
        seen.add(value.casefold())


def canonical_json(values: object) -> str:
    """One spelling for one value: the same content always has the same hash."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(values: object) -> str:
    """The hash by which two contents are the same (64 hexadecimal digits)."""
    return hashlib.sha256(canonical_json(values).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class MarkdownText:
    """One Markdown text of a content, and where in it the text stands."""

    path: Path
    text: str
    inline: bool


def markdown_texts(part: ContentPart, path: Path = ()) -> Iterator[MarkdownText]:
    """Every non-empty Markdown text of `part`, in the order of its fields."""
    for name, hint in _get_fields(type(part)):
        yield from _iter_texts(getattr(part, name), hint, (*path, name))


@lru_cache(maxsize=256)
def _get_fields(part: type[ContentPart]) -> tuple[tuple[str, object], ...]:
    """The fields with their types as they are written. Asked for each page, and never another
    answer.
    """
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
    """Each mistake that pydantic found, as where it is and one sentence a writer can act on."""
    details = error.errors(include_url=False)
    inner = {detail["loc"][:size] for detail in details for size in range(len(detail["loc"]))}
    for detail in details:
        # An item that is wrong is not counted by the library, which then finds the list too short
        # as well.
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
