"""The editor's two endpoints: the live preview of a text, and the upload of dropped images.

They have the URL names that django-markdownx looks up; its own views, which anybody may use, are
not mounted. Its script inserts every response into the page, errors included, so a response is
either HTML that we rendered or text without markup.
"""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from education import markdown
from education.media.image_processing import ImageTooLarge, InvalidImage
from education.media.models import Image
from education.publishing.checks.internal_links import broken_link_messages
from education.publishing.content import clean_line, clean_text
from education.references.citations import Citations
from education.references.content import SOURCES, SourceListContent
from education.references.models import SourceList
from education.references.publishing_hooks import unknown_source_message
from education.staff.editor.access import (
    can_preview,
    can_upload,
    json_error,
    staff_only,
    text_response,
)
from education.staff.editor.uploads import process_uploaded_file
from education.staff.editor.writing_help import text_help

LEVELS = {"3", "4", "5", "6"}


@staff_only(can_preview, text_response)
def preview_markdown(request: HttpRequest) -> HttpResponse:
    """The POST field `content` as the site will show it, with problems and advice.

    Query: `?inline=1` for one line; `?level=4` for a text whose headings begin at level 4 (3 to 6).
    """
    typed = request.POST.get("content")
    level = request.GET.get("level", "3")
    inline = request.GET.get("inline")
    if typed is None:
        return text_response(_("There is no text to show. Send it in the field “content”."), 400)
    if level not in LEVELS or inline not in {None, "1"}:
        return text_response(_("This preview does not exist. Reload the page and try again."), 400)
    if "\ufffd" in typed:
        return text_response(
            _(
                "This text has a character that cannot be read (\ufffd). Delete it, or type it again."
            ),
            400,
        )
    return HttpResponse(_render_preview(typed, int(level), inline=inline == "1"))


def _render_preview(typed: str, level: int, *, inline: bool) -> str:
    """The text as HTML, followed by its problems and the writing help."""
    text = cast(str, clean_line(typed) if inline else clean_text(typed))
    cite = _citations()
    try:
        # With a prefix, the id of a heading cannot equal an id of the form around the preview.
        html = (
            markdown.render_inline(text, cite=cite)
            if inline
            else markdown.render(text, level=level, cite=cite, id_prefix="preview-")
        )
        unknown = [
            unknown_source_message(key) for key in markdown.cited_keys(text) if cite(key) is None
        ]
        broken = broken_link_messages(text)
        placeholders = markdown.validate_placeholders(text)
    except markdown.MarkdownLimitError as error:
        return format_html('<p class="markdown-problem">{}</p>', str(error))
    messages = [*markdown.validate(text), *placeholders, *unknown, *broken]
    if messages:
        items = format_html_join("", "<li>{}</li>", ((sentence,) for sentence in messages))
        html = format_html('{}<ul class="markdown-problems">{}</ul>', html, items)
    return format_html("{}{}", html, _render_writing_help(typed, inline=inline))


def _render_writing_help(typed: str, *, inline: bool) -> str:
    """The help with the text as typed, so that offsets fit the text area."""
    writing_help = text_help(typed, inline=inline, language=settings.LANGUAGE_CODE)
    return (
        render_to_string("admin/document/_writing_help.html", {"writing_help": writing_help})
        if writing_help
        else ""
    )


def _citations() -> Citations:
    """Citations of the working copy of the sources, published or not."""
    sources: Any = SourceList.objects.filter(
        slug=SOURCES.slug, language=settings.LANGUAGE_CODE
    ).first()
    content = sources.draft_content() if sources else None
    return Citations(content if isinstance(content, SourceListContent) else None)


@staff_only(can_upload, json_error)
def upload_image(request: HttpRequest) -> HttpResponse:
    """Store the POST file `image`, and return the Markdown that shows it.

    Its alternative text stays empty: a generated one could be published without anybody reading it.
    """
    try:
        image = Image(uploaded_by=cast(User, request.user))
        image.store(process_uploaded_file(request.FILES.get("image")))
    except ImageTooLarge as refusal:
        return json_error(str(refusal), 413)
    except InvalidImage as refusal:
        return json_error(str(refusal), 400)
    except OSError:
        message = _("The picture could not be kept. Tell the person who looks after this site.")
        return json_error(message, 503)
    return JsonResponse({"image_code": image.markdown})
