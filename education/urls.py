"""Every address of the site. Pages of other languages than English stand under `/<language>/`."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path

from education.articles import views as articles
from education.checklists import views as checklists
from education.handouts import views as handouts
from education.operations import views as operations
from education.pages import views as pages
from education.references import views as references
from education.search import views as search

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", operations.healthz, name="healthz"),
    *i18n_patterns(
        path("", pages.home, name="home"),
        path("about/", pages.about, name="about"),
        path("conditions/", articles.condition_index, name="conditions"),
        path("conditions/<slug:slug>/", articles.condition, name="condition"),
        path("conditions/<slug:slug>/history/", articles.condition_history, name="condition-history"),
        path("causes/", articles.cause_index, name="causes"),
        path("causes/<slug:slug>/", articles.cause, name="cause"),
        path("when-to-see-a-doctor/", checklists.checklist_index, name="checklists"),
        path("when-to-see-a-doctor/<slug:slug>/", checklists.checklist, name="checklist"),
        path("handouts/<slug:slug>/", handouts.handout, name="handout"),
        path("glossary/", references.glossary, name="glossary"),
        path("search/", search.search, name="search"),
        prefix_default_language=False,
    ),
]
