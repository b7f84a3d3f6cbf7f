"""The home page, the page about the site, and the files that machines read."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from education.articles.card_list import for_cards
from education.articles.schema_org import absolute_url
from education.clinic.context_processors import get_clinic
from education.clinic.models import Clinic
from education.pages import sitemaps
from education.pages.feeds import build_changes_feed
from education.pages.style_guide import example_context
from education.publishing.models import Document, Edition
from education.web.page_caching import cacheable_page, cacheable_page_without_query

_MAX_ARTICLES = 12


@cacheable_page_without_query
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the site is, what it holds, and when to see a doctor."""
    language, now = get_language(), timezone.now()
    live = Edition.objects.live(now).filter(document__language=language).for_listing()
    by_kind: dict[str, list[Edition]] = {"checklist": [], "self-check": []}
    for edition in live.filter(document__kind__in=by_kind).order_by("heading"):
        by_kind[edition.document.kind].append(edition)
    # The kind is tested edition by edition, newest first, so that a large site reads few rows.
    is_article = Exists(
        Document.objects.filter(pk=OuterRef("document"), kind="article", language=language)
    )
    newest_first = for_cards(Edition.objects.live(now).filter(is_article)).order_by("-pk")
    newest = list(newest_first[: _MAX_ARTICLES + 1])
    context = {
        "articles": sorted(newest[:_MAX_ARTICLES], key=lambda edition: edition.heading),
        "has_more": len(newest) > _MAX_ARTICLES,
        "checklists": by_kind["checklist"],
        "self_checks": by_kind["self-check"],
        "notice": "cleared" if request.GET.get("notice") == "cleared" else "",
        "json_ld": {
            "@type": "WebSite",
            "url": absolute_url(reverse("home")),
            "inLanguage": language,
        },
    }
    return render(request, "pages/home.html", context)


@cacheable_page
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Who wrote this and how, what is stored, and all sources."""
    edition = (
        Edition.objects.live().of_kind("sources", get_language()).select_related("document").first()
    )
    return render(request, "pages/about.html", {"sources": edition.content if edition else None})


@cacheable_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored about readers: the clinic's own statement, or a draft of this program."""
    context = {"statement": get_clinic(request).privacy_statement}
    return render(request, "pages/privacy.html", context)


@cacheable_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How readers with disabilities can use the site: the clinic's own statement, or a draft."""
    context = {"statement": get_clinic(request).accessibility_statement}
    return render(request, "pages/accessibility.html", context)


@cacheable_page
@require_safe
def changes_feed(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        build_changes_feed(get_language(), get_clinic(request)).writeString("utf-8"),
        content_type="application/atom+xml; charset=utf-8",
    )


@cacheable_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "pages/robots.txt",
        {"sitemap": absolute_url(reverse("sitemap")), "admin": reverse("admin:index")},
        content_type="text/plain; charset=utf-8",
    )


@cacheable_page
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    return _sitemap(sitemaps.sitemap_index(get_clinic(request)))


@cacheable_page
@require_safe
def sitemap_lists(request: HttpRequest) -> HttpResponse:
    return _sitemap(sitemaps.list_sitemap(get_clinic(request)))


@cacheable_page
@require_safe
def sitemap_pages(request: HttpRequest, number: int) -> HttpResponse:
    text = sitemaps.page_sitemap(get_clinic(request), number)
    if not text:
        raise Http404(f"sitemap {number}")
    return _sitemap(text)


def _sitemap(text: str) -> HttpResponse:
    # The sitemap itself is no result of a search.
    return HttpResponse(
        text, content_type="application/xml; charset=utf-8", headers={"X-Robots-Tag": "noindex"}
    )


@cacheable_page
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The name and the icons of the site, for a phone's home screen."""
    name = Clinic.load().name
    content = {
        "name": name,
        "short_name": name[:30],
        "start_url": reverse("home"),
        "scope": reverse("home"),
        "display": "browser",
        "background_color": "#fbf7f0",
        "theme_color": "#0b4f4d",
        "icons": [
            {"src": "/favicon.svg", "type": "image/svg+xml", "sizes": "any"},
            *(
                {"src": static(f"icon-{size}.png"), "type": "image/png", "sizes": f"{size}x{size}"}
                for size in (192, 512)
            ),
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component with an example, for maintainers; 404 unless DEBUG."""
    if not settings.DEBUG:
        raise Http404("style guide")
    return render(request, "pages/style_guide.html", example_context())
