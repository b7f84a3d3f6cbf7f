"""Staff pages pass axe in light and dark, on a desktop and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from education.articles.models import Article, Cause
from education.audit.models import AuditLogEntry
from education.checklists.models import Checklist
from education.clinic.models import Clinic
from education.media.image_processing import process_upload
from education.media.models import Image
from education.publishing import actions
from education.publishing.models import Document, Edition, Review
from education.publishing.workflow import reviews
from education.references.models import CheckedLink, Glossary, SourceList
from education.selfcheck.models import SelfCheck
from tests import factories
from tests.browser import staff_users
from tests.browser.text_editor_page import SHOWING_ALL
from tests.browser.wait_helpers import wait_until
from tests.media import sample_images

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.ignore_template_errors,
    pytest.mark.usefixtures("uploads"),
]

# Its script is one that the policy would stop; and no color may be measured while it fades into
# another.
WITH_AXE: dict[str, Any] = {"bypass_csp": True, "reduced_motion": "reduce"}
WIDTHS = (1280, 360)
# In the dark only colors are others than in the light.
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]},
}
VIOLATIONS = """
async options => (await axe.run(document, options)).violations
  .map(broken => [broken.id, broken.nodes.map(node => node.html.slice(0, 160))])
"""
TEXT = (
    "**Small** bumps:\n\n- one\n- two\n\n# On brown skin\n\nThey look gray [@leaflet], [@nobody].\n"
)


@pytest.fixture
def desk(browser: Browser, live_server: Any, console_messages: list[str]) -> Iterator[Page]:
    """A signed-in nurse's browser, in which axe may run its own script."""
    factories.make_small_site()
    staff_users.self_check()
    picture = Image(alternative_text="A red bump.")
    picture.store(process_upload(sample_images.jpeg(800, 600)))
    draft = factories.article("draft", summary=f"{TEXT}\n{picture.markdown}")
    draft.causes.update(looks=TEXT, self_care="")
    draft.causes.create(cause=factories.cause("sweat"), order=1)
    factories.cause(text="Skin makes some oil, all day.", also_called=["Sebum"])
    nora = staff_users.create_nurse("nora")
    _at_every_stage(nora)
    client = Client()
    client.force_login(nora)
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        page.context.add_cookies([{**cookie, "url": f"{live_server.url}/admin/"}])
        yield page


def _at_every_stage(nora: User) -> None:
    """Articles sent back, scheduled, overdue, with words to compare and two choices; and a broken
    link.
    """
    (waiting,) = actions.submit(
        [factories.article("waiting", do=["Wash."])], **factories.ADVICE, by=nora
    )
    reviews.request_changes(waiting, by=nora, comment="Say how often.\nAnd why.")
    tomorrow = timezone.now() + timedelta(days=1)
    factories.publish_documents(factories.article("scheduled"), at=tomorrow)
    (overdue,) = factories.publish_documents(factories.article("overdue"))
    day = timezone.localdate()
    Review(
        edition=overdue,
        by=nora,
        shown_as="Nora",
        on=day - timedelta(500),
        next_due=day - timedelta(135),
    ).save()
    factories.publish_documents(factories.article("overdue", introduction="Many people get spots."))
    factories.article("scheduled", do=["Wash.", "Rest for 2 days."])
    factories.publish_documents(factories.article("two"))
    actions.submit([factories.article("two", do=["Wash it."])], **factories.ADVICE, by=nora)
    factories.article("two", do=["Wash it well."])
    CheckedLink.objects.create(
        url="https://gone.example/a-very-long-address-of-a-page-that-is-no-longer-there",
        status=CheckedLink.Status.BROKEN,
        problem="There is no such page (404).",
        checked_at=timezone.now(),
        failing_since=timezone.now(),
    ).editions.add(overdue)


@pytest.fixture
def console_messages() -> list[str]:
    return []


