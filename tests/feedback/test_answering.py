"""Was this page useful? A reader answers in two steps, loses no words, and leaves no trace of who or when."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from education.articles.models import Article
from education.feedback import limits
from education.feedback.forms import AnswerForm
from education.feedback.models import MAX_LINE, Answer, Tally
from education.publishing import actions
from education.publishing.models import Edition
from tests import builders
from tests.staff.conftest import fields_of

pytestmark = pytest.mark.django_db

CONDITION, ADDRESS = "/conditions/spots/", "/feedback/spots/"


@pytest.fixture
def spots(db: None) -> Article:
    return builders.small_site()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers who have read the form, without waiting for them."""
    monkeypatch.setattr("education.feedback.sheets.MIN_AGE", timedelta(days=-1))


def opened(client: Client, useful: str = "no", edition: int = 1) -> dict[str, str]:
    """The form that one gets for pressing a button at the end of the article."""
    answer = client.post(ADDRESS, {"edition": edition, "useful": useful})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return {**fields_of(answer), "useful": useful}


def send(client: Client, line: str = "", **extra: Any) -> Any:
    return client.post(ADDRESS, {**opened(client), "line": line}, **extra)


def test_the_article_asks_with_no_secret_no_script_and_the_same_bytes_for_all(client, spots):
    page = client.get(CONDITION)
    assert page.content == Client().get(CONDITION).content
    form = re.search(
        rb'<form class="screen" method="post" action="/feedback/spots/".*?</form>', page.content, re.S
    )
    assert form and b'name="edition" value="1"' in form[0] and b"csrf" not in form[0]
    assert form[0].count(b'type="hidden"') == 1 and not page.cookies


def test_a_press_opens_the_form_with_it_chosen_and_keeps_nothing(client, spots):
    page = client.post(ADDRESS, {"edition": "1", "useful": "no"}).content.decode()
    assert 'value="no" checked' in page and 'value="yes" checked' not in page
    assert "Nobody answers what you write here." in page and "your local emergency number" in page
    assert not Answer.objects.exists() and not Tally.objects.exists()


def test_an_answer_is_kept_with_its_edition_and_day_alone(client, spots, unhurried):
    builders.published(builders.article(title="Spots, again"), **builders.WORDING)
    sent = opened(client, "no", edition=1)
    answer = client.post(ADDRESS, {**sent, "line": "  Too\r\nlong.\x07 "}, follow=True)
    assert answer.redirect_chain == [("/feedback/spots/thanks/", 302)]
    assert not answer.cookies and not client.cookies
    kept = Answer.objects.get()
    assert (kept.edition.number, kept.useful, kept.line) == (1, False, "Too long.")
    assert kept.day == timezone.localdate()
    assert {field.name for field in Answer._meta.get_fields()} == {"id", "edition", "useful", "line", "day"}
    page = answer.content.decode()
    assert 'role="status"' in page and "autofocus" in page and f'href="{CONDITION}"' in page


def test_the_form_can_be_opened_alone_and_asks_for_the_live_edition(client, spots, unhurried):
    builders.published(builders.article(title="Spots, again"), **builders.WORDING)
    sent = fields_of(client.get(ADDRESS))
    client.post(ADDRESS, {**sent, "useful": "yes"})
    assert Answer.objects.get().edition.number == 2


@pytest.mark.parametrize("number", ["0", "2", "9" * 30, "-1", "x", "١"])
def test_an_edition_that_readers_never_saw_is_refused(number, client, spots):
    actions.freeze(builders.article(title="Not live"), **builders.ADVICE)
    assert client.post(ADDRESS, {"edition": number, "useful": "no"}).status_code == 404


def test_a_form_of_another_page_is_not_taken_for_this_one(client, spots, unhurried):
    builders.published(builders.article("lumps"))
    sent = opened(client)
    answer = client.post("/feedback/lumps/", {**sent, "line": "Some words."})
    assert answer.status_code == 422 and b"Some words." in answer.content and not Answer.objects.exists()


def test_there_is_nothing_to_ask_about_what_is_not_live(client, spots):
    builders.article("draft")
    assert client.get("/feedback/draft/").status_code == 404
    assert client.get("/feedback/draft/thanks/").status_code == 404


