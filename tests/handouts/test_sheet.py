"""The handout on one sheet: what is on it, and what happens when it does not fit."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from education.clinic.models import Clinic
from education.staff.accounts import roles
from tests import factories
from tests.handouts.handout_helpers import find_code
from tests.handouts.pdf_reader import extract_pages, extract_text, normalize_text
from tests.handouts.test_freshness import CURRENT, look
from tests.staff.conftest import create_user, log_in, submit_form

pytestmark = pytest.mark.django_db
NOTE = "Your nurse is Ann. Come back on 3 May."
LONG_ADVICE = [f"Day {n}: " + "wash gently " * 15 for n in range(12)]
FORM = {"document": "article/spots", "print-now": "1"}


@pytest.fixture
def site() -> None:
    factories.make_small_site()


def count_pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.usefixtures("site")
def test_note_stands_on_the_first_page(client):
    pdf = client.post("/handouts/", {**FORM, "note": NOTE}).content
    first, _second = extract_pages(pdf)
    assert normalize_text(f"For you {NOTE}") in normalize_text(first)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("note", ["Łódź, Αθήνα, Москва, مرحبا, नमस्ते", "x" * 1000, "a\n" * 40])
def test_note_in_many_letters_is_printed(client, note):
    answer = client.post("/handouts/", {**FORM, "note": note})
    assert answer.status_code == 200
    if note.isascii():
        assert normalize_text(note) in normalize_text(extract_text(answer.content))


@pytest.mark.usefixtures("site")
def test_note_with_a_letter_that_no_font_has_is_asked_for_again(client):
    answer = client.post("/handouts/", {**FORM, "note": "See 漢字 today."})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="note-error"' in page
    assert "No font here has the letter “漢" in page and "See 漢字 today.</textarea>" in page


@pytest.mark.usefixtures("site")
def test_clinic_name_with_a_letter_that_no_font_has_is_refused(admin_client):
    clinic = Clinic.objects.create(pk=1)
    url = reverse("admin:clinic_clinic_change", args=[clinic.pk])
    form = admin_client.get(url).context["adminform"].form
    values = {name: form.initial.get(name) or "" for name in form.fields}
    answer = admin_client.post(url, {**values, "name": "Clinic 漢字"})
    assert "No font here has the letter" in answer.content.decode()
    clinic.refresh_from_db()
    assert clinic.name != "Clinic 漢字"


@pytest.mark.usefixtures("site")
def test_sheet_that_is_too_long_goes_on_and_loses_nothing(client):
    signs = [
        {
            **factories.SIGNS[0],
            "key": f"sign-{n}",
            "text": f"Sign {n}: " + "you feel very ill " * 16,
        }
        for n in range(37)
    ]
    factories.publish_documents(
        factories.checklist(signs=[*signs, *factories.SIGNS]),
        factories.article(do=LONG_ADVICE),
        **factories.ADVICE,
    )
    pdf = client.get("/handouts/spots.pdf").content
    assert count_pages(pdf) > 2
    text = normalize_text(extract_text(pdf))
    assert all(f"sign{n}:" in text for n in range(37)) and "isthispaperstillright?" in text


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("is_told", [False, True])
def test_publisher_is_told_of_a_third_page(settings, is_told):
    publisher = log_in(create_user("paula", roles.PUBLISHER))
    signs = [
        {**factories.SIGNS[-1], "key": f"sign-{n}", "text": f"Sign {n} " + "is true " * 35}
        for n in range(37 if is_told else 1)
    ]
    factories.publish_documents(
        factories.checklist(signs=[*factories.SIGNS, *signs]), **factories.ADVICE
    )
    article = factories.article(do=LONG_ADVICE if is_told else ["Wash gently each day."])
    settings.HANDOUT_TRIAL_RENDER = True
    address = reverse("admin:articles_article_publish", args=[article.pk])
    answer = submit_form(publisher, address, {"note": "Warm water."}, follow=True).content.decode()
    assert "Readers see it now" in answer
    assert ("it goes on to a third page" in answer) == is_told


def publish_short_words(words: str) -> None:
    signs = [{**factories.SIGNS[0], "in_short": words}, *factories.SIGNS[1:]]
    factories.publish_documents(factories.checklist(signs=signs), **factories.ADVICE)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("extent", "is_current"), [("sheet", False), ("everything", True)])
def test_changed_short_words_make_only_the_sheet_outdated(client, extent, is_current):
    publish_short_words("You feel very ill")
    code = find_code(client.get(f"/handouts/spots/?extent={extent}").content.decode())
    publish_short_words("You feel very, very ill")
    assert (CURRENT in look(client, code)) == is_current


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("extent", "is_current"), [("sheet", True), ("everything", False)])
def test_changed_introduction_makes_only_everything_outdated(client, extent, is_current):
    code = find_code(client.get(f"/handouts/spots/?extent={extent}").content.decode())
    factories.publish_documents(
        factories.article(introduction="Spots have many causes. Read on."), **factories.ADVICE
    )
    assert (CURRENT in look(client, code)) == is_current
