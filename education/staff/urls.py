"""Every URL of the staff. Importing this module loads the admin."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from education.staff.editor import text_editor, views

admin.autodiscover()

urlpatterns = [
    path("markdownx/markdownify/", views.preview_markdown, name="markdownx_markdownify"),
    path("markdownx/upload/", views.upload_image, name="markdownx_upload"),
    path("text-editor/compare/", text_editor.compare_texts, name="text_editor_compare"),
    path("text-editor/pages/", text_editor.find_pages, name="text_editor_pages"),
    path("text-editor/sources/", text_editor.find_sources, name="text_editor_sources"),
    path("text-editor/pictures/", text_editor.find_pictures, name="text_editor_pictures"),
    *admin.site.get_urls(),
]