def test_words_written_while_the_page_is_withdrawn_are_kept(client, spots, unhurried):
    sent = opened(client)
    actions.withdraw(spots, reason="Old.")
    assert client.post(ADDRESS, {**sent, "line": "Thank you."}).status_code == 302
    assert Answer.objects.get().line == "Thank you."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("See https://spam.example/pills", "web address"),
        ("cheap at pills.shop today", "web address"),
        ("WWW.pills", "web address"),
        ("<a href=x>pills</a>", "web address"),
        ("write to me@mail.example", "e-mail address"),
        ("call me: (555) 010-0199", "long number"),
        ("x" * (MAX_LINE + 1), "shorter"),
    ],
)
def test_a_line_that_is_refused_is_said_why_beside_it_and_comes_back(line, said, client, spots, unhurried):
    answer = send(client, line)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Answer.objects.exists()
    assert 'role="alert"' in page and 'aria-invalid="true"' in page and 'aria-describedby="line-error' in page
    assert said in page and fields_of(answer)["line"] == line and 'value="no" checked' in page
    assert page.index("<title>Error:") < page.index("<h1>")


@pytest.mark.parametrize(
    "line", ["Use 2.5 ml, not 3.", "on 3 May 2026", "e.g. soap", "a<b", "I waited.Then it went."]
)
def test_an_ordinary_line_is_taken(line, client, spots, unhurried):
    assert send(client, line).status_code == 302
    assert Answer.objects.get().line == line


def test_neither_yes_nor_no_keeps_the_words_and_asks_again(client, spots, unhurried):
    answer = client.post(ADDRESS, {**opened(client), "useful": "perhaps", "line": "Some words."})
    assert answer.status_code == 422 and b"Some words." in answer.content
    assert b'aria-describedby="useful-error"' in answer.content


def test_a_form_sent_at_once_is_asked_for_once_more_and_then_taken(client, spots, monkeypatch):
    answer = send(client, "Some words.")
    assert answer.status_code == 422 and b"very fast" in answer.content and b"Some words." in answer.content
    monkeypatch.setattr("education.feedback.sheets.MIN_AGE", timedelta(days=-1))
    assert client.post(ADDRESS, fields_of(answer)).status_code == 302
    assert Answer.objects.get().line == "Some words."


@pytest.mark.parametrize("sheet", ["", "x", "1.2:3:4", "é" * 5000])
def test_a_form_that_is_not_ours_comes_back_with_its_words_and_can_be_sent_again(
    sheet, client, spots, unhurried
):
    answer = client.post(ADDRESS, {"sheet": sheet, "useful": "no", "line": "Some words."})
    assert answer.status_code == 422 and not Answer.objects.exists()
    assert client.post(ADDRESS, fields_of(answer)).status_code == 302
    assert Answer.objects.get().line == "Some words."


def test_a_form_sent_twice_is_one_answer(client, spots, unhurried):
    sent = opened(client)
    for _ in range(2):
        assert client.post(ADDRESS, sent).status_code == 302
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_another_site_cannot_answer(headers, client, spots):
    assert client.post(ADDRESS, {"edition": "1", "useful": "no"}, headers=headers).status_code == 403


def test_nothing_that_was_typed_is_in_an_address_or_a_log(client, spots, unhurried, caplog):
    with caplog.at_level(logging.DEBUG):
        answers = [send(client, "zebra"), send(client, "zebra@home.example")]
    logged = [r.getMessage() for r in caplog.records if not r.name.startswith("django.db")]
    assert "zebra" not in str(logged) and "zebra" not in answers[0]["Location"]


def test_what_is_typed_is_shown_as_text(client, spots, unhurried):
    answer = send(client, "<script>alert(1)</script> a@b")
    assert b"<script>" not in answer.content and b"&lt;script&gt;" in answer.content


def test_old_answers_go_with_the_next_one_and_by_the_command(client, spots, unhurried, capsys):
    edition, today = Edition.objects.get(document=spots), timezone.localdate()
    for days in (364, 365, 400):
        Answer.objects.create(edition=edition, useful=True, day=today - timedelta(days))
    Tally.objects.create(day=today - timedelta(1), bucket=1, count=1)
    assert Answer.objects.kept().count() == 1
    send(client)
    assert {(today - answer.day).days for answer in Answer.objects.all()} == {0, 364}
    assert not Tally.objects.filter(day__lt=today).exists()
    Answer.objects.create(edition=edition, useful=True, day=today - timedelta(365))
    call_command("delete_old_feedback")
    assert capsys.readouterr().out == "Deleted 1 answer.\n" and Answer.objects.count() == 2


