"""`exchange`: one HTTP request and what came back, bounded in time and size, without following redirects."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from spanwise.notify.deadline import ended_after
from spanwise.notify.quiet_context import unobserved


LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names that can only mean this machine."""

FAULTS: Final = (OSError, http.client.HTTPException, UnicodeError)
"""What `exchange` raises where there is no answer; `fault` says it in words."""


class Reply(NamedTuple):
    """What came back.

    Attributes:
        status: The status of HTTP.
        content: The body, cut at what was asked for.
        retry_after: The header of that name; `None` without one.
    """

    status: int
    content: bytes
    retry_after: str | None


def address_of(url: str) -> SplitResult | None:
    """The parts of `url`; `None` when it is no http or https URL with a host."""
    try:
        address = urlsplit(url)
        usable = address.scheme in {"http", "https"} and bool(address.hostname) and address.port != 0
    except ValueError:
        return None
    return address if usable else None


def exchange(  # noqa: PLR0913 - keywords
    address: SplitResult,
    headers: Mapping[str, str],
    *,
    timeout_s: float,
    most_bytes: int,
    body: bytes | None = None,
    context: ssl.SSLContext | None = None,
) -> Reply:
    """Ask `address`, by POST where there is a body, else by GET: within about `timeout_s` after its name was resolved.

    Proxies are those of the environment, and none for this machine. No instrumentation sees the request.

    Args:
        address: where to, as `address_of` gives it.
        headers: what is sent beside the body.
        timeout_s: seconds for all of it.
        most_bytes: how much of the answer is read.
        body: what is posted.
        context: how a certificate is checked, for who asks often: to make one takes tens of milliseconds.

    Raises:
        OSError: one of `FAULTS`, when there is no answer.
    """
    connection, target = _connection(address, timeout_s, context)
    sent = {"User-Agent": "spanwise", "Connection": "close", **headers}
    with unobserved():
        try:
            connection.connect()
            with ended_after(connection.sock, timeout_s):
                connection.request("GET" if body is None else "POST", target, body, sent)
                response = connection.getresponse()
                return Reply(response.status, response.read(most_bytes), response.getheader("Retry-After"))
        finally:
            connection.close()


def fault(error: Exception, timeout_s: float, *, late: bool) -> str:
    """What went wrong, without anything that was sent."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if late or isinstance(error, TimeoutError):
        return f"no answer within {timeout_s:g} s"
    if isinstance(error, OSError):
        return f"cannot be reached ({error.strerror or type(error).__name__})"
    return f"its answer is no HTTP ({type(error).__name__})"


def _connection(
    address: SplitResult, timeout_s: float, context: ssl.SSLContext | None
) -> tuple[http.client.HTTPConnection, str]:
    """A connection, through the environment's proxy where there is one, and what to ask it for."""
    host, port = address.hostname or "", address.port or (443 if address.scheme == "https" else 80)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    found = None if host in LOOPBACK else getproxies().get(address.scheme)
    proxy = urlsplit(found) if found and not proxy_bypass(host) else None
    secure = address.scheme == "https"
    if proxy is None or not proxy.hostname:
        if secure:
            return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context), path
        return http.client.HTTPConnection(host, port, timeout=timeout_s), path
    if not secure:
        plain = http.client.HTTPConnection(proxy.hostname, proxy.port or 80, timeout=timeout_s)
        return plain, f"http://{address.netloc}{path}"
    tunnelled = http.client.HTTPSConnection(proxy.hostname, proxy.port or 80, timeout=timeout_s, context=context)
    tunnelled.set_tunnel(host, port)
    return tunnelled, path
