"""Ticking a checklist: the highest urgency decides, and no tick is stored."""

from __future__ import annotations

import itertools
import logging
import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from education.checklists.content import ChecklistContent
from education.checklists.result import ChecklistResult
from education.clinic.models import Clinic
from education.publishing.content import ActionRefused
from education.urgency import Urgency
from tests import factories
from tests.public_pages.all_urls import CHECKLIST

pytestmark = pytest.mark.django_db

RESULT = f"{CHECKLIST}result/"
KEYS = [sign["key"] for sign in factories.SIGNS]
LEVELS = {sign["key"]: Urgency.from_key(sign["urgency"]) for sign in factories.SIGNS}


@pytest.mark.parametrize(
    "ticked", [c for n in range(1, 4) for c in itertools.combinations(KEYS, n)]
)
def test_result_is_that_of_the_most_urgent_ticked_sign(ticked, client, spots):
    page = client.post(CHECKLIST, {"sign": ticked}, follow=True).content.decode()
    highest = max(LEVELS[key] for key in ticked)
    result = page[page.index('id="result"') :]
    assert f'data-urgency="{highest.key}"' in page[: page.index('id="result"') + 400]
    assert str(highest.labels.action).split(".")[0].split("{")[0] in result
    assert page.count(" checked>") == len(ticked)


def test_emergency_sign_result_shows_nothing_milder_first(client, spots):
    page = client.post(CHECKLIST, {"sign": ["breathing", "gone"]}, follow=True).content.decode()
    result = page[page.index('id="result"') : page.index('id="list"')]
    assert "Do not drive yourself. Ask someone to stay with you until help comes." in result
    assert "call again and say so" in result and "If it gets worse, get help." not in result
    assert result.index("Do not drive yourself.") < result.index("This list has changed")
    milder = client.post(CHECKLIST, {"sign": ["spreading"]}, follow=True).content.decode()
    assert "Do not drive yourself." not in milder and "If it gets worse, get help." in milder


def test_result_names_its_list_but_emergency_comes_first(client, spots):
    for sign, has_trail in (("breathing", False), ("spreading", True), ("growing", True)):
        page = client.post(CHECKLIST, {"sign": [sign]}, follow=True).content.decode()
        assert (f'<li><a href="{CHECKLIST}">When to see a doctor</a></li>' in page) is has_trail


@pytest.mark.parametrize("sent", [{}, {"sign": []}, {"sign": ""}, {"other": "x"}])
def test_empty_form_is_never_reassurance(sent, client, spots):
    page = client.post(CHECKLIST, sent, follow=True).content.decode()
    assert "Watch the spot for two weeks." in page
    assert "If it gets worse, get help." in page
    for word in ("all is well", "nothing to worry", "you are fine", "no problem"):
        assert word not in page.casefold()


def test_removed_sign_is_reported_and_the_rest_counts(client, spots):
    page = client.post(
        CHECKLIST, {"sign": ["breathing", "was-here-yesterday"]}, follow=True
    ).content.decode()
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
def test_form_on_another_site_is_refused(headers, client, spots):
    answer = client.post(CHECKLIST, {"sign": ["breathing"]}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}]
)
def test_own_form_is_accepted(headers, client, spots, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.post(CHECKLIST, {"sign": ["breathing"]}, headers=headers).status_code == 302


def test_ticks_are_stored_nowhere(client, spots, caplog):
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        answer = client.post(CHECKLIST, {"sign": ["breathing", "canary-7261"]})
        page = client.get(RESULT)
    # S4: one cookie, which the browser sends to the page of the answer alone.
    # The address has a mark drawn by lot, and nothing of what was ticked.
    assert (
        re.fullmatch(rf"{RESULT}\?of=[0-9a-f]{{8}}#result", answer["Location"]) and not page.cookies
    )
    (cookie,) = answer.cookies.values()
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (RESULT, True, "Lax")
    assert cookie["max-age"] == 1800 and "canary-7261" not in cookie.value
    assert all("no-store" in response.headers["Cache-Control"] for response in (answer, page))
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
        [
            str(answer.headers),
            *(r.getMessage() for r in caplog.records if not r.name.startswith("django.db")),
        ]
    )


