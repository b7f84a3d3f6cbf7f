"""Ticking a checklist: the highest urgency decides, and nothing that was ticked is kept."""

from __future__ import annotations

import itertools
import logging
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education.checklists.answer import Answer
from education.clinic.models import Clinic
from education.urgency import Urgency
from tests import builders
from tests.reading.faces import CHECKLIST

pytestmark = pytest.mark.django_db

KEYS = [sign["key"] for sign in builders.SIGNS]
LEVELS = {sign["key"]: Urgency.from_key(sign["urgency"]) for sign in builders.SIGNS}


@pytest.mark.parametrize("ticked", [c for n in range(1, 4) for c in itertools.combinations(KEYS, n)])
def test_the_answer_is_that_of_the_most_urgent_sign_ticked(ticked, client, spots):
    page = client.post(CHECKLIST, {"sign": ticked}).content.decode()
    highest = max(LEVELS[key] for key in ticked)
    result = page[page.index('id="result"') :]
    assert f'data-urgency="{highest.key}"' in page[: page.index('id="result"') + 400]
    assert str(highest.words.action).split(".")[0].split("{")[0] in result
    assert page.count(" checked>") == len(ticked)


def test_whoever_ticked_an_emergency_sign_reads_of_nothing_milder_first(client, spots):
    page = client.post(CHECKLIST, {"sign": ["breathing", "gone"]}).content.decode()
    result = page[page.index('id="result"') : page.index('id="list"')]
    assert "Do not drive yourself. Ask someone to stay with you until help comes." in result
    assert "call again and say so" in result and "If it gets worse, get help." not in result
    assert result.index("Do not drive yourself.") < result.index("This list has changed")
    milder = client.post(CHECKLIST, {"sign": ["spreading"]}).content.decode()
    assert "Do not drive yourself." not in milder and "If it gets worse, get help." in milder


def test_a_result_says_where_it_belongs_but_nothing_stands_before_an_emergency(client, spots):
    for sign, has_trail in (("breathing", False), ("spreading", True), ("growing", True)):
        page = client.post(CHECKLIST, {"sign": [sign]}).content.decode()
        assert (f'<li><a href="{CHECKLIST}">When to see a doctor</a></li>' in page) is has_trail


@pytest.mark.parametrize("sent", [{}, {"sign": []}, {"sign": ""}, {"other": "x"}])
def test_ticking_nothing_is_never_reassurance(sent, client, spots):
    page = client.post(CHECKLIST, sent).content.decode()
    assert "Watch the spot for two weeks." in page
    assert "If it gets worse, get help." in page
    for word in ("all is well", "nothing to worry", "you are fine", "no problem"):
        assert word not in page.casefold()


def test_a_sign_that_the_list_no_longer_has_is_said_and_the_rest_still_counts(client, spots):
    page = client.post(CHECKLIST, {"sign": ["breathing", "was-here-yesterday"]}).content.decode()
    assert 'data-urgency="emergency"' in page[: page.index('id="result"') + 400]
    assert "This list has changed" in page
    assert "was-here-yesterday" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:9", "sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_on_another_site_is_refused(headers, client, spots):
    answer = client.post(CHECKLIST, {"sign": ["breathing"]}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}])
def test_the_sites_own_form_is_taken(headers, client, spots, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.post(CHECKLIST, {"sign": ["breathing"]}, headers=headers).status_code == 200


def test_what_was_ticked_is_not_kept_anywhere(client, spots, caplog):
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        answer = client.post(CHECKLIST, {"sign": ["breathing", "canary-7261"]})
    assert not answer.cookies
    assert answer.headers["Cache-Control"].find("no-store") >= 0
    assert "Location" not in answer.headers
    written = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert not written
    everything = "\n".join(
        [
            *(q["sql"] for q in queries),
            *(r.getMessage() for r in caplog.records if not r.name.startswith("django.db")),
            str(answer.headers),
        ]
    )
    assert "canary-7261" not in everything
    assert "breathing" not in "\n".join(
        [str(answer.headers), *(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))]
    )


def test_a_tick_that_is_gone_may_have_been_worse_so_no_milder_level_is_shown(client, spots):
    page = client.post(CHECKLIST, {"sign": ["growing", "was-here-yesterday"]}).content.decode()
    assert "This list has changed" in page
    result = page[page.index('id="result"') : page.index('id="list"')]
    assert "data-urgency" not in result and "Book an appointment" not in result


def test_the_answer_knows_only_signs_of_the_list():
    said = builders.CONTENT_TYPES[2].check(
        "skin", {"title": "T", "signs": builders.SIGNS, "none_apply": "N", "safety_net": "S"}
    )
    answer = Answer.to(said, ["growing", "spreading", "no-such"])
    assert answer.urgency is None
    assert Answer.to(said, ["growing", "spreading"]).urgency == Urgency.URGENT
    assert Answer.to(said, ["breathing", "no-such"]).urgency == Urgency.EMERGENCY
    assert [sign.key for sign in answer.ticked] == ["spreading", "growing"]
    assert answer.list_changed and not Answer.to(said, []).list_changed
    assert Answer.to(said, []).urgency is None


def test_the_clinics_numbers_stand_in_every_card_and_answer(client, spots):
    assert "your local emergency number" in client.post(CHECKLIST, {"sign": "breathing"}).content.decode()
    Clinic(
        pk=1, name="Green Lane", phone="555 0100", emergency_number="911", out_of_hours_number="555 0199"
    ).save()
    for address in ("/conditions/spots/", "/handouts/spots/", CHECKLIST):
        page = client.get(address).content.decode()
        assert "911" in page and "Green Lane" in page, address
    assert "Call 911 now" in client.post(CHECKLIST, {"sign": "breathing"}).content.decode()
    urgent = client.post(CHECKLIST, {"sign": "spreading"}).content.decode()
    assert "555 0100" in urgent and "555 0199" in urgent


def test_on_paper_the_list_asks_for_no_press_and_says_what_a_handout_does(client, spots):
    page = client.get(CHECKLIST).content.decode()
    form, rest = page.split('<form id="list"', 1)[1].split("</form>", 1)
    asking = [line for line in form.splitlines() if "press" in line]
    assert len(asking) == 2 and all(re.match(r'<p class="[^"]*\bscreen\b', line) for line in asking)
    on_paper = rest.split('<section class="on-paper">', 1)[1].split("</section>", 1)[0]
    for words in (
        "If none of these is true for you",
        "Watch the spot for two weeks.",
        "If something changes",
        "If it gets worse, get help.",
    ):
        assert words in on_paper, words
    answered = client.post(CHECKLIST, {"sign": "breathing"}).content.decode()
    assert 'class="on-paper"' not in answered and answered.count("If something changes") == 1
