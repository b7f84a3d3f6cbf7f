"""Results about suicide have kind words, the crisis line and the emergency number."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from education.clinic.models import Clinic
from education.publishing.content import ActionRefused
from tests import factories

CHECKLIST = "/when-to-see-a-doctor/skin/"
FIRST_STEP = "/self-check/skin-check/step/1a/"
CRISIS_SIGN = {
    "key": "self-harm",
    "urgency": "emergency",
    "text": "You think about ending your life",
    "crisis": True,
    "sources": ["leaflet"],
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def crisis_site(db: None) -> None:
    """A checklist with a sign of a crisis, a self-check that asks for it, and a clinic with a
    crisis line.
    """
    factories.make_small_site()
    factories.publish_documents(factories.checklist(signs=[CRISIS_SIGN, *factories.SIGNS]))
    first, *others = factories.QUESTIONS
    choices = [{"key": "crisis", "sign": "self-harm"}, *first["choices"]]
    factories.publish_documents(
        factories.self_check(questions=[{**first, "choices": choices}, *others])
    )
    Clinic.objects.create(
        pk=1, emergency_number="911", crisis_line_name="The Listeners", crisis_line_number="116 123"
    )


def checklist_result(sign: str) -> str:
    return Client().post(f"{CHECKLIST}", {"sign": [sign]}, follow=True).content.decode()


def self_check_result(choice: str) -> str:
    client = Client()
    question = client.get(FIRST_STEP).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="([a-z-]+)" value="([^"]*)"', question))
    return client.post(FIRST_STEP, {**hidden, "choice": [choice]}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("crisis", "other"),
    [
        (lambda: checklist_result("self-harm"), lambda: checklist_result("breathing")),
        (lambda: self_check_result("crisis"), lambda: self_check_result("yes")),
    ],
    ids=["checklist", "self-check"],
)
def test_result_of_a_crisis_sign_has_the_crisis_line(crisis, other):
    main = crisis().split('id="result"')[1]
    assert 'data-urgency="emergency"' in main
    assert 'call The Listeners: <a href="tel:116123">116 123</a>' in main
    assert "You matter, and you do not have to face this alone." in main
    assert main.index('href="tel:911"') < main.index("The Listeners")
    page = other()
    assert (
        'data-urgency="emergency"' in page.split('id="result"')[1] and "The Listeners" not in page
    )


def test_crisis_sign_that_is_no_emergency_is_refused():
    with pytest.raises(ActionRefused, match="Make this sign an emergency"):
        factories.checklist(signs=[{**CRISIS_SIGN, "urgency": "urgent"}]).content()
