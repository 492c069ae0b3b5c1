"""The tap of the `cohere` SDK: the HTTP client that its generator, Fern, gives every client.

Every method ends in `request` or `stream` of that client, with the path, the body as the caller gave it, and a
response of `httpx`. `request` calls itself again for each further attempt.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar, Final, TypeAlias
from urllib.parse import urlsplit

from opentelemetry.trace import Tracer

from spanwise.instrument.body.httpx import follow
from spanwise.instrument.codec import Codec, Json
from spanwise.instrument.codec.cohere_chat import CohereChat
from spanwise.instrument.codec.cohere_chat_v1 import CohereChatV1
from spanwise.instrument.codec.cohere_embed import CohereEmbed
from spanwise.instrument.codec.cohere_generate import CohereGenerate
from spanwise.instrument.codec.cohere_rerank import CohereRerank
from spanwise.instrument.codec.field import items
from spanwise.instrument.core.capture import capture
from spanwise.instrument.core.provider import provider_of
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.tap import Tap
from spanwise.pipeline.boundary import shield
from spanwise.semconv import values


Anything: TypeAlias = Any
"""Objects and arguments of the SDK, which need not be installed where this is checked."""

Encode: TypeAlias = Callable[[Anything], Anything]
"""What makes JSON of a value of the SDK."""

_PORTS: Final = {"http": 80, "https": 443}
_RERANK: Final = ("v1/rerank", "v2/rerank")
_PLAIN: Final = (str, int, float, type(None))
_ELSEWHERE: Final = ("cohere.aws_client", "cohere.oci_client")
"""Modules whose clients give `httpx` hooks that send a request to another host in another form."""


class CohereTap(Tap):
    """The hold on the HTTP clients of the SDK, sync and async."""

    _CODECS: ClassVar[dict[str, Codec]] = {
        "v1/chat": CohereChatV1(),
        "v2/chat": CohereChat(),
        "v1/embed": CohereEmbed(),
        "v2/embed": CohereEmbed(),
        "v1/rerank": CohereRerank(),
        "v2/rerank": CohereRerank(),
        "v1/generate": CohereGenerate(),
    }
    _encode: Encode

    def open(self, module: ModuleType) -> None:
        """Take hold of the clients in `module` (the SDK's `core.http_client`)."""
        self._encode = import_module("cohere.core.jsonable_encoder").jsonable_encoder
        self.replace(module.HttpClient, "request", self.around(self._start, _finish))
        self.replace(module.AsyncHttpClient, "request", self.around_async(self._start, _finish))
        self.replace(module.HttpClient, "stream", self._stream)
        self.replace(module.AsyncHttpClient, "stream", self._stream_async)

    def _stream(self, original: Anything) -> Anything:
        # The SDK enters this at once: what its caller gets is made from the response.
        @contextmanager
        def stream(client: Anything, *args: Anything, **kwargs: Anything) -> Iterator[Anything]:
            started = shield("instrument", self._start, client, args, kwargs) if self.active else None
            with ExitStack() as stack:
                try:
                    response = stack.enter_context(original(client, *args, **kwargs))
                except BaseException as error:
                    _failed(started, error)
                    raise
                _received(started, response)
                yield response

        return stream

    def _stream_async(self, original: Anything) -> Anything:
        @asynccontextmanager
        async def stream(client: Anything, *args: Anything, **kwargs: Anything) -> AsyncIterator[Anything]:
            started = shield("instrument", self._start, client, args, kwargs) if self.active else None
            async with AsyncExitStack() as stack:
                try:
                    response = await stack.enter_async_context(original(client, *args, **kwargs))
                except BaseException as error:
                    _failed(started, error)
                    raise
                _received(started, response)
                yield response

        return stream

    def _start(self, client: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        if (call := self.current()) is not None:
            call.attempts += 1
            return None
        path = args[0] if args else kwargs.get("path")
        codec = self._CODECS.get(path) if isinstance(path, str) and kwargs.get("method") == "POST" else None
        given = kwargs.get("json")
        if codec is None or not isinstance(given, Mapping) or self.stands_aside(codec.operation):
            return None
        if _goes_elsewhere(client.httpx_client):
            return None
        body = Body(given, kwargs.get("omit"), self._encode)
        if path in _RERANK and capture():
            codec = CohereRerank(items(body.get("documents")))
        url = urlsplit(client.get_base_url(kwargs.get("base_url")))
        call = self.begin(
            codec,
            body,
            provider=provider_of(url.hostname or "", values.GEN_AI_PROVIDER_NAME_COHERE),
            host=url.hostname or "",
            port=url.port or _PORTS.get(url.scheme),
        )
        call.attempts = 1
        return Started(call, args, dict(kwargs))


class Body(Mapping[str, Anything]):
    """A request's body whose fields become JSON when they are read: without content that is never the messages.

    Args:
        given: the fields as the caller gave them, models of the SDK among them.
        omit: the value of those that he did not give.
        encode: the SDK's own way to JSON.
    """

    __slots__ = ("_encode", "_given", "_omit")

    def __init__(self, given: Json, omit: object, encode: Encode) -> None:
        self._given = given
        self._omit = omit
        self._encode = encode

    def __getitem__(self, name: str) -> Anything:
        value = self._given[name]
        if value is self._omit:
            return None
        return value if isinstance(value, _PLAIN) else self._encode(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


def _finish(started: Started, response: Anything) -> None:
    if started.call is not None:
        follow(response, started.call)


def _received(started: Started | None, response: Anything) -> None:
    if started is not None:
        shield("instrument", _finish, started, response)
        shield("instrument", started.finish)


def _failed(started: Started | None, error: BaseException) -> None:
    if started is not None:
        shield("instrument", started.fail, error)


def _goes_elsewhere(http: Anything) -> bool:
    """Whether a client of the SDK for AWS or OCI made `http`: its hooks rewrite request and response."""
    hooks = getattr(http, "event_hooks", None)
    given = hooks.get("request") if isinstance(hooks, Mapping) else None
    return bool(given) and any(getattr(hook, "__module__", "") in _ELSEWHERE for hook in items(given))


def tap(tracer: Tracer) -> CohereTap:
    """The tap of the SDK."""
    return CohereTap(tracer)