def test_from_one_address_only_so_many_answers_are_taken_and_words_are_kept(
    client, spots, unhurried, monkeypatch, settings
):
    settings.SITE_IS_HTTPS = True
    monkeypatch.setattr(limits, "FROM_ONE_ADDRESS", 2)
    here, there = {"HTTP_X_REAL_IP": "192.0.2.1"}, {"HTTP_X_REAL_IP": "198.51.100.9"}
    assert limits.bucket_of(request_of(here), timezone.localdate()) != limits.bucket_of(
        request_of(there), timezone.localdate()
    )
    assert [send(client, **here).status_code for _ in range(2)] == [302, 302]
    answer = send(client, "Some words.", **here)
    assert answer.status_code == 429 and b"Some words." in answer.content
    assert send(client, **there).status_code == 302
    assert Answer.objects.count() == 3
    assert "192.0.2" not in str(list(Tally.objects.values()) + list(Answer.objects.values()))


@pytest.mark.parametrize(("wall", "number"), [("ABOUT_ONE_PAGE", 2), ("ON_THE_SITE", 2)])
def test_whatever_the_address_there_is_a_last_wall(wall, number, client, spots, unhurried, monkeypatch):
    monkeypatch.setattr(limits, wall, number)
    assert [send(client).status_code for _ in range(3)] == [302, 302, 429]
    assert Answer.objects.count() == number


def request_of(meta: dict[str, str]) -> Any:
    return type("Request", (), {"META": meta})()


def test_a_header_that_anybody_could_send_is_not_believed(settings):
    settings.SITE_IS_HTTPS = False
    forged = {"HTTP_X_REAL_IP": "192.0.2.1", "REMOTE_ADDR": "127.0.0.1"}
    assert limits.bucket_of(request_of(forged), timezone.localdate()) is None


@pytest.mark.parametrize("told", ["", "x", "127.0.0.1", "::1", "192.0.2.1, 10.0.0.1", "1" * 5000])
def test_an_address_that_tells_nothing_puts_nobody_into_one_bucket_with_all(told, settings):
    settings.SITE_IS_HTTPS = True
    assert limits.bucket_of(request_of({"HTTP_X_REAL_IP": told}), timezone.localdate()) is None


def test_a_bucket_is_one_of_few_holds_a_household_and_changes_with_the_day_and_the_key(settings):
    settings.SITE_IS_HTTPS = True
    today = timezone.localdate()

    def bucket(address: str, days: int = 0) -> Any:
        return limits.bucket_of(request_of({"HTTP_X_REAL_IP": address}), today + timedelta(days))

    many = [f"198.51.{a}.{b}" for a in range(64) for b in range(64)]
    buckets = [bucket(address) for address in many]
    assert max(buckets) < limits.BUCKETS
    # By chance, some addresses share a bucket: none can be told from a bucket.
    assert 0.55 * len(many) < len(set(buckets)) < 0.7 * len(many)
    assert bucket("2001:db8::1") == bucket("2001:db8::ffff:2") and bucket("::ffff:192.0.2.1") == bucket(
        "192.0.2.1"
    )
    assert [bucket(a, 1) for a in many] != buckets
    settings.SECRET_KEY = "another key, as long as keys have to be, for this test of ours"
    assert [bucket(a) for a in many] != buckets


@given(st.text(max_size=400))
def test_no_line_is_an_error_and_what_is_kept_is_one_plain_line(line):
    form = AnswerForm({"useful": "no", "line": line})
    if form.is_valid():
        kept = form.cleaned_data["line"]
        assert len(kept) <= MAX_LINE and kept == " ".join(kept.split())
        assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", kept)


def test_the_form_and_the_thanks_take_few_queries(client, spots, unhurried, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        sent = opened(client)
    with django_assert_max_num_queries(2):
        client.get(f"{ADDRESS}thanks/")
    with django_assert_max_num_queries(14):
        client.post(ADDRESS, sent)
