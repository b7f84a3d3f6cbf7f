"""The network address of a request, for rate limits; it is never stored."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """One name for a household's address; empty when the request has only a loopback address.

    Behind the proxy of a public site every request comes from this machine, and the proxy puts the
    reader's address into `X-Real-IP`, whatever the browser sent. Elsewhere anybody could set that
    header.
    """
    header = "HTTP_X_REAL_IP" if settings.SITE_IS_HTTPS else "REMOTE_ADDR"
    try:
        address = ipaddress.ip_address(request.META.get(header, ""))
    except ValueError:
        return ""
    if address.is_loopback:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        # A household has a whole /64 of IPv6 addresses.
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)
