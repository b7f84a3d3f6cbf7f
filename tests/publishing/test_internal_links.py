"""Links from texts to pages of the site: a broken one cannot be published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from education.publishing import actions
from education.publishing.checks import internal_links
from education.publishing.checks.site_snapshot import SiteSnapshot
from education.publishing.content import ActionRefused, DocumentKey
from education.publishing.content_files.errors import ContentFileErrors
from education.publishing.content_files.importer import check_files, import_files
from education.publishing.models import Document, Edition, Publication
from education.publishing.workflow import pending
from tests import factories
from tests.factories import WORDING, publish_documents
from tests.publishing.content_files.sample_folder import GOOD, good_folder

pytestmark = pytest.mark.django_db


def broken_targets(text):
    """The targets of the broken links of a cause with this text."""
    edition = Edition.unsaved(
        Document(kind="cause", slug="oil"), factories.cause(text=text).draft_content()
    )
    return [
        link.target
        for link in internal_links.find_broken_links(edition, SiteSnapshot(timezone.now()))
    ]


def refused_problems(*documents, **how):
    with pytest.raises(ActionRefused) as refusal:
        publish_documents(*documents, **how)
    return [(problem.key.slug, problem.path, problem.message) for problem in refusal.value.problems]


@pytest.fixture
def site():
    factories.make_small_site()
    publish_documents(factories.self_check())


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/about/",
        "/about",
        "/conditions/",
        "/conditions/spots/",
        "/conditions/spots",
        "/conditions/spots/?from=oil#causes",
        "/conditions/spots/history/",
        "/handouts/spots/",
        "/causes/oil/",
        "/when-to-see-a-doctor/skin/",
        "/self-check/skin-check/",
        "/self-check/skin-check/step/1a/",
        "/glossary/",
        "/search/?q=spots",
        "http://127.0.0.1:8000/conditions/spots/",
        "#part",
        "https://example.org/causes/acn/",
        "http://127.0.0.1:9/causes/acn/",
        "mailto:desk@clinic.example",
        "tel:+15550100199",
    ],
)
def test_link_to_a_live_page_is_not_broken(target, site, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert broken_targets(f"See [this]({target}).") == []


@pytest.mark.parametrize(
    "target",
    [
        "/causes/acn/",
        "/causes/acn",
        "/causes/Oil/",
        "/causes/spots/",
        "/conditions/oil/",
        "/conditions/spot/history/",
        "/handouts/spot/",
        "/self-check/skin-check/clear/",
        "/self-check/skin-check/finish/",
        "/nothing/",
        "/causes/oil/more/",
        "/admin/",
        "/admin",
        "/admin/articles/article/",
        "/admin/markdownx/upload/",
        "/static/staff/staff.css",
        "/es/causes/oil/",
        "/causes/acn/?x=/causes/oil/",
        "http://127.0.0.1:8000/causes/acn/#oil",
        "HTTP://127.0.0.1:8000/causes/acn/",
        "/c%61uses/acn/",
    ],
)
def test_link_to_no_public_page_is_broken(target, site, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert broken_targets(f"See [this]({target}).") == [target]


@pytest.mark.parametrize("target", ["/causes/oil/", "http://clinic.example/causes/oil/"])
def test_link_with_the_host_of_the_site_is_internal(target, settings):
    settings.SITE_URL = "https://clinic.example"
    assert broken_targets(
        f"[Here]({target}) and [there](https://clinic.example:443/causes/acn/)."
    ) == ["https://clinic.example:443/causes/acn/"]


def test_publishing_a_broken_link_is_refused():
    page = factories.cause(text="Skin makes oil.\n\nIt may be [acne](/causes/acn/).")
    assert refused_problems(page) == [
        (
            "oil",
            ("what_it_is",),
            "The link to “/causes/acn/” leads nowhere. Correct the address, or publish that page first.",
        )
    ]
    assert not Publication.objects.exists()
    assert [problem.path for problem in pending.publication_problems(page)] == [("what_it_is",)]


def test_link_to_a_staff_page_is_refused_with_its_reason():
    assert (
        "a page for staff"
        in refused_problems(factories.cause(text="See [the desk](/admin/)."))[0][2]
    )


def test_invalid_draft_reports_its_broken_links():
    page = factories.cause(text="See [acne](/causes/acn/).")
    page.name = ""
    page.save()
    assert {problem.path for problem in pending.publication_problems(page)} == {
        ("name",),
        ("what_it_is",),
    }


def test_pages_linking_to_each_other_go_live_only_together():
    oil = factories.cause("oil", text="See [sweat](/causes/sweat/) and [oil](/causes/oil/).")
    sweat = factories.cause("sweat", text="See [oil](/causes/oil/).")
    assert [problem[0] for problem in refused_problems(oil)] == ["oil"]
    assert [problem[0] for problem in refused_problems(sweat)] == ["sweat"]
    assert len(publish_documents(oil, sweat)) == 2


def test_linked_drafts_are_related_at_any_depth():
    factories.cause("oil", text="See [sweat](/causes/sweat/).")
    factories.cause("sweat", text="See [dust](/causes/dust/).")
    factories.cause("dust", text="See [oil](/causes/oil/) [@leaflet].")
    factories.sources()
    gone, live = factories.cause("gone"), factories.cause("live")
    publish_documents(gone, live)
    actions.withdraw(gone, reason="Old.")
    factories.cause("live", text="Changed.")
    oil = factories.cause(
        "oil", text="See [a](/causes/sweat/), [b](/causes/gone/), [c](/causes/live/)."
    )
    offered = pending.unpublished_related(oil)
    assert [near.slug for near in offered] == ["dust", "sweat", "sources"]


def test_page_may_be_scheduled_after_the_page_it_links_to():
    tomorrow = timezone.now() + timedelta(days=1)
    publish_documents(factories.cause("sweat"), at=tomorrow)
    oil = factories.cause("oil", text="See [sweat](/causes/sweat/).")
    assert refused_problems(oil, at=tomorrow - timedelta(hours=1))
    assert publish_documents(oil, at=tomorrow)


def test_withdrawing_a_linked_page_breaks_the_links_to_it():
    oil, sweat = (
        factories.cause("oil", text="See [sweat](/causes/sweat/)."),
        factories.cause("sweat"),
    )
    publish_documents(oil, sweat)
    actions.withdraw(sweat, reason="It was wrong.")
    live = SiteSnapshot(timezone.now()).live_edition(DocumentKey("cause", "oil"), "en")
    assert [
        link.target for link in internal_links.find_broken_links(live, SiteSnapshot(timezone.now()))
    ] == ["/causes/sweat/"]


def test_link_broken_later_blocks_no_other_publication():
    factories.sources(), factories.checklist()
    oil, sweat = factories.cause("oil"), factories.cause("sweat")
    page = factories.article(introduction="See [sweat](/causes/sweat/).")
    publish_documents(
        Document.objects.get(kind="sources"),
        Document.objects.get(kind="checklist"),
        oil,
        sweat,
        page,
    )
    actions.withdraw(sweat, reason="It was wrong.")
    assert publish_documents(factories.cause("oil", text="Oil, said more plainly."), **WORDING)
    tomorrow = timezone.now() + timedelta(days=1)
    page = factories.article(introduction="No link.")
    (entry,) = actions.publish([page], note="Plainer.", at=tomorrow)
    actions.cancel(entry)
    page = factories.article(introduction="See [sweat](/causes/sweat/) again.")
    assert refused_problems(page)[0][1] == ("introduction",)


def test_files_linking_to_each_other_are_loaded_together(tmp_path):
    oil = f"{GOOD['en/causes/oil.md']}\nSee [spots](/conditions/spots/).\n"
    spots = GOOD["en/articles/spots.md"].replace("Wash gently.", "See [oil](/causes/oil/).", 1)
    import_files(good_folder(tmp_path, causes__oil=oil, articles__spots=spots))
    assert Edition.objects.live().count() == len(GOOD)


def test_broken_link_in_a_file_is_refused_with_its_line(tmp_path):
    oil = f"{GOOD['en/causes/oil.md']}\nSee [acne](/causes/acn/).\n"
    good_folder(tmp_path, causes__oil=oil)
    for command in (check_files, import_files):
        with pytest.raises(ContentFileErrors) as mistakes:
            command(tmp_path)
        (mistake,) = mistakes.value.errors
        assert mistake.line == oil.split("\n").index("See [acne](/causes/acn/).") + 1
        assert "The link to “/causes/acn/” leads nowhere" in mistake.message
    assert not Document.objects.exists()
