"""The list of printed handouts to throw away."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from education.articles.models import Article
from education.handouts.outdated import find_outdated_handouts
from education.publishing import actions
from education.publishing.models import Document
from education.staff.accounts import roles
from tests import factories
from tests.factories import ADVICE, SIGNS, WORDING, publish_documents
from tests.handouts.handout_helpers import print_code
from tests.staff.conftest import create_user, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def spots(db: None) -> Article:
    """The article of a small live site."""
    return factories.make_small_site()


def listed() -> list[tuple[str, str, list[int], list[str]]]:
    """Each old paper: its kind, its title, the editions on it, and the notes of what
    replaced it.
    """
    return [
        (
            paper.document.kind,
            paper.title,
            [edition.number for edition in paper.editions],
            [entry.edition.note if entry.edition else entry.reason for entry in paper.replaced_by],
        )
        for paper in find_outdated_handouts()
    ]


def advice(note: str) -> dict[str, Any]:
    return {"note": note}


def test_new_site_and_wording_change_outdate_no_handout(spots: Article) -> None:
    assert listed() == []
    publish_documents(factories.article(introduction="Many people get spots."), **WORDING)
    assert listed() == []


def test_editions_since_change_of_advice_are_listed_newest_first(spots: Article) -> None:
    publish_documents(factories.article(introduction="Many people get spots."), **WORDING)
    publish_documents(factories.article(do=["Rest for 2 days."]), **advice("Rest now."))
    publish_documents(factories.article(do=["Rest for 2 days, please."]), **WORDING)
    publish_documents(factories.article(do=["Rest for 2 days.", "Sleep."]), **advice("Sleep, too."))
    assert listed() == [
        ("article", "About spots", [4, 3], ["Sleep, too."]),
        ("article", "About spots", [2, 1], ["Rest now."]),
    ]


def test_changed_part_outdates_pages_that_print_it(spots: Article) -> None:
    publish_documents(factories.cause("sweat"), factories.article("lumps", causes=("sweat",)))
    signs = [{**sign, "text": f"{sign['text']} fast"} for sign in SIGNS]
    publish_documents(factories.checklist(signs=signs), **advice("Speed counts."))
    publish_documents(
        factories.cause("sweat", "Sweat is wet for 2 days."), **advice("Sweat is wet.")
    )
    assert sorted(listed()) == [
        ("article", "About lumps", [1], ["Speed counts."]),
        ("article", "About spots", [1], ["Speed counts."]),
        ("checklist", "When to see a doctor", [1], ["Speed counts."]),
    ]


def test_set_with_page_and_part_is_one_line(spots: Article) -> None:
    signs = [{**sign, "text": f"{sign['text']} fast"} for sign in SIGNS]
    publish_documents(
        factories.checklist(signs=signs),
        factories.article(do=["Rest for 2 days."]),
        **advice("All new."),
    )
    assert ("article", "About spots", [1], ["All new.", "All new."]) in listed()


def test_edition_with_same_text_as_live_is_not_outdated(spots: Article) -> None:
    publish_documents(factories.article(do=["Rest for 2 days."]), **advice("Rest now."))
    publish_documents(factories.article(), **advice("Wash after all."))
    assert listed() == [("article", "About spots", [2], ["Wash after all."])]


def test_withdrawn_page_is_outdated_until_same_text_is_live(spots: Article) -> None:
    actions.withdraw(spots, reason="It was wrong.")
    assert listed() == [("article", "About spots", [1], ["It was wrong."])]
    publish_documents(spots, **WORDING)
    assert listed() == []


def test_advice_in_an_edition_never_live_counts(spots: Article) -> None:
    actions.freeze(factories.article(do=["Rest for 2 days."]), **ADVICE)
    publish_documents(factories.article(do=["Rest for 2 days, please."]), **WORDING)
    assert listed() == [("article", "About spots", [1], ["Said more plainly."])]


def test_pending_or_scheduled_page_is_on_no_handout(spots: Article) -> None:
    actions.freeze(factories.article("lumps"), **ADVICE)
    publish_documents(factories.article("bumps"), at=timezone.now() + timedelta(hours=1))
    signs = [{**sign, "text": f"{sign['text']} fast"} for sign in SIGNS]
    publish_documents(factories.checklist(signs=signs), **advice("Speed counts."))
    assert sorted(kind for kind, *_rest in listed()) == ["article", "checklist"]


def test_scheduled_change_outdates_nothing_yet(spots: Article) -> None:
    moment = timezone.now() + timedelta(hours=1)
    publish_documents(factories.article(do=["Rest for 2 days."]), at=moment, **ADVICE)
    assert listed() == []
    assert len(find_outdated_handouts(at=moment)) == 1


def test_page_shows_printed_text_and_its_replacement(spots: Article) -> None:
    publish_documents(factories.article(do=["Rest for 2 days."]), **advice("Rest now."))
    actions.withdraw(spots, reason="It was wrong.")
    client = log_in(create_user("rita", roles.REVIEWER))
    assert b'href="/admin/outdated-handouts/"' in client.get("/admin/").content
    answer = client.get("/admin/outdated-handouts/")
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
    assert "Replaced by edition 2: Rest now." in text and "Withdrawn: It was wrong." in text
    today = timezone.localdate()
    assert f"edition 1, {today:%B} {today.day}, {today.year}" in text
    assert b"/editions/" in answer.content


def test_title_with_markup_is_escaped(spots: Article) -> None:
    publish_documents(factories.article(title="<b>Spots</b>"), **WORDING)
    actions.withdraw(spots, reason="<i>Wrong</i>")
    page = log_in(create_user("rita", roles.REVIEWER)).get("/admin/outdated-handouts/").content
    assert b"&lt;b&gt;Spots&lt;/b&gt;" in page and b"&lt;i&gt;Wrong&lt;/i&gt;" in page


def test_staff_without_role_get_no_link_and_no_page(spots: Article) -> None:
    client: Client = log_in(create_user("nobody"))
    assert b"outdated-handouts" not in client.get("/admin/").content
    assert client.get("/admin/outdated-handouts/").status_code == 403


def test_query_count_is_independent_of_history(spots: Article) -> None:
    counts = []
    for number in range(3):
        publish_documents(factories.article(do=[f"Rest {number + 2} times."]), **ADVICE)
        actions.withdraw(Document.objects.get(slug="spots"), reason="Wrong.")
        publish_documents(factories.article(do=[f"Wash {number + 2} times."]), **ADVICE)
        with CaptureQueriesContext(connection) as queries:
            find_outdated_handouts()
        counts.append(len(queries))
    assert counts == [6, 6, 6]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_outdated_set_has_a_page_in_any_row_order(order, spots, client):  # P5
    new = [factories.cause("sweat"), factories.article(causes=("oil", "sweat"))]
    actions.publish([new[place] for place in order], **ADVICE)
    code = print_code(spots)
    publish_documents(
        factories.article(causes=("oil", "sweat"), do=["Wash.", "Rest."]), **advice("Rest, too.")
    )
    page = log_in(create_user("rita", roles.REVIEWER)).get("/admin/outdated-handouts/")
    assert page.status_code == 200 and "Rest, too." in page.content.decode()
    paper = client.get(f"/h/{code}/")
    assert paper.status_code == 200 and "Our advice has changed" in paper.content.decode()
