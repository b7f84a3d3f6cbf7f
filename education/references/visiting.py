"""One visit to an address of another site: does a page answer there?

What a text links to is not trusted. Every hop is resolved once, all its addresses must be public, and the
connection goes to one of just these: a name cannot mean something else a moment later.
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

Address = IPv4Address | IPv6Address
MayContact = Callable[[Address], bool]

MOST_REDIRECTS = 5
# Some servers answer only to a browser's own question; some do not know the short one.
_ASK_AGAIN = {400, 403, 404, 405, 410, 501}
_GONE = {404, 410}
# The page may well be there: the server would not say, not to us or not now.
_WILL_NOT_SAY = {401, 403, 407, 408, 425, 429, 451}
_REDIRECTS = {301, 302, 303, 307, 308}
_NAT64 = IPv6Network("64:ff9b::/96")


class Outcome(Enum):
    """What a visit shows."""

    GOOD = "good"
    GONE = "gone"
    FAILED = "failed"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Visit:
    """What a visit showed, in words when it was not good; the status, when a server answered."""

    outcome: Outcome
    problem: str = ""
    status: int | None = None


class _NotPublic(Exception):
    """The host has an address that is not one of the public internet."""


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if inner:
            return is_public(inner)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


def visit(url: str, *, timeout: float = 10, may_contact: MayContact = is_public) -> Visit:
    """Ask for `url`, following redirects; `timeout` in seconds for each step. Raises nothing."""
    began = time.monotonic()
    try:
        return _followed(url, timeout, may_contact)
    except _NotPublic:
        return Visit(Outcome.UNSURE, _("It leads into a private network, where this check does not go."))
    except ssl.SSLCertVerificationError:
        return Visit(Outcome.FAILED, _("The certificate of the site is not valid: browsers warn of it."))
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            return Visit(Outcome.FAILED, _("There is no site of this name."))
        return Visit(Outcome.UNSURE, _("The name of the site could not be looked up."))
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or time.monotonic() - began >= timeout:
            return Visit(Outcome.UNSURE, _("The site did not answer in time."))
        if isinstance(error, OSError) and not isinstance(error, ConnectionError | ssl.SSLError):
            return Visit(Outcome.UNSURE, _("The site could not be reached from here."))
        return Visit(Outcome.FAILED, _("No website answers there."))


def _followed(url: str, timeout: float, may_contact: MayContact) -> Visit:
    for _hop in range(MOST_REDIRECTS + 1):
        parts = urlsplit(iri_to_uri(url))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return Visit(Outcome.FAILED, _("It leads to an address that is not one of the web."))
        status, location = _ask("HEAD", parts, timeout, may_contact)
        if status in _ASK_AGAIN:
            status, location = _ask("GET", parts, timeout, may_contact)
        if status not in _REDIRECTS or not location:
            return _judged(status)
        url = urljoin(url, location)
    return Visit(Outcome.FAILED, _("It sends readers on and on, and arrives nowhere."))


def _judged(status: int) -> Visit:
    if 200 <= status < 300:
        return Visit(Outcome.GOOD, status=status)
    if status in _GONE:
        return Visit(Outcome.GONE, _("The page is not there ({status}).").format(status=status), status)
    sure = status < 500 and status not in _WILL_NOT_SAY
    words = _("The site answered with an error ({status}).").format(status=status)
    return Visit(Outcome.FAILED if sure else Outcome.UNSURE, words, status)


def _ask(method: str, parts: SplitResult, timeout: float, may_contact: MayContact) -> tuple[int, str]:
    """The status of an answer, and where it sends readers; its body is never read."""
    # A name in other letters than a to z has a form of its own for the network.
    host = str(parts.hostname).encode("idna").decode("ascii")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _public_address(host, port, may_contact)
    kind = _SecureConnection if secure else _Connection
    connection = kind(host, port, address, timeout)
    # A time-out holds for each piece that arrives. This one holds for the whole answer.
    ending = threading.Timer(timeout, connection.end)
    ending.daemon = True
    ending.start()
    try:
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        name = f"patient-education-link-check (+{settings.SITE_URL})"
        connection.request(method, target, headers={"User-Agent": name, "Accept": "*/*"})
        answer = connection.getresponse()
        if connection.ended:
            raise TimeoutError
        return answer.status, answer.getheader("Location") or ""
    finally:
        ending.cancel()
        connection.close()


def _public_address(host: str, port: int, may_contact: MayContact) -> str:
    """The address to connect to; raises _NotPublic if the host has one that may not be contacted."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not all(may_contact(ip_address(address.partition("%")[0])) for address in found):
        raise _NotPublic(host)
    # Few hosts are without the older kind of address, and many machines are without the newer.
    return min(found, key=lambda address: ":" in address)


class _Connection(HTTPConnection):
    """A connection to one address, whatever the name of the host means by now."""

    def __init__(self, host: str, port: int, address: str, timeout: float):
        super().__init__(host, port, timeout=timeout)
        self.address = address
        self.ended = False

    def connect(self) -> None:
        """Connect to the address that was looked at."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)

    def end(self) -> None:
        """Stop waiting for anything more."""
        self.ended = True
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _SecureConnection(_Connection):
    """The same with TLS, for the name of the host."""

    default_port = 443

    def connect(self) -> None:
        """Connect to the address that was looked at, and see that the certificate is for the name."""
        super().connect()
        context = ssl.create_default_context()
        wrapped = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = wrapped
        wrapped.do_handshake()
