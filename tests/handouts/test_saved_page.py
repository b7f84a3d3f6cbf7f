"""A condition page as one file: whole, without anything that must be loaded, and checkable."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from education.articles.models import Article
from education.media import storage
from education.publishing import actions
from education.publishing.models import Edition
from tests import factories
from tests.browser import live_site
from tests.factories import WORDING, publish_documents

pytestmark = pytest.mark.django_db

SAVED = "/conditions/spots.html"
SAVE = "/conditions/spots/save/"
MOST_BYTES = 65 * 1024
LOADED = re.compile(r'(?<!<a)(?: src|<link[^>]* href)="(?!data:)[^"]*"|url\(|@import')


@pytest.fixture
def spots(db: None) -> None:
    factories.make_small_site()


def file_of(client, address: str = SAVED) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    name = address.rsplit("/", 1)[1]
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    return answer.content.decode()


def test_file_loads_nothing_and_links_to_the_site(client, spots):
    html = file_of(client)
    assert not LOADED.findall(html) and "<script" not in html
    addresses = re.findall(r'href="([^"]*)"', html)
    assert all(re.match(r"#|https?://|tel:", address) for address in addresses), addresses
    assert f"{settings.SITE_URL}/conditions/spots/" in addresses


def test_file_says_all_that_the_page_says(client, spots):
    def paragraphs(html: str) -> set[str]:
        main = html.split('<article class="page', 1)[1].split("</article>")[0]
        return set(re.findall(r"<(?:li|p|dd)>([^<]+)<", main))

    page = client.get("/conditions/spots/").content.decode()
    assert paragraphs(page) and paragraphs(page) <= paragraphs(file_of(client))


def test_file_has_edition_day_and_code_that_ages(client, spots):
    html = file_of(client)
    assert timezone.localdate().strftime("%B %-d, %Y") in html
    address = re.search(rf'href="{settings.SITE_URL}(/h/[^"]+/)"', html)
    assert address and address[1].split("/")[2] in re.sub("<[^>]*>", "", html)
    assert 'data-verdict="current"' in client.get(address[1]).content.decode()
    publish_documents(factories.article(do=["See a doctor."]))
    assert 'data-verdict="advice"' in client.get(address[1]).content.decode()


def test_file_holds_drawings_and_uploads(client, spots, uploads):
    name = f"{'a' * 32}.webp"
    storage.write(name, b"RIFF some picture")
    publish_documents(factories.cause(picture="acne"), **WORDING)
    publish_documents(
        factories.article(
            picture="back", introduction=f"![A bump on a back](/media/{name})\n\nSpots are common."
        ),
        **WORDING,
    )
    html = file_of(client)
    assert html.count('src="data:image/svg+xml,') == 2
    assert html.count('src="data:image/webp;base64,') == 1
    storage.remove(name)
    assert f'src="{settings.SITE_URL}/media/{name}"' in file_of(client)


def test_page_to_save_leads_to_file_paper_and_messages(client, spots):
    assert f'href="{SAVE}"' in client.get("/conditions/spots/").content.decode()
    html = client.get(SAVE).content.decode()
    url = f"{settings.SITE_URL}/conditions/spots/"
    for part in (
        f'href="{SAVED}"',
        'href="/handouts/spots/"',
        'href="sms:?',
        'href="mailto:?',
        url,
    ):
        assert part in html, part
    assert "utm_" not in html and html.count("<title>") == 2, "the page's, and the QR code's"


def test_nothing_to_save_of_an_article_that_is_not_live(client, spots):
    for address in (SAVED, SAVE):
        assert client.get(address.replace("spots", "no-such")).status_code == 404
    actions.withdraw(Edition.objects.live().get(document__slug="spots").document, reason="Wrong.")
    assert Article.objects.filter(slug="spots").exists()
    for address in (SAVED, SAVE):
        assert client.get(address).status_code in {404, 410}


def test_shipped_files_are_small(client):
    with transaction.atomic():
        live_site.load()
        sizes = {
            slug: len(file_of(client, f"/conditions/{slug}.html").encode())
            for slug in Edition.objects.live()
            .filter(document__kind="article")
            .values_list("document__slug", flat=True)
        }
        transaction.set_rollback(True)
    assert len(sizes) >= 5 and max(sizes.values()) <= MOST_BYTES, sizes


@pytest.mark.parametrize(("address", "number"), [(SAVED, 5), (SAVE, 2)])
def test_query_count(address, number, client, spots, django_assert_num_queries):
    client.get(address)
    with django_assert_num_queries(number):
        client.get(address)
