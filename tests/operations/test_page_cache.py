"""Pages kept whole at the door: never stale, never private, never what a stranger made of them."""

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
from education.operations.page_cache.lean_html import lean
from education.operations.page_cache.site_version import site_version
from education.publishing import actions
from education.publishing.models import Edition, Publication, Review
from education.web.page_caching import is_cacheable, varies_on_query
from tests import builders
from tests.operations.door import Door
from tests.reading.faces import CAUSE, CHECKLIST, CONDITION, FACES, HANDOUT
from tests.reading.test_requests import views_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]

KEPT = [face for face in FACES if not face.startswith("/search/") and face != "/handouts/"]


@pytest.mark.parametrize("address", KEPT)
def test_a_page_that_is_kept_is_what_django_would_send_without_needless_bytes(address, door, client) -> None:
    first, again = door.ask(address), door.ask(address)
    assert len(door.reached) == 1
    straight = client.get(address)
    assert first.body == again.body == lean(straight.content)
    assert first.headers == again.headers
    ours = {"Content-Length", "ETag", "Vary", "Content-Encoding"}
    told = {name: value for name, value in straight.headers.items() if name not in ours}
    assert {name: value for name, value in again.headers.items() if name not in ours} == told
    assert again.headers["Cache-Control"] == "public, no-cache"
    assert again.headers["Vary"] == "Accept-Encoding"
    assert again.headers["Content-Length"] == str(len(again.body))


def test_a_kept_page_asks_the_database_for_nothing_and_the_version_takes_two_queries(door) -> None:
    door.ask(CONDITION)
    with CaptureQueriesContext(connection) as queries:
        door.ask(CONDITION)
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        door.later().ask(CONDITION)
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
def test_a_page_is_sent_in_a_coding_that_the_browser_takes(header, coding, door) -> None:
    assert best_encoding(header) == coding
    for _ in range(4):
        answer = door.ask(CONDITION, accept_encoding=header)
        assert answer.headers.get("Content-Encoding", "") == coding
        assert "</html>" in answer.page
        assert answer.headers["Content-Length"] == str(len(answer.body))


def test_a_page_that_is_asked_for_again_is_compressed_as_small_as_can_be(door) -> None:
    sizes = [len(door.ask(CONDITION, accept_encoding="br").body) for _ in range(4)]
    assert sizes[0] > sizes[-1] == sizes[-2] == len(brotli.compress(door.ask(CONDITION).body, quality=11))


def test_a_browser_that_has_the_page_is_told_so_and_each_coding_has_its_own_tag(door) -> None:
    tags = set()
    for coding in ("br", "gzip", ""):
        for _ in range(3):
            tag = door.ask(CONDITION, accept_encoding=coding).headers["ETag"]
        tags.add(tag)
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            answer = door.ask(CONDITION, accept_encoding=coding, if_none_match=known)
            assert answer.status == 304 and not answer.body
            assert answer.headers["ETag"] == tag and "Content-Security-Policy" in answer.headers
        assert door.ask(CONDITION, accept_encoding=coding, if_none_match='"other"').status == 200
    assert len(tags) == 3 and all(tag.startswith('"') for tag in tags)
    assert len(door.reached) == 1


def test_head_is_answered_without_a_body(door) -> None:
    whole = door.ask(CONDITION)
    head = door.ask(CONDITION, "HEAD")
    assert head.status == 200 and not head.body and head.headers == whole.headers


# Never stale by more than a second, in every process.


def everywhere(doors: tuple[Door, Door], address: str) -> set[str]:
    return {door.later(0.9).ask(address).page for door in doors}


def test_what_is_published_is_seen_within_a_second(two, spots) -> None:
    before = everywhere(two, CONDITION)
    spots.introduction = "Spots are nothing new under the sun."
    spots.save()
    assert everywhere(two, CONDITION) == before
    builders.published(spots, **builders.WORDING)
    (now,) = everywhere(two, CONDITION)
    assert "nothing new under the sun" in now


def test_a_part_that_is_published_is_seen_on_every_page_that_shows_it(two) -> None:
    everywhere(two, CONDITION)
    everywhere(two, CHECKLIST)
    signs = [{**sign, "text": f"{sign['text']} tonight"} for sign in builders.SIGNS]
    builders.published(builders.checklist(signs=signs), **builders.ADVICE)
    for address in (CONDITION, CHECKLIST):
        (now,) = everywhere(two, address)
        assert "A lump grows tonight" in now


