"""The clinic's own data: one row, one form, and a logo that readers see."""

from __future__ import annotations

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from education.clinic.models import Clinic
from tests import factories
from tests.media import sample_images
from tests.public_pages.all_urls import CONDITION, HANDOUT
from tests.staff.conftest import form_fields

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("uploads"),
    pytest.mark.ignore_template_errors,
]

LIST = "/admin/clinic/clinic/"
ADD = f"{LIST}add/"
ROW = f"{LIST}1/change/"
FIELDS = {
    "name": "Hill Street Clinic",
    "address": "1 Hill Street",
    "phone": "(555) 010-0199",
    "paper": "letter",
    "print_size": "normal",
    "emergency_number": "911",
    "out_of_hours_number": "+1 555 010 0100",
    "self_checks_enabled": "on",
}


def logo(content=None, name="logo.png"):
    return SimpleUploadedFile(
        name, sample_images.png(900, 300) if content is None else content, "image/png"
    )


def change(manager, **typed):
    """Open the form, type, and save."""
    seen = form_fields(manager.get(ROW))["seen_values"]
    return manager.post(ROW, {**FIELDS, "seen_values": seen, **typed}, follow=True)


@pytest.fixture
def manager(staff):
    return staff("mary", "clinic.view_clinic", "clinic.add_clinic", "clinic.change_clinic")


def test_clinic_has_one_row_and_every_url_leads_to_it(manager):
    assert manager.get(LIST).url == ADD
    assert manager.post(ADD, FIELDS).status_code == 302
    assert Clinic.objects.get().pk == 1
    for way in (LIST, ADD):
        assert manager.get(way).url == ROW
    assert manager.post(ADD, {**FIELDS, "name": "A second"}).url == ROW
    answer = change(manager, name="Renamed")
    assert answer.redirect_chain[-1][0] == ROW and answer.status_code == 200
    assert [row.name for row in Clinic.objects.all()] == ["Renamed"]


def test_form_explains_each_field(manager):
    page = html.unescape(manager.get(ADD).content.decode())
    for words in (
        "Patients see this at the top of every page",
        "Whom to call for medical help when the clinic is closed",
        "Such as 911 or 112",
        "Call each number once to check it",
        "the self-check is gone from every page",
    ):
        assert words in page


@pytest.mark.parametrize(
    "number", ["911", "112", "(555) 010-0199", "+44 20 7946 0000", "555.010.0199", "01-23", ""]
)
def test_telephone_number_is_accepted_in_many_formats(number, manager):
    manager.post(
        ADD, {**FIELDS, "phone": number, "emergency_number": number, "out_of_hours_number": number}
    )
    assert Clinic.objects.get().phone == number


@pytest.mark.parametrize(
    "number", ["call us", "911 or 112", "5", "+", "555 <b>", "tel:911", "٩١١", "911\n112"]
)
def test_invalid_telephone_number_is_refused_with_a_sentence(number, manager):
    for field in ("phone", "emergency_number", "out_of_hours_number"):
        answer = manager.post(ADD, {**FIELDS, field: number})
        assert "Write a telephone number with digits" in html.unescape(answer.content.decode())
    assert not Clinic.objects.exists()


def test_logo_is_on_pages_and_handouts_with_the_name_in_text(manager, client):
    factories.make_small_site()
    assert 'class="logo"' not in client.get(CONDITION).content.decode()
    manager.post(ADD, {**FIELDS, "new_logo": logo()})
    clinic = Clinic.objects.get()
    assert (clinic.logo_width, clinic.logo_height) == (480, 160)
    # A PDF needs words for each of its pictures.
    for address, words in (("/", ""), (CONDITION, ""), (HANDOUT, "Logo of Hill Street Clinic")):
        image = (
            f'<img class="logo" src="/media/{clinic.logo}" alt="{words}" width="480" height="160">'
        )
        page = client.get(address).content.decode()
        assert page.count(image) == 1
        assert "Hill Street Clinic" in page.partition(image)[2][:60]
    assert client.get(f"/media/{clinic.logo}").headers["Content-Type"] == "image/webp"


