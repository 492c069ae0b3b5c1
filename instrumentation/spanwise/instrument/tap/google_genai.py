"""The tap of the `google-genai` SDK: its API client's `_request`.

Every method, streamed or not, ends in one `_request` or `_async_request` of the API client, with its retries inside.
What it returns holds the body as text, or the response of the HTTP library that a stream will be read from. Live
sessions and interactions have ways of their own, and taps of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from opentelemetry.trace import Tracer

from spanwise.instrument.body import aiohttp, httpx, requests
from spanwise.instrument.codec.gemini_path import GeminiPath
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.tap import Tap
from spanwise.instrument.tap.google_client import PORTS, provider_for
from spanwise.instrument.tap.google_live import LiveHold
from spanwise.semconv import attributes as attr


Anything: TypeAlias = Any
"""Objects and arguments of the SDK, which need not be installed where this is checked."""

_TIER: Final = "x-gemini-service-tier"
_WORD: Final = re.compile(r"[A-Z_]{2,48}")
"""Google's words for errors. What is none comes from a gateway and may be anything."""


class GoogleGenAITap(Tap):
    """The hold on the API client of the SDK, its live sessions and its client of interactions."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self._interactions: Tap | None = None

    def open(self, module: ModuleType) -> None:
        """Take hold of a module of the SDK: of `_api_client`, `live`, or the client of interactions."""
        held = vars(module)
        if "._gaos." in module.__name__ or "._interactions." in module.__name__:
            self._open_interactions(module)
            return
        if "AsyncSession" in held:
            LiveHold(self, held["AsyncSession"])
            return
        client = held["BaseApiClient"]
        self.replace(client, "_request", self.around(self._start, _finish))
        self.replace(client, "_async_request", self.around_async(self._start, _finish))
        # Releases without these do not retry.
        if "_request_once" in vars(client):
            self.replace(client, "_request_once", self._attempt)
            self.replace(client, "_async_request_once", self._attempt_async)

    def _open_interactions(self, module: ModuleType) -> None:
        """One of two clients, by the release of the SDK; neither is imported before interactions are asked for."""
        if self._interactions is None:
            if "._gaos." in module.__name__:
                from spanwise.instrument.tap.google_interactions import InteractionsTap

                self._interactions = InteractionsTap(self.tracer)
            else:
                from spanwise.instrument.tap.google_stainless import StainlessInteractionsTap

                self._interactions = StainlessInteractionsTap(self.tracer)
        self._interactions.open(module)

    def close(self) -> None:
        """Let go of all of them."""
        super().close()
        if self._interactions is not None:
            self._interactions.close()

    def _start(self, client: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        request = kwargs["http_request"] if "http_request" in kwargs else args[0]
        body = request.data
        if not isinstance(body, Mapping) or request.method.lower() != "post":
            return None
        url = urlsplit(request.url)
        path = GeminiPath(url.path)
        codec = path.codec(body)
        if codec is None or self.stands_aside(codec.operation):
            return None
        host = url.hostname or ""
        call = self.begin(
            codec,
            path.request(body),
            provider=provider_for(client, host),
            host=host,
            port=url.port or PORTS.get(url.scheme),
        )
        return GoogleStarted(call, args, dict(kwargs))

    def _attempt(self, original: Anything) -> Callable[..., Anything]:
        def attempt(client: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if (call := self.current()) is not None:
                call.attempts += 1
            return original(client, *args, **kwargs)

        return attempt

    def _attempt_async(self, original: Anything) -> Callable[..., Anything]:
        # A coroutine function, because the SDK's retries ask whether it is one.
        async def attempt(client: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if (call := self.current()) is not None:
                call.attempts += 1
            return await original(client, *args, **kwargs)

        return attempt


class GoogleStarted(Started):
    """A call whose request is being made; the SDK has one exception for all statuses from 400 and one from 500."""

    __slots__ = ()

    def fail(self, error: BaseException) -> None:
        """The SDK raised: the error is called by the word that Google has for its status, where there is one."""
        code = getattr(error, "code", None)
        if self.call is None or isinstance(code, bool) or not isinstance(code, int):
            super().fail(error)
            return
        self.leave()
        word = str(getattr(error, "status", None) or "")
        self.call.refuse(code, error_type=word if _WORD.fullmatch(word) else "")
        self.call.end()


def _finish(started: Started, response: Anything) -> None:
    """Learn from what `_request` returned: now where the body is there, as it is read otherwise."""
    call = started.call
    if call is None or response is None or not call.span.is_recording():
        return
    headers = response.headers
    call.learn(headers)
    if tier := headers.get(_TIER):
        call.span.set_attribute(attr.SPANWISE_RESPONSE_SERVICE_TIER, tier)
    body = response.response_stream
    if not isinstance(body, list):
        _follow(body, call)
    elif body and body[0] and not call.respond(body[0]):
        call.distrust()


def _follow(response: Anything, call: Call) -> None:
    """Let `call` end as `response` is read, whichever library's it is."""
    library = type(response).__module__.partition(".")[0]
    observe = {"aiohttp": aiohttp.observe, "requests": requests.observe}.get(library, httpx.observe)
    observe(response, call)


def tap(tracer: Tracer) -> GoogleGenAITap:
    """The tap of the SDK."""
    return GoogleGenAITap(tracer)
