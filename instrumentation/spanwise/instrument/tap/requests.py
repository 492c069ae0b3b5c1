"""The tap of `requests`: `Session.send`.

Every way to make a request ends in one `send` with the prepared request; those after a redirect are made inside it.
It returns a response that is read, or, with `stream=True`, one that is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import ModuleType
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from opentelemetry.trace import Tracer

from spanwise.instrument.body.requests import observe
from spanwise.instrument.core.started import Started
from spanwise.instrument.tap.http import PORTS, HttpStarted, HttpTap, learn


Anything: TypeAlias = Any
"""Objects and arguments of the library, which need not be installed where this is checked."""


class RequestsTap(HttpTap):
    """The hold on the sessions of the library."""

    def open(self, module: ModuleType) -> None:
        """Take hold of the sessions in `module`, which is `requests.sessions`."""
        if self.endpoints is not None:
            self.replace(module.Session, "send", self.around(self._start, _finish))

    def _start(self, session: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:  # noqa: ARG002 - the base class's interface
        request = args[0] if args else kwargs["request"]
        if request.method != "POST" or not self.may_be_call(request.url.partition("?")[0]):
            return None
        url = urlsplit(request.url)
        call = self.call(url.hostname or "", url.port or PORTS.get(url.scheme), url.path, request.body)
        return None if call is None else HttpStarted(call, args, dict(kwargs))


def _finish(started: Started, response: Anything) -> None:
    if (call := started.call) is None:
        return
    # Those that `urllib3` made by itself, where the session's adapter lets it.
    retries = getattr(response.raw, "retries", None)
    call.attempts = 1 + len(getattr(retries, "history", ()))
    content = response.content if response._content_consumed else None
    learn(call, response.status_code, response.headers, content, partial(observe, response, call))


def tap(tracer: Tracer) -> RequestsTap:
    """The tap of the library."""
    return RequestsTap(tracer)
