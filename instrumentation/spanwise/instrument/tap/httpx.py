"""The tap of `httpx` and `httpx2`: `send` of their clients.

Every way to make a request, the functions of the module included, ends in one `send`, with redirects, authentication
and event hooks inside. It returns a response that is read, or one whose stream is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import ModuleType
from typing import Any, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.body.httpx import observe
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.provider import provider_of
from spanwise.instrument.core.started import Started
from spanwise.instrument.tap.http import PORTS, HttpStarted, HttpTap, learn
from spanwise.semconv import attributes as attr


Anything: TypeAlias = Any
"""Objects and arguments of the library, which need not be installed where this is checked."""


class HttpxTap(HttpTap):
    """The hold on the clients of the library."""

    def open(self, module: ModuleType) -> None:
        """Take hold of the clients in `module`, which is `httpx` or `httpx2`."""
        if self.endpoints is not None:
            self.replace(module.Client, "send", self.around(self._start, _finish))
            self.replace(module.AsyncClient, "send", self.around_async(self._start, _finish))

    def _start(self, client: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:  # noqa: ARG002 - the base class's interface
        request = args[0] if args else kwargs["request"]
        if request.method != "POST":
            return None
        url = request.url
        path = url.path
        if not self.may_be_call(path):
            return None
        # The content is there where it was given as one; a stream is not read.
        body = getattr(request, "_content", None)
        call = self.call(url.host, url.port or PORTS.get(url.scheme), path, body)
        return None if call is None else HttpxStarted(call, request, args, dict(kwargs))


class HttpxStarted(HttpStarted):
    """A model call whose request a hook of the application may still send elsewhere."""

    __slots__ = ("_request", "_url")

    def __init__(self, call: Call, request: Anything, args: tuple[Anything, ...], kwargs: dict[str, Anything]) -> None:
        super().__init__(call, args, kwargs)
        self._request = request
        self._url = request.url

    def fail(self, error: BaseException) -> None:
        """The library raised."""
        self.leave()
        self.locate()
        super().fail(error)

    def locate(self) -> None:
        """Say of the call which host it went to, where that is not the one it was made for.

        Cohere's clients for AWS have a request rewritten and signed by a hook; a redirect leaves the request as it is.
        """
        if self.call is None or self._request.url is self._url:
            return
        url = self._request.url
        self.call.host = url.host
        found = {attr.SERVER_ADDRESS: url.host, attr.SERVER_PORT: url.port or PORTS.get(url.scheme, 0)}
        if provider := provider_of(url.host, ""):
            found[attr.GEN_AI_PROVIDER_NAME] = provider
        self.call.span.set_attributes(found)


def _finish(started: Started, response: Anything) -> None:
    if (call := started.call) is None:
        return
    if isinstance(started, HttpxStarted):
        started.locate()
    content = response.content if response.is_closed and hasattr(response, "_content") else None
    learn(call, response.status_code, response.headers, content, partial(observe, response, call))


def tap(tracer: Tracer) -> HttpxTap:
    """The tap of the library."""
    return HttpxTap(tracer)
