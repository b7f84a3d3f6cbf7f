"""The feed of changes: what was published, changed or withdrawn, for those who follow the site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from education.articles.schema_org import absolute_url
from education.clinic.models import Clinic
from education.pages.sitemaps import readable_kinds
from education.publishing.content import clean_line
from education.publishing.history import Announced, announcements

MOST_ENTRIES = 50
# Allowed in text, but not in XML.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def feed(language: str) -> Atom1Feed:
    """The newest changes of pages in one language, each with its kind as category; two queries."""
    clinic = Clinic.load()
    changes = announcements(language, readable_kinds(clinic), MOST_ENTRIES)
    made = Atom1Feed(
        title=_xml(_("What has changed: {name}").format(name=clinic.name)),
        link=absolute_url(reverse("home")),
        description="",
        language=language,
        feed_url=absolute_url(reverse("changes-feed")),
        feed_guid=absolute_url(reverse("changes-feed")),
        author_name=_xml(clinic.name),
    )
    for change in changes:
        _add(made, change)
    return made


def _add(made: Atom1Feed, change: Announced) -> None:
    labels = {
        "first": _("First published"),
        "advice": _("Advice changed"),
        "checked-text": _("Wording changed"),
        "same-text": _("Small correction"),
        "withdrawn": _("Withdrawn"),
    }
    address = change.entry.document.get_absolute_url()
    host = urlsplit(settings.SITE_URL).hostname
    made.add_item(
        title=_xml(f"{labels[change.kind]}: {change.heading or address}"),
        link=absolute_url(address),
        description=_xml(change.note),
        # Stays the same whatever becomes of the address.
        unique_id=f"tag:{host},2026:change-{change.entry.pk}",
        pubdate=change.entry.at,
        updateddate=change.entry.at,
        categories=(change.kind,),
    )


def _xml(text: str) -> str:
    return _NOT_IN_XML.sub("", str(clean_line(text)))
