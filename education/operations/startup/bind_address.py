"""The address that the server listens on."""

from __future__ import annotations

import errno
import socket

from education.operations.startup.errors import StartupError


def resolve_free_address(host: str, port: int) -> str:
    """The numeric address of `host`; raises StartupError unless `port` is free on it."""
    bad_host = f"HOST is {host!r}, which is no address of this machine: write 127.0.0.1, or 0.0.0.0 for all"
    if not host.strip():
        raise StartupError(bad_host)
    try:
        family, _, _, _, found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise StartupError(bad_host) from error
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does: a port in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(found)
            probe.listen()
        except OSError as error:
            raise StartupError(_explain_bind_error(error, bad_host, port)) from error
    return str(found[0])


def _explain_bind_error(error: OSError, bad_host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            return f"Port {port} is in use by another program. Stop it, or choose another: PORT={other} make run"
        case errno.EACCES | errno.EPERM:
            return f"Port {port} is kept for the administrator. Choose one from 1024 on: PORT=8000 make run"
        case errno.EADDRNOTAVAIL:
            return bad_host
        case _:
            return f"HOST and PORT cannot be used ({error.strerror})"


def display_url(host: str, port: int) -> str:
    """The web address of a server on the numeric address `host`, as seen from this machine."""
    seen = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  only named, never bound
    return f"http://[{seen}]:{port}/" if ":" in seen else f"http://{seen}:{port}/"
