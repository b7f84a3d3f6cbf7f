"""Allowed link targets and image addresses, judged by form alone, as they would be written."""

import re

# A list of what is allowed, never of what is not. Spaces, control characters and backslashes are
# nowhere allowed: browsers drop or turn them, so that "/\evil.example" would leave the site. A user
# name before the host ("https://nhs.uk@evil.example") is how a false link looks true.
_WEB = re.compile(r"https?://[^\x00-\x20\x7f\\/?#@]+(?:[/?#][^\x00-\x20\x7f\\]*)?", re.IGNORECASE)
_CONTACT = re.compile(r"(?:mailto|tel):[^\x00-\x20\x7f\\]+", re.IGNORECASE)
_ON_SITE = re.compile(r"(?:/(?!/)|#)[^\x00-\x20\x7f\\]*")
# Path segments may not start with a dot: "/media/../admin/" is not an uploaded image.
_UPLOADED_IMAGE = re.compile(r"/media(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")


def is_external(target: str) -> bool:
    """Whether `target` is an allowed http or https address."""
    return _WEB.fullmatch(target) is not None


def is_allowed_target(target: str) -> bool:
    """Whether `target` is an allowed http, https, mailto, tel, "/path" or "#part" link."""
    return is_external(target) or any(form.fullmatch(target) for form in (_CONTACT, _ON_SITE))


def is_uploaded_image(source: str) -> bool:
    """Whether `source` is the address of an image on this site ("/media/…")."""
    return _UPLOADED_IMAGE.fullmatch(source) is not None
