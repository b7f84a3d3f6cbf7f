"""Changes are classified; those of wording only are listed to be compared."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from education.articles.models import Article
from education.audit.models import AuditLogEntry
from education.publishing.models import Edition, WordingCheck
from education.publishing.workflow import reviews
from education.staff.accounts import roles
from tests import factories
from tests.factories import publish_documents
from tests.handouts.handout_helpers import print_code
from tests.public_pages.all_urls import CONDITION
from tests.publishing import test_change_kinds
from tests.staff.conftest import create_user, form_fields, log_in

pytestmark = pytest.mark.django_db

LIST = "/admin/wording/"
HOLDS = "The advice on this paper still holds"
# P4: each of the first eight was accepted as "Only the wording", and kept the review.
PAIRS = test_change_kinds.PAIRS["dangerous"]
# What readers are told of the page, and whoever looks up the code of old paper.
TOLD = {
    "advice": (
        "Not yet reviewed by a clinician",
        "Our advice has changed since this paper was printed",
    ),
    "checked-text": (
        "Wording being checked",
        "The text has changed since this paper was printed. Ask us.",
    ),
}


@pytest.fixture
def spots(db: None) -> Article:
    """The article of a small live site, all of it reviewed."""
    page = factories.make_small_site()
    review_all()
    return page


@pytest.fixture
def reviewer(db: None) -> Client:
    """A clinical reviewer."""
    return log_in(create_user("rita", roles.REVIEWER))


def page_of(document, name: str) -> str:
    options = document.document_type.model_class()._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=[document.pk])


def send(client: Client, address: str, **typed: str):
    return client.post(address, {**form_fields(client.get(address)), **typed}, follow=True)


def save(client: Client, document, **typed: str):
    return send(client, page_of(document, "change"), _continue="1", **typed)


def review_all() -> None:
    ada = factories.User.objects.get_or_create(username="ada")[0]
    reviews.record_review(list(Edition.objects.live()), by=ada, shown_as="Dr. Ada Park")


def text_of(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def publish(editor: Client, page: Article, **fields: str) -> Edition:
    save(editor, page, **fields)
    send(editor, page_of(page, "publish"), note="Said more plainly.", change="same-text")
    return Edition.objects.live().get(document=page)


@pytest.mark.parametrize("pair", PAIRS, ids=test_change_kinds.pair_id)
def test_dangerous_change_ends_review_and_outdates_handouts(pair, editor, client, spots):  # P4
    publish_documents(factories.article(introduction=pair["before"]))
    for other in (pair["after"], pair["before"]):
        review_all()
        assert "Reviewed by Dr. Ada Park" in text_of(client.get(CONDITION))
        code = print_code(spots)
        assert publish(editor, spots, introduction=other).change == pair["kind"]
        of_page, of_paper = TOLD[pair["kind"]]
        page = text_of(client.get(CONDITION))
        assert of_page in page and "Reviewed by" not in page
        paper = text_of(client.get(f"/h/{code}/"))
        assert of_paper in paper and HOLDS not in paper


def test_corrected_misspelling_keeps_review_and_handouts(editor, client, spots):
    publish(editor, spots, introduction="Manny people get spots, and many people get lumps.")
    publish_documents(factories.cause("other", text="Many people have oily skin."))
    review_all()
    code = print_code(spots)
    shown = text_of(client.get(CONDITION))
    assert "Reviewed by Dr. Ada Park" in shown
    edition = publish(
        editor, spots, introduction="Many people get spots, and many people get lumps."
    )
    assert edition.change == "same-text"
    assert "Reviewed by Dr. Ada Park" in text_of(client.get(CONDITION))
    assert HOLDS in text_of(client.get(f"/h/{code}/"))


def test_changed_wording_is_listed_until_confirmed(editor, reviewer, client, spots):
    code = print_code(spots)
    edition = publish(editor, spots, introduction="Many people get spots.")
    assert edition.change == "checked-text"
    assert "Wording being checked" in text_of(client.get(CONDITION))
    assert HOLDS not in text_of(client.get(f"/h/{code}/"))
    start = reviewer.get("/admin/")
    assert f'href="{LIST}#edition-{edition.pk}"' in start.content.decode()
    page = reviewer.get(LIST)
    shown = page.content.decode()
    assert (
        "<del>" in shown
        and "<ins>" in shown
        and "Edition 1 compared with edition 2." in text_of(page)
    )
    answer = reviewer.post(LIST, {**form_fields(page), "shown_as": "Rita Moss, nurse"}, follow=True)
    assert "Recorded: the advice of “About spots” is the same." in text_of(answer)
    assert "There is nothing to compare." in text_of(answer)
    assert "Reviewed by Dr. Ada Park" in text_of(client.get(CONDITION))
    assert HOLDS in text_of(client.get(f"/h/{code}/"))
    assert "Rita Moss, nurse compared the words with edition 1" in text_of(
        reviewer.get(page_of(spots, "editions"))
    )
    assert (
        AuditLogEntry.objects.filter(action="wording-checked", user__username="rita").count() == 1
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("Most people get spots.", "Many people get spots."), ("", "Many people get spots.")],
)
def test_paragraphs_far_from_a_change_are_left_out(before, after, editor, reviewer, spots):
    far = "\n\n".join(f"Skin makes oil {number}." for number in range(9))
    publish(editor, spots, introduction=f"{far}\n\n{before}".strip())
    review_all()
    publish(editor, spots, introduction=f"{far}\n\n{after}")
    shown = text_of(reviewer.get(LIST))
    assert [shown.count(words) for words in ("[…]", "oil 8.", "oil 6.", "oil 0.")] == [2, 2, 0, 0]
    (whole,) = re.findall(r'href="([^"]*/compare/[^"]*)"', reviewer.get(LIST).content.decode())
    assert text_of(reviewer.get(unescape(whole))).count("oil 0.") == 2


def test_check_of_text_changed_meanwhile_is_not_recorded(editor, reviewer, spots):
    publish(editor, spots, introduction="Many people get spots.")
    opened = form_fields(reviewer.get(LIST))
    publish(editor, spots, introduction="A lot of people get spots.")
    answer = reviewer.post(LIST, {**opened, "shown_as": "Rita"})
    assert "This has changed since you opened the page." in text_of(answer)
    assert not WordingCheck.objects.exists()


def test_missing_name_is_reported_and_nothing_recorded(editor, reviewer, spots):
    publish(editor, spots, introduction="Many people get spots.")
    answer = reviewer.post(LIST, {**form_fields(reviewer.get(LIST)), "shown_as": " "})
    assert (
        "Write your name and title." in text_of(answer)
        and 'role="alert"' in answer.content.decode()
    )
    assert not WordingCheck.objects.exists()


@override_settings(FOUR_EYES=True)
def test_own_wording_is_not_offered_for_checking(spots):
    eve = log_in(create_user("eve", roles.AUTHOR, roles.REVIEWER))
    save(eve, spots, introduction="Many people get spots.")
    send(eve, page_of(spots, "submit"), note="Plainer.")
    shown = text_of(eve.get(LIST))
    assert "Somebody else must look at it." in shown and "The advice is the same :" not in shown
    (edition,) = Edition.objects.filter(change="checked-text")
    sent = {"edition": edition.pk, "compared_with": edition.pk - 1, "shown_as": "Eve"}
    eve.post(LIST, sent)
    assert not WordingCheck.objects.exists()


def test_list_is_for_reviewers(editor, client, spots):
    edition = publish(editor, spots, introduction="Many people get spots.")
    author = log_in(create_user("alan", roles.AUTHOR))
    assert (
        author.get(LIST).status_code == 403 and LIST not in author.get("/admin/").content.decode()
    )
    sent = {"edition": edition.pk, "compared_with": edition.pk, "shown_as": "Alan"}
    assert author.post(LIST, sent).status_code == 403
    assert client.get(LIST).status_code == 302


def test_unknown_ids_are_not_found(reviewer, spots):
    for number in ("0", str(2**31), "x", ""):
        answer = reviewer.post(LIST, {"edition": number, "compared_with": number, "shown_as": "R"})
        assert answer.status_code in {200, 404}
    assert not WordingCheck.objects.exists()