def test_what_is_scheduled_is_seen_on_its_second_and_not_before(two, spots, monkeypatch) -> None:
    spots.introduction = "This was scheduled."
    spots.save()
    now = timezone.now()
    at = now + timedelta(hours=1)
    builders.published(spots, at=at, **builders.WORDING)
    assert "This was scheduled." not in "".join(everywhere(two, CONDITION))
    monkeypatch.setattr(timezone, "now", lambda: at - timedelta(milliseconds=1))
    assert "This was scheduled." not in "".join(everywhere(two, CONDITION))
    monkeypatch.setattr(timezone, "now", lambda: at)
    (page,) = everywhere(two, CONDITION)
    assert "This was scheduled." in page


def test_what_is_withdrawn_is_gone_within_a_second_and_its_absence_is_not_kept(two, spots) -> None:
    everywhere(two, CONDITION)
    actions.withdraw(spots.document, reason="It was wrong.")
    for door in two:
        answer = door.later(0.9).ask(CONDITION)
        assert answer.status == 410 and "It was wrong." in answer.page
        reached = len(door.reached)
        door.ask(CONDITION)
        assert len(door.reached) > reached


def test_settings_of_the_clinic_are_seen_within_a_second(two) -> None:
    everywhere(two, "/")
    Clinic(pk=1, name="Hill Street Clinic", emergency_number="911").save()
    (now,) = everywhere(two, "/")
    assert "Hill Street Clinic" in now and "911" in now


def test_a_review_is_seen_within_a_second(two, django_user_model) -> None:
    everywhere(two, CAUSE)
    person = django_user_model.objects.create_user("ruth")
    today = timezone.localdate()
    for edition in Edition.objects.live():
        Review.objects.create(
            edition=edition, by=person, shown_as="Ruth Ray, MD", on=today, next_due=today + timedelta(days=9)
        )
    (now,) = everywhere(two, CAUSE)
    assert "Ruth Ray, MD" in now


def test_a_review_that_is_seen_after_a_later_one_is_missed_by_no_version(spots, django_user_model) -> None:
    edition, by = Edition.objects.live()[0], django_user_model.objects.create_user("ada")
    day = timezone.localdate()

    def review(key: int) -> None:
        Review(pk=key, edition=edition, by=by, shown_as="Dr Lin", on=day, next_due=day + timedelta(9)).save()

    review(12)
    before = site_version()
    review(11)
    assert site_version() != before


