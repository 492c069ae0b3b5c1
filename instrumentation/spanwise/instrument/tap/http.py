"""What the taps of HTTP libraries share: a request that nobody else watches and that is a model call gets a span.

The request is never changed. What it sends is read only where it is held as text or as an object already; a generator
or a file is left to the library. So the usage of a stream is known where the application asked for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.body.reading import reading
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.tap import Tap
from spanwise.instrument.tap.endpoint import Body, Endpoints


Anything: TypeAlias = Any
"""Objects and arguments of an HTTP library, which need not be installed where this is checked."""

Observe: TypeAlias = Callable[[Anything, Call], bool]
"""Has a call follow the body of an unread response of the library."""

HTTP_ERROR: Final = 400
"""The lowest status of an error."""

PORTS: Final = {"http": 80, "https": 443}
_STREAMS: Final = ("text/event-stream", "ndjson", "jsonl", "stream+json")


class HttpTap(Tap):
    """The hold on one HTTP library. A subclass takes requests apart."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self.endpoints = Endpoints.of_environment()

    def may_be_call(self, path: str) -> bool:
        """Whether a POST to `path` is worth a closer look."""
        return self.endpoints is not None and self.endpoints.may_have(path)

    def call(self, host: str, port: int | None, path: str, body: Body) -> Call | None:
        """The call that a POST makes; `None` for what is no model call, and what is watched already.

        Args:
            host: without the port.
            port: the port; `None` where it is not known.
            path: without the query.
            body: as the library holds it; read only where it is text or an object.
        """
        asked = None if self.endpoints is None else self.endpoints.find(host.lower(), path, body)
        if asked is None or self.stands_aside(asked.endpoint.codec.operation):
            return None
        return self.begin(asked.endpoint.codec, asked.request, provider=asked.provider, host=host, port=port)


class HttpStarted(Started):
    """A model call whose request is being made; the libraries say the status of a response in several ways."""

    __slots__ = ()

    def fail(self, error: BaseException) -> None:
        """The library raised."""
        status = _status(error)
        if self.call is not None and status is not None:
            self.call.refuse(status)
        super().fail(error)


def learn(call: Call, status: int, headers: Anything, content: bytes | None, observe: Callable[[], object]) -> None:
    """Let `call` learn from a response: now where its body is there, as it is read otherwise.

    Args:
        call: the call whose response it is.
        status: its status.
        headers: its headers.
        content: its body; `None` where nobody has read it yet.
        observe: has the call follow the body.
    """
    if status >= HTTP_ERROR:
        call.refuse(status)
        return
    if not call.span.is_recording():
        return
    call.learn(headers)
    if content is None:
        observe()
        return
    content_type = headers.get("content-type") or ""
    if any(kind in content_type for kind in _STREAMS):
        # Read as a whole, though it was made to be read in pieces.
        following = reading(call, content_type)
        following.chunk(content)
        following.drained()
    elif not call.respond(content):
        call.distrust()


def _status(error: BaseException) -> int | None:
    """The status in an exception of `aiohttp`, `httpx` or `requests`."""
    response = getattr(error, "response", None)
    status = getattr(error, "status", None) if response is None else getattr(response, "status_code", None)
    return status if isinstance(status, int) and not isinstance(status, bool) and status >= HTTP_ERROR else None
