"""Staff pages speak to people: no stored values, no empty quotation marks, nothing said twice."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from education.articles.models import Article, Cause, Snippet
from education.checklists.models import Checklist
from education.clinic.models import Clinic
from education.publishing import actions
from education.publishing.models import Document, Edition
from education.selfcheck.models import SelfCheck
from education.staff.accounts import roles
from education.staff.admin_urls import admin_url
from tests import factories
from tests.media import sample_images
from tests.staff.conftest import create_user, form_fields, log_in, shown_state_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def spots(db: None) -> Any:
    return factories.make_small_site()


def main_text(page: Any) -> str:
    return page.content.decode().split('id="content"')[1].split("</main>")[0]


def test_reviewer_reads_texts_and_no_stored_values(spots):
    factories.self_check()
    factories.snippet()
    factories.article(also_called=["ingrown hair", "bumps"], introduction="Bumps. [@leaflet]")
    reviewer = log_in(create_user("ada", roles.REVIEWER))
    for document in Document.objects.all():
        text = main_text(reviewer.get(admin_url(document)))
        for stored in ("[&quot;", "[@leaflet]", "Order:", "None apply", "None</div>", "“”"):
            assert stored not in text, (document, stored)
    assert "ingrown hair" in main_text(reviewer.get(admin_url(spots)))


@pytest.mark.parametrize("model", [Article, Cause, Snippet, Checklist, SelfCheck])
def test_new_document_lists_what_is_missing_in_words(model, spots):
    author = log_in(create_user("arthur", roles.AUTHOR))
    row = model(slug="empty")
    row.save()
    text = main_text(author.get(admin_url(row)))
    assert "to mend" in text
    for code in ("“”", "&quot;&quot;", "articlecontent", "__root__"):
        assert code not in text


def test_time_that_has_passed_is_said_once(spots):
    documents = [factories.article(title="New"), factories.cause(text="New.")]
    actions.submit(documents, note="New.")
    publisher = log_in(create_user("paula", roles.PUBLISHER))
    address = admin_url(documents[0], "publish")
    past = timezone.localtime() - timedelta(days=1)
    typed = {
        "shown": shown_state_of(publisher.get(address)),
        "together": [documents[1].pk],
        "at_0": f"{past:%Y-%m-%d}",
        "at_1": "08:00",
        "_schedule": "1",
    }
    page = main_text(publisher.post(address, typed))
    assert page.count("This time has passed.") == 1


def test_edition_is_named_in_words(spots):
    edition = Edition.objects.get(document=spots)
    page = main_text(log_in(create_user("ada", roles.REVIEWER)).get(admin_url(edition)))
    assert "Article: About spots" in page and "article spots" not in page
    assert not re.search(r"[0-9a-f]{64}", page)


ADD = "/admin/clinic/clinic/add/"


def test_logo_is_kept_while_a_number_is_refused(spots, uploads):
    manager = log_in(create_user("paula", roles.PUBLISHER))
    logo = SimpleUploadedFile("logo.png", sample_images.png(), "image/png")
    form = {**form_fields(manager.get(ADD)), "name": "Hill Street", "phone": "call us"}
    page = manager.post(ADD, {**form, "new_logo": logo})
    assert "Your new logo is kept." in page.content.decode() and not Clinic.objects.exists()
    manager.post(ADD, {**form_fields(page), "phone": "555 0100"})
    clinic = Clinic.objects.get()
    assert clinic.logo and (uploads / clinic.logo).exists() and clinic.phone == "555 0100"


def test_forged_kept_logo_is_no_logo(spots, uploads):
    manager = log_in(create_user("paula", roles.PUBLISHER))
    form = {
        **form_fields(manager.get(ADD)),
        "name": "Hill Street",
        "kept_logo": '["x.webp",1,1]:a:b',
    }
    manager.post(ADD, form)
    assert Clinic.objects.get().logo == ""
