"""HTTP with the engines on this machine: no proxy, a deadline, JSON."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any, TypeAlias


Json: TypeAlias = Any
"""What an engine answered; each client says what it takes out of it."""

TIMEOUT_S = 10.0

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def send(url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of the answer, whatever the status; a POST when there is a body.

    Raises:
        OSError: nobody answered.
    """
    request = urllib.request.Request(url, data=body, headers=dict(headers or {}))
    try:
        with _opener.open(request, timeout=TIMEOUT_S) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def answers(url: str) -> bool:
    """Whether somebody answers with a success."""
    try:
        status, _ = send(url)
    except (OSError, EOFError):
        return False
    return 200 <= status < 300


def get(url: str, **query: str) -> Json:
    """The JSON answered to a GET.

    Raises:
        AssertionError: the status is no success; the message has the beginning of the answer.
        OSError: nobody answered.
    """
    whole = f"{url}?{urllib.parse.urlencode(query)}" if query else url
    status, body = send(whole)
    assert 200 <= status < 300, f"GET {whole}: {status} {body[:500]!r}"
    return json.loads(body)
