"""Every URL of the staff. Importing this module loads the admin."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from education.staff.editor import views

admin.autodiscover()

urlpatterns = [
    path("markdownx/markdownify/", views.preview_markdown, name="markdownx_markdownify"),
    path("markdownx/upload/", views.upload_image, name="markdownx_upload"),
    *admin.site.get_urls(),
]
