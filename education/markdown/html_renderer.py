"""Tokens to HTML. All text goes through `html.escape` or the library's own escaping."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext as _
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from education.markdown.citations import (
    CitationMark,
    Marks,
    keep_with_previous_word,
    strip_citations,
)
from education.markdown.glossary_terms import TermMark
from education.markdown.headings import Heading
from education.markdown.link_targets import is_allowed_target, is_external, is_uploaded_image
from education.markdown.parser import OPTIONS
from education.markdown.text_cleanup import keep_units_together
from education.markdown.text_extraction import inline_text, link_text

_MAX_LABEL_CHARS = 100

Tokens = Sequence[Token]


def render_tokens(tokens: Tokens, headings: dict[int, Heading], marks: Marks | None) -> str:
    """Return HTML, not yet sanitized, for `tokens`, with labels in the active language."""
    state = _RenderState(headings, None if marks is None else dict(marks))
    return _RENDERER.render(tokens, OPTIONS, {"state": state})


@dataclass
class _RenderState:
    headings: dict[int, Heading]
    marks: dict[str, CitationMark | None] | None
    link_ends: list[str] = field(default_factory=list)


def _attributes(pairs: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in pairs.items())


class _HtmlRenderer(RendererHTML):
    def renderInline(self, tokens: Tokens, options: OptionsDict, env: EnvType) -> str:
        cites = env["state"].marks is not None
        shown = keep_with_previous_word(tokens) if cites else strip_citations(tokens)
        return super().renderInline(shown, options, env)

    def text(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return keep_units_together(super().text(tokens, idx, options, env))

    def heading_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        heading: Heading | None = env["state"].headings.get(idx)
        if heading is None:
            # A screen reader would announce an empty heading. A citation in it is still shown.
            return "<p>" if tokens[idx + 1].children else ""
        return f"<{heading.tag}{_attributes({'id': heading.id} if heading.id else {})}>"

    def heading_close(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        heading: Heading | None = env["state"].headings.get(idx - 2)
        if heading is None:
            return "</p>\n" if tokens[idx - 1].children else ""
        return f"</{heading.tag}>\n"

    def link_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        target = str(tokens[idx].attrs["href"])
        start = end = ""
        if is_allowed_target(target):
            start = f"<a{_attributes({'href': target})}>"
            end = "</a>"
            if is_external(target):
                end = f'<span class="visually-hidden"> {escape(_("(other website)"))}</span></a>'
            if not link_text(tokens, idx):
                start += escape(target)
        env["state"].link_ends.append(end)
        return start

    def link_close(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        end: str = env["state"].link_ends.pop()
        return end

    def image(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        source = str(tokens[idx].attrs["src"])
        words = inline_text(tokens[idx].children or ())
        if words and is_uploaded_image(source):
            return f"<img{_attributes({'src': source, 'alt': words})}>"
        return escape(words)

    def citation(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        key: str = tokens[idx].meta["key"]
        mark: CitationMark | None = env["state"].marks[key]
        if mark is None:
            return f"<mark>[{escape(_('source not found: %(key)s') % {'key': key})}]</mark>"
        shown = str(mark.number)
        if is_allowed_target(mark.href):
            shown = f"<a{_attributes({'href': mark.href})}><i>{escape(_('Source'))} </i>{shown}</a>"
        return f"<sup>[{shown}]</sup>"

    def term(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        mark: TermMark = tokens[idx].meta["mark"]
        word = escape(tokens[idx].content)
        button = {"class": "term", "type": "button", "popovertarget": mark.popover}
        # The style sheet shows one of the two; without it the link stays hidden.
        html = (
            f"<button{_attributes(button)}>{word}</button>"
            f"<a{_attributes({'class': 'term', 'href': mark.href})} hidden>{word}</a>"
        )
        # A line may break after a button, and would begin with a comma.
        if closing := tokens[idx].meta["closing"]:
            html = f'<span class="nowrap">{html}{escape(closing)}</span>'
        return html

    def table_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        label = _("Table")
        columns = ", ".join(filter(None, _column_names(tokens, idx)))
        if columns:
            label = _("Table: %(columns)s") % {"columns": columns[:_MAX_LABEL_CHARS]}
        region = {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label}
        return f"<div{_attributes(region)}><table>\n"

    def table_close(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<th scope="col"{_alignment_class(tokens[idx])}>'

    def td_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<td{_alignment_class(tokens[idx])}>"


def _column_names(tokens: Tokens, table: int) -> list[str]:
    names: list[str] = []
    for token in tokens[table:]:
        if token.type == "thead_close":
            break
        if token.type == "inline":
            names.append(inline_text(token.children or ()))
    return names


def _alignment_class(cell: Token) -> str:
    side = str(cell.attrs.get("style", "")).removeprefix("text-align:")
    return _attributes({"class": f"align-{side}"}) if side else ""


_RENDERER = _HtmlRenderer()
