"""Every URL of the staff. Importing this module loads the admin."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from education.staff.editor import text_editor, views
from education.staff.sign_in import guards

admin.autodiscover()

urlpatterns = [
    path(
        "markdownx/markdownify/",
        guards.complete_sign_in(views.preview_markdown),
        name="markdownx_markdownify",
    ),
    path("markdownx/upload/", guards.complete_sign_in(views.upload_image), name="markdownx_upload"),
    path(
        "text-editor/compare/",
        guards.complete_sign_in(text_editor.compare_texts),
        name="text_editor_compare",
    ),
    path(
        "text-editor/pages/",
        guards.complete_sign_in(text_editor.find_pages),
        name="text_editor_pages",
    ),
    path(
        "text-editor/sources/",
        guards.complete_sign_in(text_editor.find_sources),
        name="text_editor_sources",
    ),
    path(
        "text-editor/pictures/",
        guards.complete_sign_in(text_editor.find_pictures),
        name="text_editor_pictures",
    ),
    *admin.site.get_urls(),
]
