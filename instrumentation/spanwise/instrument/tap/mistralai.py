"""The tap of the `mistralai` SDK: the base class that its generator, Speakeasy, gives every resource.

Every method ends in one `do_request` of that class, with the request built and the response unparsed. Each attempt
passes one hook of the SDK. What the SDK traces itself comes from one function; a call of ours has no second span.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, ClassVar, Final, TypeAlias

import orjson
from opentelemetry import propagate
from opentelemetry.trace import Tracer

from spanwise.instrument.body.httpx import follow
from spanwise.instrument.codec import Codec, OpenAIResponses
from spanwise.instrument.codec.mistral_chat import MistralChat
from spanwise.instrument.codec.mistral_conversations import MistralConversations
from spanwise.instrument.codec.mistral_embeddings import MistralEmbeddings
from spanwise.instrument.codec.mistral_fim import MistralFim
from spanwise.instrument.codec.mistral_moderations import MistralModerations
from spanwise.instrument.codec.mistral_ocr import MistralOcr
from spanwise.instrument.core.provider import provider_of
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.tap import Tap
from spanwise.pipeline.boundary import shield
from spanwise.semconv import values


Anything: TypeAlias = Any
"""Objects and arguments of the SDK, which need not be installed where this is checked."""

_CONVERSATION: Final = re.compile(r"/v1/conversations(?:/(?P<id>[^/]+)(?:/restart)?)?$")
_CONVERSATION_ID: Final = "conversation_id"
_GOOGLE: Final = ("/rawPredict", "/streamRawPredict")
_PORTS: Final = {"http": 80, "https": 443}


class MistralTap(Tap):
    """The hold on the base classes and hooks of the SDK, those of its clients for Azure and Google Cloud included."""

    _CHAT: ClassVar[Codec] = MistralChat()
    _FIM: ClassVar[Codec] = MistralFim()
    _CONVERSATIONS: ClassVar[Codec] = MistralConversations()
    _CODECS: ClassVar[tuple[tuple[str, Codec], ...]] = (
        ("/fim/completions", _FIM),
        ("/chat/completions", _CHAT),
        ("/agents/completions", _CHAT),
        ("/embeddings", MistralEmbeddings()),
        ("/responses", OpenAIResponses()),
        ("/moderations", MistralModerations()),
        ("/ocr", MistralOcr()),
    )

    def open(self, module: ModuleType) -> None:
        """Take hold of a module of the SDK: its base class, the holder of its hooks, or its tracing."""
        held = vars(module)
        if "BaseSDK" in held:
            self.replace(held["BaseSDK"], "do_request", self.around(self._start, _finish))
            self.replace(held["BaseSDK"], "do_request_async", self.around_async(self._start, _finish))
        if "SDKHooks" in held:
            self.replace(held["SDKHooks"], "before_request", self._before_request)
        if "get_traced_request_and_span" in held:
            self.replace(module, "get_traced_request_and_span", self._traced_request)

    def _start(self, sdk: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        request = kwargs["request"] if "request" in kwargs else args[1]
        codec = self._codec(request)
        if codec is None or self.stands_aside(codec.operation):
            return None
        body = orjson.loads(request.content)
        if not isinstance(body, dict):
            return None
        if found := _CONVERSATION.search(request.url.path):
            body.setdefault(_CONVERSATION_ID, found["id"])
        url = request.url
        call = self.begin(
            codec,
            body,
            provider=_provider(sdk, url.host),
            host=url.host,
            port=url.port or _PORTS.get(url.scheme),
        )
        return Started(call, args, dict(kwargs))

    def _codec(self, request: Anything) -> Codec | None:
        """The codec for the calls that spend tokens or pages; Google Cloud has one path for all of them."""
        if request.method != "POST":
            return None
        path = request.url.path
        for tail, codec in self._CODECS:
            if path.endswith(tail):
                return codec
        if _CONVERSATION.search(path):
            return self._CONVERSATIONS
        if path.endswith(_GOOGLE):
            return self._FIM if request.url.fragment == "fim" else self._CHAT
        return None

    def _before_request(self, original: Anything) -> Callable[..., Anything]:
        def before_request(hooks: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if (call := self.current()) is not None:
                call.attempts += 1
            return original(hooks, *args, **kwargs)

        return before_request

    def _traced_request(self, original: Anything) -> Callable[..., Anything]:
        def get_traced_request_and_span(*args: Anything, **kwargs: Anything) -> Anything:
            request = kwargs.get("request")
            if request is not None and self.active and shield("instrument", self._replaces, request, kwargs):
                return request, None
            return original(*args, **kwargs)

        return get_traced_request_and_span

    def _replaces(self, request: Anything, kwargs: Mapping[str, Anything]) -> bool:
        """Whether a span of ours, or of whoever we stand aside for, is there in place of the one the SDK would start.

        Where the SDK propagates the context of its own span, it propagates that of the span standing in for it.
        """
        codec = self._codec(request)
        if codec is None or not self.stands_aside(codec.operation):
            return False
        if kwargs.get("tracing_enabled") and self.current() is not None:
            propagate.inject(request.headers)
        return True


def _finish(started: Started, response: Anything) -> None:
    if started.call is not None:
        follow(response, started.call)


def _provider(sdk: Anything, host: str) -> str:
    """By class for the cloud clients, else by host."""
    home = type(sdk).__module__
    if home.startswith(("mistralai_azure.", "mistralai.azure.")):
        return values.GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE
    if home.startswith(("mistralai_gcp.", "mistralai.gcp.")):
        return values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI
    return provider_of(host, values.GEN_AI_PROVIDER_NAME_MISTRAL_AI)


def tap(tracer: Tracer) -> MistralTap:
    """The tap of the SDK."""
    return MistralTap(tracer)
