"""Cached pages: never stale, never private, never changed by what a stranger sends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import brotli
import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from education.clinic.models import Clinic
from education.operations.page_cache.cached_page import best_encoding
from education.operations.page_cache.site_version import site_version
from education.publishing import actions
from education.publishing.models import Edition, Publication, Review, WordingCheck
from education.web.page_caching import is_cacheable, varies_on_query
from tests import factories
from tests.operations.page_cache_client import PageCacheClient
from tests.public_pages.all_urls import CAUSE, CHECKLIST, CONDITION, FACES, HANDOUT
from tests.public_pages.test_http import views_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]

KEPT = [face for face in FACES if not face.startswith("/search/") and face != "/handouts/"]


@pytest.mark.parametrize("address", KEPT)
def test_cached_page_is_the_page_of_django(address, page_cache, client) -> None:
    first, again = page_cache.fetch(address), page_cache.fetch(address)
    assert len(page_cache.django_requests) == 1
    straight = client.get(address)
    assert first.body == again.body == straight.content
    assert first.headers == again.headers
    ours = {"Content-Length", "ETag", "Vary", "Content-Encoding"}
    told = {name: value for name, value in straight.headers.items() if name not in ours}
    assert {name: value for name, value in again.headers.items() if name not in ours} == told
    assert again.headers["Cache-Control"] == "public, no-cache"
    assert again.headers["Vary"] == "Accept-Encoding"
    assert again.headers["Content-Length"] == str(len(again.body))


def test_cached_page_takes_no_query_and_the_version_two(
    page_cache,
) -> None:
    page_cache.fetch(CONDITION)
    with CaptureQueriesContext(connection) as queries:
        page_cache.fetch(CONDITION)
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        page_cache.advance().fetch(CONDITION)
    assert len(queries) == 2


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("", ""),
        ("identity", ""),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR ; q = 0.000", ""),
        ("brx, xgzip", ""),
        (",;,;;q=", ""),
        ("*", ""),
    ],
)
def test_page_is_sent_in_an_accepted_encoding(header, coding, page_cache) -> None:
    assert best_encoding(header) == coding
    for _ in range(4):
        answer = page_cache.fetch(CONDITION, accept_encoding=header)
        assert answer.headers.get("Content-Encoding", "") == coding
        assert "</html>" in answer.page
        assert answer.headers["Content-Length"] == str(len(answer.body))


def test_page_requested_again_gets_the_best_compression(page_cache) -> None:
    sizes = [len(page_cache.fetch(CONDITION, accept_encoding="br").body) for _ in range(4)]
    assert (
        sizes[0]
        > sizes[-1]
        == sizes[-2]
        == len(brotli.compress(page_cache.fetch(CONDITION).body, quality=11))
    )


def test_unchanged_page_is_not_sent_and_encodings_have_etags(page_cache) -> None:
    tags = set()
    for coding in ("br", "gzip", ""):
        for _ in range(3):
            tag = page_cache.fetch(CONDITION, accept_encoding=coding).headers["ETag"]
        tags.add(tag)
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            answer = page_cache.fetch(CONDITION, accept_encoding=coding, if_none_match=known)
            assert answer.status == 304 and not answer.body
            assert answer.headers["ETag"] == tag and "Content-Security-Policy" in answer.headers
        assert (
            page_cache.fetch(CONDITION, accept_encoding=coding, if_none_match='"other"').status
            == 200
        )
    assert len(tags) == 3 and all(tag.startswith('"') for tag in tags)
    assert len(page_cache.django_requests) == 1


def test_head_has_no_body(page_cache) -> None:
    whole = page_cache.fetch(CONDITION)
    head = page_cache.fetch(CONDITION, "HEAD")
    assert head.status == 200 and not head.body and head.headers == whole.headers


# Never stale by more than a second, in every process.


def everywhere(doors: tuple[PageCacheClient, PageCacheClient], address: str) -> set[str]:
    return {page_cache.advance(0.9).fetch(address).page for page_cache in doors}


def test_published_change_is_shown_within_a_second(two, spots) -> None:
    before = everywhere(two, CONDITION)
    spots.introduction = "Spots are nothing new under the sun."
    spots.save()
    assert everywhere(two, CONDITION) == before
    factories.publish_documents(spots, **factories.WORDING)
    (now,) = everywhere(two, CONDITION)
    assert "nothing new under the sun" in now


def test_published_part_is_shown_on_every_page_with_it(two) -> None:
    everywhere(two, CONDITION)
    everywhere(two, CHECKLIST)
    signs = [{**sign, "text": f"{sign['text']} tonight"} for sign in factories.SIGNS]
    factories.publish_documents(factories.checklist(signs=signs), **factories.ADVICE)
    for address in (CONDITION, CHECKLIST):
        (now,) = everywhere(two, address)
        assert "A lump grows tonight" in now


def test_scheduled_change_is_shown_exactly_on_time(two, spots, monkeypatch) -> None:
    spots.introduction = "This was scheduled."
    spots.save()
    now = timezone.now()
    at = now + timedelta(hours=1)
    factories.publish_documents(spots, at=at, **factories.WORDING)
    assert "This was scheduled." not in "".join(everywhere(two, CONDITION))
    monkeypatch.setattr(timezone, "now", lambda: at - timedelta(milliseconds=1))
    assert "This was scheduled." not in "".join(everywhere(two, CONDITION))
    monkeypatch.setattr(timezone, "now", lambda: at)
    (page,) = everywhere(two, CONDITION)
    assert "This was scheduled." in page


def test_withdrawn_page_is_gone_within_a_second_and_not_cached(two, spots) -> None:
    everywhere(two, CONDITION)
    actions.withdraw(spots.document, reason="It was wrong.")
    for page_cache in two:
        answer = page_cache.advance(0.9).fetch(CONDITION)
        assert answer.status == 410 and "It was wrong." in answer.page
        reached = len(page_cache.django_requests)
        page_cache.fetch(CONDITION)
        assert len(page_cache.django_requests) > reached


def test_clinic_change_is_shown_within_a_second(two) -> None:
    everywhere(two, "/")
    Clinic(pk=1, name="Hill Street Clinic", emergency_number="911").save()
    (now,) = everywhere(two, "/")
    assert "Hill Street Clinic" in now and "911" in now


def test_review_is_shown_within_a_second(two, django_user_model) -> None:
    everywhere(two, CAUSE)
    person = django_user_model.objects.create_user("ruth")
    today = timezone.localdate()
    for edition in Edition.objects.live():
        Review.objects.create(
            edition=edition,
            by=person,
            shown_as="Ruth Ray, MD",
            on=today,
            next_due=today + timedelta(days=9),
        )
    (now,) = everywhere(two, CAUSE)
    assert "Ruth Ray, MD" in now


def test_review_visible_after_a_later_one_changes_the_version(spots, django_user_model) -> None:
    edition, by = Edition.objects.live()[0], django_user_model.objects.create_user("ada")
    day = timezone.localdate()

    def review(key: int) -> None:
        Review(
            pk=key, edition=edition, by=by, shown_as="Dr Lin", on=day, next_due=day + timedelta(9)
        ).save()

    review(12)
    before = site_version()
    review(11)
    assert site_version() != before


def test_wording_check_changes_the_site_version(spots, django_user_model) -> None:
    edition, other = Edition.objects.live()[:2]
    by = django_user_model.objects.create_user("ada")
    before = site_version()
    day = timezone.localdate()
    WordingCheck(edition=edition, compared_with=other, by=by, shown_as="Dr Lin", on=day).save()
    assert site_version() != before


def test_overdue_review_is_shown_from_midnight_of_the_clinic(
    two, django_user_model, monkeypatch, settings
) -> None:
    settings.TIME_ZONE = "America/Chicago"
    timezone.get_default_timezone.cache_clear()
    person = django_user_model.objects.create_user("ruth")
    due = datetime(2031, 5, 4, tzinfo=UTC).date()
    for edition in Edition.objects.live():
        Review.objects.create(
            edition=edition, by=person, shown_as="Ruth Ray", on=timezone.localdate(), next_due=due
        )
    midnight = datetime(2031, 5, 5, 5, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: midnight - timedelta(seconds=1))
    assert "is overdue" not in "".join(everywhere(two, CAUSE))
    monkeypatch.setattr(timezone, "now", lambda: midnight)
    (page,) = everywhere(two, CAUSE)
    timezone.get_default_timezone.cache_clear()
    assert "The review of this page is overdue" in page


def test_site_version_covers_every_table_that_readers_see(spots, django_user_model) -> None:
    seen = {site_version()}
    factories.publish_documents(factories.cause("dry"), **factories.ADVICE)
    seen.add(site_version())
    cancelled = factories.cause("later")
    factories.publish_documents(
        cancelled, at=timezone.now() + timedelta(days=1), **factories.ADVICE
    )
    seen.add(site_version())
    Clinic(pk=1, phone="555 0100").save()
    seen.add(site_version())
    Clinic(pk=1, phone="555 0101").save()
    seen.add(site_version())
    assert len(seen) == 5
    assert Publication.objects.upcoming().count() == 1


NOT_CHECKED = "we cannot check if it has changed since"


def no_answer() -> None:
    raise OperationalError("gone")


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_kept_page_without_the_database_says_so(page_cache, encoding: str) -> None:
    fresh = page_cache.fetch(CONDITION)
    page_cache.cache._site_version = no_answer
    reached = len(page_cache.django_requests)
    kept = page_cache.advance(59 * 60).fetch(CONDITION, accept_encoding=encoding)
    assert kept.status == 200 and len(page_cache.django_requests) == reached
    start, notice, rest = kept.page.partition("<aside")
    assert NOT_CHECKED in rest[:400] and notice
    assert fresh.page == start + rest.partition("</aside>")[2]
    assert kept.headers["Cache-Control"] == "no-store" and "ETag" not in kept.headers
    assert page_cache.fetch(CONDITION, method="HEAD").body == b""
    page_cache.cache._site_version = site_version
    assert NOT_CHECKED not in page_cache.advance().fetch(CONDITION).page


def test_kept_page_without_the_database_is_sent_for_an_hour(page_cache) -> None:
    page_cache.fetch(CONDITION)
    page_cache.cache._site_version = no_answer
    reached = len(page_cache.django_requests)
    page_cache.advance(61 * 60).fetch(CONDITION)
    assert len(page_cache.django_requests) == reached + 1


def test_outdated_page_is_not_sent_without_the_database(page_cache, spots) -> None:
    page_cache.fetch(CONDITION)
    Clinic(pk=1, phone="555 0100").save()
    page_cache.advance().fetch("/about/")
    page_cache.cache._site_version = no_answer
    reached = len(page_cache.django_requests)
    assert NOT_CHECKED in page_cache.advance().fetch("/about/").page
    assert len(page_cache.django_requests) == reached
    page_cache.fetch(CONDITION)
    assert len(page_cache.django_requests) == reached + 1


def test_database_that_is_away_is_not_asked_by_every_request(page_cache) -> None:
    page_cache.fetch(CONDITION)
    asked: list[int] = []

    def count_and_fail() -> None:
        asked.append(1)
        no_answer()

    page_cache.cache._site_version = count_and_fail
    page_cache.advance()
    for _ in range(5):
        page_cache.fetch(CONDITION)
    assert len(asked) == 1
    page_cache.advance().fetch(CONDITION)
    assert len(asked) == 2


def test_page_built_during_a_change_is_not_cached(page_cache, spots) -> None:
    behind = page_cache.cache._application

    def meanwhile(environ: Any, start_response: Any) -> Any:
        response = behind(environ, start_response)
        page_cache.cache._application = behind
        spots.introduction = "Changed meanwhile."
        spots.save()
        factories.publish_documents(spots, **factories.WORDING)
        page_cache.advance().fetch("/about/")
        return response

    page_cache.cache._application = meanwhile
    assert "Changed meanwhile." not in page_cache.fetch(CONDITION).page
    assert "Changed meanwhile." in page_cache.fetch(CONDITION).page


def test_page_without_a_change_of_its_own_is_not_recompressed(page_cache, monkeypatch) -> None:
    for _ in range(3):
        small = page_cache.fetch(CONDITION, accept_encoding="br")
    factories.publish_documents(factories.cause("elsewhere"), **factories.ADVICE)
    monkeypatch.setattr(brotli, "compress", lambda *_body, **_how: pytest.fail("compressed"))
    again = page_cache.advance().fetch(CONDITION, accept_encoding="br")
    assert len(page_cache.django_requests) == 2
    assert again.body == small.body and again.headers["ETag"] == small.headers["ETag"]


# Never private, and never what a stranger made of it.


def test_cached_page_has_nothing_that_a_reader_sent(page_cache) -> None:
    page_cache.fetch(
        f"{CONDITION}?x=canary&q=canary",
        cookie="canary=canary; sessionid=canary",
        accept_language="fr-canary",
        referer="https://canary.example/",
        user_agent="canary",
        x_forwarded_for="canary",
        x_forwarded_host="canary.example",
        x_forwarded_proto="https",
        authorization="canary",
    )
    (made_from,) = page_cache.django_requests
    assert "canary" not in repr(made_from)
    assert "REMOTE_ADDR" not in made_from
    assert "canary" not in page_cache.fetch(CONDITION).page


def test_query_string_makes_no_new_entry_and_no_other_page(page_cache) -> None:
    plain = page_cache.fetch(CONDITION)
    for number in range(50):
        assert page_cache.fetch(f"{CONDITION}?utm={number}").body == plain.body
    assert len(page_cache.django_requests) == 1 and len(page_cache.cache._pages) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/search/",
        "/search/?q=spots",
        "/healthz",
        "/admin/",
        "/admin/login/",
        "/no-such-page/",
        "/self-check/",
    ],
)
def test_other_urls_are_never_cached(address, page_cache) -> None:
    for _ in range(2):
        page_cache.fetch(address)
    assert len(page_cache.django_requests) == 2 and not page_cache.cache._pages


def test_ticked_checklist_is_not_cached(page_cache) -> None:
    page_cache.fetch(CHECKLIST)
    reached = len(page_cache.django_requests)
    answer = page_cache.fetch(
        CHECKLIST, "POST", b"sign=breathing", content_type="application/x-www-form-urlencoded"
    )
    assert (
        len(page_cache.django_requests) == reached + 1
        and "no-store" in answer.headers["Cache-Control"]
    )
    assert 'id="result"' not in page_cache.fetch(CHECKLIST).page


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1:80:80",
        "",
        "a b",
        "127.0.0.1/evil",
        "\x00",
    ],
)
def test_other_host_is_refused_with_and_without_a_cached_page(host, page_cache) -> None:
    assert page_cache.fetch(CONDITION, host=host).status == 400
    page_cache.fetch(CONDITION)
    assert page_cache.fetch(CONDITION, host=host).status == 400
    assert len(page_cache.cache._pages) == 1


@pytest.mark.parametrize(
    "path",
    [
        "//conditions/spots/",
        "/conditions//spots/",
        "/CONDITIONS/spots/",
        "/conditions/spots/%00",
        "/conditions/spots/;a",
        "/conditions/../conditions/spots/",
        "/conditions/spots",
        "/\xff\xfe/",
        "/" + "a" * 10_000,
    ],
)
def test_odd_path_is_left_to_django_and_not_cached(path, page_cache) -> None:
    assert page_cache.fetch(path).status in {301, 302, 400, 404}
    assert not page_cache.cache._pages


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "TRACE", "get", "DELETE"])
def test_other_method_is_left_to_django(method, page_cache) -> None:
    page_cache.fetch(CONDITION)
    reached = len(page_cache.django_requests)
    page_cache.fetch(CONDITION, method)
    assert len(page_cache.django_requests) == reached + 1


def test_public_site_answers_only_https_from_the_cache(spots, settings) -> None:
    settings.SITE_URL, settings.SITE_IS_HTTPS = "https://clinic.example", True
    settings.ALLOWED_HOSTS = ["clinic.example"]
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 1000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    page_cache = PageCacheClient()
    for _ in range(2):
        plain = page_cache.fetch(CONDITION, host="clinic.example")
        assert plain.status == 301 and plain.headers["Location"].startswith(
            "https://clinic.example/"
        )
        safe = page_cache.fetch(CONDITION, host="clinic.example", x_forwarded_proto="https")
        assert safe.status == 200 and safe.headers["Strict-Transport-Security"] == "max-age=1000"
        assert (
            page_cache.fetch(CONDITION, host="clinic.example", x_forwarded_proto="http").status
            == 301
        )
        assert (
            page_cache.fetch(CONDITION, host="127.0.0.1", x_forwarded_proto="https").status == 400
        )


def test_cache_size_is_bounded_and_used_pages_stay_longer(spots) -> None:
    page_cache = PageCacheClient(max_bytes=60_000)
    for number in range(12):
        factories.publish_documents(factories.cause(f"cause-{number}"), **factories.ADVICE)
    page_cache.fetch(CONDITION)
    for number in range(12):
        page_cache.fetch(f"/causes/cause-{number}/")
        page_cache.fetch(CONDITION, accept_encoding="br")
    kept = page_cache.cache._pages
    assert CONDITION in kept and 1 < len(kept) < 12
    assert page_cache.cache._size == sum(page.size for page in kept.values()) <= 60_000


def test_handout_with_options_never_replaces_the_default_one(
    page_cache,
) -> None:
    for address in (HANDOUT, f"{HANDOUT}?print=large", HANDOUT, f"{HANDOUT}?print=large"):
        page = page_cache.fetch(address).page
        assert ('value="large" checked' in page) == ("?" in address)
    assert len(page_cache.django_requests) == 3
    assert len(page_cache.cache._pages) == 1


def test_cacheable_views_are_these() -> None:
    kept = {p.name for p in views_of(get_resolver().url_patterns) if is_cacheable(p.callback)}
    assert kept == {
        "home",
        "about",
        "accessibility",
        "privacy",
        "sitemap",
        "sitemap-lists",
        "sitemap-pages",
        "robots",
        "manifest",
        "changes-feed",
        "condition-markdown",
        "browse",
        "browse-facet",
        "cause-articles",
        "conditions",
        "conditions-letter",
        "condition",
        "condition-history",
        "causes",
        "causes-letter",
        "cause",
        "checklists",
        "checklist",
        "self-check-printable",
        "handout",
        "save-page",
        "saved-page",
        "glossary",
    }
    assert {
        p.name for p in views_of(get_resolver().url_patterns) if varies_on_query(p.callback)
    } == {
        "handout",
        "home",
    }
