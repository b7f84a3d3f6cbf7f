"""URL path converters of the A to Z and of lists with several pages."""

from __future__ import annotations

from django.urls.converters import IntConverter, StringConverter

from education.web.a_to_z_page import OTHER


class LetterConverter(StringConverter):
    """One letter, or `OTHER`."""

    regex = rf"[^/\W\d_]|{OTHER}"


class PageNumberConverter(IntConverter):
    """The number of a page from 2 on: the first page has the URL without a number."""

    regex = "[2-9]|[1-9][0-9]{1,4}"
