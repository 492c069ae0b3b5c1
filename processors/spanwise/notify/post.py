"""One JSON post: no redirects, bounded in time and size, and an answer instead of exceptions."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from spanwise.notify.answer import Answer
from spanwise.notify.deadline import ended_after
from spanwise.notify.quiet_context import unobserved
from spanwise.notify.secret_file import hidden


_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_ANSWER_BYTES: Final = 4_096
_MOST_SHOWN: Final = 200
_LONGEST_WAIT_S: Final = 600.0
_BUSY: Final = frozenset({408, 425, 429})


def post(
    url: str,
    document: Mapping[str, object],
    *,
    headers: Mapping[str, str] | None = None,
    secrets: tuple[str, ...] = (),
    timeout_s: float,
) -> Answer:
    """Post `document` to `url` and say what came of it, within about `timeout_s` after the name was resolved.

    A redirect is a refusal: it would send the notice, and a token, to somewhere else. Proxies are those of the
    environment. `secrets` are taken out of what is said.
    """
    address = _address(url)
    if address is None:
        return Answer(accepted=False, again=False, text="the address is no http or https URL")
    body = json.dumps(document, ensure_ascii=True).encode()
    sent = {"Content-Type": "application/json", "User-Agent": "spanwise", "Connection": "close", **(headers or {})}
    started_s = time.monotonic()
    try:
        with unobserved():
            status, waited, text = _exchange(address, body, sent, timeout_s)
    except ssl.SSLCertVerificationError as error:
        return Answer(accepted=False, again=False, text=f"its certificate is not valid ({error.verify_message})")
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        late = time.monotonic() - started_s >= timeout_s
        return Answer(accepted=False, again=True, text=_fault(error, timeout_s, late=late))
    return _answer(status, waited, hidden(text, *secrets))


def _address(url: str) -> SplitResult | None:
    try:
        address = urlsplit(url)
        usable = address.scheme in {"http", "https"} and bool(address.hostname) and address.port != 0
    except ValueError:
        return None
    return address if usable else None


def is_private(url: str) -> bool:
    """Whether a secret may be posted to `url`: over TLS, or to this machine."""
    try:
        address = urlsplit(url)
    except ValueError:
        return False
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOOPBACK)


def _exchange(
    address: SplitResult, body: bytes, headers: Mapping[str, str], timeout_s: float
) -> tuple[int, str | None, str]:
    connection, target = _connection(address, timeout_s)
    try:
        connection.connect()
        with ended_after(connection.sock, timeout_s):
            connection.request("POST", target, body, dict(headers))
            response = connection.getresponse()
            text = response.read(_MOST_ANSWER_BYTES).decode("utf-8", "replace")
            return response.status, response.getheader("Retry-After"), text
    finally:
        connection.close()


def _connection(address: SplitResult, timeout_s: float) -> tuple[http.client.HTTPConnection, str]:
    """A connection, through the environment's proxy where there is one, and what to ask it for."""
    host, port = address.hostname or "", address.port or (443 if address.scheme == "https" else 80)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    found = getproxies().get(address.scheme)
    proxy = urlsplit(found) if found and not proxy_bypass(host) else None
    secure = address.scheme == "https"
    if proxy is None or not proxy.hostname:
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        return kind(host, port, timeout=timeout_s), path
    if not secure:
        plain = http.client.HTTPConnection(proxy.hostname, proxy.port or 80, timeout=timeout_s)
        return plain, f"http://{address.netloc}{path}"
    tunnelled = http.client.HTTPSConnection(proxy.hostname, proxy.port or 80, timeout=timeout_s)
    tunnelled.set_tunnel(host, port)
    return tunnelled, path


def _answer(status: int, waited: str | None, text: str) -> Answer:
    said = " ".join(text.split())[:_MOST_SHOWN]
    shown = "".join(sign if sign.isprintable() else "?" for sign in said)
    line = f"{status} {http.client.responses.get(status, '')}".strip() + (f": {shown}" if shown else "")
    if 200 <= status < 300:
        return Answer(accepted=True, again=False, text=line)
    if 300 <= status < 400:
        return Answer(accepted=False, again=False, text=f"{status}: a redirect, which is not followed")
    return Answer(accepted=False, again=status in _BUSY or status >= 500, text=line, wait_s=_wait_s(waited))


def _wait_s(header: str | None) -> float | None:
    """The seconds of a Retry-After header, as a number or a date; `None` when it says neither."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(float(text), _LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((aware - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_WAIT_S)


def _fault(error: Exception, timeout_s: float, *, late: bool) -> str:
    """What went wrong, without anything that was sent."""
    if late or isinstance(error, TimeoutError):
        return f"no answer within {timeout_s:g} s"
    if isinstance(error, OSError):
        return f"cannot be reached ({error.strerror or type(error).__name__})"
    return f"its answer is no HTTP ({type(error).__name__})"