def test_tick_of_a_removed_sign_allows_no_milder_level(client, spots):
    page = client.post(
        CHECKLIST, {"sign": ["growing", "was-here-yesterday"]}, follow=True
    ).content.decode()
    assert "This list has changed" in page
    result = page[page.index('id="result"') : page.index('id="list"')]
    assert "data-urgency" not in result and "Book an appointment" not in result


def test_result_ignores_unknown_signs():
    shown = factories.CONTENT_TYPES[2].validate_values(
        "skin", {"title": "T", "signs": factories.SIGNS, "none_apply": "N", "safety_net": "S"}
    )
    answer = ChecklistResult.from_ticked(shown, ["growing", "spreading", "no-such"])
    assert answer.urgency is None
    assert ChecklistResult.from_ticked(shown, ["growing", "spreading"]).urgency == Urgency.URGENT
    assert ChecklistResult.from_ticked(shown, ["breathing", "no-such"]).urgency == Urgency.EMERGENCY
    assert [sign.key for sign in answer.ticked] == ["spreading", "growing"]
    assert answer.list_changed and not ChecklistResult.from_ticked(shown, []).list_changed
    assert ChecklistResult.from_ticked(shown, []).urgency is None


def test_clinic_numbers_are_in_every_card_and_result(client, spots):
    assert (
        "your local emergency number"
        in client.post(CHECKLIST, {"sign": "breathing"}, follow=True).content.decode()
    )
    Clinic(
        pk=1,
        name="Green Lane",
        phone="555 0100",
        emergency_number="911",
        out_of_hours_number="555 0199",
    ).save()
    for address in ("/conditions/spots/", "/handouts/spots/", CHECKLIST):
        page = client.get(address).content.decode()
        assert "911" in page and "Green Lane" in page, address
    assert (
        "Call 911 now"
        in client.post(CHECKLIST, {"sign": "breathing"}, follow=True).content.decode()
    )
    urgent = client.post(CHECKLIST, {"sign": "spreading"}, follow=True).content.decode()
    assert "555 0100" in urgent and "555 0199" in urgent


def test_printed_list_has_no_button_and_handout_text(client, spots):
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
    answered = client.post(CHECKLIST, {"sign": "breathing"}, follow=True).content.decode()
    assert 'class="on-paper"' not in answered and answered.count("If something changes") == 1


def test_result_is_never_that_of_another_tab(client, spots):  # S2
    grave = client.post(CHECKLIST, {"sign": ["breathing"]})["Location"]
    mild = client.post(CHECKLIST, {"sign": []})["Location"]
    page = client.get(grave).content.decode()
    assert "have changed since this page was opened" in page and "result-title" not in page
    assert " checked>" not in page and not client.get(grave).cookies
    assert "You did not tick any sign" in client.get(mild).content.decode()


def test_result_can_be_reopened_and_cleared(client, spots):  # S4
    assert not client.get(CHECKLIST).cookies
    client.post(CHECKLIST, {"sign": ["breathing"]})
    for _ in range(2):
        assert 'data-urgency="emergency"' in client.get(RESULT).content.decode()
    response = client.post(f"{RESULT}clear/")
    assert response["Location"] == CHECKLIST
    gone = response.cookies["checklist"]
    assert (gone.value, gone["path"], gone["max-age"]) == ("", RESULT, 0)
    assert "Your ticks are not here." in client.get(RESULT).content.decode()


def test_ticks_expire_after_thirty_minutes_or_when_forged(client, spots, monkeypatch):
    client.post(CHECKLIST, {"sign": ["growing"]})
    kept = client.cookies["checklist"].value
    for forged in ("x", kept[:-1], kept.replace("growing", "spreading")):
        client.cookies["checklist"] = forged
        assert 'id="result-title"' not in client.get(RESULT).content.decode()
    client.cookies["checklist"] = kept
    assert 'id="result-title"' in client.get(RESULT).content.decode()
    later = time.time() + 30 * 60 + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert "Your ticks are not here." in client.get(RESULT).content.decode()


