"""Publication checks of a self-check beyond its flow: cause names, phone numbers, all signs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from education.clinic.models import Clinic
from education.publishing.content import ActionRefused
from education.selfcheck.flow import Choice, Flow
from education.selfcheck.flow_builder import build_flow
from education.selfcheck.publishing_hooks import violation_message
from education.selfcheck.safety.rules import check_flow
from tests import factories
from tests.factories import publish_documents
from tests.selfcheck.form_helpers import seen
from tests.selfcheck.sample_flows import GRAVE, LAST, OUTCOMES, SAFE, questions
from tests.selfcheck.test_shipped_flow import LIST, SAID

NAMES = (
    "Acne",
    "Skin cyst",
    "Pimples",
    "Follicular keratosis (keratosis pilaris)",
    "Keratin build-up",
)


def saying(text: str) -> list[Flow]:
    """The safe flow with `text` in every text that is not of the checklist."""
    home, own = OUTCOMES[-1], Choice("white", text)
    parts = ("title", "do_now", "when", "safety_net")
    ends = [
        replace(SAFE, outcomes=(*OUTCOMES[:-1], replace(home, **{part: text}))) for part in parts
    ]
    asked = [replace(GRAVE, text=text), replace(GRAVE, why=text)]
    asked.append(replace(LAST, choices=(own, *LAST.choices[1:])))
    return [*ends, *(questions(SAFE, question) for question in asked)]


def named(flow: Flow) -> set[tuple[str, str]]:
    """The rule and the name in each problem."""
    return {
        (problem.rule, problem.detail) for problem in check_flow(replace(flow, diagnoses=NAMES))
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Your spots may be acne.", "Acne"),
        ("**ACNE**, it seems", "Acne"),
        ("One of your skin cysts is open", "Skin cyst"),
        ("It is a skin\ncyst", "Skin cyst"),
        ("This pimple is small", "Pimple"),
        ("This is follicular keratosis", "Follicular keratosis"),
        ("Keratoses? No: keratosis pilaris", "keratosis pilaris"),
        ("It is keratin build up", "Keratin build up"),
        ("Read about [acne](/causes/oil/)", "Acne"),
        ("The acne's back", "Acne"),
    ],
)
def test_flow_text_with_a_cause_name_is_refused(text: str, name: str) -> None:
    for flow in saying(text):
        assert named(flow) == {("names-a-diagnosis", name)}, flow


@pytest.mark.parametrize(
    "text",
    ["Acned skin", "A cyst of the skin", "Read [this page](/causes/acne/)", "Keratin may build up"],
)
def test_flow_text_with_similar_words_is_accepted(text: str) -> None:
    for flow in saying(text):
        assert named(flow) == set()


def test_sign_text_of_the_checklist_may_name_a_cause() -> None:
    assert any("Acne" in sign.text for sign in LIST.signs)
    assert check_flow(build_flow(SAID, LIST, NAMES)) == []


def test_violation_with_two_paths_is_readable() -> None:
    later = tuple(
        replace(route, target="call") if route.target == "book" else route for route in LAST.routes
    )
    flow = questions(SAFE, replace(LAST, routes=later))
    told = [violation_message(flow, problem) for problem in check_flow(flow) if problem.key == "2b"]
    assert len(told) == 1
    assert re.fullmatch(
        r"At question 2, saying more about a warning sign can end milder, with all other answers equal\. "
        r"For example: question 1 “None of these” → question 2 “None of these” → "
        r"question 3 “Something else” → “Result 1”\. "
        r"But: question 1 “None of these” → question 2 “(I'm not sure|You have spreading)” → “Result 2”\.",
        told[0],
    )


pytestmark = pytest.mark.django_db


def naming(name: str) -> dict[str, Any]:
    """The content of a self-check that names a cause in an outcome."""
    outcomes = [
        *factories.OUTCOMES[:-1],
        {**factories.OUTCOMES[-1], "do_now": f"This may be {name}."},
    ]
    return {"outcomes": outcomes}


def test_self_check_that_names_a_live_cause_is_not_published() -> None:
    factories.make_small_site()
    publish_documents(factories.cause("hives", also_called=["nettle rash"]))
    for name in ("hives", "nettle rashes"):
        with pytest.raises(ActionRefused, match="which is the name of a cause"):
            publish_documents(factories.self_check(f"says-{name[:3]}", **naming(name)))
    publish_documents(factories.self_check("says-it", **naming("a rash")))


def test_cause_named_in_a_live_self_check_is_not_published() -> None:
    factories.make_small_site()
    publish_documents(factories.self_check(**naming("hives")))
    with pytest.raises(ActionRefused, match="The self-check “skin-check” says “hives”") as refused:
        publish_documents(factories.cause("wheals", also_called=["hives"]))
    assert [problem.key.kind for problem in refused.value.problems] == ["cause"]
    publish_documents(factories.cause("wheals", also_called=[]), factories.self_check())


def test_name_of_a_cause_without_page_counts_like_that_of_a_page() -> None:
    article = factories.make_small_site()
    values = article.to_values()
    values["causes"].append({**values["causes"][0], "cause": "", "name": "Hives"})
    article.load_content(article.CONTENT.validate_values("spots", values))
    publish_documents(factories.self_check(**naming("hives")))
    with pytest.raises(ActionRefused, match="The self-check “skin-check” says “Hives”"):
        publish_documents(article)
    publish_documents(factories.self_check())
    publish_documents(article)
    with pytest.raises(ActionRefused, match="which is the name of a cause"):
        publish_documents(factories.self_check(**naming("hives")))


def test_cause_names_take_one_query() -> None:
    factories.make_small_site()
    counts = []
    for slug in ("one", "two", "three"):
        with CaptureQueriesContext(connection) as queries:
            publish_documents(factories.self_check(f"check-{slug}"))
        counts.append(
            sum("synonyms" in query["sql"] and '"cause"' in query["sql"] for query in queries)
        )
        publish_documents(*(factories.cause(f"{slug}{number}") for number in range(3)))
    assert len(set(counts)) == 1


def test_self_check_leading_to_other_checklist_is_refused() -> None:
    factories.make_small_site()
    publish_documents(factories.checklist("other"), factories.article("lumps", checklist="other"))
    leading = [{**outcome, "read": ["checklist/other"]} for outcome in factories.OUTCOMES]
    with pytest.raises(ActionRefused, match="does not ask the signs of “checklist/other”"):
        publish_documents(factories.self_check(outcomes=leading))
    own = [
        {**outcome, "read": ["checklist/skin", "article/lumps"]} for outcome in factories.OUTCOMES
    ]
    publish_documents(factories.self_check(outcomes=own))


def offered(client: Client, address: str) -> set[str]:
    """The self-checks that a page offers."""
    return set(re.findall(r'href="/self-check/([a-z-]+)/"', client.get(address).content.decode()))


def test_page_offers_only_self_checks_of_its_checklist(
    client: Client,
) -> None:
    factories.make_small_site()
    publish_documents(factories.checklist("other"), factories.article("lumps", checklist="other"))
    publish_documents(factories.self_check())
    assert offered(client, "/conditions/spots/") == {"skin-check"}
    assert offered(client, "/conditions/lumps/") == set()
    gained = {**factories.SIGNS[-1], "key": "numb", "text": "The skin is numb"}
    with pytest.raises(ActionRefused, match="“The skin is numb” of the checklist is never asked"):
        publish_documents(factories.checklist(signs=[*factories.SIGNS, gained]))
    with pytest.raises(ActionRefused, match="“The skin is numb” of the checklist is never asked"):
        publish_documents(
            factories.checklist("third", signs=[*factories.SIGNS, gained]),
            factories.self_check(checklist="third"),
        )


WAYS = {
    "emergency": [{"1a": "yes"}],
    "urgent": [{"1a": "none", "2b": "yes"}],
    "routine": [
        {"1a": "none", "2b": "none", "3c": "yes"},
        {"1a": "none", "2b": "none", "3c": "unsure"},
    ],
    "self-care": [{"1a": "none", "2b": "none", "3c": "none", "4d": "white"}],
}


@pytest.mark.parametrize("urgency", WAYS)
def test_outcomes_say_where_to_get_help(urgency: str, client: Client) -> None:
    factories.make_small_site()
    publish_documents(factories.self_check())
    for shown in WAYS[urgency]:
        for key, chosen in shown.items():
            made_from = seen(client, "/self-check/skin-check/", key, "1-1")
            client.post(
                f"/self-check/skin-check/step/{key}/",
                {"choice": chosen, "editions": "1-1", "seen": made_from},
            )
        Clinic.objects.all().delete()
        page = client.get("/self-check/skin-check/result/").content.decode()
        assert f'id="result" data-urgency="{urgency}"' in page
        assert "your local emergency number" in page
        Clinic(
            pk=1, phone="555 0100", emergency_number="911", out_of_hours_number="555 0199"
        ).save()
        page = client.get("/self-check/skin-check/result/").content.decode()
        card, rest = page.split('<div class="care"', 1)[1].split("</main>", 1)
        wanted = {"emergency": ["911"], "urgent": ["555 0100", "555 0199"], "routine": ["555 0100"]}
        assert all(number in card for number in wanted.get(urgency, []))
        assert all(number in rest for number in ("555 0100", "555 0199", "911"))
