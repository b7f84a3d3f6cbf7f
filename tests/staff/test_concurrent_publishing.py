"""Two decisions at the same instant: one is carried out, the other refused (P1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from education.publishing import actions
from education.publishing.models import Edition, Publication
from education.staff.accounts import roles
from tests import factories
from tests.factories import ADVICE
from tests.staff.conftest import create_user, log_in, shown_state_of
from tests.staff.test_workflow import SUBMITTED, at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.ignore_template_errors]


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Carry out jobs in threads that begin together; what each gives."""
    barrier, results = Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int) -> None:
        try:
            barrier.wait()
            results[place] = jobs[place]()
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("together", [False, True])
def test_second_of_two_publishers_is_told_of_the_change(together):  # P1
    page = factories.make_small_site()
    factories.article(title="New")
    typed: dict[str, Any] = dict(SUBMITTED)
    if together:
        typed["together"] = str(factories.cause(text="New.").pk)
    browsers = [log_in(create_user(name, roles.PUBLISHER)) for name in ("paula", "pablo")]
    forms = [
        {**typed, "shown": shown_state_of(browser.get(at(page, "publish")))} for browser in browsers
    ]
    answers = at_once(
        *(
            lambda browser=browser, form=form: browser.post(at(page, "publish"), form)
            for browser, form in zip(browsers, forms, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    told = next(answer for answer in answers if answer.status_code == 200)
    assert "This was changed after you opened the page" in told.content.decode()
    assert Edition.objects.filter(document=page).count() == 2


def test_concurrent_save_and_publish_never_publish_unseen_text():  # P1
    page = factories.make_small_site()
    factories.article(title="Shown")
    paula = log_in(create_user("paula", roles.PUBLISHER))
    form = {**SUBMITTED, "shown": shown_state_of(paula.get(at(page, "publish")))}
    at_once(
        lambda: paula.post(at(page, "publish"), form),
        lambda: factories.article(title="Not shown"),
    )
    assert Edition.objects.live().get(document=page).heading in {"About spots", "Shown"}


def test_concurrent_withdrawal_and_schedule_leave_nothing_unseen():  # P2
    page = factories.make_small_site()
    factories.article(title="New")
    eve = log_in(create_user("eve", roles.PUBLISHER))
    form = {"reason": "Wrong.", "shown": shown_state_of(eve.get(at(page, "withdraw")))}
    answers = at_once(
        lambda: eve.post(at(page, "withdraw"), form),
        lambda: actions.publish([page], at=timezone.now() + timedelta(hours=1), **ADVICE),
    )
    is_withdrawn = not Edition.objects.live().filter(document=page).exists()
    assert is_withdrawn == (answers[0].status_code == 302)
    # A schedule that came first stopped the form; one that came second was made of a withdrawn
    # page.
    assert len(set(Publication.objects.upcoming().values_list("act", flat=True))) <= 1
