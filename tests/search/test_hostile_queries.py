"""Every query is answered, and its text is escaped."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from education.search.search import MAX_QUERY, run_search
from education.search.tokenizer import tokenize
from tests import factories

pytestmark = pytest.mark.django_db

NASTY = [
    '"',
    '"spots',
    "'; DROP TABLE search_indexentry; --",
    "spots AND",
    "NEAR(spots oil, 2)",
    "spots* OR *",
    "name : spots",
    "{name also} : spots",
    "^spots + oil - pore",
    "spots:* & !oil | (pore",
    "spots\x00oil",
    "%", "100% _spots_ \\%",
    "a" * 100_000,
    "spots " * 50_000,
    "\u202espots\u202c بقع على الظهر",
    "👩🏽‍⚕️ spots 🧴",
    "\ud800\udfff spots \udcff",
    "ﬃ ½ ² Ⅷ ß İ ı ſ ŉ",
    "e\u0301" * 500,
    "\u0e01\u0e33 斑点 スポット",
    "𝓼𝓹𝓸𝓽𝓼 ｓｐｏｔｓ",
    "\U0001e900\U0001e901 \U00016e40",
    "²" * 50, "_" * 50, "0" * 60, "-1e309 0x7f 1_000",
    "<script>alert(1)</script>",
    "{{ clinic.name }} {% url 'home' %}",
    "s", "the of and", "   ", "\r\n\t",
]  # fmt: skip


@pytest.fixture
def spots(db):
    return factories.make_small_site()


@pytest.mark.parametrize("question", NASTY, ids=range(len(NASTY)))
def test_hostile_query_is_answered(question, client, spots):
    run_search(question, "en")
    raw = quote(question.encode("utf-8", "surrogatepass"))
    answer = client.get(f"/search/?q={raw}")
    assert answer.status_code == 200
    html5lib.HTMLParser(strict=True).parse(answer.content.decode())
    assert b"<script" not in answer.content


def test_invalid_bytes_are_answered(client, spots):
    assert client.get("/search/?q=%ff%fe%00spots%c3").status_code == 200


@given(question=st.text(max_size=60))
@example(question='" OR "')
@example(question="\ud834")
def test_any_query_is_answered(spots, question):
    found = run_search(question, "en")
    assert found.count >= 0


operators = st.lists(
    st.sampled_from(
        ["spots", "oil", "AND", "OR", "NOT", "NEAR", "(", ")", '"', "*", ":", "^", "-", "+", "'"]
    ),
    max_size=12,
).map(" ".join)


@given(question=operators)
def test_punctuation_and_operators_have_no_meaning(spots, question):
    words = {word.normalized for word in tokenize(question[:MAX_QUERY], "en")} & {"spots", "oil"}
    hits = [hit for group in run_search(question, "en").groups for hit in group.hits]
    if words:
        assert hits


@given(text=st.text(alphabet=st.characters(), max_size=80))
def test_every_indexed_word_is_one_alphanumeric_token(text):
    for word in tokenize(text, "en"):
        assert word.normalized.isalnum() and word.stem.isalnum() and len(word.normalized) <= 40
        assert text[word.start : word.end]


def test_match_is_marked_and_text_around_it_escaped(client, spots):
    factories.publish_documents(factories.cause("lumps", text="Say < zebra> & “okapi” now."))
    page = client.get("/search/?q=zebras").content.decode()
    assert "&lt; <mark>zebra</mark>&gt; &amp;" in page


def test_typed_query_is_escaped(client, spots):
    typed = '"><img src=x onerror=alert(1)>'
    page = client.get("/search/", {"q": typed}).content.decode()
    assert "<img" not in page and escape(typed, quote=False).replace('"', "&quot;") in page
