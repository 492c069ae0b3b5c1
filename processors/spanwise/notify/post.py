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
from urllib.parse import urlsplit

from spanwise.notify.answer import Answer
from spanwise.notify.exchange import FAULTS, LOOPBACK, address_of, exchange, fault
from spanwise.notify.secret_file import hidden


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
    address = address_of(url)
    if address is None:
        return Answer(accepted=False, again=False, text="the address is no http or https URL")
    body = json.dumps(document, ensure_ascii=True).encode()
    sent = {"Content-Type": "application/json", **(headers or {})}
    started_s = time.monotonic()
    try:
        reply = exchange(address, sent, timeout_s=timeout_s, most_bytes=_MOST_ANSWER_BYTES, body=body)
    except FAULTS as error:
        late = time.monotonic() - started_s >= timeout_s
        again = not isinstance(error, ssl.SSLCertVerificationError)
        return Answer(accepted=False, again=again, text=fault(error, timeout_s, late=late))
    text = reply.content.decode("utf-8", "replace")
    return _answer(reply.status, reply.retry_after, hidden(text, *secrets))


def is_private(url: str) -> bool:
    """Whether a secret may be posted to `url`: over TLS, or to this machine."""
    try:
        address = urlsplit(url)
    except ValueError:
        return False
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)


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
