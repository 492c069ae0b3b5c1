"""The tap of the `ollama` SDK: the one `_request` of its clients.

A whole answer passes `_request_raw`. A stream is a generator of the SDK that makes its request when it is first asked
for a line; so the generator is given a client that is the SDK's in everything but `stream`, where the call begins. The
generator itself, which the application gets, is the SDK's own. One that is never read makes no request and no span.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType, TracebackType
from typing import Any, ClassVar, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.body.httpx import HTTP_ERROR, follow
from spanwise.instrument.codec import Codec
from spanwise.instrument.codec.ollama_chat import OllamaChat
from spanwise.instrument.codec.ollama_embed import OllamaEmbed
from spanwise.instrument.codec.ollama_generate import OllamaGenerate
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.provider import OLLAMA, provider_of
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.tap import Tap
from spanwise.pipeline.boundary import shield


Anything: TypeAlias = Any
"""Objects and arguments of the SDK and of `httpx`, which need not be installed where this is checked."""

Begin: TypeAlias = Callable[[], Started | None]
"""Begins the call that a stream is about to make."""


class OllamaTap(Tap):
    """The hold on the clients of the SDK."""

    _EMBED: ClassVar[Codec] = OllamaEmbed()
    _CODECS: ClassVar[dict[str, Codec]] = {
        "/api/chat": OllamaChat(),
        "/api/generate": OllamaGenerate(),
        "/api/embed": _EMBED,
        "/api/embeddings": _EMBED,
    }

    def open(self, module: ModuleType) -> None:
        """Take hold of the clients in `module` (`ollama._client`)."""
        client, async_client = module.Client, module.AsyncClient
        self.replace(client, "_request", lambda original: self._request(original, self.around(self._start)(original)))
        self.replace(
            async_client,
            "_request",
            lambda original: self._request_async(original, self.around_async(self._start)(original)),
        )
        self.replace(client, "_request_raw", self._request_raw)
        self.replace(async_client, "_request_raw", self._request_raw_async)

    def _request(self, original: Anything, whole: Anything) -> Anything:
        def request(client: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if not (self.active and kwargs.get("stream")):
                return whole(client, *args, **kwargs)
            return original(self._client(client, args, kwargs), *args, **kwargs)

        return request

    def _request_async(self, original: Anything, whole: Anything) -> Anything:
        async def request(client: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if not (self.active and kwargs.get("stream")):
                return await whole(client, *args, **kwargs)
            return await original(self._client(client, args, kwargs), *args, **kwargs)

        return request

    def _client(self, client: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Anything:
        """What a stream of `client` makes its request with."""
        return StreamingClient(client, lambda: self._start(client, args, kwargs))

    def _request_raw(self, original: Anything) -> Anything:
        def request_raw(client: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            response = original(client, *args, **kwargs)
            if (call := self.current()) is not None:
                shield("instrument", _learn, response, call)
            return response

        return request_raw

    def _request_raw_async(self, original: Anything) -> Anything:
        async def request_raw(client: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            response = await original(client, *args, **kwargs)
            if (call := self.current()) is not None:
                shield("instrument", _learn, response, call)
            return response

        return request_raw

    def _start(self, client: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        # The class of the answer, the method and the path come by position.
        codec = self._CODECS.get(str(args[2])) if len(args) > 2 else None
        body = kwargs.get("json")
        if codec is None or not isinstance(body, Mapping) or self.stands_aside(codec.operation):
            return None
        url = client._client.base_url
        call = self.begin(
            codec,
            body,
            provider=provider_of(url.host, OLLAMA),
            host=url.host,
            port=url.port or (80 if url.scheme == "http" else 443),
        )
        return Started(call, args, dict(kwargs))


def _learn(response: Anything, call: Call) -> None:
    """Learn from a whole successful response. One that is no JSON raises in the SDK, and ends the call with that."""
    call.learn(response.headers)
    call.respond(response.content)


class StreamingClient:
    """A client of the SDK for one generator of its own.

    Args:
        client: the application's.
        begin: begins the call.
    """

    def __init__(self, client: Anything, begin: Begin) -> None:
        self._spanwise_client = client
        self._client = StreamingHttp(client._client, begin)

    def __getattr__(self, name: str) -> Anything:
        return getattr(self._spanwise_client, name)


class StreamingHttp:
    """An HTTP client whose stream is a call."""

    def __init__(self, client: Anything, begin: Begin) -> None:
        self._spanwise_client = client
        self._spanwise_begin = begin

    def __getattr__(self, name: str) -> Anything:
        return getattr(self._spanwise_client, name)

    def stream(self, *args: Anything, **kwargs: Anything) -> Exchange:
        """The request, not yet made, and the response."""
        return Exchange(self._spanwise_client.stream(*args, **kwargs), self._spanwise_begin)


class Exchange:
    """A request that is made on entering, and its response, which is closed on leaving."""

    def __init__(self, inner: Anything, begin: Begin) -> None:
        self._inner = inner
        self._begin = begin
        self._refused: Call | None = None

    def __enter__(self) -> Anything:
        started = shield("instrument", self._begin)
        try:
            response = self._inner.__enter__()
        except BaseException as error:
            if started is not None:
                shield("instrument", started.fail, error)
            raise
        shield("instrument", self._attend, started, response)
        return response

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Anything:
        shield("instrument", self._leave, error)
        return self._inner.__exit__(kind, error, traceback)

    async def __aenter__(self) -> Anything:
        started = shield("instrument", self._begin)
        try:
            response = await self._inner.__aenter__()
        except BaseException as error:
            if started is not None:
                shield("instrument", started.fail, error)
            raise
        shield("instrument", self._attend, started, response)
        return response

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Anything:
        shield("instrument", self._leave, error)
        return await self._inner.__aexit__(kind, error, traceback)

    def _attend(self, started: Started | None, response: Anything) -> None:
        if started is None or started.call is None:
            return
        try:
            follow(response, started.call)
            if response.status_code >= HTTP_ERROR:
                # The SDK is about to raise inside, with what it is called for the caller.
                self._refused = started.call
                started.call.observed = True
        finally:
            started.finish()

    def _leave(self, error: BaseException | None) -> None:
        if self._refused is not None:
            self._refused.end(error)


def tap(tracer: Tracer) -> OllamaTap:
    """The tap of the SDK."""
    return OllamaTap(tracer)
