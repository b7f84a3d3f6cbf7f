"""The live preview: equal to the page, with publication problems, for staff only."""

from __future__ import annotations

import pytest
from django.test import Client

from education import markdown
from education.publishing.content import clean_line, clean_text
from education.references.citations import Citations
from education.references.models import SourceList
from tests import factories
from tests.markdown.hostile_texts import HOSTILE_TEXTS
from tests.markdown.html_checker import element_text, elements, find_violations

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/markdownx/markdownify/"
TAGS_OF_ADVICE = {"div", "p", "ul", "li", "strong", "q", "button", "span"}
TEXT = "# Wash gently\n\nSkin makes **oil** [@leaflet], often [@other]. [NHS](https://nhs.uk)\n\n- one\n- two\n"


def shown(client, text, query=""):
    answer = client.post(PREVIEW + query, {"content": text})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def writer(staff):
    return staff("wanda", "articles.change_article")


@pytest.mark.parametrize("level", [3, 4, 5, 6])
def test_preview_equals_the_page_with_citations(level, writer):
    factories.sources("other")
    cite = Citations(SourceList.objects.get().draft_content())
    expected = markdown.render(TEXT, level=level, cite=cite, id_prefix="preview-")
    assert "<h" in expected and expected.count("<sup>") == 2
    assert shown(writer, TEXT, f"?level={level}") == expected


def test_preview_begins_at_heading_level_three_by_default(writer):
    assert shown(writer, "# A") == markdown.render("# A", level=3, id_prefix="preview-")


def test_preview_of_one_line_equals_the_page(writer):
    factories.sources()
    line = "Skin makes\r\n  **oil** [@leaflet] "
    cite = Citations(SourceList.objects.get().draft_content())
    assert shown(writer, line, "?inline=1") == markdown.render_inline(clean_line(line), cite=cite)


def test_preview_shows_text_as_it_will_be_stored(writer):
    typed = "# Wash\r\n\r\ngen\u200btly\x07 \u202eand\u202c  \r\nwarm\r\n"
    assert shown(writer, typed) == markdown.render(clean_text(typed), level=3, id_prefix="preview-")


def test_source_in_working_copy_only_can_be_cited(writer):
    sources = factories.sources()
    sources.sources.create(key="new-one", title="", order=9)
    html = shown(writer, "Oil [@new-one].")
    assert 'href="#s1"' in html and "markdown-problems" not in html


def test_unknown_source_is_marked_and_named(writer):
    for begin in (lambda: None, factories.sources):
        begin()
        html = shown(writer, "Oil [@nobody].")
        assert html.startswith(markdown.render("Oil [@nobody].", cite=lambda key: None))
        assert [element_text(item) for item in elements(html, "li")] == [
            (
                "There is no source “nobody”. Add it to the list of sources and publish the list with this, "
                "or correct the key."
            )
        ]


def test_publication_problems_are_listed_below_the_text(writer):
    text = "![](/media/a.webp) [x](javascript:alert(1)) <b>"
    html = shown(writer, text)
    assert html.startswith(markdown.render(text, id_prefix="preview-"))
    listed = elements(html, "ul")
    assert [each.attrib for each in listed] == [{"class": "markdown-problems"}]
    assert [element_text(item) for item in elements(html, "li")] == markdown.validate(text)
    assert len(markdown.validate(text)) == 2


def test_text_beyond_a_limit_is_answered_with_a_sentence(writer):
    html = shown(writer, "[" * 1500 + "<script>")
    (problem,) = elements(html)
    assert (problem.tag, problem.attrib) == ("p", {"class": "markdown-problem"})
    assert "opening square brackets" in element_text(problem)
    assert "longer than 60000" in shown(writer, "a" * 70_000)


def test_empty_text_has_an_empty_preview(writer):
    assert shown(writer, "") == ""
    assert shown(writer, " \n ") == ""


def test_hostile_text_is_harmless_in_the_preview(writer):
    for text in HOSTILE_TEXTS[::7]:
        if "\ud800" in text or "\ud83d" in text:
            continue
        for query in ("", "?inline=1"):
            html, begins, advice = shown(writer, text, query).partition(
                '<div class="writing-help" role="group"'
            )
            assert {each.tag for each in elements(begins + advice)} <= TAGS_OF_ADVICE, text
            html = html.partition('<ul class="markdown-problems">')
            assert find_violations(html[0]) == [], text
            assert {each.tag for each in elements(html[2])} <= {"li"}, text


