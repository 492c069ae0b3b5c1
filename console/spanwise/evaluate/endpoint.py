"""One request to an API of models, by plain HTTP."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import orjson


Json: TypeAlias = dict[str, Any]
"""A JSON object of an API."""

_LARGEST: Final = 4 * 1024 * 1024
_TIMEOUT_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `error_type` is a status, the name of a fault of the network, or empty."""

    body: Json
    error_type: str = ""
    status: int | None = None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another host."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing."""
        return


def post(url: str, headers: dict[str, str], body: Json) -> Answer:
    """The answer to `body`, at most 4 MiB of JSON within two minutes. Never raises for what the other side does.

    No redirect is followed. What the other side says of an error is not kept: providers quote prompts and keys there.
    """
    request = urllib.request.Request(  # noqa: S310 - the form of a judge's endpoint lets https through, and loopback
        url, orjson.dumps(body), {**headers, "content-type": "application/json"}, method="POST"
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=_TIMEOUT_S) as response:
            data = response.read(_LARGEST + 1)
    except urllib.error.HTTPError as error:
        error.close()
        return Answer({}, str(error.code), error.code)
    except urllib.error.URLError as error:
        reason = error.reason
        return Answer({}, type(reason).__qualname__ if isinstance(reason, OSError) else "URLError")
    except (TimeoutError, OSError, http.client.HTTPException) as error:
        return Answer({}, type(error).__qualname__)
    return _parsed(data)


def _parsed(data: bytes) -> Answer:
    if len(data) > _LARGEST:
        return Answer({}, "response_too_large")
    try:
        body = orjson.loads(data)
    except ValueError:
        return Answer({}, "malformed_response")
    return Answer(body) if isinstance(body, dict) else Answer({}, "malformed_response")