def address(of: Any, page: str = "change") -> str:
    """Where staff find a page of this row, or of this model."""
    options = of._meta
    row = [] if isinstance(of, type) else [of.pk]
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=row)


def every_page() -> dict[str, list[str]]:
    """The addresses of staff, by what they are."""
    draft, live = Article.objects.get(slug="draft"), Article.objects.get(slug="spots")
    one_of_each = [
        *(
            draft,
            live,
            Cause.objects.get(slug="oil"),
            Checklist.objects.get(),
            SourceList.objects.get(),
        ),
        *(Glossary.objects.get(), SelfCheck.objects.get(), Image.objects.get()),
    ]
    models = (Article, Cause, Checklist, SelfCheck, Image)
    staged = {
        slug: Article.objects.get(slug=slug) for slug in ("waiting", "scheduled", "overdue", "two")
    }
    edition = Edition.objects.get(document=live)
    return {
        "lists": [
            "/admin/",
            "/admin/outdated-handouts/",
            "/admin/wording/",
            *(address(model, "changelist") for model in (*models, Edition, AuditLogEntry)),
        ],
        "forms": [
            *(address(row) for row in one_of_each),
            *(address(row) for row in staged.values()),
        ],
        "new": [*(address(model, "add") for model in (*models, Clinic))],
        "desk": [
            *(address(draft, page) for page in ("publish", "preview", "delete", "editions")),
            *(
                address(live, page)
                for page in ("withdraw", "editions", "compare", "submit", "review")
            ),
            *(
                address(staged["waiting"], page)
                for page in ("publish", "review", "editions", "compare")
            ),
            *(address(staged["scheduled"], page) for page in ("cancel", "publish", "withdraw")),
            address(staged["two"], "publish"),
            address(Cause.objects.get(slug="oil"), "withdraw"),
            address(Cause.objects.get(slug="sweat"), "delete"),
            *(address(row, "compare") for row in (draft, Cause.objects.get(slug="oil"))),
            *(
                address(row, "references")
                for row in (live, Checklist.objects.get(), SourceList.objects.get())
            ),
            address(edition),
            reverse("admin:publishing_edition_preview", args=[edition.pk]),
            *(
                address(SelfCheck.objects.get(), page)
                for page in ("flowchart", "walkthrough", "compare")
            ),
        ],
    }


def violations_of(page: Page, what: str) -> list[str]:
    """What axe finds in a page as it stands, in every scheme and width; and whether it scrolls
    sideways.
    """
    found = []
    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        # The colors of the dark do not depend on the width.
        schemes = SCHEMES if width == WIDTHS[0] else {"light": SCHEMES["light"]}
        for scheme, options in schemes.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            broken = page.evaluate(VIOLATIONS, options)
            found += [f"{what}, {scheme}, {width}: {rule}: {places}" for rule, places in broken]
    page.set_viewport_size({"width": 320, "height": 640})
    extra = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if extra > 0:
        found.append(f"{what} scrolls {extra} px to the side at 320 px")
    return found


def wait_for_previews(page: Page) -> None:
    """Until every text that is not empty shows its preview."""
    page.evaluate(SHOWING_ALL)
    wait_until(
        page,
        """() => [...document.querySelectorAll(".markdownx")].every(box => box.closest(".empty-form")
            || !box.querySelector("textarea").value.trim()
            || box.querySelector(".markdownx-preview").innerHTML)""",
    )


@pytest.mark.parametrize("group", ["lists", "forms", "new", "desk"])
def test_staff_pages_have_no_accessibility_violation(
    group: str, desk: Page, live_server: Any, console_messages: list[str]
) -> None:
    found = []
    for path in every_page()[group]:
        answer = desk.goto(live_server.url + path)
        assert answer and answer.status == 200, path
        wait_for_previews(desk)
        found += violations_of(desk, path)
    assert found == []
    assert console_messages == []


