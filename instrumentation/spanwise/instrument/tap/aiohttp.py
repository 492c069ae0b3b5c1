"""The tap of `aiohttp`: `ClientSession._request`.

Every way to make a request ends in this one coroutine, with redirects and the session's own retry inside. It returns
when the headers are there; the body is read later.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import ModuleType
from typing import Any, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.body.aiohttp import observe
from spanwise.instrument.core.started import Started
from spanwise.instrument.tap.http import HttpStarted, HttpTap, learn


Anything: TypeAlias = Any
"""Objects and arguments of the library, which need not be installed where this is checked."""


class AiohttpTap(HttpTap):
    """The hold on the client sessions of the library."""

    def open(self, module: ModuleType) -> None:
        """Take hold of the sessions in `module`, which is `aiohttp.client`."""
        if self.endpoints is not None:
            self.replace(module.ClientSession, "_request", self.around_async(self._start, _finish))

    def _start(self, session: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        method = args[0] if args else kwargs["method"]
        if method.upper() != "POST":
            return None
        given = args[1] if len(args) > 1 else kwargs["str_or_url"]
        path = given.partition("?")[0] if isinstance(given, str) else given.path
        if not self.may_be_call(path):
            return None
        url = session._build_url(given)
        body = kwargs.get("json")
        call = self.call(url.host or "", url.port, url.path, kwargs.get("data") if body is None else body)
        return None if call is None else HttpStarted(call, args, dict(kwargs))


def _finish(started: Started, response: Anything) -> None:
    if (call := started.call) is not None:
        learn(call, response.status, response.headers, response._body, partial(observe, response, call))


def tap(tracer: Tracer) -> AiohttpTap:
    """The tap of the library."""
    return AiohttpTap(tracer)
