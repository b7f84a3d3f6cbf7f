"""What goes live is laid out on trial before the transaction that publishes it, not in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from education.articles.models import Article
from education.clinic.models import Clinic
from education.handouts.paper.typesetting import TYPESETTER, WHY, Unprintable
from education.publishing.models import Edition, Publication
from education.staff.accounts import roles
from tests import factories
from tests.staff.conftest import create_user, form_fields, log_in, submit_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    factories.make_small_site()
    settings.HANDOUT_TRIAL_RENDER = True


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """The data of each layout, and whether it was made in a transaction of the site."""
    made: list[tuple[str, bool]] = []
    make_pdf, outside = TYPESETTER.make_pdf, len(connection.savepoint_ids)

    def watched(data: str, **how: Any) -> Any:
        made.append((data, len(connection.savepoint_ids) > outside))
        return make_pdf(data, **how)

    monkeypatch.setattr(TYPESETTER, "make_pdf", watched)
    return made


def publish_in_admin(article: Article) -> str:
    publisher = log_in(create_user("paula", roles.PUBLISHER))
    address = reverse("admin:articles_article_publish", args=[article.pk])
    page: str = submit_form(publisher, address, {"note": "More."}, follow=True).content.decode()
    return page


def publish_by_command(article: Article) -> None:
    call_command("publish", "article", article.slug, note="More.", verbosity=0)


@pytest.mark.parametrize("publish", [publish_in_admin, publish_by_command])
def test_layout_is_made_once_and_outside_of_the_transaction(
    publish: Callable[[Article], Any], layouts: list[tuple[str, bool]]
) -> None:
    article = factories.article(summary="Wash gently each day.")
    publish(article)
    live = Edition.objects.live().get(document=article)
    assert live.content.summary == "Wash gently each day."
    assert [inside for _data, inside in layouts] == [False, False]


def test_text_changed_during_the_layout_is_laid_out_again(layouts, monkeypatch):
    article = factories.article(do=["Wash gently each day."])
    make_pdf = TYPESETTER.make_pdf

    def changed(data: str, **how: Any) -> Any:
        Article.objects.filter(pk=article.pk).update(do=["Wash gently each night."])
        return make_pdf(data, **how)

    monkeypatch.setattr(TYPESETTER, "make_pdf", changed)
    publish_by_command(article)
    assert Edition.objects.live().get(document=article).content.do == ("Wash gently each night.",)
    assert ["each night" in data for data, _inside in layouts] == [False, False, True, True]
    assert not any(inside for _data, inside in layouts)


def test_letter_that_no_font_has_is_named_and_changes_nothing(layouts):
    article, before = factories.article(summary="Wash 漢 gently."), Publication.objects.count()
    page = publish_in_admin(article)
    assert "No font here has the letter “漢”" in page and "#id_summary" in page
    assert Publication.objects.count() == before
    assert not any(inside for _data, inside in layouts)


def test_layout_that_fails_refuses_and_changes_nothing(monkeypatch):
    def fails(data: str, **how: Any) -> Any:
        raise Unprintable(WHY["time"])

    article, before = factories.article(summary="Wash gently."), Publication.objects.count()
    monkeypatch.setattr(TYPESETTER, "make_pdf", fails)
    with pytest.raises(CommandError, match="It takes too long to lay out"):
        publish_by_command(article)
    assert Publication.objects.count() == before and not article.editions.filter(number=2)


def test_letters_of_the_clinic_are_tried_outside_of_the_transaction(admin_client, layouts):
    clinic = Clinic.objects.create(pk=1)
    address = reverse("admin:clinic_clinic_change", args=[clinic.pk])
    values = form_fields(admin_client.get(address))
    admin_client.post(address, {**values, "name": "Clínica Łódź"})
    clinic.refresh_from_db()
    assert clinic.name == "Clínica Łódź"
    assert layouts and not any(inside for _data, inside in layouts)
