"""Fragments of pages, kept by the values that they show."""

from __future__ import annotations

from typing import Any, Protocol

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, token_kwargs
from django.template.exceptions import TemplateSyntaxError
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from education import markdown
from education.web.kept_results import KeptResults, NotKept, key_of

register = template.Library()

MAX_BYTES = 12 * 1024 * 1024
_OVERHEAD = 1_000

fragments = KeptResults(MAX_BYTES)


class Recorder(Protocol):
    """A value that a fragment changes as well as shows, such as the citations of a page."""

    def position(self) -> Any: ...

    def changes_since(self, position: Any) -> Any:
        """What happened after `position`."""

    def replay(self, changes: Any) -> None:
        """Let it happen again."""


@register.tag
def kept(parser: Parser, token: Token) -> Node:
    """`{% kept "name.html" one=value other=value %}`: like `include … with … only`.

    The template sees these values, the language and the emergency number, and nothing else. So its
    HTML is kept by them, and is made anew when one of them is another.
    """
    _tag, name, *bits = token.split_contents()
    values = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"kept takes a name and values, not {bits}")
    return _KeptNode(parser.compile_filter(name), values)


class _KeptNode(Node):
    def __init__(self, name: FilterExpression, values: dict[str, FilterExpression]):
        self._name = name
        self._values = values

    def render(self, context: template.Context) -> SafeString:
        name = self._name.resolve(context)
        values = {one: value.resolve(context) for one, value in self._values.items()}
        try:
            key = (
                name,
                get_language(),
                markdown.fill_placeholders(markdown.EMERGENCY_NUMBER),
                tuple([(one, key_of(value)) for one, value in values.items()]),
            )
        except NotKept:
            return _rendered(name, values, context)
        recorders: list[Recorder] = [one for one in values.values() if hasattr(one, "replay")]
        before = [recorder.position() for recorder in recorders]

        def make() -> tuple[tuple[SafeString, list[Any]], int]:
            html = _rendered(name, values, context)
            changes = [
                recorder.changes_since(position)
                for recorder, position in zip(recorders, before, strict=True)
            ]
            return (html, changes), len(html) + _OVERHEAD

        html: SafeString
        html, changes = fragments.get(key, make)
        for recorder, position, change in zip(recorders, before, changes, strict=True):
            if recorder.position() == position:
                recorder.replay(change)
        return html


def _rendered(name: str, values: dict[str, Any], context: template.Context) -> SafeString:
    page: dict[Any, Any] = context.render_context.dicts[0]
    templates = page.setdefault(_KeptNode, {})
    if name not in templates:
        assert context.template is not None  # noqa: S101  a tag is part of one
        templates[name] = context.template.engine.get_template(name)
    html: SafeString = templates[name].render(context.new(values))
    return html
