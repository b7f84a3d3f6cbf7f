"""Headers, cookies, hosts, methods and queries of reader pages."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from education.web import inline_css
from education.web.origin_check import is_post_only
from tests import factories
from tests.public_pages.all_urls import CHECKLIST, CONDITION, FACES, PACK

pytestmark = pytest.mark.django_db

# Only a search that finds nothing looks for near words, and counts that.
MISS = "/search/?q=nothing+at+all"
QUERIES = {CONDITION: 4, "/": 3, "/healthz": 3, "/search/?q=spots": 3, MISS: 14}


@pytest.mark.parametrize("address", [*FACES, "/healthz"])
def test_reader_page_takes_few_queries(address, client, spots):
    # The first asks once more for each list of editions that no page has shown yet.
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= QUERIES.get(address, 6), [query["sql"] for query in queries]


def test_query_count_is_independent_of_site_size(client, spots):
    for address in (MISS, *FACES):
        client.get(address)
    with CaptureQueriesContext(connection) as few:
        for address in FACES:
            client.get(address)
    for number in range(5):
        factories.publish_documents(factories.cause(f"cause-{number}"))
        factories.publish_documents(
            factories.article(f"page-{number}", causes=("oil", f"cause-{number}"))
        )
    for address in FACES:
        client.get(address)
    with CaptureQueriesContext(connection) as many:
        for address in FACES:
            client.get(address)
    # The page of a cause that many articles explain asks for the list of them.
    assert len(few) <= len(many) <= len(few) + 1


@pytest.mark.parametrize("address", [*FACES, "/no-such-page/", "/conditions/no-such/"])
def test_reader_page_sets_no_cookie_and_no_vary_on_cookie(address, client, spots):
    answer = client.get(address)
    assert not answer.cookies
    assert "cookie" not in answer.headers.get("Vary", "").casefold()


@pytest.mark.parametrize("address", [*FACES, "/no-such-page/", "/healthz"])
def test_every_page_has_strict_csp_and_security_headers(address, client, spots):
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert directives["default-src"] == "'none'"
    assert "script-src" not in directives
    assert directives["style-src"] == " ".join(("'self'", *inline_css.CSP_HASHES))
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_static_file_has_its_own_csp_and_no_page_headers(client):
    answer = client.get("/favicon.svg")
    assert b"".join(answer).startswith(b"<svg")
    headers = answer.headers
    # A drawing holds its own style, and no browser lets it do anything else.
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    assert headers["Content-Security-Policy"] == policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert not {"Permissions-Policy", "Access-Control-Allow-Origin"} & set(headers)


@pytest.mark.parametrize("address", FACES)
def test_page_has_no_script_no_inline_style_and_one_style_sheet(address, client, spots):
    page = client.get(address).content.decode()
    # A block of data is no script: no browser runs it.
    assert page.count("<script") == page.count('<script type="application/ld+json">') <= 1
    assert " style=" not in page and "javascript:" not in page
    assert not re.search(r"\son[a-z]+=", page)
    (sent,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert sent in {sheet.css for sheet in inline_css.STYLESHEETS.values()}
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!127\.0\.0\.1)', page.split("<main")[0])


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a b", ""])
def test_unknown_host_is_refused_in_plain_words(host, client, spots):
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content and b"<h1" in answer.content


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("address", [face for face in FACES if face not in {CHECKLIST, PACK}])
def test_reader_pages_are_read_only(method, address, spots):
    assert getattr(Client(), method)(address).status_code in {403, 405}


@pytest.mark.parametrize("address", FACES)
def test_head_request_is_answered_without_a_body(address, client, spots):
    answer = client.head(address)
    assert answer.status_code == 200 and not answer.content


def test_unchanged_page_is_not_sent_again(client, spots):
    first = client.get(CONDITION)
    again = client.get(CONDITION, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


def views_of(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern


def test_csrf_exempt_views_are_the_reader_forms_only():
    exempt = {
        p.name
        for p in views_of(get_resolver().url_patterns)
        if getattr(p.callback, "csrf_exempt", False)
    }
    guarded = {
        p.name
        for p in views_of(get_resolver().url_patterns)
        if getattr(p.callback, "same_origin_post", False)
    }
    self_check = {f"self-check-{page}" for page in ("begin", "step", "clear", "finish")}
    assert (
        exempt
        == guarded
        == {"checklist", "checklist-result", "checklist-clear", "feedback", "handouts", *self_check}
    )


def test_post_only_views_are_those_without_a_page(rf):
    outside_admin = [
        pattern
        for pattern in get_resolver().url_patterns
        if getattr(pattern, "namespace", None) != "admin"
    ]
    readers = list(views_of(outside_admin))
    post_only = {p.name for p in readers if is_post_only(p.callback)}
    assert post_only == {
        p.name for p in readers if p.callback(rf.trace("/")).headers.get("Allow") == "POST"
    }
    assert post_only == {
        "checklist-clear",
        *(f"self-check-{p}" for p in ("begin", "clear", "finish")),
    }


def test_the_cookies_of_staff_stay_on_the_addresses_of_staff(client, db):
    answer = client.get("/admin/login/")
    assert answer.cookies
    assert {cookie["path"] for cookie in answer.cookies.values()} == {"/admin/"}
    assert settings.SESSION_COOKIE_PATH == "/admin/"


@pytest.mark.ignore_template_errors
def test_admin_runs_its_own_scripts_under_a_strict_csp(admin_client):
    for address in ("/admin/", "/admin/publishing/edition/"):
        policy = admin_client.get(address).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy
