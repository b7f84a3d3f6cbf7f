"""Was this page useful? One press answers, no comment is lost, and nobody is identified."""

from __future__ import annotations

import logging
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from education.articles.models import Article
from education.feedback import throttling
from education.feedback.forms import CommentForm
from education.feedback.models import MAX_COMMENT_LENGTH, FeedbackAnswer
from education.publishing import actions
from education.publishing.models import Edition
from education.web.client_ip import client_ip
from education.web.models import ThrottleCounter
from tests import factories
from tests.staff.conftest import form_fields

pytestmark = pytest.mark.django_db

CONDITION, ADDRESS = "/conditions/spots/", "/feedback/spots/"


@pytest.fixture
def spots(db: None) -> Article:
    return factories.make_small_site()


@pytest.fixture
def no_minimum_age(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers who have read the form, without waiting for them."""
    monkeypatch.setattr("education.feedback.form_tokens.MIN_AGE", timedelta(days=-1))


# Every browser says with a POST where it comes from.
BROWSER = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture(autouse=True)
def _our_host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


def vote(client: Client, useful: str = "no", edition: int = 1, **extra: Any) -> Any:
    """What one gets for pressing a button at the end of the article."""
    return client.post(ADDRESS, {"edition": edition, "useful": useful}, **BROWSER, **extra)


def vote_form(client: Client, useful: str = "no", edition: int = 1) -> dict[str, str]:
    """The form for a line that stands there."""
    answer = vote(client, useful, edition)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return form_fields(answer)


def send(client: Client, comment: str = "", **extra: Any) -> Any:
    """Press, and add a comment."""
    return client.post(ADDRESS, {**vote_form(client), "comment": comment}, **BROWSER, **extra)


def test_question_on_article_has_no_secret_or_script_for_anybody(client, spots):
    page = client.get(CONDITION)
    assert page.content == Client().get(CONDITION).content
    form = re.search(
        rb'<form class="screen" method="post" action="/feedback/spots/".*?</form>',
        page.content,
        re.S,
    )
    assert form and b'name="edition" value="1"' in form[0] and b"csrf" not in form[0]
    assert form[0].count(b'type="hidden"') == 1 and not page.cookies


@pytest.mark.parametrize("useful", ["yes", "no"])
def test_one_press_is_an_answer_and_a_comment_may_follow(useful, client, spots):
    answer = vote(client, useful)
    assert (
        FeedbackAnswer.objects.get().useful == (useful == "yes")
        and FeedbackAnswer.objects.get().comment == ""
    )
    page = answer.content.decode()
    assert 'role="status"' in page and "autofocus" in page and "Your answer has reached us." in page
    assert "Nobody answers what you write here." in page and "your local emergency number" in page
    assert "Write nothing about yourself" in page and f'href="{CONDITION}"' in page
    assert not answer.cookies and not client.cookies


def test_answer_is_stored_with_only_edition_and_day(client, spots, no_minimum_age):
    factories.publish_documents(factories.article(title="Spots, again"), **factories.WORDING)
    sent = vote_form(client, "no", edition=1)
    answer = client.post(ADDRESS, {**sent, "comment": "  Too\r\nlong.\x07 "}, follow=True)
    assert answer.redirect_chain == [("/feedback/spots/thanks/", 302)]
    assert not answer.cookies and not client.cookies
    kept = FeedbackAnswer.objects.get()
    assert (kept.edition.number, kept.useful, kept.comment) == (1, False, "Too long.")
    assert kept.day == timezone.localdate()
    assert {field.name for field in FeedbackAnswer._meta.get_fields()} == {
        "id",
        "edition",
        "useful",
        "comment",
        "day",
    }
    page = answer.content.decode()
    assert 'role="status"' in page and "autofocus" in page and f'href="{CONDITION}"' in page
    assert "<textarea" not in page


def test_question_page_asks_about_the_live_edition(client, spots, no_minimum_age):
    factories.publish_documents(factories.article(title="Spots, again"), **factories.WORDING)
    page = client.get(ADDRESS)
    assert b"Was this page useful?" in page.content and not FeedbackAnswer.objects.exists()
    assert client.post(ADDRESS, {**form_fields(page), "useful": "yes"}).status_code == 200
    assert FeedbackAnswer.objects.get().edition.number == 2


def test_post_without_browser_headers_needs_a_token(client, spots, monkeypatch):
    answer = client.post(ADDRESS, {"edition": 1, "useful": "yes"})
    assert answer.status_code == 200 and b"Was this page useful?" in answer.content
    hasty = client.post(ADDRESS, {**form_fields(answer), "useful": "yes"})
    assert (
        hasty.status_code == 422
        and b"very fast" in hasty.content
        and not FeedbackAnswer.objects.exists()
    )
    monkeypatch.setattr("education.feedback.form_tokens.MIN_AGE", timedelta(days=-1))
    for _ in range(2):
        assert client.post(ADDRESS, {**form_fields(hasty), "useful": "yes"}).status_code == 200
    assert FeedbackAnswer.objects.count() == 1


@pytest.mark.parametrize("number", ["0", "2", "9" * 30, "-1", "x", "١"])
def test_edition_never_live_is_refused(number, client, spots):
    actions.freeze(factories.article(title="Not live"), **factories.ADVICE)
    assert client.post(ADDRESS, {"edition": number, "useful": "no"}, **BROWSER).status_code == 404
    assert not FeedbackAnswer.objects.exists()


def test_form_of_another_page_is_refused(client, spots, no_minimum_age):
    factories.publish_documents(factories.article("lumps"))
    answer = client.post("/feedback/lumps/", {**vote_form(client), "comment": "Some words."})
    assert answer.status_code == 422 and b"Some words." in answer.content
    assert FeedbackAnswer.objects.get().comment == ""


def test_page_that_is_not_live_has_no_question(client, spots):
    factories.article("draft")
    assert client.get("/feedback/draft/").status_code == 404
    assert client.get("/feedback/draft/thanks/").status_code == 404


def test_comment_is_kept_while_the_page_is_withdrawn(client, spots, no_minimum_age):
    sent = vote_form(client)
    actions.withdraw(spots, reason="Old.")
    assert client.post(ADDRESS, {**sent, "comment": "Thank you."}).status_code == 302
    assert FeedbackAnswer.objects.get().comment == "Thank you."


@pytest.mark.parametrize(
    ("comment", "shown"),
    [
        ("See https://spam.example/pills", "web address"),
        ("cheap at pills.shop today", "web address"),
        ("WWW.pills", "web address"),
        ("<a href=x>pills</a>", "web address"),
        ("write to me@mail.example", "e-mail address"),
        ("call me: (555) 010-0199", "long number"),
        ("x" * (MAX_COMMENT_LENGTH + 1), "shorter"),
    ],
)
def test_refused_comment_is_explained_and_kept_in_the_form(
    comment, shown, client, spots, no_minimum_age
):
    answer = send(client, comment)
    page = answer.content.decode()
    assert answer.status_code == 422 and FeedbackAnswer.objects.get().comment == ""
    assert (
        'role="alert"' in page
        and 'aria-invalid="true"' in page
        and 'aria-describedby="comment-error' in page
    )
    assert shown in page and form_fields(answer)["comment"] == comment
    assert page.index("<title>Error:") < page.index("<h1>")


@pytest.mark.parametrize(
    "comment", ["Use 2.5 ml, not 3.", "on 3 May 2026", "e.g. soap", "a<b", "I waited.Then it went."]
)
def test_ordinary_comment_is_accepted(comment, client, spots, no_minimum_age):
    assert send(client, comment).status_code == 302
    assert FeedbackAnswer.objects.get().comment == comment


def test_missing_answer_is_asked_again(client, spots, no_minimum_age):
    answer = vote(client, "perhaps")
    assert answer.status_code == 422 and not FeedbackAnswer.objects.exists()
    assert "Choose “Yes” or “No”." in answer.content.decode() and b"<title>Error:" in answer.content


def test_comment_sent_too_fast_is_accepted_the_second_time(client, spots, monkeypatch):
    answer = send(client, "Some words.")
    assert (
        answer.status_code == 422
        and b"very fast" in answer.content
        and b"Some words." in answer.content
    )
    assert FeedbackAnswer.objects.get().comment == ""
    monkeypatch.setattr("education.feedback.form_tokens.MIN_AGE", timedelta(days=-1))
    assert client.post(ADDRESS, form_fields(answer)).status_code == 302
    assert FeedbackAnswer.objects.get().comment == "Some words."


@pytest.mark.parametrize("sheet", ["x", "1.2:3:4", "é" * 5000])
def test_forged_token_asks_again_and_keeps_the_comment(sheet, client, spots, no_minimum_age):
    answer = client.post(ADDRESS, {"token": sheet, "useful": "no"}, **BROWSER)
    assert answer.status_code == 422 and not FeedbackAnswer.objects.exists()
    assert client.post(ADDRESS, {**form_fields(answer), "useful": "no"}).status_code == 200
    assert FeedbackAnswer.objects.count() == 1
    for sealed in (sheet, ""):
        alone = client.post(ADDRESS, {"answer": sealed, "comment": "Some words."}, **BROWSER)
        assert alone.status_code == 422 and b"Some words." in alone.content
        assert b"can no longer be added" in alone.content
    assert FeedbackAnswer.objects.get().comment == ""


def test_comment_is_added_once_and_may_be_sent_twice(client, spots, no_minimum_age):
    sent = vote_form(client)
    for _ in range(2):
        assert client.post(ADDRESS, {**sent, "comment": "First."}).status_code == 302
    other = client.post(ADDRESS, {**sent, "comment": "Second."})
    assert other.status_code == 422 and b"Second." in other.content
    assert FeedbackAnswer.objects.get().comment == "First."


def test_empty_comment_is_accepted(client, spots, no_minimum_age):
    assert send(client, "  ").status_code == 302
    assert FeedbackAnswer.objects.get().comment == ""


@pytest.mark.parametrize(("minutes", "status"), [(59, 302), (61, 422)])
def test_comment_is_accepted_for_an_hour(
    minutes, status, client, spots, no_minimum_age, monkeypatch
):
    sent, now = vote_form(client), time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + minutes * 60)
    answer = client.post(ADDRESS, {**sent, "comment": "Some words."})
    assert answer.status_code == status
    assert FeedbackAnswer.objects.get().comment == ("Some words." if status == 302 else "")


def test_comment_on_a_deleted_answer_creates_no_answer(client, spots, no_minimum_age):
    sent = vote_form(client)
    FeedbackAnswer.objects.all().delete()
    assert client.post(ADDRESS, {**sent, "comment": "Some words."}).status_code == 422
    assert not FeedbackAnswer.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}],
)
def test_post_from_another_site_is_refused(headers, client, spots):
    assert (
        client.post(ADDRESS, {"edition": "1", "useful": "no"}, headers=headers).status_code == 403
    )


def test_typed_text_is_in_no_url_and_no_log(client, spots, no_minimum_age, caplog):
    with caplog.at_level(logging.DEBUG):
        answers = [send(client, "zebra"), send(client, "zebra@home.example")]
    logged = [r.getMessage() for r in caplog.records if not r.name.startswith("django.db")]
    assert "zebra" not in str(logged) and "zebra" not in answers[0]["Location"]


def test_typed_text_is_escaped(client, spots, no_minimum_age):
    answer = send(client, "<script>alert(1)</script> a@b")
    assert b"<script>" not in answer.content and b"&lt;script&gt;" in answer.content


def test_expired_answers_are_deleted_by_next_one_and_command(client, spots, no_minimum_age, capsys):
    edition, today = Edition.objects.get(document=spots), timezone.localdate()
    for days in (364, 365, 400):
        FeedbackAnswer.objects.create(edition=edition, useful=True, day=today - timedelta(days))
    ThrottleCounter.objects.create(
        scope=throttling.IP_THROTTLE.scope, window=today.toordinal() - 1, bucket=1, count=1
    )
    assert FeedbackAnswer.objects.unexpired().count() == 1
    send(client)
    assert {(today - answer.day).days for answer in FeedbackAnswer.objects.all()} == {0, 364}
    assert not ThrottleCounter.objects.exists()
    FeedbackAnswer.objects.create(edition=edition, useful=True, day=today - timedelta(365))
    call_command("delete_old_feedback")
    assert capsys.readouterr().out == "Deleted 1 answer.\n" and FeedbackAnswer.objects.count() == 2


def test_answers_from_one_address_are_throttled(
    client, spots, no_minimum_age, monkeypatch, settings
):
    settings.SITE_IS_HTTPS = True
    monkeypatch.setattr(throttling, "MAX_FROM_ONE_IP", 2)
    here, there = {"HTTP_X_REAL_IP": "192.0.2.1"}, {"HTTP_X_REAL_IP": "198.51.100.9"}
    assert bucket("192.0.2.1") != bucket("198.51.100.9")
    assert [vote(client, **here).status_code for _ in range(3)] == [200, 200, 429]
    assert vote(client, **there).status_code == 200
    assert FeedbackAnswer.objects.count() == 3
    assert "192.0.2" not in str(
        list(ThrottleCounter.objects.values()) + list(FeedbackAnswer.objects.values())
    )


@pytest.mark.parametrize(("wall", "number"), [("MAX_ABOUT_ONE_PAGE", 2), ("MAX_ON_THE_SITE", 2)])
def test_answers_about_a_page_and_the_site_are_throttled(
    wall, number, client, spots, no_minimum_age, monkeypatch
):
    monkeypatch.setattr(throttling, wall, number)
    sent = vote_form(client)
    assert [vote(client).status_code for _ in range(2)] == [200, 429]
    assert client.post(ADDRESS, {**sent, "comment": "Some words."}).status_code == 302
    assert FeedbackAnswer.objects.count() == number


def request_of(meta: dict[str, str]) -> Any:
    return type("Request", (), {"META": meta})()


def bucket(ip: str, days: int = 0) -> int:
    window = timezone.localdate().toordinal() + days
    return throttling.IP_THROTTLE.bucket(client_ip(request_of({"HTTP_X_REAL_IP": ip})), window)


def test_proxy_header_is_ignored_without_https(settings):
    settings.SITE_IS_HTTPS = False
    forged = {"HTTP_X_REAL_IP": "192.0.2.1", "REMOTE_ADDR": "127.0.0.1"}
    assert throttling.try_acquire(request_of(forged), timezone.localdate())
    assert not ThrottleCounter.objects.exists()


@pytest.mark.parametrize("header", ["", "x", "127.0.0.1", "::1", "192.0.2.1, 10.0.0.1", "1" * 5000])
def test_unusable_address_is_not_counted(header, settings):
    settings.SITE_IS_HTTPS = True
    request = request_of({"HTTP_X_REAL_IP": header})
    assert throttling.try_acquire(request, timezone.localdate())
    assert not ThrottleCounter.objects.exists()


def test_bucket_is_shared_and_changes_with_day_and_key(settings):
    settings.SITE_IS_HTTPS = True
    many = [f"198.51.{a}.{b}" for a in range(64) for b in range(64)]
    buckets = [bucket(address) for address in many]
    assert max(buckets) < throttling.IP_THROTTLE.buckets == 4_096
    # By chance, some addresses share a bucket: none can be told from a bucket.
    assert 0.55 * len(many) < len(set(buckets)) < 0.7 * len(many)
    assert bucket("2001:db8::1") == bucket("2001:db8::ffff:2")
    assert bucket("::ffff:192.0.2.1") == bucket("192.0.2.1")
    assert [bucket(address, 1) for address in many] != buckets
    settings.SECRET_KEY = "another key, as long as keys have to be, for this test of ours"
    assert [bucket(address) for address in many] != buckets


@given(st.text(max_size=400))
def test_comment_field_never_fails_and_gives_one_plain_line(comment):
    form = CommentForm({"comment": comment})
    if form.is_valid():
        kept = form.cleaned_data["comment"]
        assert len(kept) <= MAX_COMMENT_LENGTH and kept == " ".join(kept.split())
        assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", kept)


def test_query_count_of_answer_comment_and_thanks(
    client, spots, no_minimum_age, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        sent = vote_form(client)
    with django_assert_max_num_queries(4):
        client.post(ADDRESS, {**sent, "comment": "Some words."})
    for address in (ADDRESS, f"{ADDRESS}thanks/"):
        with django_assert_max_num_queries(3):
            client.get(address)