def test_sign_in_and_clinic_have_no_accessibility_violation(
    browser: Browser, desk: Page, live_server: Any, console_messages: list[str]
) -> None:
    Clinic.objects.create(pk=1, name="North Clinic", phone="(555) 010-0199")
    desk.goto(live_server.url + "/admin/clinic/clinic/")
    found = violations_of(desk, "clinic")
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        page.goto(live_server.url + "/admin/")
        found += violations_of(page, "sign in")
        page.get_by_label("Username").fill("nora")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Log in").press("Enter")
        page.locator(".errornote").wait_for()
        found += violations_of(page, "sign in refused")
    assert found == []
    assert console_messages == []


def test_administrator_pages_have_no_accessibility_violation(
    browser: Browser, live_server: Any, console_messages: list[str]
) -> None:
    root = User.objects.create_superuser("root", password="a long pass phrase")
    client = Client()
    client.force_login(root)
    group = Group.objects.first() or Group.objects.create(name="Author")
    found = []
    with staff_users.open_browser(browser, console_messages, **WITH_AXE) as page:
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        page.context.add_cookies([{**cookie, "url": f"{live_server.url}/admin/"}])
        for path in (
            address(User, "changelist"),
            address(User, "add"),
            address(root),
            address(group),
        ):
            page.goto(live_server.url + path)
            found += violations_of(page, path)
    assert found == []
    assert console_messages == []


def _publish_nothing(page: Page) -> None:
    page.goto(page.url.replace("/change/", "/publish/"))
    page.get_by_role("button", name="Publish now").press("Enter")


def _publish_too_early(page: Page) -> None:
    page.goto(page.url.replace("/change/", "/publish/"))
    page.get_by_label("What changed").fill("New.")
    page.get_by_role("button", name="Publish now").press("Enter")


def _publish_after_a_save(page: Page) -> None:
    live = Article.objects.get(slug="spots")
    factories.article(title="First words")
    page.goto(urljoin(page.url, address(live, "publish")))
    factories.article(title="Second words")
    page.get_by_label("What changed").fill("New.")
    page.get_by_role("button", name="Publish now").press("Enter")
    page.get_by_text("This was changed after you opened the page").wait_for()


def _withdraw_nothing(page: Page) -> None:
    page.goto(page.url.replace("/change/", "/withdraw/"))
    page.get_by_role("button", name="Withdraw now").press("Enter")


def _restore_over_new_words(page: Page) -> None:
    waiting = Article.objects.get(slug="waiting")
    Article.objects.filter(pk=waiting.pk).update(title="New words")
    page.goto(urljoin(page.url, address(waiting, "editions")))
    page.get_by_role("button", name="Restore edition 1").press("Enter")
    page.get_by_role("button", name="Put edition 1 into the working copy").wait_for()


def _save_second(page: Page) -> None:
    page.locator("#id_title").fill("My title")
    Document.objects.get(slug="draft", kind="article").record_edit()
    Article.objects.filter(slug="draft").update(title="Their title", introduction="Theirs.")
    page.get_by_role("button", name="Save", exact=True).first.press("Enter")


@pytest.mark.parametrize(
    ("do", "then"),
    [
        (_publish_nothing, ".problem-list[role=alert]"),
        (_publish_too_early, ".problem-list[role=alert]"),
        (_withdraw_nothing, ".problem-list"),
        (_restore_over_new_words, ".problem-list[role=alert]"),
        (_publish_after_a_save, ".merge-conflict"),
        (_save_second, ".merge-conflict"),
    ],
)
def test_error_pages_have_no_accessibility_violation(
    do: Callable[[Page], None], then: str, desk: Page, live_server: Any, console_messages: list[str]
) -> None:
    desk.goto(live_server.url + address(Article.objects.get(slug="draft")))
    wait_for_previews(desk)
    do(desk)
    desk.locator(then).wait_for()
    wait_for_previews(desk)
    assert violations_of(desk, do.__name__) == []
    assert console_messages == []
