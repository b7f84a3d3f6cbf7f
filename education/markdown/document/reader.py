"""Tokens to blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from education.markdown.citations import Marks, keep_with_previous_word, strip_citations
from education.markdown.document.blocks import (
    Block,
    Blocks,
    Citation,
    Definitions,
    Heading,
    Image,
    Link,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Styled,
    Table,
    Text,
)
from education.markdown.headings import Heading as HeadingPlace
from education.markdown.link_targets import is_allowed_target, is_uploaded_image
from education.markdown.text_cleanup import keep_units_together, replace_invalid_characters
from education.markdown.text_extraction import inline_text


@dataclass(frozen=True)
class BlockReader:
    """Reads tokens into blocks. `marks`: the resolved citations, None to leave them out.

    `headings`: the places of headings by the number of their opening token, as `heading_outline`
    gives them.
    """

    headings: dict[int, HeadingPlace]
    marks: Marks | None

    def blocks(self, tokens: Sequence[Token]) -> Blocks:
        """The blocks of a text."""
        places = {id(tokens[index]): place for index, place in self.headings.items()}
        return tuple(self._blocks(SyntaxTreeNode(list(tokens)).children, places))

    def runs(self, tokens: Sequence[Token]) -> Runs:
        """The runs of the children of an inline token."""
        shown = strip_citations(tokens) if self.marks is None else keep_with_previous_word(tokens)
        runs, _rest = self._runs(shown, 0, "")
        return runs

    def _blocks(
        self, nodes: Sequence[SyntaxTreeNode], places: dict[int, HeadingPlace]
    ) -> Iterator[Block]:
        for node in nodes:
            block = self._block(node, places)
            if block is not None:
                yield block

    def _block(self, node: SyntaxTreeNode, places: dict[int, HeadingPlace]) -> Block | None:
        def inside(parent: SyntaxTreeNode) -> Blocks:
            return tuple(self._blocks(parent.children, places))

        match node.type:
            case "heading":
                place = places.get(id(node.nester_tokens.opening)) if node.nester_tokens else None
                runs = self._of(node)
                if place is None:
                    # A screen reader would announce a heading without words.
                    return Paragraph(runs) if runs else None
                return Heading(int(place.tag[1:]), place.id, runs)
            case "bullet_list":
                return ListBlock(None, tuple(inside(item) for item in node.children))
            case "ordered_list":
                start = int(node.attrs.get("start", 1))
                return ListBlock(start, tuple(inside(item) for item in node.children))
            case "blockquote":
                return Quote(inside(node))
            case "hr":
                return Rule()
            case "table":
                return self._table(node)
            case "dl":
                return self._definitions(node, inside)
            case _:
                runs = self._of(node)
                return Paragraph(runs) if runs else None

    def _of(self, node: SyntaxTreeNode) -> Runs:
        token = node.children[0].token if node.children else None
        return self.runs((token.children or ()) if token else ())

    def _table(self, node: SyntaxTreeNode) -> Table:
        rows = [row.children for part in node.children for row in part.children]
        head, *body = [tuple(self._of(cell) for cell in row) for row in rows]
        styles = (str(cell.attrs.get("style", "")) for cell in rows[0])
        return Table(
            head, tuple(body), tuple(style.removeprefix("text-align:") for style in styles)
        )

    def _definitions(
        self, node: SyntaxTreeNode, inside: Callable[[SyntaxTreeNode], Blocks]
    ) -> Definitions:
        entries: list[tuple[Runs, list[Blocks]]] = []
        for child in node.children:
            if child.type == "dt":
                entries.append((self._of(child), []))
            elif entries:
                entries[-1][1].append(inside(child))
        return Definitions(tuple((word, tuple(meanings)) for word, meanings in entries))

    def _runs(self, tokens: list[Token], at: int, until: str) -> tuple[Runs, int]:
        """The runs from a position to the token of type `until`, and the position after it."""
        runs: list[Run] = []
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if token.type == until:
                break
            if token.type.endswith("_open"):
                name = token.type.removesuffix("_open")
                inner, at = self._runs(tokens, at, f"{name}_close")
                runs.extend(_enclosed(token, name, inner))
            elif run := self._run(token):
                runs.append(run)
        return tuple(runs), at

    def _run(self, token: Token) -> Run | None:
        match token.type:
            case "text":
                words = keep_units_together(replace_invalid_characters(token.content))
                return Text(words) if words else None
            case "softbreak":
                return Text(" ")
            case "hardbreak":
                return Text("", breaks=True)
            case "code_inline":
                return Styled("code", (Text(replace_invalid_characters(token.content)),))
            case "citation":
                key = token.meta["key"]
                return Citation(key, dict(self.marks or ()).get(key))
            case "image":
                source, words = str(token.attrs["src"]), inline_text(token.children or ())
                if words and is_uploaded_image(source):
                    return Image(source, words)
                return Text(words) if words else None
        return None


def _enclosed(token: Token, name: str, inner: Runs) -> Runs:
    if name != "link":
        return (Styled(name, inner),) if inner else ()
    target = str(token.attrs["href"])
    if not is_allowed_target(target):
        return inner
    return (Link(target, inner or (Text(target),)),)
