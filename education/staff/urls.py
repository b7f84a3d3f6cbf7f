"""Every address of the staff. Loading them loads all that staff work with."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from education.staff import markdown

admin.autodiscover()

urlpatterns = [
    path("markdownx/markdownify/", markdown.preview, name="markdownx_markdownify"),
    path("markdownx/upload/", markdown.upload, name="markdownx_upload"),
    *admin.site.get_urls(),
]