def test_heading_ids_never_equal_form_ids(writer):
    html = shown(writer, "# Content main\n\n# Csrfmiddlewaretoken\n")
    assert [each.attrib["id"] for each in elements(html)] == [
        "preview-content-main",
        "preview-csrfmiddlewaretoken",
    ]


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("", {}),
        ("", {"text": "a"}),
        ("?level=2", {"content": "a"}),
        ("?level=7", {"content": "a"}),
        ("?level=", {"content": "a"}),
        ("?level=x", {"content": "a"}),
        ("?level=٣", {"content": "a"}),
        ("?level=3.0", {"content": "a"}),
        ("?level=-3", {"content": "a"}),
        ("?inline=2", {"content": "a"}),
        ("?inline=", {"content": "a"}),
        ("?level=<script>", {"content": "a"}),
        ("", {"content": "not text: \ufffd"}),
    ],
)
def test_bad_request_is_answered_with_400_and_plain_text(query, data, writer):
    answer = writer.post(PREVIEW + query, data)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert b"<" not in answer.content and answer.content.endswith(b".")


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"content=%FF%FE", FORM),
        (b"content=" + b"a" * 10_000_000, FORM),
        (b"content=a", f"{FORM}; charset=utf-16"),
        (b"&".join(b"a%d=1" % number for number in range(3000)), FORM),
        (b'{"content": "a"}', "application/json"),
        (b"content=a", "text/plain"),
        (b"", "multipart/form-data"),
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="content"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="content"\r\n\r\n'
            + b"a" * 10_000_000
            + b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
        (b"content=a", "multipart/form-data; boundary=\xff".encode("latin-1").decode("latin-1")),
    ],
)
@pytest.mark.ignore_template_errors
def test_invalid_body_is_answered_with_400(body, kind, writer):
    answer = writer.post(PREVIEW, body, content_type=kind)
    assert answer.status_code == 400


def test_method_other_than_post_is_refused(writer):
    for method in ("get", "head", "put", "patch", "delete", "options"):
        assert getattr(writer, method)(PREVIEW).status_code == 405


def test_preview_is_not_cached_by_browsers(writer):
    answer = writer.post(PREVIEW, {"content": "a"})
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_strangers_and_staff_without_permission_get_same_refusal(staff, django_user_model):
    factories.make_small_site()
    reader = Client()
    reader.force_login(django_user_model.objects.create_user("patient"))
    gone = Client()
    gone.force_login(django_user_model.objects.create_superuser("gone", is_active=False))
    clients = [Client(), staff("nobody"), staff("images-only", "media.add_image"), reader, gone]
    for method in ("get", "head", "post", "options"):
        for query in ("", "?level=9"):
            answers = [
                getattr(client, method)(PREVIEW + query, {"content": "Secret"})
                for client in clients
            ]
            assert {answer.status_code for answer in answers} == {403}
            assert len({answer.content for answer in answers}) == 1
            assert all("no-store" in answer.headers["Cache-Control"] for answer in answers)
            assert not any(
                b"Secret" in answer.content or b"<" in answer.content for answer in answers
            )


@pytest.mark.parametrize(
    "permission",
    [
        f"{kind}.{action}_{model}"
        for action in ("add", "change")
        for kind, model in (
            ("articles", "article"),
            ("articles", "cause"),
            ("checklists", "checklist"),
            ("references", "glossary"),
            ("references", "sourcelist"),
            ("selfcheck", "selfcheck"),
        )
    ],
)
def test_author_of_any_kind_may_preview(permission, staff):
    assert shown(staff("wanda", permission), "a") == "<p>a</p>\n"


def test_viewer_may_not_preview(staff):
    assert staff("vera", "articles.view_article").post(PREVIEW, {"content": "a"}).status_code == 403


@pytest.mark.ignore_template_errors
def test_preview_without_csrf_token_is_refused(writer):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = writer.cookies
    assert strict.post(PREVIEW, {"content": "a"}).status_code == 403
    strict.get("/admin/password_change/")
    token = strict.cookies["csrftoken"].value
    assert strict.post(PREVIEW, {"content": "a", "csrfmiddlewaretoken": token}).status_code == 200


@pytest.mark.parametrize(
    "address", ["/markdownx/", "/markdownx/markdownify/", "/markdownx/upload/"]
)
def test_markdownx_own_urls_do_not_exist(address, writer):
    for client in (Client(), writer):
        assert client.get(address).status_code == 404
        assert client.post(address, {"content": "a"}).status_code == 404
