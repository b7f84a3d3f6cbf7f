"""Every address of the site. Pages of other languages than English stand under `/<language>/`."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path

from education.articles import views as articles
from education.checklists import views as checklists
from education.feedback import views as feedback
from education.handouts import views as handouts
from education.media import views as media
from education.operations import views as operations
from education.pages import views as pages
from education.references import views as references
from education.search import views as search
from education.selfcheck import views as selfcheck
from education.staff import markdown

urlpatterns = [
    path("admin/markdownx/markdownify/", markdown.preview, name="markdownx_markdownify"),
    path("admin/markdownx/upload/", markdown.upload, name="markdownx_upload"),
    path("admin/", admin.site.urls),
    path("healthz", operations.healthz, name="healthz"),
    path("media/<str:name>", media.media, name="media"),
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
        path("self-check/", selfcheck.index, name="self-checks"),
        path("self-check/<slug:slug>/", selfcheck.start, name="self-check"),
        path("self-check/<slug:slug>/paper/", selfcheck.paper, name="self-check-paper"),
        path("self-check/<slug:slug>/step/<slug:key>/", selfcheck.step, name="self-check-step"),
        path("self-check/<slug:slug>/result/", selfcheck.result, name="self-check-result"),
        path("self-check/<slug:slug>/clear/", selfcheck.clear, name="self-check-clear"),
        path("self-check/<slug:slug>/finish/", selfcheck.finish, name="self-check-finish"),
        path("handouts/<slug:slug>/", handouts.handout, name="handout"),
        path("feedback/<slug:slug>/", feedback.feedback, name="feedback"),
        path("feedback/<slug:slug>/thanks/", feedback.thanks, name="feedback-thanks"),
        path("glossary/", references.glossary, name="glossary"),
        path("search/", search.search, name="search"),
        prefix_default_language=False,
    ),
]
