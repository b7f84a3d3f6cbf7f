"""From which network address a request comes: to be counted, never to be kept."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """One name for a household's address; empty when the request tells none but this machine's.

    Behind the proxy of a public site every request comes from this machine, and the proxy names the
    reader in `X-Real-IP`, whatever the reader's browser sent. Elsewhere that header could come from
    anybody.
    """
    header = "HTTP_X_REAL_IP" if settings.SITE_IS_HTTPS else "REMOTE_ADDR"
    try:
        address = ipaddress.ip_address(request.META.get(header, ""))
    except ValueError:
        return ""
    if address.is_loopback:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        # One household has all addresses of a /64.
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)
