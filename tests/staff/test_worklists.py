"""The lists across kinds: who finds what on them, sorted, filtered, as a file and on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from education.publishing import actions
from education.publishing.models import Document, Edition
from education.publishing.workflow import reviews
from education.staff.accounts import roles
from education.staff.overview.worklists import WORKLISTS
from tests import factories
from tests.staff.conftest import create_user, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def spots(db: None) -> Any:
    return factories.make_small_site()


def names(key: str, user: User) -> list[str]:
    return [vars(one)["name"] for one in WORKLISTS[key].documents(user)]


def page(user: User, key: str, **query: str) -> Any:
    return log_in(user).get(f"/admin/lists/{key}/", query)


def review(slug: str, due_in_days: int) -> None:
    by = User.objects.get_or_create(username="ada")[0]
    edition = Edition.objects.live().get(document__slug=slug)
    made = reviews.Review(edition=edition, by=by, shown_as="Ada", on=timezone.localdate())
    made.next_due = timezone.localdate() + timedelta(due_in_days)
    made.on = min(made.on, made.next_due - timedelta(1))
    made.save()


def test_draft_is_on_the_list_of_owner_and_last_writer_only(spots):
    arthur, berta = create_user("arthur", roles.AUTHOR), create_user("berta", roles.AUTHOR)
    draft = factories.cause("sweat")
    Document.objects.filter(pk=draft.pk).update(owner=arthur)
    assert names("drafts", arthur) == ["Sweat"] and names("drafts", berta) == []
    draft.record_edit(berta)
    assert names("drafts", berta) == ["Sweat"]
    actions.submit([draft], note="New.", by=arthur)
    assert names("drafts", arthur) == names("drafts", berta) == []
    assert names("handed-in", arthur) == ["Sweat"] and names("handed-in", berta) == []


@pytest.mark.parametrize(
    ("role", "listed"), [(roles.AUTHOR, []), (roles.REVIEWER, ["Oil"]), (roles.PUBLISHER, ["Oil"])]
)
def test_submission_waits_for_those_who_can_decide(role, listed, spots):
    actions.submit([factories.cause(text="New.")], note="New.")
    assert names("waiting", create_user("una", role)) == listed


def test_own_text_does_not_wait_for_its_writer_with_four_eyes(spots, settings):
    settings.FOUR_EYES = True
    eve = create_user("eve", roles.REVIEWER)
    oil = factories.cause(text="New.")
    oil.record_edit(eve)
    actions.submit([oil], note="New.")
    assert names("waiting", eve) == []
    assert names("waiting", create_user("otto", roles.REVIEWER)) == ["Oil"]


def test_request_for_changes_waits_for_its_author(spots):
    arthur, ada = create_user("arthur", roles.AUTHOR), create_user("ada", roles.REVIEWER)
    (edition,) = actions.submit([factories.cause(text="New.")], note="New.", by=arthur)
    reviews.request_changes(edition, by=ada, comment="No.")
    assert names("waiting", arthur) == ["Oil"] and names("waiting", ada) == []
    assert names("waiting", create_user("berta", roles.AUTHOR)) == []


def test_due_lists_split_at_today(spots):
    una = create_user("una", roles.REVIEWER)
    review("spots", -1)
    review("skin", 0)
    review("oil", 61)
    assert names("overdue", una) == ["About spots"]
    assert names("due-soon", una) == ["When to see a doctor"]
    assert names("never", una) == ["Glossary", "List of sources"]


def test_scheduled_and_withdrawn_documents_are_listed(spots):
    una = create_user("una", roles.REVIEWER)
    actions.withdraw(spots, reason="Old.")
    new = [factories.cause(text="New.")]
    actions.publish(new, note="New.", at=timezone.now() + timedelta(2))
    assert names("withdrawn", una) == ["About spots"] and names("scheduled", una) == ["Oil"]
    actions.submit([factories.article(title="Mended")], note="New.")
    assert names("withdrawn", una) == ["Mended"]


def test_list_shows_no_kind_that_the_user_may_not_see(spots, staff):
    client = staff("gus", "references.view_glossary")
    shown = client.get("/admin/lists/never/").content.decode()
    assert "Glossary" in shown and "About spots" not in shown


def test_unknown_list_is_not_found_and_stranger_signs_in(spots, client):
    assert page(create_user("una"), "secrets").status_code == 404
    assert client.get("/admin/lists/never/").status_code == 302


def test_list_is_searched_filtered_and_sorted(spots):
    una = create_user("una", roles.REVIEWER)
    Document.objects.filter(slug="oil").update(owner=una)
    both = page(una, "never", sort="-name").content.decode()
    assert both.index("List of sources") < both.index("About spots")
    for query in ({"q": "about"}, {"kind": "article"}):
        shown = page(una, "never", **query).content.decode().split("<tbody>")[1]
        assert "About spots" in shown and "Glossary" not in shown
    owned = page(una, "never", owner=str(una.pk)).content.decode().split("<tbody>")[1]
    assert "Oil" in owned and "About spots" not in owned
    assert "Nothing fits." in page(una, "never", state="withdrawn").content.decode()


@pytest.mark.parametrize(
    "query", [{"sort": "'"}, {"owner": "x"}, {"owner": "9" * 30}, {"page": "-1"}, {"kind": "%"}]
)
def test_forged_filter_shows_the_list(query, spots):
    assert page(create_user("una", roles.REVIEWER), "never", **query).status_code in {200, 400}


def test_csv_has_the_filtered_rows_and_no_formula(spots):
    una = create_user("una", roles.REVIEWER)
    factories.publish_documents(factories.cause("sum", name="=1+1"))
    answer = page(una, "never", kind="cause", **{"as": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"].startswith('attachment; filename="never-')
    assert lines[0].startswith("name,kind,state,owner,readers see it since")
    assert sorted(line.split(",")[0] for line in lines[1:]) == ["'=1+1", "Oil"]


def test_print_shows_all_rows_of_a_long_list(spots):
    una = create_user("una", roles.REVIEWER)
    factories.publish_documents(*[factories.cause(f"cause-{number}") for number in range(60)])
    for query, number in ((), 50), ({"as": "print"}, 65), ({"page": "2"}, 15):
        assert len(page(una, "never", **dict(query)).context["rows"]) == number


@pytest.mark.parametrize("number", [1, 40])
def test_list_asks_as_often_for_many_rows(number, spots, django_assert_max_num_queries):
    client = log_in(create_user("una", roles.REVIEWER))
    factories.publish_documents(*[factories.cause(f"cause-{index}") for index in range(number)])
    with django_assert_max_num_queries(9):
        client.get("/admin/lists/never/")


def test_desk_leads_to_the_whole_list(spots):
    factories.publish_documents(*[factories.cause(f"cause-{number}") for number in range(12)])
    desk = log_in(create_user("una", roles.REVIEWER)).get("/admin/").content.decode()
    section = desk.split('id="dashboard-never"')[1].split("</section>")[0]
    assert section.count("<li>") == 8
    assert '<a href="/admin/lists/never/">All 17: Never reviewed by a clinician</a>' in section
