"""The freshness of a handout by its code, after each kind of change of its page."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from random import Random
from string import ascii_letters, digits
from urllib.parse import quote, urlencode

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education.articles.models import Article
from education.clinic.models import Clinic
from education.handouts.codes import ALPHABET, LOOK_ALIKES, PRIME, decode, encode
from education.handouts.latest_publication import latest_publication_id
from education.handouts.print_options import PrintOptions
from education.publishing import actions
from education.publishing.models import Document, Publication
from tests import factories
from tests.factories import ADVICE, SIGNS, WORDING, check_wording, publish_documents
from tests.handouts.handout_helpers import code_url, find_code, main_text, print_code

pytestmark = pytest.mark.django_db

CURRENT = "This paper is up to date"
WORDS_CHANGED = "The advice on this paper still holds"
TEXT_CHANGED = "The text has changed since this paper was printed. Ask us."
ADVICE_CHANGED = "Our advice has changed since this paper was printed"
GONE = "Do not rely on this paper any more"
UNKNOWN = "No paper from this site has this code."
LOOKS_LIKE = str.maketrans(LOOK_ALIKES)
# Of each sort of mistake: in a long run, 100,000 in all.
TYPED = max(60, int(os.environ.get("PROVE_EXAMPLES", "0")))
THREE = ("oil", "sweat", "salt")
EMERGENCY = "In an emergency, call"


@pytest.fixture
def spots(db: None) -> Article:
    """The article of a small live site."""
    return factories.make_small_site()


def look(client: Client, code: str, status: int = 200) -> str:
    """The words of the page that a code leads to: whole, found by no search engine, keeping
    nothing.
    """
    answer = client.get(code_url(code))
    assert answer.status_code == status, answer
    html = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    assert '<meta name="robots" content="noindex">' in html
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    shown = main_text(html)
    assert EMERGENCY in shown
    return shown


def test_handout_printed_now_is_current(client: Client, spots: Article) -> None:
    shown = look(client, print_code(spots))
    assert CURRENT in shown and "On your paper: edition 1" in shown
    assert "What changed" not in shown


NOT_ON_PAPER = {
    "areas": {"areas": ("neck",)},
    "looks": {"looks_like": ("rash",)},
    "picture": {"picture": "back"},
    "drawing of self-care": {"self_care_picture": "warm-cloth"},
    "table": {
        "glance_looks": "White",
        "glance_hurts": "No",
        "glance_comes_out": "Oil",
        "glance_helps": "Soap",
    },
}


@pytest.mark.parametrize("changes", NOT_ON_PAPER.values(), ids=NOT_ON_PAPER)
def test_change_that_is_on_no_handout_keeps_it_current(changes, client, spots):
    code = print_code(spots)
    content = spots.content()
    if "glance_looks" in changes or "self_care_picture" in changes:
        changes = {"causes": tuple(row.model_copy(update=changes) for row in content.causes)}
    spots.load_content(content.model_copy(update=changes))
    publish_documents(spots, **ADVICE)
    assert CURRENT in look(client, code)


def test_changed_text_says_to_ask_the_clinic_until_compared(client, spots):
    code = print_code(spots)
    publish_documents(factories.article(introduction="Most people get **some** spots."), **WORDING)
    shown = look(client, code)
    assert TEXT_CHANGED in shown and "No clinician has compared them yet." in shown
    assert WORDS_CHANGED not in shown and ADVICE_CHANGED not in shown
    check_wording(spots)
    shown = look(client, code)
    assert WORDS_CHANGED in shown and TEXT_CHANGED not in shown


# P4
def test_corrected_spelling_keeps_handout_current_and_reviewed(client, spots):
    publish_documents(factories.article("lumps", introduction="Many people get lumps."))
    publish_documents(factories.article(introduction="Manny people get spots."), **WORDING)
    check_wording(spots)
    code = print_code(spots)
    publish_documents(factories.article(introduction="Many people get spots."), **WORDING)
    shown = look(client, code)
    assert WORDS_CHANGED in shown and "Small correction" in shown


def test_handout_of_an_edition_never_compared_is_text_changed(client, spots):
    first = print_code(spots)
    publish_documents(factories.article(introduction="Many people get spots."), **WORDING)
    second = print_code(spots)
    publish_documents(factories.article(introduction="A lot of people get spots."), **WORDING)
    check_wording(spots)
    # What was on the second paper was compared with neither.
    assert WORDS_CHANGED in look(client, first) and TEXT_CHANGED in look(client, second)


def test_wording_change_says_same_advice_and_shows_every_word(client, spots):
    code = print_code(spots)
    publish_documents(factories.article(introduction="Most people get **some** spots."), **WORDING)
    check_wording(spots)
    shown = look(client, code)
    assert WORDS_CHANGED in shown and ADVICE_CHANGED not in shown
    assert (
        "Now: edition 2" in shown and "Said more plainly." in shown and "Wording changed" in shown
    )
    html = client.get(code_url(code)).content.decode()
    assert (
        "<ins>" in html
        and "some" in html
        and 'href="/handouts/spots/?print=normal&amp;extent=everything"' in html
    )
    assert CURRENT in look(client, print_code(spots))


def test_advice_change_warns_and_shows_what_changed(client, spots):
    code = print_code(spots)
    changed = factories.article(do=["Wash with warm water.", "See a doctor early."])
    publish_documents(changed, note="See a doctor early.")
    shown = look(client, code)
    assert ADVICE_CHANGED in shown and "Advice changed" in shown
    assert (
        "Do: added" not in shown
        and "Do › line 2: added" in shown
        and "See a doctor early." in shown
    )
    assert (
        'href="/handouts/spots/?print=normal&amp;extent=everything"'
        in client.get(code_url(code)).content.decode()
    )


def test_advice_change_before_a_wording_change_counts(client, spots):
    code = print_code(spots)
    publish_documents(factories.article(do=["Wash with soap."]), note="Soap is better.")
    publish_documents(factories.article(do=["Wash with mild soap."]), **WORDING)
    shown = look(client, code)
    assert ADVICE_CHANGED in shown
    assert shown.index("Said more plainly.") < shown.index("Soap is better.")


def test_advice_of_an_unpublished_edition_counts_with_the_next(client, spots):
    code = print_code(spots)
    actions.freeze(factories.article(do=["Wash with soap."]), **ADVICE)
    (edition,) = publish_documents(factories.article(do=["Wash with mild soap."]), **WORDING)
    assert edition.change == "advice"
    assert ADVICE_CHANGED in look(client, code)


def test_reverted_text_makes_the_handout_current_again(client, spots):
    code = print_code(spots)
    publish_documents(factories.article(do=["Wash with soap."]), note="Soap is better.")
    assert ADVICE_CHANGED in look(client, code)
    publish_documents(factories.article(), note="Water is enough.")
    assert CURRENT in look(client, code)


@pytest.mark.parametrize(
    ("word", "verdict"), [("again", "TEXT_CHANGED"), ("fast", "ADVICE_CHANGED")]
)
def test_checklist_sign_counts_for_the_page_that_prints_it(client, spots, word, verdict):
    code = print_code(spots)
    signs = [{**sign, "text": f"{sign['text']} {word}"} for sign in SIGNS]
    publish_documents(factories.checklist(signs=signs), **WORDING)
    shown = look(client, code)
    assert globals()[verdict] in shown
    assert "in a part of this page: When to see a doctor" in shown
    assert "What a person notices: changed" in shown and "When to get help" in shown


def test_new_sign_is_shown_with_its_text(client, spots):
    code = print_code(spots)
    sign = {
        "key": "bad-smell",
        "urgency": "routine",
        "text": "It smells bad",
        "sources": ["leaflet"],
    }
    publish_documents(factories.checklist(signs=[*SIGNS, sign]), note="One sign more.")
    shown = look(client, code)
    assert ADVICE_CHANGED in shown and "It smells bad" in shown and "Sources: The leaflet" in shown
    assert "Key:" not in shown


def test_name_of_a_cause_counts_and_its_general_text_does_not(client, spots):
    code = print_code(spots)
    publish_documents(factories.cause(text="Skin makes oil, all day."), **ADVICE)
    assert CURRENT in look(client, code)
    publish_documents(factories.cause(text="Skin makes oil, all day.", name="Skin oil"), **WORDING)
    shown = look(client, code)
    assert CURRENT not in shown and "Skin oil" in shown


def test_source_counts_only_if_the_handout_names_it(client, spots):
    code = print_code(spots)
    publish_documents(factories.sources("brochure"), **ADVICE)
    assert CURRENT in look(client, code)
    rows = [
        {
            "key": "leaflet",
            "title": "The leaflet",
            "publisher": "A clinic",
            "withdrawn": "It was wrong.",
        }
    ]
    source_list = Document.objects.get(kind="sources").working_copy()
    source_list.load_content(source_list.CONTENT.validate_values("sources", {"sources": rows}))
    publish_documents(source_list, note="We no longer rely on the leaflet.")
    shown = look(client, code)
    assert ADVICE_CHANGED in shown and "It was wrong." in shown


@pytest.mark.parametrize("kind", ["article", "checklist"])
def test_new_title_of_a_source_does_not_change_the_signs(client, spots, kind):
    page = Document.objects.get(kind=kind)
    code = print_code(page)
    titled = {"key": "leaflet", "title": "The leaflet of the clinic", "publisher": "A clinic"}
    publish_documents(
        factories._save(factories.SourceList, "sources", {"sources": [titled]}), **WORDING
    )
    shown = look(client, code)
    assert CURRENT not in shown and "Title: changed" in shown and "of the clinic" in shown
    assert "Signs ›" not in shown


def test_added_and_removed_causes_are_shown(client, spots):
    code = print_code(spots)
    publish_documents(
        factories.cause("sweat"), factories.article(causes=("sweat",)), note="Not oil."
    )
    shown = look(client, code)
    assert ADVICE_CHANGED in shown
    assert "Causes › Sweat: added" in shown and "Causes › Oil: removed" in shown
    assert "This is how sweat makes spots." in shown


def test_replaced_checklist_counts_as_advice(client, spots):
    code = print_code(spots)
    signs = [SIGNS[0], {**SIGNS[1], "text": "The pain moves"}, SIGNS[2]]
    publish_documents(
        factories.checklist("other", signs=signs), factories.article(checklist="other"), **ADVICE
    )
    shown = look(client, code)
    assert ADVICE_CHANGED in shown and "moves" in shown


def new_handout(client: Client, old: str) -> tuple[str, str]:
    """The handout that is offered in place of the paper with this code: its address,
    and its page.
    """
    html = client.get(code_url(find_code(old))).content.decode()
    (link,) = re.findall(r'href="(/handouts/spots/[^"]*)"', html)
    return unescape(link), client.get(unescape(link)).content.decode()


def with_three_causes() -> None:
    """The article as it explains three causes."""
    parts = [factories.cause(slug) for slug in THREE[1:]]
    publish_documents(*parts, factories.article(causes=THREE), **ADVICE)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?paper=letter",
        "?print=large",
        "?sections=some&section=about&section=notes",
        "?causes=none",
        "?cause=sweat",
        "?paper=a4&print=large&sections=some&section=pictures&cause=oil&cause=sweat",
    ],
)
def test_new_handout_link_has_the_options_of_the_old_one(client, spots, query):
    with_three_causes()
    old = client.get(f"/handouts/spots/{query}").content.decode()
    publish_documents(factories.article(causes=THREE, do=["Rest."]), **ADVICE)
    link, new = new_handout(client, old)
    assert link == f"/handouts/spots/{query}"
    assert decode(find_code(new)).options == decode(find_code(old)).options
    assert find_code(new) != find_code(old) and CURRENT in look(client, find_code(new))


@pytest.mark.parametrize(
    ("chosen", "causes", "offered"),
    [
        ("?cause=sweat", ("salt", "sweat"), "?cause=sweat"),
        ("?cause=oil&cause=sweat", ("salt", "sweat"), "?cause=sweat"),
        ("?cause=oil&cause=sweat", ("sweat",), ""),
        ("?print=large&cause=oil", ("salt", "sweat"), "?print=large"),
        ("?causes=none", ("salt",), "?causes=none"),
    ],
)
def test_chosen_causes_are_found_after_the_causes_changed(client, spots, chosen, causes, offered):
    with_three_causes()
    old = client.get(f"/handouts/spots/{chosen}").content.decode()
    publish_documents(factories.article(causes=causes), **ADVICE)
    assert new_handout(client, old)[0] == f"/handouts/spots/{offered}"


def test_new_handouts_of_a_pack_have_its_options(client, spots):
    lumps = factories.article("lumps")
    publish_documents(lumps)
    code = print_code(spots, lumps, options=PrintOptions("letter", "large", causes=()).as_int)
    publish_documents(
        factories.article("lumps", do=["Wait."]), factories.article(do=["Rest."]), **ADVICE
    )
    html = client.get(code_url(code)).content.decode()
    for slug in ("spots", "lumps"):
        assert f'href="/handouts/{slug}/?paper=letter&amp;print=large&amp;causes=none"' in html


def test_code_with_impossible_options_is_unknown(client, spots):
    (newest,) = Publication.objects.filter(document=spots)
    assert UNKNOWN in look(client, encode([spots.pk], 2**40, newest.pk), 404)


def test_withdrawn_page_shows_reason_and_replacement(client, spots):
    code = print_code(spots)
    publish_documents(factories.article("lumps"))
    actions.withdraw(
        spots, reason="The advice was out of date.", redirect_to=Document.objects.get(slug="lumps")
    )
    shown = look(client, code)
    assert GONE in shown and "The advice was out of date." in shown
    html = client.get(code_url(code)).content.decode()
    assert 'href="/conditions/lumps/"' in html and "/handouts/spots/" not in html
    assert "Most people get spots" not in html


def test_page_live_again_after_withdrawal_is_compared_by_text(client, spots):
    code = print_code(spots)
    actions.withdraw(spots, reason="We are checking it.")
    publish_documents(spots, **WORDING)
    assert CURRENT in look(client, code)
    actions.withdraw(spots, reason="We are checking it again.")
    publish_documents(factories.article(introduction="Most people get a spot."), **WORDING)
    shown = look(client, code)
    assert TEXT_CHANGED in shown
    assert "Withdrawn for a time" in shown and "We are checking it again." in shown


def test_scheduled_change_counts_from_its_second_cancelled_never(client, spots):
    code = print_code(spots)
    moment = timezone.now() + timedelta(seconds=1.2)
    (cancelled,) = actions.publish(
        [factories.article(introduction="Never seen.")], at=moment + timedelta(hours=1), **ADVICE
    )
    publish_documents(
        factories.article(introduction="Seen 2 days later."), at=moment, cancel_acts=(), **ADVICE
    )
    shown = look(client, code)
    assert CURRENT in shown and "Seen 2 days later" not in shown
    actions.cancel(cancelled)
    while timezone.now() < moment:
        time.sleep(0.05)
    shown = look(client, code)
    assert ADVICE_CHANGED in shown and "Seen 2 days later." in shown and "Never seen" not in shown
    assert CURRENT in look(client, print_code(spots))


def test_print_before_and_after_a_scheduled_start_differ(client, spots):
    moment = timezone.now() + timedelta(seconds=1)
    publish_documents(factories.article(introduction="Spots go after 2 days."), at=moment, **ADVICE)
    publish_documents(factories.cause(name="Skin oil"), **WORDING)
    before = print_code(spots)
    while timezone.now() < moment:
        time.sleep(0.05)
    after = print_code(spots)
    assert before != after
    assert ADVICE_CHANGED in look(client, before) and CURRENT in look(client, after)


def test_pack_shows_each_page_and_has_the_worst_freshness(client, spots):
    lumps = factories.article("lumps")
    publish_documents(lumps)
    code = print_code(spots, lumps, Document.objects.get(kind="checklist"))
    assert CURRENT in look(client, code)
    publish_documents(factories.article("lumps", do=["Wait 2 days."]), **ADVICE)
    shown = look(client, code)
    assert ADVICE_CHANGED in shown
    html = client.get(code_url(code)).content.decode()
    assert html.count('data-verdict="current"') == 2 and html.count('data-verdict="advice"') == 1
    actions.withdraw(spots, reason="Wrong.")
    assert GONE in look(client, code)


def test_printable_self_check_depends_on_its_questions_and_signs(client, spots):
    check = factories.self_check()
    publish_documents(check)
    code = print_code(check)
    publish_documents(factories.article(summary="Spots are very common. Wash gently."), **WORDING)
    publish_documents(factories.self_check(introduction="Answer for yourself, please."), **WORDING)
    assert CURRENT in look(client, code)
    signs = [{**sign, "text": f"{sign['text']} again"} for sign in SIGNS]
    row = factories.checklist(signs=signs)
    publish_documents(row, **WORDING)
    shown = look(client, code)
    assert TEXT_CHANGED in shown and "again" in shown
    check_wording(row)
    assert TEXT_CHANGED in look(client, code)
    check_wording(check)
    assert WORDS_CHANGED in look(client, code)
    assert 'href="/self-check/skin-check/paper/"' in client.get(code_url(code)).content.decode()
    Clinic.objects.create(pk=1, self_checks_enabled=False)
    shown = look(client, code)
    assert GONE in shown and "We do not offer this self-check any more." in shown


def test_code_is_found_however_it_is_typed(client, spots):
    code = print_code(spots)
    typed = f" {code[:2].lower()}-{code[2:]} "
    answer = client.get("/h/", {"code": typed})
    assert answer.status_code == 302 and answer["Location"] == code_url(code)
    answer = client.get(f"/h/{code[:1].lower()}-{code[1:]}/")
    assert answer.status_code == 301 and answer["Location"] == code_url(code)
    assert client.get("/h/").status_code == 200
    assert client.post("/h/", {"code": code}).status_code == 405


@pytest.mark.parametrize(
    "typed",
    [
        "http://testserver/h/{code}/",
        "https://clinic.example/h/{code}",
        "clinic.example/h/{code}/.",
        "CLINIC.EXAMPLE/H/{code}/",
        " 127.0.0.1:8000/h/{code} / ",
        "h/{code}/",
        "/h/{code}.",
        "{code}/",
        "{code}. ",
    ],
)
def test_url_on_a_handout_can_be_typed_instead_of_its_code(client, spots, typed):
    code = print_code(spots)
    answer = client.get("/h/", {"code": typed.format(code=code)})
    assert answer.status_code == 302 and answer["Location"] == code_url(code)
    answer = client.get(f"/h/{code}./")
    assert answer.status_code == 301 and answer["Location"] == code_url(code)


def test_url_with_a_wrong_code_stays_in_the_field(client, spots):
    wrong = f"https://education.clinic.example/with/a/long/path/h/{print_code(spots)}1/"
    answer = client.get("/h/", {"code": wrong})
    assert answer.status_code == 404 and f'value="{wrong}"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "  "])
def test_empty_code_gets_a_message_that_links_to_the_field(client, typed):
    answer = client.get("/h/", {"code": typed})
    page = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert answer.status_code == 400 and "<title>Error: " in page
    assert '<a href="#code">Nothing was typed. Type the code on your paper.</a>' in page
    assert 'aria-describedby="error-title"' in page and "We do not know this code" not in page
    untouched = client.get("/h/").content.decode()
    assert (
        "Error" not in untouched
        and 'role="alert"' not in untouched
        and " required" not in untouched
    )


def test_wrong_code_gets_a_message_for_its_kind_of_error(client, spots):
    code = print_code(spots)
    wrong = code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]
    assert "One or more characters of the code are not right." in look(client, wrong, 404)
    assert "This does not look like one of our codes." in look(client, "what!", 400)
    for documents, publication in (([spots.pk], 9_999), ([9_999], 1), ([spots.pk], 2**63 - 1)):
        shown = look(client, encode(documents, 0, publication), 404)
        assert UNKNOWN in shown
    for typed in (wrong, "<script>", "a/b", "\0", "x" * 3000, "ß", "%"):
        answer = client.get("/h/", {"code": typed})
        assert answer.status_code in {400, 404} and b"<script>" not in answer.content
        html5lib.HTMLParser(strict=True).parse(answer.content.decode())


def test_code_with_an_impossible_publication_is_unknown(client, spots):
    publish_documents(factories.cause("sweat"), **ADVICE)
    other = Publication.objects.order_by("-pk").first()
    assert other
    look(client, encode([spots.pk], 0, other.pk), 404)
    (later,) = actions.publish(
        [factories.article(introduction="Later.")], at=timezone.now() + timedelta(hours=1), **ADVICE
    )
    look(client, encode([spots.pk], 0, later.pk), 404)
    actions.withdraw(spots, reason="Gone.")
    withdrawal = Publication.objects.get(edition=None)
    look(client, encode([spots.pk], 0, withdrawal.pk), 404)


def test_freshness_takes_at_most_six_queries_for_any_history(client, spots):
    code = print_code(spots)
    counts = []
    for number in range(3):
        publish_documents(factories.article(introduction=f"Text {number}."), **ADVICE)
        publish_documents(factories.cause(name=f"Oil {number}"), **WORDING)
        with CaptureQueriesContext(connection) as queries:
            look(client, code)
        counts.append(len(queries))
    assert counts == [5, 5, 5], [query["sql"] for query in queries.captured_queries]
    publish_documents(factories.article("lumps"))
    actions.withdraw(spots, reason="Gone.", redirect_to=Document.objects.get(slug="lumps"))
    with CaptureQueriesContext(connection) as queries:
        look(client, code)
    assert len(queries) == 6
    with CaptureQueriesContext(connection) as queries:
        latest_publication_id([spots.pk], timezone.now())
    assert len(queries) == 1


def test_checking_a_code_writes_nothing(client, spots):
    code = print_code(spots)
    with CaptureQueriesContext(connection) as queries:
        look(client, code)
        look(client, "what", 404)
    assert all(query["sql"].startswith("SELECT") for query in queries), queries.captured_queries


def random_string(chance: Random, _right: str) -> str:
    return "".join(chance.choices(ALPHABET, k=chance.randint(1, 13)))


def anything(chance: Random, _right: str) -> str:
    """Characters of all kinds, half of them of codes."""
    return "".join(
        chance.choice(
            (chance.choice(ALPHABET), chr(chance.choice((chance.randrange(128), 0x20AC, 0x1F600))))
        )
        for _place in range(chance.randint(1, 13))
    )


def one_wrong(chance: Random, right: str) -> str:
    place = chance.randrange(len(right))
    return right[:place] + chance.choice(f"{ascii_letters}{digits}*") + right[place + 1 :]


def neighbors_swapped(chance: Random, right: str) -> str:
    place = chance.randrange(len(right) - 1)
    return right[:place] + right[place + 1] + right[place] + right[place + 2 :]


def several_wrong(chance: Random, right: str) -> str:
    for _slip in range(chance.randint(2, 4)):
        right = chance.choice((one_wrong, neighbors_swapped))(chance, right)
    return right


@pytest.mark.prove
@pytest.mark.parametrize(
    "sort", [random_string, anything, one_wrong, neighbors_swapped, several_wrong]
)
def test_bad_codes_over_http_pass_at_the_check_rate(
    client: Client,
    spots: Article,
    sort: Callable[[Random, str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Each refusal is logged, and a test that keeps its log would keep every request of a long run.
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    chance, client.raise_request_exception = Random(sort.__name__), False
    lumps = factories.article("lumps")
    publish_documents(lumps)
    large = PrintOptions("letter", "large", causes=()).as_int
    rights = [
        print_code(spots),
        print_code(spots, options=large),
        print_code(spots, lumps, options=large),
    ]
    passed = 0
    for number in range(TYPED):
        right = rights[number % len(rights)]
        typed = sort(chance, right)
        # In the address of the paper, and in the field for it.
        where = (
            code_url(quote(typed, safe="")) if number % 2 else f"/h/?{urlencode({'code': typed})}"
        )
        answer = client.get(where, follow=True)
        assert answer.status_code in {200, 400, 404}, typed
        shown = answer.content.decode()
        is_right = typed.upper().translate(LOOKS_LIKE) == right
        passed += not is_right and ("data-verdict=" in shown or UNKNOWN in shown)
    if sort in {one_wrong, neighbors_swapped}:
        assert passed == 0
    odds = TYPED / PRIME
    assert passed <= odds + 6 * odds**0.5
