"""The Atom feed of what was published, changed or withdrawn."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from education import markdown
from education.articles.schema_org import absolute_url
from education.clinic.models import Clinic
from education.pages.sitemaps import public_kinds
from education.publishing.content import clean_line
from education.publishing.history import FeedItem, recent_changes

MAX_ENTRIES = 50
# Allowed in text, but not in XML.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def build_changes_feed(language: str, clinic: Clinic) -> Atom1Feed:
    """The newest changes of pages in one language, each with its kind as category."""
    changes = recent_changes(language, public_kinds(clinic), MAX_ENTRIES)
    atom_feed = Atom1Feed(
        title=_xml_safe(_("What has changed: {name}").format(name=clinic.name)),
        link=absolute_url(reverse("home")),
        description="",
        language=language,
        feed_url=absolute_url(reverse("changes-feed")),
        feed_guid=absolute_url(reverse("changes-feed")),
        author_name=_xml_safe(clinic.name),
    )
    for change in changes:
        _add_item(atom_feed, change)
    return atom_feed


def _add_item(atom_feed: Atom1Feed, item: FeedItem) -> None:
    labels = {
        "first": _("First published"),
        "advice": _("Advice changed"),
        "checked-text": _("Wording changed"),
        "same-text": _("Small correction"),
        "withdrawn": _("Withdrawn"),
    }
    url = item.entry.document.get_absolute_url()
    host = urlsplit(settings.SITE_URL).hostname
    atom_feed.add_item(
        title=_xml_safe(f"{labels[item.kind]}: {item.heading or url}"),
        link=absolute_url(url),
        description=_xml_safe(markdown.fill_placeholders(item.note)),
        # Does not change with the page's address.
        unique_id=f"tag:{host},2026:change-{item.entry.pk}",
        pubdate=item.entry.at,
        updateddate=item.entry.at,
        categories=(item.kind,),
    )


def _xml_safe(text: str) -> str:
    return _NOT_IN_XML.sub("", str(clean_line(text)))
