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
from spanwise.instrument.core.started import Started
from spanwise.instrument.tap.http import PORTS, HttpStarted, HttpTap, learn


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
        return None if call is None else HttpStarted(call, args, dict(kwargs))


def _finish(started: Started, response: Anything) -> None:
    if (call := started.call) is None:
        return
    content = response.content if response.is_closed and hasattr(response, "_content") else None
    learn(call, response.status_code, response.headers, content, partial(observe, response, call))


def tap(tracer: Tracer) -> HttpxTap:
    """The tap of the library."""
    return HttpxTap(tracer)
