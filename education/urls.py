"""The URLs of the site. Pages in languages other than English are under `/<language>/`."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import path, register_converter

from education.articles import views as articles
from education.articles.converters import LetterConverter, PageNumberConverter
from education.articles.facets import FacetConverter
from education.checklists import views as checklists
from education.feedback import views as feedback
from education.handouts.views import freshness, handouts, packs, saved_pages
from education.media import views as media
from education.operations import views as operations
from education.pages import views as pages
from education.references import views as references
from education.search import views as search
from education.selfcheck import views as selfcheck
from education.staff.lazy_urls import LazyAdminURLResolver, shared_preview

register_converter(FacetConverter, "facet")
register_converter(LetterConverter, "letter")
register_converter(PageNumberConverter, "page_number")

handler500 = operations.server_error

urlpatterns = [
    LazyAdminURLResolver("admin/"),
    path("shared/<str:token>/", shared_preview, name="shared-preview"),
    path("shared/<str:token>/<str:kind>/<slug:slug>/", shared_preview, name="shared-preview"),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap_index, name="sitemap"),
    path("sitemap-lists.xml", pages.sitemap_lists, name="sitemap-lists"),
    path("sitemap-pages-<int:number>.xml", pages.sitemap_pages, name="sitemap-pages"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("media/<str:name>", media.media, name="media"),
    *i18n_patterns(
        path("", pages.home, name="home"),
        path("about/", pages.about, name="about"),
        path("privacy/", pages.privacy, name="privacy"),
        path("accessibility/", pages.accessibility, name="accessibility"),
        path("about/design/", pages.style_guide, name="style-guide"),
        path("conditions/", articles.condition_index, name="conditions"),
        path("conditions/a-z/<letter:letter>/", articles.condition_index, name="conditions-letter"),
        path(
            "conditions/a-z/<letter:letter>/<page_number:number>/",
            articles.condition_index,
            name="conditions-letter",
        ),
        path("conditions/<slug:slug>/", articles.condition, name="condition"),
        path("conditions/<slug:slug>.md", articles.condition_markdown, name="condition-markdown"),
        path("conditions/<slug:slug>.html", saved_pages.saved_page, name="saved-page"),
        path("conditions/<slug:slug>/save/", saved_pages.save_page, name="save-page"),
        path(
            "conditions/<slug:slug>/history/", articles.condition_history, name="condition-history"
        ),
        path("causes/", articles.cause_index, name="causes"),
        path("causes/a-z/<letter:letter>/", articles.cause_index, name="causes-letter"),
        path(
            "causes/<slug:slug>/pages/<page_number:number>/",
            articles.cause_articles,
            name="cause-articles",
        ),
        path(
            "causes/a-z/<letter:letter>/<page_number:number>/",
            articles.cause_index,
            name="causes-letter",
        ),
        path("causes/<slug:slug>/", articles.cause, name="cause"),
        path("browse/", articles.browse, name="browse"),
        path("browse/<facet:facet>/", articles.browse_facet, name="browse-facet"),
        path(
            "browse/<facet:facet>/<page_number:number>/", articles.browse_facet, name="browse-facet"
        ),
        path("changes.atom", pages.changes_feed, name="changes-feed"),
        path("when-to-see-a-doctor/", checklists.checklist_index, name="checklists"),
        path("when-to-see-a-doctor/<slug:slug>/", checklists.checklist, name="checklist"),
        path(
            "when-to-see-a-doctor/<slug:slug>/result/", checklists.result, name="checklist-result"
        ),
        path(
            "when-to-see-a-doctor/<slug:slug>/result/clear/",
            checklists.clear,
            name="checklist-clear",
        ),
        path("self-check/", selfcheck.index, name="self-checks"),
        path("self-check/<slug:slug>/", selfcheck.start, name="self-check"),
        path("self-check/<slug:slug>/begin/", selfcheck.begin, name="self-check-begin"),
        path("self-check/<slug:slug>/paper/", selfcheck.printable, name="self-check-printable"),
        path("self-check/<slug:slug>/step/<slug:key>/", selfcheck.step, name="self-check-step"),
        path("self-check/<slug:slug>/result/", selfcheck.result, name="self-check-result"),
        path("self-check/<slug:slug>/clear/", selfcheck.clear, name="self-check-clear"),
        path("self-check/<slug:slug>/finish/", selfcheck.finish, name="self-check-finish"),
        path("handouts/", packs.pack, name="handouts"),
        path("handouts/<slug:slug>.pdf", handouts.handout_pdf, name="handout-pdf"),
        path("handouts/<slug:slug>/", handouts.handout, name="handout"),
        path("h/", freshness.check_code, name="check-handout"),
        path("h/<path:code>/", freshness.freshness, name="check-handout-result"),
        path("feedback/<slug:slug>/", feedback.feedback, name="feedback"),
        path("feedback/<slug:slug>/thanks/", feedback.thanks, name="feedback-thanks"),
        path("glossary/", references.glossary, name="glossary"),
        path("search/", search.search, name="search"),
        prefix_default_language=False,
    ),
]