def test_browser_without_cookies_gets_result_on_second_press(client, spots):
    client.post(CHECKLIST, {"sign": ["breathing"]})
    client.cookies.clear()
    page = client.get(RESULT)
    assert "only if your browser allows cookies" in page.content.decode()
    assert f'action="{RESULT}#result"' in page.content.decode()
    client.cookies.clear()
    again = client.post(RESULT, {"sign": ["breathing"]})
    assert again.status_code == 200 and 'data-urgency="emergency"' in again.content.decode()
    # Where cookies are taken after all, the answer has an address to go back to.
    client.get(RESULT)
    assert client.post(RESULT, {"sign": ["breathing"]})["Location"].startswith(f"{RESULT}?of=")


TOGETHER = {
    "key": "spreading-and-growing",
    "together": ["spreading", "growing"],
    "counts_as": "emergency",
    "text": "The pain is spreading, and a lump grows",
    "sources": ["leaflet"],
}


@pytest.fixture
def together(spots):
    factories.publish_documents(factories.checklist(combinations=[TOGETHER]))


def test_combination_of_signs_decides_with_its_own_text(client, together):  # S3
    page = client.post(CHECKLIST, {"sign": ["spreading", "growing"]}, follow=True).content.decode()
    result = page[page.index('id="result"') : page.index('id="list"')]
    assert 'data-urgency="emergency"' in result and TOGETHER["text"] in result
    assert "Because these are true together" in result
    assert "You ticked:" in result and "You also ticked:" not in result
    alone = client.post(CHECKLIST, {"sign": ["spreading"]}, follow=True).content.decode()
    assert 'data-urgency="urgent"' in alone[alone.index('id="result"') :][:400]


def test_combination_is_in_the_card_of_its_level_without_a_box(client, together):  # S3
    for address in (CHECKLIST, "/conditions/spots/", "/conditions/spots.md", "/handouts/spots/"):
        page = client.get(address)
        if page.status_code == 200:
            assert TOGETHER["text"] in page.content.decode(), address
    page = client.get(CHECKLIST).content.decode()
    card = page[page.index('<fieldset class="care" data-urgency="emergency"') :].split(
        "</fieldset>"
    )[0]
    assert TOGETHER["text"] in card and card.count('type="checkbox"') == 1
    assert "Tick each part further down" in card


def test_card_headings_are_present(client, spots):  # S5
    page = client.get(CHECKLIST).content.decode()
    assert len(re.findall(r"<legend[^>]*>(?:(?!</legend>).)*<h2>", page, re.DOTALL)) == 3
    page = client.post(CHECKLIST, {"sign": ["growing"]}, follow=True).content.decode()
    assert len(re.findall(r"<legend[^>]*>(?:(?!</legend>).)*<h3>", page, re.DOTALL)) == 3


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"together": ["spreading"]}, "Write at least 2"),
        ({"together": ["spreading", "no-such"]}, "This list has no sign “no-such”"),
        ({"together": ["spreading", "spreading"]}, "stands here twice"),
        ({"together": ["spreading", "breathing"]}, "The sign “breathing” is as urgent by itself"),
        ({"counts_as": "urgent"}, "The sign “spreading” is as urgent by itself"),
        ({"key": "growing"}, "Another sign or combination has this key"),
        ({"text": "It is red"}, "Say how it looks on brown and black skin"),
        ({"sources": []}, "Add at least 1"),
    ],
)
def test_combination_without_higher_urgency_is_refused(changes, shown):
    values = {"title": "T", "signs": factories.SIGNS, "none_apply": "N", "safety_net": "S"}
    with pytest.raises(ActionRefused, match=shown):
        ChecklistContent.validate_values(
            "skin", {**values, "combinations": [{**TOGETHER, **changes}]}
        )


def test_combination_needs_a_live_source(client, spots):
    with pytest.raises(ActionRefused, match="no-such"):
        factories.publish_documents(
            factories.checklist(combinations=[{**TOGETHER, "sources": ["no-such"]}])
        )


def test_checklist_without_combinations_keeps_its_hash():
    values = {"title": "T", "signs": factories.SIGNS, "none_apply": "N", "safety_net": "S"}
    assert "combinations" not in ChecklistContent.validate_values("skin", values).to_data()
