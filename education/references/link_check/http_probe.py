"""A visit to an address of another site, to see whether a page answers.

Links in texts are not trusted. Every hop is resolved once, all its addresses must be public, and
the connection uses one of exactly these, so that the name cannot resolve to another later.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

IPAddress = IPv4Address | IPv6Address
AddressPolicy = Callable[[IPAddress], bool]

MAX_REDIRECTS = 5
# Some servers answer HEAD with an error and GET without.
_RETRY_WITH_GET = {400, 403, 404, 405, 410, 501}
_GONE = {404, 410}
# The page may exist: the server refuses this client, or is busy.
_REFUSED = {401, 403, 407, 408, 425, 429, 451}
_REDIRECTS = {301, 302, 303, 307, 308}
_NAT64 = IPv6Network("64:ff9b::/96")


class ProbeOutcome(Enum):
    """The outcome of a visit."""

    GOOD = "good"
    GONE = "gone"
    FAILED = "failed"
    UNSURE = "unsure"


@dataclass(frozen=True)
class ProbeResult:
    """The outcome of a visit, the problem in words, and the HTTP status if a server answered."""

    outcome: ProbeOutcome
    problem: str = ""
    status: int | None = None


class _NonPublicAddress(Exception):
    """The host has an address outside the public internet."""


def is_public_address(address: IPAddress) -> bool:
    """Whether an address, unwrapped from mapped and tunneled forms, is public."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if inner:
            return is_public_address(inner)
        if address in _NAT64:
            return is_public_address(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


def probe(
    url: str, *, timeout: float = 10, address_policy: AddressPolicy = is_public_address
) -> ProbeResult:
    """Request `url`, following redirects; `timeout` in seconds for each step. Never raises."""
    started = time.monotonic()
    try:
        return _follow_redirects(url, timeout, address_policy)
    except _NonPublicAddress:
        return ProbeResult(
            ProbeOutcome.UNSURE, _("It leads into a private network, where this check does not go.")
        )
    except ssl.SSLCertVerificationError:
        return ProbeResult(
            ProbeOutcome.FAILED, _("The certificate of the site is not valid: browsers warn of it.")
        )
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            return ProbeResult(ProbeOutcome.FAILED, _("There is no site of this name."))
        return ProbeResult(ProbeOutcome.UNSURE, _("The name of the site could not be looked up."))
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or time.monotonic() - started >= timeout:
            return ProbeResult(ProbeOutcome.UNSURE, _("The site did not answer in time."))
        if isinstance(error, OSError) and not isinstance(error, ConnectionError | ssl.SSLError):
            return ProbeResult(ProbeOutcome.UNSURE, _("The site could not be reached from here."))
        return ProbeResult(ProbeOutcome.FAILED, _("No website answers there."))


def _follow_redirects(url: str, timeout: float, address_policy: AddressPolicy) -> ProbeResult:
    for _hop in range(MAX_REDIRECTS + 1):
        parts = urlsplit(iri_to_uri(url))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return ProbeResult(
                ProbeOutcome.FAILED, _("It leads to an address that is not one of the web.")
            )
        status, location = _request("HEAD", parts, timeout, address_policy)
        if status in _RETRY_WITH_GET:
            status, location = _request("GET", parts, timeout, address_policy)
        if status not in _REDIRECTS or not location:
            return _result_for_status(status)
        url = urljoin(url, location)
    return ProbeResult(ProbeOutcome.FAILED, _("It sends readers on and on, and arrives nowhere."))


def _result_for_status(status: int) -> ProbeResult:
    if 200 <= status < 300:
        return ProbeResult(ProbeOutcome.GOOD, status=status)
    if status in _GONE:
        return ProbeResult(
            ProbeOutcome.GONE, _("The page is not there ({status}).").format(status=status), status
        )
    sure = status < 500 and status not in _REFUSED
    message = _("The site answered with an error ({status}).").format(status=status)
    return ProbeResult(ProbeOutcome.FAILED if sure else ProbeOutcome.UNSURE, message, status)


def _request(
    method: str, parts: SplitResult, timeout: float, address_policy: AddressPolicy
) -> tuple[int, str]:
    """Return the status and the redirect target of an answer; its body is never read."""
    # Internationalized names have an ASCII form for the network.
    host = str(parts.hostname).encode("idna").decode("ascii")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _resolve_public_address(host, port, address_policy)
    connection_class = _SecureConnection if secure else _Connection
    connection = connection_class(host, port, address, timeout)
    # The socket's time-out is for each read; this one is for the whole answer.
    deadline = threading.Timer(timeout, connection.abort)
    deadline.daemon = True
    deadline.start()
    try:
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        name = f"patient-education-link-check (+{settings.SITE_URL})"
        connection.request(method, target, headers={"User-Agent": name, "Accept": "*/*"})
        response = connection.getresponse()
        if connection.aborted:
            raise TimeoutError
        return response.status, response.getheader("Location") or ""
    finally:
        deadline.cancel()
        connection.close()


def _resolve_public_address(host: str, port: int, address_policy: AddressPolicy) -> str:
    """Return an address to connect to; raise _NonPublicAddress if any is not allowed."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not all(address_policy(ip_address(address.partition("%")[0])) for address in found):
        raise _NonPublicAddress(host)
    # Prefer IPv4: nearly all hosts have it, and many machines have no IPv6.
    return min(found, key=lambda address: ":" in address)


class _Connection(HTTPConnection):
    """A connection to one address, whatever the name of the host resolves to by now."""

    def __init__(self, host: str, port: int, address: str, timeout: float):
        super().__init__(host, port, timeout=timeout)
        self.address = address
        self.aborted = False

    def connect(self) -> None:
        """Connect to the address that was checked."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)

    def abort(self) -> None:
        """Shut down the socket, which ends a pending read."""
        self.aborted = True
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _SecureConnection(_Connection):
    """A connection with TLS for the name of the host."""

    default_port = 443

    def connect(self) -> None:
        """Connect to the checked address, and verify the certificate for the host name."""
        super().connect()
        context = ssl.create_default_context()
        wrapped = context.wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = wrapped
        wrapped.do_handshake()