def test_at_midnight_of_the_clinic_an_overdue_review_is_called_so(
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


def test_every_table_that_readers_see_is_in_the_version(spots, django_user_model) -> None:
    seen = {site_version()}
    builders.published(builders.cause("dry"), **builders.ADVICE)
    seen.add(site_version())
    cancelled = builders.cause("later")
    builders.published(cancelled, at=timezone.now() + timedelta(days=1), **builders.ADVICE)
    seen.add(site_version())
    Clinic(pk=1, phone="555 0100").save()
    seen.add(site_version())
    Clinic(pk=1, phone="555 0101").save()
    seen.add(site_version())
    assert len(seen) == 5
    assert Publication.objects.upcoming().count() == 1


def test_while_the_database_does_not_answer_nothing_old_is_shown(door) -> None:
    door.ask(CONDITION)

    def no_answer() -> None:
        raise OperationalError("gone")

    door.cache._site_version = no_answer
    reached = len(door.reached)
    assert door.ask(CONDITION).status == 200 and len(door.reached) == reached
    door.later().ask(CONDITION)
    assert len(door.reached) == reached + 1
    door.cache._site_version = site_version
    assert door.ask(CONDITION).status == 200 and len(door.reached) == reached + 1


def test_a_page_made_while_the_site_changed_is_not_kept(door, spots) -> None:
    behind = door.cache._application

    def meanwhile(environ: Any, start_response: Any) -> Any:
        response = behind(environ, start_response)
        door.cache._application = behind
        spots.introduction = "Changed meanwhile."
        spots.save()
        builders.published(spots, **builders.WORDING)
        door.later().ask("/about/")
        return response

    door.cache._application = meanwhile
    assert "Changed meanwhile." not in door.ask(CONDITION).page
    assert "Changed meanwhile." in door.ask(CONDITION).page


def test_a_page_that_a_change_leaves_as_it_was_is_neither_made_nor_compressed_again(door) -> None:
    for _ in range(3):
        small = door.ask(CONDITION, accept_encoding="br")
    builders.published(builders.cause("elsewhere"), **builders.ADVICE)
    again = door.later().ask(CONDITION, accept_encoding="br")
    assert len(door.reached) == 1
    assert again.body == small.body and again.headers["ETag"] == small.headers["ETag"]


# Never private, and never what a stranger made of it.


def test_what_a_reader_sends_never_reaches_the_page_that_is_kept(door) -> None:
    door.ask(
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
    (made_from,) = door.reached
    assert "canary" not in repr(made_from)
    assert "REMOTE_ADDR" not in made_from
    assert "canary" not in door.ask(CONDITION).page


def test_a_question_in_the_address_makes_no_new_entry_and_no_other_page(door) -> None:
    plain = door.ask(CONDITION)
    for number in range(50):
        assert door.ask(f"{CONDITION}?utm={number}").body == plain.body
    assert len(door.reached) == 1 and len(door.cache._pages) == 1


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
def test_other_addresses_are_never_kept(address, door) -> None:
    for _ in range(2):
        door.ask(address)
    assert len(door.reached) == 2 and not door.cache._pages


def test_a_list_that_was_ticked_is_answered_by_django_and_not_kept(door) -> None:
    door.ask(CHECKLIST)
    reached = len(door.reached)
    answer = door.ask(CHECKLIST, "POST", b"sign=breathing", content_type="application/x-www-form-urlencoded")
    assert len(door.reached) == reached + 1 and "no-store" in answer.headers["Cache-Control"]
    assert 'id="result"' not in door.ask(CHECKLIST).page


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:80:80", "", "a b", "127.0.0.1/evil", "\x00"]
)
def test_another_host_is_refused_before_and_after_the_page_was_kept(host, door) -> None:
    assert door.ask(CONDITION, host=host).status == 400
    door.ask(CONDITION)
    assert door.ask(CONDITION, host=host).status == 400
    assert len(door.cache._pages) == 1


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
def test_an_odd_path_is_left_to_django_and_not_kept(path, door) -> None:
    assert door.ask(path).status in {301, 302, 400, 404}
    assert not door.cache._pages


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "TRACE", "get", "DELETE"])
def test_other_methods_are_left_to_django(method, door) -> None:
    door.ask(CONDITION)
    reached = len(door.reached)
    door.ask(CONDITION, method)
    assert len(door.reached) == reached + 1


def test_on_a_public_site_only_what_came_encrypted_is_answered_here(spots, settings) -> None:
    settings.SITE_URL, settings.SITE_IS_HTTPS = "https://clinic.example", True
    settings.ALLOWED_HOSTS = ["clinic.example"]
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 1000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    door = Door()
    for _ in range(2):
        plain = door.ask(CONDITION, host="clinic.example")
        assert plain.status == 301 and plain.headers["Location"].startswith("https://clinic.example/")
        safe = door.ask(CONDITION, host="clinic.example", x_forwarded_proto="https")
        assert safe.status == 200 and safe.headers["Strict-Transport-Security"] == "max-age=1000"
        assert door.ask(CONDITION, host="clinic.example", x_forwarded_proto="http").status == 301
        assert door.ask(CONDITION, host="127.0.0.1", x_forwarded_proto="https").status == 400


def test_the_room_is_bounded_and_pages_that_are_asked_for_stay_longer(spots) -> None:
    door = Door(max_bytes=60_000)
    for number in range(12):
        builders.published(builders.cause(f"cause-{number}"), **builders.ADVICE)
    door.ask(CONDITION)
    for number in range(12):
        door.ask(f"/causes/cause-{number}/")
        door.ask(CONDITION, accept_encoding="br")
    kept = door.cache._pages
    assert CONDITION in kept and 1 < len(kept) < 12
    assert door.cache._size == sum(page.size for page in kept.values()) <= 60_000


def test_a_handout_that_is_chosen_otherwise_is_made_each_time_and_never_takes_the_place_of_the_plain_one(
    door,
) -> None:
    for address in (HANDOUT, f"{HANDOUT}?print=large", HANDOUT, f"{HANDOUT}?print=large"):
        page = door.ask(address).page
        assert ("print=large" in page or 'value="large" selected' in page) == ("?" in address)
    assert len(door.reached) == 3
    assert len(door.cache._pages) == 1


def test_just_these_views_are_kept_whole() -> None:
    kept = {p.name for p in views_of(get_resolver().url_patterns) if is_cacheable(p.callback)}
    assert kept == {
        "home",
        "about",
        "sitemap",
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
        "glossary",
    }
    assert {p.name for p in views_of(get_resolver().url_patterns) if varies_on_query(p.callback)} == {
        "handout",
        "home",
    }
