"""The second step of signing in: set up, asked for, enforced, limited, and taken away."""

from __future__ import annotations

import base64
import html
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from education.articles.models import Article
from education.audit.models import Action, AuditLogEntry
from education.staff.accounts import roles
from education.staff.sign_in import second_factor
from tests import factories
from tests.staff.conftest import create_user, form_fields, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SIGN_IN, CODE = "/admin/login/", "/admin/login/code/"
OVERVIEW, APP = "/admin/second-factor/", "/admin/second-factor/app/"
RIGHT = "a long pass phrase"
SHUT = "There were too many wrong codes."


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of codes and limits, which a test moves on."""
    now = [datetime(2027, 1, 4, 8, tzinfo=UTC).timestamp()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


@pytest.fixture
def ada(db: None) -> User:
    return create_user("ada", roles.AUTHOR)


def code_of(user: User, clock: list[float]) -> str:
    """What the app shows, half a minute later: each code works once."""
    clock[0] += 30
    return shown_by_app(TOTPDevice.objects.get(user=user).bin_key)


def shown_by_app(secret: bytes) -> str:
    app = TOTP(secret)
    app.time = time.time()
    return f"{app.token():06}"


def set_up(client: Client) -> list[str]:
    """Set up the app as a person would; the recovery codes that were shown."""
    key = client.get(APP).context["key"]
    secret = base64.b32decode(key.replace(" ", ""))
    page = client.post(APP, {"code": shown_by_app(secret)})
    assert page.status_code == 200, page.content
    return page.context["codes"]


def give_password(client: Client, **extra: Any) -> Any:
    return client.post(SIGN_IN, {"username": "ada", "password": RIGHT, **extra})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def codes(ada: User) -> list[str]:
    """Ada has set it up."""
    return set_up(log_in(ada))


def test_password_alone_does_not_sign_in(ada, codes, clock):
    client = Client()
    answer = give_password(client)
    assert answer.url == CODE and not is_in(client)
    assert "Type the code" in text_of(client.get(CODE))
    assert client.post(CODE, {"code": code_of(ada, clock)}).url == "/admin/"
    assert is_in(client)


def test_code_works_once_and_may_have_a_space(ada, codes, clock):
    code = code_of(ada, clock)
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client)
        client.post(CODE, {"code": f"{code[:3]} {code[3:]}"})
    assert is_in(first) and not is_in(second)


def test_recovery_code_works_once_however_it_is_typed(ada, codes):
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client)
        client.post(CODE, {"code": codes[0].upper().replace("-", " ")})
    assert is_in(first) and not is_in(second)
    assert second_factor.recovery_codes_left(ada) == second_factor.RECOVERY_CODES - 1
    entry = AuditLogEntry.objects.filter(action=Action.SIGNED_IN).get()
    assert entry.details == "With a recovery code."


def test_recovery_codes_are_stored_as_hashes(codes):
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == len(codes) == second_factor.RECOVERY_CODES
    assert not stored & {code.replace("-", "") for code in codes}


def test_new_recovery_codes_replace_the_old_ones(ada, codes, clock):
    client = Client()
    give_password(client)
    client.post(CODE, {"code": code_of(ada, clock)})
    fresh = client.post(OVERVIEW, {"codes": "1"}).context["codes"]
    assert not set(fresh) & set(codes)
    other = Client()
    give_password(other)
    other.post(CODE, {"code": codes[0]})
    assert not is_in(other)


def test_wrong_codes_are_limited_and_logged(ada, codes, clock):
    client = Client()
    give_password(client)
    for _ in range(5):
        page = client.post(CODE, {"code": "000000"})
        assert "This code is not right" in text_of(page)
    assert SHUT in text_of(client.post(CODE, {"code": codes[0]})) and not is_in(client)
    failed = AuditLogEntry.objects.filter(action=Action.SIGN_IN_FAILED, subject="ada")
    assert failed.count() == 5 and "The password was right" in failed[0].details
    clock[0] += 15 * 60
    client.post(CODE, {"code": codes[0]})
    assert is_in(client)


def test_guessing_goes_on_for_twenty_codes_a_day(ada, codes, clock):
    client = Client()
    for _ in range(4):
        clock[0] += 15 * 60
        give_password(client)
        for _number in range(5):
            assert SHUT not in text_of(client.post(CODE, {"code": "000000"}))
    clock[0] += 15 * 60
    assert SHUT in text_of(client.post(CODE, {"code": codes[0]}))
    clock[0] += 24 * 60 * 60
    client.post(CODE, {"code": codes[0]})
    assert is_in(client)


def test_owner_is_not_shut_out_by_who_knows_the_password(ada, codes, clock):
    mine, thief = Client(), Client()
    give_password(mine)
    mine.post(CODE, {"code": codes[0]})
    mine.post("/admin/logout/")
    give_password(thief)
    for _ in range(6):
        thief.post(CODE, {"code": "000000"})
    give_password(mine)
    mine.post(CODE, {"code": code_of(ada, clock)})
    assert is_in(mine)


@pytest.mark.parametrize("change", ["password", "closed"])
def test_code_is_not_taken_after_the_account_changed(change, ada, codes):
    client = Client()
    give_password(client)
    if change == "password":
        ada.set_password("zebra tulip lamp nine")
    else:
        ada.is_active = False
    ada.save()
    assert client.post(CODE, {"code": codes[0]}).url == f"{SIGN_IN}?next=%2Fadmin%2F"
    assert not is_in(client)


def test_code_page_without_a_password_leads_to_sign_in(ada, codes):
    assert Client().get(CODE).url == SIGN_IN
    assert Client().post(CODE, {"code": codes[0]}).url == SIGN_IN


def test_typed_words_survive_both_steps(codes, clock, ada):
    factories.make_small_site()
    add = "/admin/articles/article/add/"
    page = Client().post(add, {"title": "Zebra"})
    client = Client()
    client.post(SIGN_IN, {**form_fields(page), "username": "ada", "password": RIGHT})
    answer = client.post(CODE, {"code": code_of(ada, clock)}, follow=True)
    assert form_fields(answer)["title"] == "Zebra"


def test_typed_words_survive_a_code_that_came_too_late(ada, codes, clock):
    factories.make_small_site()
    page = Client().post("/admin/articles/article/add/", {"title": "Zebra"})
    client = Client()
    client.post(SIGN_IN, {**form_fields(page), "username": "ada", "password": RIGHT})
    session = client.session
    session["pending_sign_in"]["until"] = 0
    session.save()
    late = client.post(CODE, {"code": code_of(ada, clock)})
    assert late.url.startswith(f"{SIGN_IN}?next=")
    sent = {**form_fields(client.get(late.url)), "username": "ada", "password": RIGHT}
    assert client.post(SIGN_IN, sent).url == CODE
    answer = client.post(CODE, {"code": code_of(ada, clock)}, follow=True)
    assert form_fields(answer)["title"] == "Zebra"


@pytest.mark.parametrize(
    ("policy", "role", "asked"),
    [
        ("off", roles.PUBLISHER, False),
        ("privileged", roles.AUTHOR, False),
        ("privileged", roles.REVIEWER, True),
        ("privileged", roles.PUBLISHER, True),
        ("privileged", roles.MANAGER, True),
        ("all", roles.AUTHOR, True),
    ],
)
def test_policy_leads_to_setting_it_up(policy, role, asked, settings):
    settings.REQUIRE_SECOND_FACTOR = policy
    client = log_in(create_user("ada", role))
    answer = client.get("/admin/")
    assert (answer.status_code == 302 and answer.url == OVERVIEW) is asked
    if asked:
        assert "With your role signing in needs a second step" in text_of(client.get(OVERVIEW))
        set_up(client)
    assert is_in(client)


def test_administrator_needs_it_under_the_policy(settings):
    settings.REQUIRE_SECOND_FACTOR = "privileged"
    client = log_in(User.objects.create_superuser("root", password=RIGHT))
    assert client.get("/admin/auth/user/").url == OVERVIEW


def test_scripts_of_pages_are_refused_without_it(ada, settings):
    settings.REQUIRE_SECOND_FACTOR = "all"
    client = log_in(ada)
    answer = client.post("/admin/markdownx/markdownify/", {"content": "x"})
    assert answer.status_code == 403 and b"second step" in answer.content
    assert client.get("/admin/text-editor/pages/?q=x").status_code == 403


def test_words_sent_before_setting_it_up_are_kept(ada, settings):
    factories.make_small_site()
    client, add = log_in(ada), "/admin/articles/article/add/"
    form = {**form_fields(client.get(add)), "title": "Zebra", "slug": "zebra"}
    settings.REQUIRE_SECOND_FACTOR = "all"
    assert client.post(add, form).url == OVERVIEW
    assert not Article.objects.filter(slug="zebra").exists()
    set_up(client)
    assert form_fields(client.get(add))["title"] == "Zebra"


def test_wrong_first_code_sets_nothing_up(ada):
    client = log_in(ada)
    client.get(APP)
    page = client.post(APP, {"code": "12345x"})
    assert "This code is not right" in text_of(page)
    assert not second_factor.has_second_factor(ada)


def test_setting_it_up_ends_other_sessions_and_is_logged(ada):
    here, elsewhere = log_in(ada), log_in(ada)
    set_up(here)
    assert is_in(here) and not is_in(elsewhere)
    entry = AuditLogEntry.objects.get(action=Action.ACCOUNT)
    assert entry.user == ada and "Set up the second step" in entry.details


def test_it_is_taken_away_only_where_no_policy_asks_for_it(ada, settings):
    client = log_in(ada)
    set_up(client)
    settings.REQUIRE_SECOND_FACTOR = "all"
    client.post(OVERVIEW, {"remove": "1"})
    assert second_factor.has_second_factor(ada)
    settings.REQUIRE_SECOND_FACTOR = "off"
    client.post(OVERVIEW, {"remove": "1"})
    assert not second_factor.has_second_factor(ada) and is_in(client)


def test_manager_helps_somebody_who_lost_the_phone(ada, codes):
    mona = create_user("mona", roles.MANAGER)
    manager, hers = log_in(mona), log_in(ada)
    address = f"/admin/auth/user/{ada.pk}/second-factor/"
    assert "They are signed out everywhere" in text_of(manager.get(address))
    manager.post(address)
    assert not second_factor.has_second_factor(ada) and not is_in(hers)
    assert not StaticToken.objects.exists()
    entry = AuditLogEntry.objects.filter(action=Action.ACCOUNT, user=mona).get()
    assert "Took away the second step" in entry.details and entry.slug == str(ada.pk)


@pytest.mark.parametrize("who", ["author", "oneself", "an administrator"])
def test_second_step_is_not_taken_from(who, ada, codes):
    mona = create_user("mona", roles.MANAGER)
    root = User.objects.create_superuser("root", password=RIGHT)
    client, account = {
        "author": (log_in(create_user("otto", roles.AUTHOR)), ada),
        "oneself": (log_in(mona), mona),
        "an administrator": (log_in(mona), root),
    }[who]
    assert client.post(f"/admin/auth/user/{account.pk}/second-factor/").status_code == 403
    assert second_factor.has_second_factor(ada)


def test_command_takes_it_away(ada, codes, capsys):
    call_command("reset_second_factor", "ada")
    assert not second_factor.has_second_factor(ada)
    assert AuditLogEntry.objects.filter(action=Action.ACCOUNT, user=None).exists()
    for name in ("ada", "nobody"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name)


def test_secrets_have_no_page_in_the_admin(settings):
    root = log_in(User.objects.create_superuser("root", password=RIGHT))
    for address in ("otp_totp/totpdevice/", "otp_static/staticdevice/"):
        assert root.get(f"/admin/{address}").status_code == 404