def test_new_logo_replaces_the_old_one_and_can_be_removed(
    manager, uploads, django_capture_on_commit_callbacks
):
    names = []
    for sent in (
        {"new_logo": logo()},
        {"new_logo": logo(sample_images.jpeg())},
        {},
        {"remove_logo": "on"},
    ):
        with django_capture_on_commit_callbacks(execute=True):
            change(manager, **sent) if names else manager.post(ADD, {**FIELDS, **sent})
        names.append(Clinic.objects.get().logo)
        assert [path.name for path in uploads.iterdir()] == [name for name in names[-1:] if name]
    first, second, third, last = names
    assert first != second == third and last == ""
    assert f"/media/{third}" not in manager.get(ROW).content.decode()


def test_form_shows_the_logo(manager):
    manager.post(ADD, {**FIELDS, "new_logo": logo()})
    assert (
        f'src="/media/{Clinic.objects.get().logo}" alt="Hill Street Clinic"'
        in manager.get(ROW).content.decode()
    )


@pytest.mark.parametrize(
    "content", [*sample_images.NOT_PICTURES.values(), *sample_images.TOO_MANY_PIXELS.values()]
)
def test_logo_that_is_no_image_is_refused(content, manager, uploads):
    manager.post(ADD, FIELDS)
    assert (
        "Two people" not in change(manager, name="Other", new_logo=logo(content)).content.decode()
    )
    clinic = Clinic.objects.get()
    assert (clinic.logo, clinic.name) == ("", FIELDS["name"])
    assert not uploads.exists()


def test_logo_file_name_cannot_be_submitted(manager):
    manager.post(ADD, {**FIELDS, "logo": "../secret_key", "logo_width": 5})
    assert (Clinic.objects.get().logo, Clinic.objects.get().logo_width) == ("", 0)


ADDRESSES = [LIST, ADD, ROW, f"{LIST}1/delete/", f"{LIST}1/history/"]


@pytest.mark.parametrize("exists", [True, False])
def test_strangers_and_staff_without_permission_get_nothing(exists, staff):
    if exists:
        Clinic.objects.create(pk=1, name="Secret Clinic")
    lowly = [staff("nobody"), staff("writer", "articles.change_article", "media.add_image")]
    for address in ADDRESSES:
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address, FIELDS)
            asked_to_sign_in = b'name="password"' in answer.content
            assert asked_to_sign_in or answer.url.startswith("/admin/login/")
            assert b"Secret Clinic" not in answer.content
            for client in lowly:
                answer = getattr(client, method)(address, FIELDS)
                assert answer.status_code in {403, 302}
                assert not answer.has_header("Location") or answer.url in {"/admin/", ROW}
                assert b"csrfmiddlewaretoken" not in answer.content
    assert [row.name for row in Clinic.objects.all()] == (["Secret Clinic"] if exists else [])


def test_clinic_cannot_be_deleted(admin_client):
    Clinic.objects.create(pk=1)
    assert admin_client.post(f"{LIST}1/delete/", {"post": "yes"}).status_code == 403
    assert Clinic.objects.exists()


# F
def test_crisis_line_needs_a_number_that_can_be_called(manager):
    refused = manager.post(ADD, {**FIELDS, "crisis_line_name": "The Listeners"})
    assert "Write the number of the crisis line too" in html.unescape(refused.content.decode())
    refused = manager.post(ADD, {**FIELDS, "crisis_line_number": "call us"})
    assert "Write a telephone number with digits" in html.unescape(refused.content.decode())
    assert not Clinic.objects.exists()
    manager.post(
        ADD, {**FIELDS, "crisis_line_name": "The Listeners", "crisis_line_number": "116 123"}
    )
    assert Clinic.objects.get().crisis_line_number == "116 123"
